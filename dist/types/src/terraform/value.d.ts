import type { Span } from '../source/source-file.js';
import { type Type } from './type.js';
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
export declare const NULL: Value;
export declare const TRUE: Value;
export declare const FALSE: Value;
export declare function bool(value: boolean): Value;
/** A number; Terraform keeps the sign of -0, which shows in texts and sets, and nobody writes it. */
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
/** An unknown in place of a value, for the reason why that one is not known, with the type that is certain. */
export declare function unknownFrom(value: Value, type?: Type): Value;
/** The elements of a collection, in no order that means anything; nothing for other values. */
export declare function partsOf(value: Value): Iterable<Value>;
/** The number of a value, converting a numeric string as Terraform does, else null. */
export declare function asNumber(value: Value): number | null;
/** The text of a value, converting a number or a bool as Terraform does, else null. */
export declare function asString(value: Value): string | null;
/** The truth of a value, converting "true", "false", "1" and "0" as Terraform does, else null. */
export declare function asBool(value: Value): boolean | null;
/** A number as Terraform writes it: never with an exponent. */
export declare function formatNumber(value: number): string;
/** A number that was read from decimal text, only near it where the digits do not survive as a double. */
export declare function numberFromText(text: string): Value | null;
/**
 * A number whose last digits may differ from Terraform's: unknown, but good for comparing and rounding at a
 * distance, where a double has all its digits.
 */
export declare function approximately(near: number): Value;
/** The number that a value is or is near to, else null. */
export declare function nearOf(value: Value): number | null;
/** The type of a value, as far as it is certain. */
export declare function typeOf(value: Value): Type;
