import { editFile, type FileEditor } from '../hcl/file-editor.ts';
import type { Block } from '../hcl/syntax.ts';
import type { Fix, LeftStep } from '../rule.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import { isDownloaded } from '../terraform/load.ts';

/** A fix, or why there is none; to be spread into a report. */
export interface FixOutcome {
  readonly fix: Fix | null;
  readonly obstacle: string | null;
}

/** No fix, and nothing to say about it. */
export const NO_FIX: FixOutcome = { fix: null, obstacle: null };

/** Why a fix cannot be made; stops the building of it. */
class Obstacle extends Error {}

/** Collects the edits of one fix over all files that it touches. */
export class FixBuilder {
  readonly #editors = new Map<SourceFile, FileEditor>();
  readonly #leaves: LeftStep[] = [];
  #review = false;

  /** The editor of the file in which something stands. */
  in({ span: { file } }: { readonly span: Span }): FileEditor {
    if (file.path.endsWith('.json')) this.stop(`${file.path} is JSON, which only its author can rewrite`);
    if (isDownloaded(file)) this.stop(`${file.path} belongs to a downloaded module`);
    const editor = this.#editors.get(file) ?? editFile(file);
    this.#editors.set(file, editor);
    return editor;
  }

  /** The editor of a block's file; a block of which an override file holds a part is left alone. */
  inBlock(block: Block): FileEditor {
    const isMerged = block.body.items.some(({ span }) => span.file !== block.span.file);
    if (isMerged) this.stop(`an override file changes ${headerOf(block)}`);
    return this.in(block);
  }

  /** Something that a person has to do. */
  leave(step: LeftStep): void {
    this.#leaves.push(step);
  }

  /** The fix changes what the template does, so that a person must look at it. */
  needsReview(): void {
    this.#review = true;
  }

  /** @throws always: the fix cannot be made for this reason */
  stop(reason: string): never {
    throw new Obstacle(reason);
  }

  finish(title: string, safety: Fix['safety']): Fix | null {
    const edits = [...this.#editors.values()].flatMap((editor) => editor.edits() ?? []);
    if (edits.length === 0) return null;
    return {
      title,
      safety: this.#review ? 'review' : safety,
      edits,
      ...(this.#leaves.length === 0 ? {} : { leaves: this.#leaves }),
    };
  }
}

/** Builds a fix; what stops the builder becomes the obstacle. */
export function buildFix(
  title: string,
  safety: Fix['safety'],
  build: (builder: FixBuilder) => void,
): FixOutcome {
  const builder = new FixBuilder();
  try {
    build(builder);
  } catch (error) {
    if (error instanceof Obstacle) return { fix: null, obstacle: error.message };
    throw error;
  }
  try {
    return { fix: builder.finish(title, safety), obstacle: null };
  } catch (error) {
    // Two changes of one fix touch the same text.
    if (error instanceof RangeError)
      return { fix: null, obstacle: 'the places to change are written into each other' };
    throw error;
  }
}

function headerOf({ type, labels }: Block): string {
  return [type, ...labels.map(({ text }) => `"${text}"`)].join(' ');
}
