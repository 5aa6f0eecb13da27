import {
  type Argument,
  argumentNamed,
  argumentsOf,
  type Block,
  type Expression,
  literalString,
  nestedBlocks,
  type ParsedFile,
  type SyntaxProblem,
} from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import { mergeOverride } from './override.ts';

/** The merged content of one folder of Terraform files, as Terraform sees it. */
export interface Module {
  /** Folder inside the file tree, `''` for the top. */
  readonly folder: string;
  readonly files: readonly ParsedFile[];
  /** Resources and data sources by address (`coder_app.web`, `data.coder_task.me`). */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Argument>;
  readonly outputs: ReadonlyMap<string, Output>;
  /** Entries of `required_providers` by local name. */
  readonly requiredProviders: ReadonlyMap<string, RequiredProvider>;
  /** `required_version` constraints with their places. */
  readonly requiredVersions: readonly Argument[];
  /** The `terraform` blocks, merged overrides included. */
  readonly terraformBlocks: readonly Block[];
  /** All top-level blocks after overrides, in source order. */
  readonly blocks: readonly Block[];
  /** Two blocks of one address, an override of nothing, and the like: what `terraform init` refuses. */
  readonly problems: readonly SyntaxProblem[];
}

/** A resource or a data source. */
export interface Resource {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Address inside its module. */
  readonly address: string;
  readonly block: Block;
  readonly count: Argument | undefined;
  readonly forEach: Argument | undefined;
}

/** A `module` block. */
export interface ModuleCall {
  readonly name: string;
  /** Address inside its module: `module.claude-code`. */
  readonly address: string;
  readonly block: Block;
  readonly count: Argument | undefined;
  readonly forEach: Argument | undefined;
  /** The `source` text; null when it is missing or no literal. */
  readonly source: string | null;
  readonly sourceArgument: Argument | undefined;
  /** The `version` constraint; null when there is none (or no literal: see `versionArgument`). */
  readonly version: string | null;
  readonly versionArgument: Argument | undefined;
  /** The other arguments: the module's inputs. */
  readonly inputs: ReadonlyMap<string, Argument>;
}

/** A `variable` block. */
export interface Variable {
  readonly name: string;
  readonly block: Block;
  readonly default: Expression | undefined;
  readonly type: Expression | undefined;
  /** False where a null that is given counts as nothing given. */
  readonly isNullable: boolean;
}

/** An `output` block. */
export interface Output {
  readonly name: string;
  readonly block: Block;
  readonly value: Expression | undefined;
}

/** One entry of `required_providers`. */
export interface RequiredProvider {
  readonly name: string;
  /** `coder/coder`; null when not given. */
  readonly source: string | null;
  /** Version constraint; null when not given. */
  readonly version: string | null;
  readonly versionExpression: Expression | undefined;
  readonly argument: Argument;
}

const CALL_META_ARGUMENTS = new Set(['source', 'version', 'count', 'for_each', 'depends_on', 'providers']);

/** Whether Terraform merges the file over the others instead of reading it beside them. */
function isOverrideFile(path: string): boolean {
  return /(^|\/|_)override\.tf(\.json)?$/.test(path);
}

/** The argument's text when it is a string without interpolation, else null. */
function literalArgument(block: Block, name: string): string | null {
  return literalString(argumentNamed(block.body, name)?.value);
}

/** Merges the parsed files of one folder by Terraform's rules; never throws. */
export function buildModule(folder: string, files: readonly ParsedFile[]): Module {
  const builder = new ModuleBuilder(folder, files);
  for (const parsed of files) if (!isOverrideFile(parsed.file.path)) builder.addFile(parsed);
  const overrides = files.filter((parsed) => isOverrideFile(parsed.file.path));
  overrides.sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
  for (const parsed of overrides) builder.overrideWith(parsed);
  return builder.build();
}

/** Types of top-level blocks that are identified by their labels, with the number of labels. */
const ADDRESSED: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  module: 1,
  variable: 1,
  output: 1,
};

class ModuleBuilder {
  readonly folder: string;
  readonly files: readonly ParsedFile[];
  /** Blocks by key; those without identity (provider, moved, terraform …) get a running key. */
  readonly blocks = new Map<string, Block>();
  readonly locals = new Map<string, Argument>();
  readonly problems: SyntaxProblem[] = [];

  constructor(folder: string, files: readonly ParsedFile[]) {
    this.folder = folder;
    this.files = files;
  }

  addFile(parsed: ParsedFile): void {
    for (const item of parsed.body.items) {
      if (item.kind === 'argument') {
        this.refuse(
          item.nameSpan,
          'Unsupported argument',
          `An argument named "${item.name}" is not expected here.`,
        );
      } else {
        this.add(item);
      }
    }
  }

  private add(block: Block): void {
    const expected = ADDRESSED[block.type];
    if (expected !== undefined && block.labels.length !== expected) {
      this.refuse(
        block.headerSpan,
        'Wrong number of labels',
        `A ${block.type} block takes ${expected === 1 ? 'one label' : 'two labels'}.`,
      );
      return;
    }
    const key = keyOf(block) ?? `#${this.blocks.size}`;
    if (this.blocks.has(key)) {
      this.refuse(block.headerSpan, `Duplicate ${block.type}`, `${key} is declared twice in this folder.`);
      return;
    }
    this.blocks.set(key, block);
    if (block.type === 'locals') {
      for (const local of argumentsOf(block.body)) {
        if (this.locals.has(local.name)) {
          this.refuse(
            local.nameSpan,
            'Duplicate local',
            `local.${local.name} is declared twice in this folder.`,
          );
        } else this.locals.set(local.name, local);
      }
    }
  }

  overrideWith(parsed: ParsedFile): void {
    for (const block of parsed.body.items) {
      if (block.kind === 'argument') continue;
      if (block.type === 'locals') {
        for (const local of argumentsOf(block.body)) this.locals.set(local.name, local);
        continue;
      }
      const key = keyOf(block) ?? this.keyOfTerraformBlock(block);
      const base = key === null ? undefined : this.blocks.get(key);
      if (key !== null && base !== undefined) this.blocks.set(key, mergeOverride(base, block));
      else if (keyOf(block) === null) this.blocks.set(`#${this.blocks.size}`, block);
      else {
        this.refuse(
          block.headerSpan,
          `Missing ${block.type} to override`,
          `${key} is overridden here but declared in no other file of this folder.`,
        );
      }
    }
  }

  private keyOfTerraformBlock(block: Block): string | null {
    if (block.type !== 'terraform') return null;
    for (const [key, candidate] of this.blocks) if (candidate.type === 'terraform') return key;
    return null;
  }

  private refuse(span: Span, summary: string, detail: string): void {
    this.problems.push({ span, summary, detail });
  }

  build(): Module {
    const blocks = [...this.blocks.values()];
    const of = (type: string) => blocks.filter((block) => block.type === type);
    const terraformBlocks = of('terraform');
    return {
      folder: this.folder,
      files: this.files,
      blocks,
      terraformBlocks,
      locals: this.locals,
      problems: this.problems,
      resources: byKey([...of('resource'), ...of('data')].map(resourceFrom), (resource) => resource.address),
      calls: byKey(of('module').map(callFrom), (call) => call.name),
      variables: byKey(of('variable').map(variableFrom), (variable) => variable.name),
      outputs: byKey(of('output').map(outputFrom), (output) => output.name),
      requiredProviders: byKey(terraformBlocks.flatMap(requiredProvidersIn), (provider) => provider.name),
      requiredVersions: terraformBlocks.flatMap(
        (block) => argumentNamed(block.body, 'required_version') ?? [],
      ),
    };
  }
}

function byKey<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}

function keyOf(block: Block): string | null {
  if (ADDRESSED[block.type] === undefined) return null;
  const labels = block.labels.map((label) => label.text);
  return block.type === 'resource' ? labels.join('.') : [block.type, ...labels].join('.');
}

function resourceFrom(block: Block): Resource {
  const [type, name] = block.labels.map((label) => label.text) as [string, string];
  const mode = block.type === 'data' ? 'data' : 'managed';
  return {
    mode,
    type,
    name,
    address: mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`,
    block,
    count: argumentNamed(block.body, 'count'),
    forEach: argumentNamed(block.body, 'for_each'),
  };
}

function callFrom(block: Block): ModuleCall {
  const name = block.labels[0]?.text ?? '';
  const inputs = argumentsOf(block.body).filter((argument) => !CALL_META_ARGUMENTS.has(argument.name));
  return {
    name,
    address: `module.${name}`,
    block,
    count: argumentNamed(block.body, 'count'),
    forEach: argumentNamed(block.body, 'for_each'),
    source: literalArgument(block, 'source'),
    sourceArgument: argumentNamed(block.body, 'source'),
    version: literalArgument(block, 'version'),
    versionArgument: argumentNamed(block.body, 'version'),
    inputs: byKey(inputs, (argument) => argument.name),
  };
}

function variableFrom(block: Block): Variable {
  return {
    name: block.labels[0]?.text ?? '',
    block,
    default: argumentNamed(block.body, 'default')?.value,
    isNullable: !isFalse(argumentNamed(block.body, 'nullable')?.value),
    type: argumentNamed(block.body, 'type')?.value,
  };
}

/** What stands at an address inside a module: a module call, a resource or a data source. */
export function callOrResourceAt(module: Module, address: string): ModuleCall | Resource | undefined {
  return address.startsWith('module.')
    ? module.calls.get(address.slice('module.'.length))
    : module.resources.get(address);
}

function outputFrom(block: Block): Output {
  return { name: block.labels[0]?.text ?? '', block, value: argumentNamed(block.body, 'value')?.value };
}

function requiredProvidersIn(block: Block): RequiredProvider[] {
  return nestedBlocks(block.body, 'required_providers').flatMap((required) =>
    argumentsOf(required.body).map((argument) => requiredProviderFrom(argument)),
  );
}

function requiredProviderFrom(argument: Argument): RequiredProvider {
  // `coder = "~> 2.0"` is the short form of Terraform 0.12.
  const short = literalString(argument.value);
  const entry = (name: string) =>
    argument.value.kind === 'object'
      ? argument.value.entries.find((candidate) => candidate.name === name)?.value
      : undefined;
  const versionExpression = short === null ? entry('version') : argument.value;
  return {
    name: argument.name,
    source: literalString(entry('source')),
    version: literalString(versionExpression),
    versionExpression,
    argument,
  };
}

function isFalse(expression: Expression | undefined): boolean {
  return expression?.kind === 'literal' && expression.value === false;
}
