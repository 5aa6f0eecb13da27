import type { Span } from '../source/source-file.js';
import type { ModuleTree } from '../terraform/load.js';
/** A text that is written in a template, with the name that it is given to. */
export interface WrittenText {
    /** Address of the block around it, `local.name` for a local, the block's type when it has no labels. */
    readonly address: string;
    /** The argument, or the key of the innermost object that the text is a value of. */
    readonly name: string;
    readonly nameSpan: Span;
    /** The text; where something is interpolated there is a line break. */
    readonly text: string;
    /** Whether the text is all that the name is given. */
    readonly isWhole: boolean;
}
/** Every text that an author can change: those of the template and of its local modules, each folder once. */
export declare function writtenTextsIn(tree: ModuleTree): readonly WrittenText[];
