/**
 * Terraform's type of a value, which decides how values are converted to each other. `any` is the type
 * of a bare `null` and of what an empty collection holds: it yields to every other. `unsure` is a type
 * that Terraform knows and this program does not.
 */
export type Type = 'any' | 'unsure' | 'string' | 'number' | 'bool' | {
    readonly kind: 'list' | 'set' | 'map';
    readonly element: Type;
} | {
    readonly kind: 'tuple';
    readonly elements: readonly Type[];
} | {
    readonly kind: 'object';
    readonly attributes: ReadonlyMap<string, Type>;
};
/** A type that is made of others. */
export type Structure = Exclude<Type, string>;
/** Whether no part of a type is unsure. */
export declare function isSure(type: Type): boolean;
/** Whether it is certain what a conversion to the type does: no part is unsure, and none may be anything. */
export declare function isCertain(type: Type): boolean;
/** Whether two types are one, or null where that is not certain. */
export declare function sameType(a: Type, b: Type): boolean | null;
/** Whether Terraform converts one type to the other where it meets no value that forbids it; null where that is not certain. */
export declare function canConvert(from: Type, to: Type): boolean | null;
/**
 * The one type that values of these types are converted to where Terraform wants one: the branches of a
 * conditional, the elements of a list (cty, convert/unify.go). Null where it refuses; `unsure` where
 * this program does not follow.
 */
export declare function unifyTypes(types: readonly Type[]): Type | null;
/** Whether all of several answers are yes; null is one that is not known. */
export declare function every(answers: readonly (boolean | null)[]): boolean | null;
