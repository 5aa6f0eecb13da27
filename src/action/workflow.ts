import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { UsageError } from '../cli/environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Value of an input, trimmed; the runner keeps dashes and turns blanks into underscores (actions/toolkit, core.getInput). */
export function input(env: Env, name: string): string {
  return (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
}

/**
 * An input that is true or false, by YAML 1.2's core schema as in actions/toolkit.
 * @throws UsageError for any other text
 */
export function booleanInput(env: Env, name: string, fallback: boolean): boolean {
  const text = input(env, name);
  if (text === '') return fallback;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  throw new UsageError(`the input ${name} takes true or false, not "${text}"`);
}

/** Sets outputs of the step; a random delimiter keeps a value from ending its own. */
export function setOutputs(env: Env, outputs: Readonly<Record<string, string>>): void {
  if (!env.GITHUB_OUTPUT) return;
  const lines = Object.entries(outputs).map(([name, value]) => {
    const delimiter = `end-${randomUUID()}`;
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  appendFileSync(env.GITHUB_OUTPUT, lines.join(''));
}

/** GitHub refuses the whole summary of a step above 1 MiB; the format keeps to less by itself. */
export function addSummary(env: Env, markdown: string): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}
