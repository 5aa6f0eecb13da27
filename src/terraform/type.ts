/**
 * Terraform's type of a value, which decides how values are converted to each other. `any` is the type
 * of a bare `null` and of what an empty collection holds: it yields to every other. `unsure` is a type
 * that Terraform knows and this program does not.
 */
export type Type =
  | 'any'
  | 'unsure'
  | 'string'
  | 'number'
  | 'bool'
  | { readonly kind: 'list' | 'set' | 'map'; readonly element: Type }
  | { readonly kind: 'tuple'; readonly elements: readonly Type[] }
  | { readonly kind: 'object'; readonly attributes: ReadonlyMap<string, Type> };

/** A type that is made of others. */
export type Structure = Exclude<Type, string>;

function partTypes(type: Structure): readonly Type[] {
  if (type.kind === 'tuple') return type.elements;
  return type.kind === 'object' ? [...type.attributes.values()] : [type.element];
}

/** Whether no part of a type is unsure. */
export function isSure(type: Type): boolean {
  return typeof type === 'string' ? type !== 'unsure' : partTypes(type).every(isSure);
}

/** Whether it is certain what a conversion to the type does: no part is unsure, and none may be anything. */
export function isCertain(type: Type): boolean {
  if (typeof type === 'string') return type !== 'unsure';
  return partTypes(type).every((part) => part !== 'any' && isCertain(part));
}

/** Whether two types are one, or null where that is not certain. */
export function sameType(a: Type, b: Type): boolean | null {
  if (a === 'unsure' || b === 'unsure') return null;
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.kind !== b.kind) return false;
  const [left, right] = [partTypes(a), partTypes(b)];
  if (left.length !== right.length) return false;
  if (a.kind === 'object' && b.kind === 'object') {
    return every([...a.attributes].map(([name, type]) => sameType(type, b.attributes.get(name) ?? 'any')));
  }
  return every(left.map((type, at) => sameType(type, right[at] as Type)));
}

/** Whether Terraform converts one type to the other where it meets no value that forbids it; null where that is not certain. */
export function canConvert(from: Type, to: Type): boolean | null {
  if (from === 'any' || to === 'any') return true;
  if (from === 'unsure' || to === 'unsure') return null;
  if (typeof from === 'string' && typeof to === 'string') {
    return from === to || from === 'string' || to === 'string';
  }
  if (typeof from === 'string' || typeof to === 'string') return false;
  const isSequence = ({ kind }: Structure) => kind === 'list' || kind === 'set' || kind === 'tuple';
  if (isSequence(from) !== isSequence(to)) return false;
  if (sameType(from, to) === true) return true;
  const isCollection = ({ kind }: Structure) => kind === 'list' || kind === 'set' || kind === 'map';
  if (!isCollection(from) || !isCollection(to)) return null;
  return canConvert(partTypes(from)[0] as Type, partTypes(to)[0] as Type);
}

/**
 * The one type that values of these types are converted to where Terraform wants one: the branches of a
 * conditional, the elements of a list (cty, convert/unify.go). Null where it refuses; `unsure` where
 * this program does not follow.
 */
export function unifyTypes(types: readonly Type[]): Type | null {
  const decisive = types.filter((type) => type !== 'any');
  const unified = unifyDecisive(decisive);
  // A null next to anything but primitives: Terraform may settle for any type at all, or refuse.
  const isMixed = decisive.length > 0 && decisive.length < types.length;
  if (isMixed && typeof unified !== 'string') return 'unsure';
  // Sure types that lead to an unsure one inside: whether Terraform takes or refuses them is open as a whole.
  return unified !== null && !isSure(unified) && types.every(isSure) ? 'unsure' : unified;
}

function unifyDecisive(types: readonly Type[]): Type | null {
  const primitives = types.filter((type) => typeof type === 'string' && type !== 'unsure');
  const structures = types.filter((type): type is Structure => typeof type !== 'string');
  if (primitives.length > 0 && structures.length > 0) return null;
  if (types.includes('unsure')) return 'unsure';
  if (types.length === 0) return 'any';
  if (structures.length > 0) return unifyStructures(structures);
  const kinds = new Set(primitives);
  if (kinds.size === 1) return primitives[0] as Type;
  return kinds.has('string') ? 'string' : null;
}

function unifyStructures(types: readonly Structure[]): Type | null {
  const kinds = new Set(types.map((type) => type.kind));
  const only = (...allowed: Structure['kind'][]) => [...kinds].every((kind) => allowed.includes(kind));
  if (only('set')) return collectionType('set', types);
  if (only('tuple')) return unifyTuples(types);
  if (only('tuple', 'list')) return collectionType('list', types);
  if (only('object')) return unifyObjects(types);
  if (only('object', 'map')) {
    // An empty map of anything also becomes an object (cty, conversionMapToObject).
    const isOpen = types.some((type) => type.kind === 'map' && type.element === 'any');
    return collectionType('map', types) ?? (isOpen ? 'unsure' : null);
  }
  return only('tuple', 'list', 'set') ? 'unsure' : null;
}

function unifyTuples(types: readonly Structure[]): Type | null {
  const tuples = types.map(partTypes);
  const [first] = tuples;
  if (first === undefined || tuples.some((tuple) => tuple.length !== first.length))
    return collectionType('list', types);
  const elements = first.map((_, at) => unifyTypes(tuples.map((tuple) => tuple[at] as Type)));
  return isComplete(elements) ? { kind: 'tuple', elements } : null;
}

function unifyObjects(types: readonly Structure[]): Type | null {
  const objects = types.map((type) => (type.kind === 'object' ? type.attributes : new Map<string, Type>()));
  const [first] = objects;
  const names = [...(first?.keys() ?? [])];
  const alike = objects.every(
    (attributes) => attributes.size === names.length && names.every((name) => attributes.has(name)),
  );
  if (!alike) return collectionType('map', types);
  const unified = names.map((name) => unifyTypes(objects.map((attributes) => attributes.get(name) as Type)));
  if (!isComplete(unified)) return null;
  return { kind: 'object', attributes: new Map(names.map((name, at) => [name, unified[at] as Type])) };
}

function isComplete(types: readonly (Type | null)[]): types is readonly Type[] {
  return !types.includes(null);
}

function collectionType(kind: 'list' | 'set' | 'map', types: readonly Structure[]): Type | null {
  const element = unifyTypes(types.flatMap(partTypes));
  return element === null ? null : { kind, element };
}

/** Whether all of several answers are yes; null is one that is not known. */
export function every(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}
