import { type Expression } from '../hcl/syntax.js';
import type { ModuleNode } from '../terraform/load.js';
import type { CatalogCall } from './agent-modules.js';
import type { CoderBlock, Template } from './template.js';
/** What the app id of a task may come from. `expression` is where that is written. */
export type AppTarget = {
    readonly kind: 'app';
    readonly app: CoderBlock;
    readonly expression: Expression;
    readonly node: ModuleNode;
}
/** An output of a module whose files are not at hand. */
 | {
    readonly kind: 'module-output';
    readonly address: string;
    readonly output: string;
    readonly call: CatalogCall | null;
    readonly expression: Expression;
    readonly node: ModuleNode;
}
/** A text in the template. */
 | {
    readonly kind: 'literal';
    readonly value: string;
    readonly expression: Expression;
    readonly node: ModuleNode;
} | {
    readonly kind: 'null';
    readonly expression: Expression;
    readonly node: ModuleNode;
}
/** Something that is declared and is no app. */
 | {
    readonly kind: 'other';
    readonly address: string;
    readonly expression: Expression;
    readonly node: ModuleNode;
}
/** An expression that this function does not look into. */
 | {
    readonly kind: 'unknown';
    readonly expression: Expression;
    readonly node: ModuleNode;
};
/** The apps that an expression may name: both branches of a condition, each argument of `try`, through locals and modules. */
export declare function appTargetsOf(template: Template, node: ModuleNode, expression: Expression): AppTarget[];
