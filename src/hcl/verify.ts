import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SourceFile } from '../source/source-file.ts';
import { scan, tooDeepProblem } from './scan.ts';
import { MAX_PROBLEMS, type SyntaxProblem } from './syntax.ts';

/** Says whether files are valid HCL, in the words of HashiCorp's own parser. */
export interface Judge {
  /**
   * Judges the files of one template, which share its time, in their order. Resolves when it is their turn, to what
   * is found in each: nothing when it is valid; one that cannot be judged gets a problem that says why.
   */
  verify(files: readonly SourceFile[]): Promise<readonly Judgement[]>;
  /** Ends the thread; a later call of `verify` starts a new one. */
  close(): Promise<void>;
}

/** The errors of one file: at once where it is not even asked for, else when they are known; never rejected. */
export type Judgement = readonly SyntaxProblem[] | Promise<readonly SyntaxProblem[]>;

/** Limits of the judge. */
export interface JudgeOptions {
  /** Script of the thread; by default the one beside this code. */
  readonly worker?: URL;
  /**
   * Largest file in bytes of UTF-8; the parser needs a second and 400 MiB for a megabyte. Default 1 MiB, which is
   * what `coder templates push` takes for a whole template.
   */
  readonly maxBytes?: number;
  /** Milliseconds that all files of one template may take. Default 10,000. */
  readonly timeout?: number;
}

interface Answer {
  /** The parser's error, null when the file is valid. */
  readonly error: string | null;
  /** Whether the parser's runtime has ended and the thread is of no more use. */
  readonly dead: boolean;
}

/** A file that is to be judged, and who waits for it. */
interface Question {
  readonly file: SourceFile;
  readonly answer: (problems: readonly SyntaxProblem[]) => void;
}

/** Milliseconds in which a thread must be up; they are not taken from the template. */
const START_TIMEOUT = 10_000;

/** A judge whose thread starts with the first file, stays warm, and never keeps the process alive. */
export function createJudge(options: JudgeOptions = {}): Judge {
  return new ThreadJudge(options);
}

class ThreadJudge implements Judge {
  readonly #options: JudgeOptions;
  #worker: Worker | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  verify(files: readonly SourceFile[]): Promise<readonly Judgement[]> {
    const questions: Question[] = [];
    const verdicts = files.map((file): Judgement => {
      const refusal = this.#refusal(file);
      if (refusal !== null) return [refusal];
      return new Promise((answer) => questions.push({ file, answer }));
    });
    return new Promise((resolve) => {
      this.#queue = this.#queue.then(() => {
        const judged = this.#judge(questions);
        resolve(verdicts);
        return judged;
      });
    });
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#drop();
  }

  /** Why a file is not given to the parser: deep nesting ends its runtime, and size is time and memory. */
  #refusal(file: SourceFile): SyntaxProblem | null {
    const { maxBytes = 1024 * 1024 } = this.#options;
    const bytes = Buffer.byteLength(file.text);
    if (bytes > maxBytes) {
      const reason = `It has ${bytes} bytes; files are given to HCL’s own parser up to ${maxBytes}.`;
      return { ...unjudged(file, reason), summary: 'File too large' };
    }
    const { tooDeepAt } = scan(file);
    return tooDeepAt === null ? null : tooDeepProblem(file, tooDeepAt);
  }

  /** A file over which the thread ends goes without a verdict; when the time is up, all that are left do. */
  async #judge(questions: readonly Question[]): Promise<void> {
    const { timeout = 10_000 } = this.#options;
    const left = [...questions];
    let deadline: number | undefined;
    while (left.length > 0) {
      let fault = this.#worker === undefined ? await this.#start() : null;
      deadline ??= performance.now() + timeout;
      fault ??= await this.#ask(
        left,
        deadline - performance.now(),
        `took longer than ${timeout} ms over the files`,
      );
      if (fault === null) return;
      const reason = `HCL’s own parser ${fault}.`;
      const lost = left.splice(0, performance.now() < deadline ? 1 : left.length);
      for (const { file, answer } of lost) answer([unjudged(file, reason)]);
      await this.#drop();
    }
  }

  #start(): Promise<string | null> {
    const question: Question = { file: new SourceFile('', ''), answer: () => undefined };
    return this.#ask([question], START_TIMEOUT, 'did not start');
  }

  /**
   * Has the thread judge files one after the other, and takes those that are judged from the list. The process waits
   * for the thread, but only as long as it is asked.
   * @returns what went wrong over the first file that is left, as a predicate; null when all are judged
   */
  #ask(questions: Question[], milliseconds: number, late: string): Promise<string | null> {
    this.#worker ??= startWorker(this.#options.worker);
    const worker = this.#worker;
    worker.ref();
    return new Promise((resolve) => {
      const settle = (fault: string | null): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
        resolve(fault);
      };
      const onMessage = ({ error, dead }: Answer): void => {
        // Anything but a diagnostic, such as an exhausted stack, leaves a runtime that cannot be trusted.
        if (dead) settle('ended over this file');
        else if (error !== null && !isDiagnosis(error)) settle(`broke off: ${error}`);
        else {
          const { file, answer } = questions.shift() as Question;
          answer(error === null ? [] : problemsOf(file, error));
          if (questions.length === 0) settle(null);
        }
      };
      const onError = ({ message }: Error): void => settle(`broke off: ${message}`);
      const onExit = (): void => settle('ended');
      // What was answered while this thread was busy is heard first.
      const onTimeout = (): void => void setImmediate(() => settle(late));
      const timer = setTimeout(onTimeout, Math.ceil(milliseconds));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      for (const { file } of questions) worker.postMessage(file.text);
    });
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
    detail: reason,
    unverified: true,
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
