/** Many times what the suite tries, and where the generator starts. */
const TIMES = Number(process.env.PROPERTY_TIMES ?? 1);
const SEED = Number(process.env.PROPERTY_SEED ?? 20240601);

/** How many inputs a property tries: the same ones every time, or more and others where the environment asks for them. */
export function tries(count: number): { numRuns: number; seed: number } {
  return { numRuns: count * TIMES, seed: SEED };
}
