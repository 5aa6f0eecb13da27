import { SourceFile } from '../source/source-file.js';
import { type SyntaxProblem } from './syntax.js';
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
/** A judge whose thread starts with the first file, stays warm, and never keeps the process alive. */
export declare function createJudge(options?: JudgeOptions): Judge;
/**
 * The parser's one-string error, `parse config: [f:2,7-3,1: Summary; Detail. f:…]`, as problems. What it
 * reports while converting to JSON (`-true`, a block type with and without labels) is no syntax error:
 * the file was read by then.
 */
export declare function problemsOf(file: SourceFile, error: string): SyntaxProblem[];
