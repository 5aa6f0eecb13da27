import type { Catalog } from './coder/catalog/catalog.ts';
import { loadRegistryCatalog } from './coder/catalog/registry.ts';
import type { LintServices } from './engine/lint.ts';
import { loadParser } from './hcl/parse.ts';
import { parseJson } from './hcl/parse-json.ts';
import type { Judge, JudgeOptions } from './hcl/verify.ts';
import { wasmFiles } from './input/wasm.ts';
import type { Rule } from './rule.ts';

interface ServiceOptions {
  readonly rules: readonly Rule[];
  /** Catalogues that are asked before the one that comes with the program. */
  readonly catalogs?: readonly Catalog[];
  /** Which files HCL's own parser judges: those in doubt (the default), all, or none. */
  readonly judge?: 'doubt' | 'all' | 'none';
  readonly judgeOptions?: JudgeOptions;
}

/** Services for Node, and what ends them. */
export interface NodeServices extends LintServices {
  /** Ends the judge's thread; the services can go on being used. */
  close(): Promise<void>;
}

/** Puts together what analysing needs: the parser, HCL's own parser as judge, catalogues and rules. */
export async function createServices(options: ServiceOptions): Promise<NodeServices> {
  const parser = await loadParser(wasmFiles());
  let judge: Judge | undefined;
  return {
    parse: (file) => (file.path.endsWith('.json') ? parseJson(file, parser) : parser.parse(file)),
    judge:
      options.judge === 'none'
        ? null
        : async (files) => {
            if (judge === undefined) {
              const { createJudge } = await import('./hcl/verify.ts');
              judge ??= createJudge(options.judgeOptions);
            }
            return judge.verify(files);
          },
    judgeAll: options.judge === 'all',
    catalogs: async () => [...(options.catalogs ?? []), await loadRegistryCatalog()],
    rules: options.rules,
    close: async () => judge?.close(),
  };
}
