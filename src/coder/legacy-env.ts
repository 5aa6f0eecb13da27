import type { Argument, Expression } from '../hcl/syntax.ts';
import { argumentNamed, literalString } from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import type { AgentModule } from './agent-modules.ts';
import { type EnvironmentMove, RECIPES } from './catalog/migrations.ts';
import type { CoderBlock, Template } from './template.ts';
import { admits } from './versions.ts';

/** An environment variable that the template sets for its agent. */
export interface AgentVariable {
  readonly name: string;
  readonly value: Expression;
  readonly at: Span;
  /** The coder_env block, or the coder_agent whose `env` holds it. */
  readonly source: CoderBlock;
  /** True for a coder_env that says itself how it merges with others (provider 2.15). */
  readonly merges: boolean;
}

/** Variables in `coder_env` blocks and in the `env` of agents, as far as their names are written down. */
export function agentVariablesOf(template: Template): AgentVariable[] {
  const own = ({ node }: CoderBlock) => !node.remote;
  return [
    ...template.envs.filter(own).flatMap((source): AgentVariable[] => {
      const name = argumentNamed(source.block.body, 'name');
      const value = argumentNamed(source.block.body, 'value');
      const text = literalString(name?.value);
      if (name === undefined || value === undefined || text === null) return [];
      const merges = argumentNamed(source.block.body, 'merge_strategy') !== undefined;
      return [{ name: text, value: value.value, at: name.value.span, source, merges }];
    }),
    ...template.agents.filter(own).flatMap((source) => {
      const env: Argument | undefined = argumentNamed(source.block.body, 'env');
      if (env?.value.kind !== 'object') return [];
      return env.value.entries.flatMap(({ name, key, value }): AgentVariable[] =>
        name === null ? [] : [{ name, value, at: key.span, source, merges: false }],
      );
    }),
  ];
}

/** What became of a variable that older releases of a module read; null when this release may read it. */
export function fateOf(agent: AgentModule, variable: string): EnvironmentMove | null {
  const { id, resolved } = agent;
  for (const { from, environment = {} } of RECIPES[id] ?? []) {
    if (!Object.hasOwn(environment, variable) || resolved === null || admits(from, resolved)) continue;
    return environment[variable] ?? null;
  }
  return null;
}
