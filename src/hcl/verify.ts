import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SourceFile, Span } from '../source/source-file.ts';
import { MAX_DEPTH, scan } from './scan.ts';
import { MAX_PROBLEMS, type SyntaxProblem } from './syntax.ts';

/** Says whether a file is valid HCL, in the words of HashiCorp's own parser. */
export interface Judge {
  /** The errors of a file, none when it is valid; a file that cannot be judged gets a problem that says why. */
  verify(file: SourceFile): Promise<SyntaxProblem[]>;
  /** Ends the thread; a later call of `verify` starts a new one. */
  close(): Promise<void>;
}

export interface JudgeOptions {
  /** Script of the thread; by default the one beside this code. */
  readonly worker?: URL;
  /** Largest file in bytes of UTF-8; the parser needs about a second per megabyte. Default 2 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds that one file may take. Default 10,000. */
  readonly timeout?: number;
}

interface Answer {
  readonly id: number;
  /** The parser's error, null when the file is valid. */
  readonly error: string | null;
  /** Whether the parser's runtime has ended and the thread is of no more use. */
  readonly dead: boolean;
}

/** A judge whose thread starts with the first file, stays warm, and never keeps the process alive. */
export function createJudge(options: JudgeOptions = {}): Judge {
  return new ThreadJudge(options);
}

class ThreadJudge implements Judge {
  readonly #options: JudgeOptions;
  #worker: Worker | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #lastId = 0;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  async verify(file: SourceFile): Promise<SyntaxProblem[]> {
    // HCL's JSON syntax has a parser of its own, which the library does not hold.
    if (file.path.endsWith('.json')) return [];
    const refusal = this.#refusal(file);
    if (refusal !== null) return [refusal];
    const verdict = this.#queue.then(() => this.#judge(file));
    this.#queue = verdict.catch(() => undefined);
    return verdict;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#drop();
  }

  /** Why a file is not given to the parser: deep nesting ends its runtime, and size is time. */
  #refusal(file: SourceFile): SyntaxProblem | null {
    const { maxBytes = 2 * 1024 * 1024 } = this.#options;
    const bytes = Buffer.byteLength(file.text);
    const start: Span = { file, start: 0, end: 0 };
    if (bytes > maxBytes) {
      const detail = `The file has ${bytes} bytes; its syntax is checked up to ${maxBytes}.`;
      return { span: start, summary: 'File too large', detail };
    }
    const { tooDeepAt } = scan(file);
    if (tooDeepAt === null) return null;
    return {
      span: { file, start: tooDeepAt, end: Math.min(tooDeepAt + 1, file.text.length) },
      summary: 'Nested too deeply',
      detail: `Brackets, templates and operators add up to more than ${MAX_DEPTH} levels here.`,
    };
  }

  async #judge(file: SourceFile): Promise<SyntaxProblem[]> {
    try {
      const { error, dead } = await this.#ask(file.text);
      if (error === null) return [];
      if (dead) throw new Error('HCL’s own parser ended over this file.');
      // Anything but a diagnostic, such as an exhausted stack, leaves a runtime that cannot be trusted.
      if (!isDiagnosis(error)) throw new Error(error);
      return problemsOf(file, error);
    } catch (error) {
      await this.#drop();
      return [unjudged(file, (error as Error).message)];
    }
  }

  /** Sends one text to the thread; the process waits for it, but only as long as it is asked. */
  async #ask(text: string): Promise<Answer> {
    const { timeout = 10_000 } = this.#options;
    this.#worker ??= startWorker(this.#options.worker);
    const worker = this.#worker;
    const id = ++this.#lastId;
    worker.ref();
    let settle: (() => void) | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const onMessage = (answer: Answer): void => {
          if (answer.id === id) resolve(answer);
        };
        const onExit = (): void => reject(new Error('The thread of HCL’s own parser ended.'));
        const onTimeout = (): void => reject(new Error(`HCL’s own parser took longer than ${timeout} ms.`));
        const timer = setTimeout(onTimeout, timeout);
        worker.on('message', onMessage).on('error', reject).on('exit', onExit);
        settle = () => {
          clearTimeout(timer);
          worker.off('message', onMessage).off('error', reject).off('exit', onExit);
        };
        worker.postMessage({ id, text });
      });
    } finally {
      settle?.();
      worker.unref();
    }
  }

  async #drop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** The thread's script beside this code: bundled, or as source, which Node 20 must be handed as text. */
function startWorker(script: URL | undefined): Worker {
  const bundled = script ?? new URL('./verify-worker.cjs', import.meta.url);
  // The streams of the process belong to the report. Reading these would keep the process alive.
  const streams = { stdout: true, stderr: true };
  let worker: Worker;
  if (script !== undefined || existsSync(fileURLToPath(bundled))) worker = new Worker(bundled, streams);
  else {
    const source = readFileSync(new URL('./verify-worker.ts', import.meta.url), 'utf8');
    const library = pathToFileURL(createRequire(import.meta.url).resolve('@cdktf/hcl2json')).href;
    worker = new Worker(source, { ...streams, eval: true, workerData: { library } });
  }
  worker.on('error', () => undefined);
  return worker;
}

function unjudged(file: SourceFile, reason: string): SyntaxProblem {
  return {
    span: { file, start: 0, end: 0 },
    summary: 'Syntax not verified',
    detail: `Whether this file is valid HCL could not be found out. ${reason}`,
  };
}

function isDiagnosis(error: string): boolean {
  return error.startsWith('parse config: ') || error.startsWith('convert to HCL: ');
}

const DIAGNOSTIC = /(?:^\[?| )template\.tf:(\d+),(\d+)-(?:(\d+),)?(\d+): /g;

/**
 * The parser's one-string error, `parse config: [f:2,7-3,1: Summary; Detail. f:…]`, as problems. What it
 * reports while converting to JSON (`-true`, a block type with and without labels) is no syntax error:
 * the file was read by then.
 */
export function problemsOf(file: SourceFile, error: string): SyntaxProblem[] {
  if (error.startsWith('convert to HCL: ')) return [];
  const list = error.replace(/^parse config: /, '').replace(/^\[|\]$/g, '');
  const heads = [...list.matchAll(DIAGNOSTIC)].slice(0, MAX_PROBLEMS + 1);
  if (heads.length === 0) return [unjudged(file, error)];
  return heads.slice(0, MAX_PROBLEMS).map((head, index) => {
    const [whole, line, column, lastLine, lastColumn] = head;
    const text = list.slice(head.index + whole.length, heads[index + 1]?.index ?? list.length).trim();
    const semicolon = text.indexOf('; ');
    const start = offsetOf(file, Number(line), Number(column));
    const end = offsetOf(file, Number(lastLine ?? line), Number(lastColumn));
    const summary = semicolon === -1 ? text : text.slice(0, semicolon);
    const detail =
      semicolon === -1 ? '' : text.slice(semicolon + 2).replaceAll('template.tf:', `${file.path}:`);
    return { span: { file, start, end: Math.max(start, end) }, summary, detail };
  });
}

/** Offset of HCL's line and column; it counts grapheme clusters and does not count a BOM. */
function offsetOf(file: SourceFile, line: number, column: number): number {
  let start = file.offsetOfLine(line);
  if (start === 0 && file.text.charCodeAt(0) === 0xfeff) start = 1;
  const end = file.offsetOfLine(line + 1);
  const text = file.text.slice(start, end);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the range meant
  if (/^[\x00-\x7f]*$/.test(text)) return Math.min(start + column - 1, file.text.length);
  let left = column - 1;
  if (left === 0) return start;
  for (const { index, segment } of new Intl.Segmenter('en').segment(text)) {
    if (--left === 0) return start + index + segment.length;
  }
  return end;
}
