import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { applyFixes, withChanges } from '../src/engine/fix.ts';
import { analyze } from '../src/engine/lint.ts';
import { editFile } from '../src/hcl/file-editor.ts';
import { type BodyItem, childrenOf, type Expression } from '../src/hcl/syntax.ts';
import { createAnalyzer } from '../src/index.ts';
import { memoryFiles } from '../src/input/memory.ts';
import type { TemplateFiles } from '../src/input/template-files.ts';
import { createServices } from '../src/services.ts';
import { applyEdits, type Edit } from '../src/source/edit.ts';
import { SourceFile, type Span, textOf } from '../src/source/source-file.ts';
import { convertFile } from './support/differential.ts';
import { fixtures, parser, parseText, walkSpans } from './support/hcl.ts';
import { excerpt, mutate, randomFrom } from './support/mutations.ts';
import { tries } from './support/tries.ts';
import { show, valueOfLocal } from './support/values.ts';

const bases = fixtures('valid').map(([, text]) => text);
const target = linesIn(DEFAULT_TARGET);

/** A piece of a valid file, or a mutation of one. */
const texts = fc.nat().map((seed) => {
  const random = randomFrom(seed);
  const text = excerpt(bases[random(bases.length)] as string, random);
  return random(2) === 0 ? text : mutate(text, random);
});

describe('edits and spans', () => {
  test('no edits are identity, and neither are those that put back what stood there', () => {
    let applied = 0;
    fc.assert(
      fc.property(texts, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (text, picks) => {
        const file = new SourceFile('main.tf', text);
        expect(applyEdits(file, [])).toBe(text);
        expect(editFile(file).edits()).toEqual([]);
        const spans: Span[] = [];
        walkSpans(parser.parse(file).body, (span) => spans.push(span));
        const edits: Edit[] = [];
        // From the innermost outwards, as the outermost leave room for no others.
        for (const [index, span] of spans.reverse().entries()) {
          if (!picks[index % picks.length] || edits.some((edit) => overlap(edit.span, span))) continue;
          edits.push({ span, text: textOf(span) });
        }
        expect(applyEdits(file, edits)).toBe(text);
        applied += edits.length;
      }),
      tries(150),
    );
    expect(applied).toBeGreaterThan(300);
  });

  test('spans nest, lie in the file and do not overlap their neighbours', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { body, problems, comments } = parseText(text);
        const whole = { start: 0, end: text.length };
        walkSpans([body, problems, comments], (span, within) => expectInside(span, within ?? whole));
        checkItems(body.items, whole);
        for (const [index, comment] of comments.entries())
          if (index > 0) expectInside(comment.span, { ...whole, start: comments[index - 1]?.span.end ?? 0 });
      }),
      tries(150),
    );
  });
});

type Range = Pick<Span, 'start' | 'end'>;

function overlap(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function expectInside(span: Range, outer: Range): void {
  expect(span.start).toBeGreaterThanOrEqual(outer.start);
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  expect(span.end).toBeLessThanOrEqual(outer.end);
}

/** Each item behind the one before it, and in each block and expression what stands there in order. */
function checkItems(items: readonly BodyItem[], outer: Range): void {
  let { start } = outer;
  for (const item of items) {
    expectInside(item.span, { start, end: outer.end });
    start = item.span.end;
    if (item.kind === 'argument') {
      expectInside(item.value.span, { start: item.nameSpan.end, end: item.span.end });
      checkExpression(item.value);
    } else {
      expectInside(item.body.span, { start: item.headerSpan.end, end: item.span.end });
      checkItems(item.body.items, item.body.span);
    }
  }
}

function checkExpression(expression: Expression): void {
  let { start } = expression.span;
  for (const child of childrenOf(expression)) {
    expectInside(child.span, { start, end: expression.span.end });
    start = child.span.end;
    checkExpression(child);
  }
}

describe('the beginning of a template', () => {
  test('can be read, and no rule fails on it', { timeout: 3_600_000 }, async () => {
    const services = await createServices({ rules, judge: 'none' });
    const whole = [...fixedCases(), `${PARTS.join('\n\n')}\n`];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (text, share) => {
          const beginning = text.slice(0, Math.floor(text.length * share));
          const { failures, findings } = await analyze(
            memoryFiles({ 'main.tf': beginning }),
            services,
            target,
          );
          expect(failures).toEqual([]);
          for (const { at } of findings) expectInside(at, { start: 0, end: beginning.length });
        },
      ),
      tries(150),
    );
  });
});

/** Parts of Task templates; any of them together are a template, perhaps a wrong one. */
const PARTS = [
  'data "coder_task" "me" {}',
  'data "coder_workspace" "me" {}',
  'resource "coder_ai_task" "task" {\n  count  = data.coder_workspace.me.start_count\n  app_id = coder_app.web.id\n}',
  'resource "coder_ai_task" "other" {\n  count = local.is_task ? 1 : 0\n  sidebar_app {\n    id = coder_app.web.id\n  }\n}',
  'resource "coder_app" "web" {\n  agent_id = coder_agent.main.id\n  slug     = "web"\n}',
  'resource "coder_agent" "main" {\n  os   = "linux"\n  arch = "amd64"\n  env  = { PROMPT = local.prompt }\n}',
  'locals {\n  prompt = data.coder_task.me.prompt\n}',
  'locals {\n  is_task = data.coder_task.me.enabled\n}',
  'data "coder_parameter" "prompt" {\n  name = "AI Prompt"\n  type = "string"\n}',
  'data "coder_parameter" "size" {\n  name    = "size"\n  default = "1"\n}',
  'data "coder_workspace_preset" "small" {\n  name       = "small"\n  parameters = { size = "1", gone = "x" }\n}',
  'module "claude" {\n  source   = "registry.coder.com/coder/claude-code/coder"\n  version  = "3.0.0"\n  agent_id = coder_agent.main.id\n}',
  'module "far" {\n  source = "example.com/a/b/c"\n  id     = coder_agent.main.id\n}',
  'terraform {\n  required_providers {\n    coder = {\n      source  = "coder/coder"\n      version = ">= 2.5.0"\n    }\n  }\n}',
];

const FILES = ['a.tf', 'main.tf', 'z.tf'] as const;

describe('what is said of a template does not hang on', () => {
  test('the order of its files, nor on which of them a block stands in', { timeout: 3_600_000 }, async () => {
    const analyzer = await createAnalyzer({ judge: 'none' });
    const answer = async (files: Map<string, string>) => {
      const [report] = (await analyzer.analyze(files)).templates;
      if (report === undefined) throw new Error('the template is not reported');
      const { aiTasks, taskData, promptParameters, agentModules } = report.facts;
      // What concerns the template as a whole is said at the first block that has to do with it.
      const said = report.findings.map(({ ruleId, messageId, effects }) => ({ ruleId, messageId, effects }));
      const lists = [aiTasks, taskData, promptParameters, agentModules, said];
      return {
        verdict: report.verdict,
        lists: lists.map((list) => list.map((each) => JSON.stringify(each)).sort()),
      };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(PARTS, { minLength: 1 }),
        fc.array(fc.nat(FILES.length - 1), { minLength: PARTS.length, maxLength: PARTS.length }),
        fc.boolean(),
        async (parts, places, isReversed) => {
          const together = await answer(new Map([['main.tf', `${parts.join('\n\n')}\n`]]));
          const split = new Map<string, string>();
          for (const [index, part] of parts.entries()) {
            const name = FILES[places[index] as number] as string;
            split.set(name, `${split.get(name) ?? ''}${part}\n`);
          }
          const entries = isReversed ? [...split].reverse() : [...split];
          expect(await answer(new Map(entries))).toEqual(together);
        },
      ),
      tries(60),
    );
  });
});

/** Expressions over the names `a`, `b` and `c`, of any depth that stays readable. */
const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom('1', '0', '"x"', '""', 'true', 'false', 'null', '[]', '{}', 'A', 'B', 'C'),
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('leaf'),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '-', '*', '==', '!=', '<', '&&', '||'),
        tie('expression'),
      )
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `{ k = ${a}, l = ${b} }`),
    tie('expression').map((a) => `"<\${${a}}>"`),
    tie('expression').map((a) => `length(${a})`),
    tie('expression').map((a) => `try(${a}, "failed")`),
    tie('expression').map((a) => `[for e in [${a}] : e]`),
  ),
}));

/** What `local.r` is worth beside other locals. */
function worth(locals: readonly string[]): string {
  const lines = locals.map((line) => `  ${line}\n`).join('');
  return show(valueOfLocal(`variable "v" {\n  default = 2\n}\nlocals {\n${lines}}\n`, 'r'));
}

describe('the evaluator agrees with itself', () => {
  const named = (text: string, names: Readonly<Record<string, string>>) =>
    text.replace(/\b[ABC]\b/g, (name) => names[name] as string);

  test('when locals are renamed and stand in another order', () => {
    fc.assert(
      fc.property(expression, expression, (first, second) => {
        const names = { A: 'local.a', B: 'local.b', C: 'var.v' };
        const locals = [
          `a = "1"`,
          `b = ${named(first, { ...names, B: 'local.a' })}`,
          `r = ${named(second, names)}`,
        ];
        const other = { A: 'local.z_1', B: 'local.constructor', C: 'var.v' };
        const renamed = [
          `r = ${named(second, other)}`,
          `constructor = ${named(first, { ...other, B: 'local.z_1' })}`,
          `z_1 = "1"`,
        ];
        expect(worth(renamed)).toBe(worth(locals));
      }),
      tries(150),
    );
  });

  test('when a value is named instead of written', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const names = { A: '"1"', B: '[1, "b"]', C: 'var.v' };
        const locals = [
          'a = "1"',
          'b = [1, "b"]',
          `r = ${named(text, { A: 'local.a', B: 'local.b', C: 'var.v' })}`,
        ];
        expect(worth(locals)).toBe(worth([`r = ${named(text, names)}`]));
      }),
      tries(150),
    );
  });
});

/** What HCL's own parser makes of each top-level block, with where the block stands in the text. */
async function meaningsOf(file: SourceFile): Promise<{ address: string; span: Range; meaning: unknown }[]> {
  const { json, error } = await convertFile(file);
  if (json === null) throw new Error(`${error}\n${file.text}`);
  const seen = new Map<string, number>();
  return parser.parse(file).body.items.flatMap((item) => {
    if (item.kind !== 'block') return [];
    const path = [item.type, ...item.labels.map(({ text }) => text)];
    const address = path.join(' ');
    const index = seen.get(address) ?? 0;
    seen.set(address, index + 1);
    const blocks = path.reduce((level: unknown, name) => (level as Record<string, unknown>)[name], json);
    return [{ address, span: item.span, meaning: (blocks as unknown[])[index] }];
  });
}

/** Blocks that no fix has to do with, in writing that is easily spoiled. */
const BYSTANDERS = [
  'locals {\n  script = <<-EOT\n    #!/bin/sh\n      echo "${local.name}" %{ if true }a%{ endif }\n\n  EOT\n  n = [1e3, 0.10, -1]\n}',
  'resource "null_resource" "x" { triggers = { "a b" = "\\t${"x"}", c = <<EOT\n  kept\nEOT\n  } }',
  'variable "v" {\n  description = "a \\"quoted\\" text" # and more\n  default     = null\n  /* and */ type = list(object({ a = string }))\n}',
];

describe('a fix', () => {
  test.each(['safe', 'all'] as const)(
    'of those that are %s made twice is the same as made once, and leaves the bystanders as they are',
    { timeout: 3_600_000 },
    async (safety) => {
      const services = await createServices({ rules, judge: 'none' });
      let changes = 0;
      const fix = async (files: TemplateFiles) => {
        const before = await analyze(files, services, target);
        return applyFixes(before, services, { target, safety, select: ({ findings }) => findings });
      };
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(PARTS, { minLength: 2 }),
          fc.shuffledSubarray(BYSTANDERS),
          async (parts, [first, ...others]) => {
            const text = [...(first ? [first] : []), ...parts, ...others].join('\n\n');
            const files = memoryFiles({ 'main.tf': `${text}\n` });
            const once = await fix(files);
            expect(once.isFinished).toBe(true);
            changes += once.changed.size;
            const fixed = once.changed.get('main.tf') ?? text;
            for (const bystander of [first, ...others]) expect(fixed).toContain(bystander ?? '');
            const twice = await fix(withChanges(files, once.changed));
            expect([...twice.changed]).toEqual([]);
          },
        ),
        tries(40),
      );
      expect(changes).toBeGreaterThan(20);
    },
  );

  test('leaves each block its meaning in which none of its edits stands', {
    timeout: 3_600_000,
  }, async () => {
    const analyzer = await createAnalyzer({ judge: 'none' });
    let compared = 0;
    const check = async (text: string) => {
      const report = await analyzer.analyze({ 'main.tf': text });
      const file = new SourceFile('main.tf', text);
      const before = await meaningsOf(file);
      for (const { fix } of report.templates[0]?.findings ?? []) {
        if (fix === null || fix.edits.some((edit) => edit.file !== 'main.tf')) continue;
        const edits = fix.edits.map(({ start, end, text }) => ({
          span: { file, start: start.offset, end: end.offset },
          text,
        }));
        const untouched = before.filter(
          ({ span: block }) => !edits.some(({ span }) => span.start <= block.end && span.end >= block.start),
        );
        const after = await meaningsOf(new SourceFile('main.tf', applyEdits(file, edits)));
        for (const { address, meaning } of untouched) {
          const candidates = after.filter((block) => block.address === address);
          expect(candidates.map((block) => block.meaning)).toContainEqual(meaning);
          compared++;
        }
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(PARTS, { minLength: 2 }),
        fc.shuffledSubarray(BYSTANDERS),
        async (parts, bystanders) => {
          const [first, ...rest] = bystanders;
          await check(`${[...(first ? [first] : []), ...parts, ...rest].join('\n\n')}\n`);
        },
      ),
      tries(40),
    );
    for (const text of fixedCases()) await check(text);
    expect(compared).toBeGreaterThan(500);
  });
});

/** The rules' cases of one valid file for which a fix is expected. */
function fixedCases(): string[] {
  const folder = fileURLToPath(new URL('../fixtures/rules/', import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(join('fixed', 'main.tf')))
    .map((name) => readFileSync(join(folder, dirname(dirname(name)), 'main.tf'), 'utf8'))
    .filter((text) => parseText(text).problems.length === 0);
}
