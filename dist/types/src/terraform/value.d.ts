import type { Span } from '../source/source-file.js';
/**
 * What an expression is worth before anything runs. Collections may hold unknown elements, so
 * `{ a = var.secret, b = 1 }.b` is known. Sets keep distinct known elements; `inOrder` gives Terraform's order.
 */
export type Value = 
/**
 * `type` where that is certain all the same; `near` for a number whose last digits are open: Terraform
 * counts with 512 bits, and a double may differ from that, as in 10 / 3.
 */
{
    readonly kind: 'unknown';
    readonly reason: UnknownReason;
    readonly type?: Type;
    readonly near?: number;
} | {
    readonly kind: 'null';
    readonly type?: Type;
} | {
    readonly kind: 'bool';
    readonly value: boolean;
} | {
    readonly kind: 'number';
    readonly value: number;
} | {
    readonly kind: 'string';
    readonly value: string;
}
/** A list or a tuple; `shape` says which, where it is known, and `element` what type a list holds even when empty. */
 | {
    readonly kind: 'list';
    readonly elements: readonly Value[];
    readonly shape?: 'list' | 'tuple';
    readonly element?: Type;
} | {
    readonly kind: 'set';
    readonly elements: readonly Value[];
    readonly element?: Type;
}
/** An object or a map; `shape` says which, where it is known, and `element` what type a map holds even when empty. */
 | {
    readonly kind: 'object';
    readonly entries: ReadonlyMap<string, Value>;
    readonly shape?: 'map' | 'object';
    readonly element?: Type;
};
/** Why a value is unknown, in words that finish the sentence "cannot be known because …". */
export interface UnknownReason {
    readonly text: string;
    /** The expression that could not be known, where there is one. */
    readonly span: Span | null;
    /** True when Terraform itself would refuse the expression (wrong type, missing key), so that `try` and `can` see an error. */
    readonly error: boolean;
}
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
export declare const NULL: Value;
export declare const TRUE: Value;
export declare const FALSE: Value;
export declare function bool(value: boolean): Value;
export declare function number(value: number): Value;
/** A string; cty normalizes every one to NFC (cty, NormalizeString), so two ways to write é are equal. */
export declare function string(value: string): Value;
/** A list or a tuple; without a shape it may be either, and comparing it with another stays unknown. */
export declare function list(elements: readonly Value[], shape?: 'list' | 'tuple', element?: Type): Value;
/** An object or a map; without a shape it may be either, and comparing it with another stays unknown. */
export declare function object(entries: Iterable<readonly [string, Value]>, shape?: 'map' | 'object', element?: Type): Value;
/** A value that nothing in the files decides; the type where that is certain all the same. */
export declare function unknown(text: string, span?: Span | null, type?: Type): Value;
/** A value that Terraform would refuse to compute. */
export declare function invalid(text: string, span?: Span | null): Value;
/** Whether Terraform would refuse to compute the value. */
export declare function isInvalid(value: Value): boolean;
/** Whether a value and everything in it is known. */
export declare function isWhollyKnown(value: Value): boolean;
/** The first unknown in a value or below it, which says why the whole is not known. */
export declare function firstUnknown(value: Value): (Value & {
    kind: 'unknown';
}) | null;
/** The elements of a collection, in no order that means anything; nothing for other values. */
export declare function partsOf(value: Value): Iterable<Value>;
/** The number of a value, converting a numeric string as Terraform does, else null. */
export declare function asNumber(value: Value): number | null;
/** The text of a value, converting a number or a bool as Terraform does, else null. */
export declare function asString(value: Value): string | null;
/** The truth of a value, converting "true", "false", "1" and "0" as Terraform does, else null. */
export declare function asBool(value: Value): boolean | null;
/** A number as Terraform writes it: never with an exponent, and `-0` with its sign. */
export declare function formatNumber(value: number): string;
/** A number that was read from decimal text, only near it where the digits do not survive as a double. */
export declare function numberFromText(text: string): Value | null;
/** A number whose last digits may differ from Terraform's: unknown, but good for comparing and rounding at a distance. */
export declare function approximately(near: number): Value;
/** The number that a value is or is near to, else null. */
export declare function nearOf(value: Value): number | null;
/** Compares texts as Terraform sorts them: by bytes of UTF-8, which is by code points. */
export declare function compareText(a: string, b: string): number;
/** The entries of an object in the order in which Terraform visits them: by key. */
export declare function entriesInOrder(value: Value & {
    kind: 'object';
}): [string, Value][];
/**
 * The elements of a list or set in the order in which Terraform visits them, or null where that order
 * is not known: sets of anything but strings, numbers or bools are ordered by a hash (cty, set_internals.go).
 */
export declare function inOrder(value: Value & {
    kind: 'list' | 'set';
}): readonly Value[] | null;
/** A set of these values: equal ones fall together, unknown ones stay apart as nobody knows. */
export declare function set(elements: readonly Value[], element?: Type): Value;
/** The first of each group of equal values, or null where there are too many to compare. */
export declare function withoutRepeats(elements: readonly Value[]): Value[] | null;
/**
 * Whether two values are equal to Terraform's `==`, or null where that is not known. Types count:
 * `1 == "1"` is false, and so is `[1] == tolist([1])`.
 */
export declare function areEqual(a: Value, b: Value): boolean | null;
/**
 * Below zero, zero or above as two numbers compare. Null where one is no number, or where they are too
 * close to each other for what is known of them.
 */
export declare function compareNumbers(a: Value, b: Value): number | null;
/** The type of a value, as far as it is certain. */
export declare function typeOf(value: Value): Type;
/**
 * The one type that values of these types are converted to where Terraform wants one: the branches of a
 * conditional, the elements of a list (cty, convert/unify.go). Null where it refuses; `unsure` where
 * this program does not follow.
 */
export declare function unifyTypes(types: readonly Type[]): Type | null;
/**
 * What follows when values have no type in common: Terraform refuses them, unless one is not known,
 * for that one might fail or be something else.
 */
export declare function refuseMixture(values: readonly Value[], text: string): Value;
/** Whether no part of a type is unsure. */
export declare function isSure(type: Type): boolean;
/** Whether it is certain what a conversion to the type does: no part is unsure, and none may be anything. */
export declare function isCertain(type: Type): boolean;
/** A value converted to a type, as Terraform does for arguments; `invalid` where it cannot be. */
export declare function convertValue(value: Value, type: Type): Value;
