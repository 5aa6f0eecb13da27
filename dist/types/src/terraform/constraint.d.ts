/**
 * What a constraint is written for. Terraform parses the two with different libraries: modules with
 * hashicorp/go-version (constraint.go), providers with that one first and then with
 * apparentlymart/go-versions (constraints/ruby_style.go), which is stricter and reads `~> 2` differently.
 */
export type ConstraintSubject = 'module' | 'provider';
/** A parsed Terraform version constraint. Versions are plain (`2.13.0`), with or without a leading `v`. */
export interface Constraint {
    /** The constraint as written. */
    readonly text: string;
    /** The only version that it admits, else null. `>= 1.2.3, <= 1.2.3` is a pin as well. */
    readonly pinned: string | null;
    /** The lowest release that it admits, or null when it admits none. */
    readonly lowest: string | null;
    /** Whether it admits releases without an upper limit, so that a new major version is taken up unseen. */
    readonly openEnded: boolean;
    /** Whether no version whatever satisfies it, as in `> 2, < 1`. */
    readonly empty: boolean;
    /** Whether it admits a version. A prerelease only when `=` names it. False for text that is no version. */
    admits(version: string): boolean;
    /** Whether it admits any version lower than this one: "may Terraform choose a provider before 2.13?". */
    admitsBelow(version: string): boolean;
    /** Whether it admits this version or any higher one: false means "admits nothing from 2.13 on". */
    admitsFrom(version: string): boolean;
    /** The highest of these versions that it admits, as Terraform would choose it, or null. */
    newestAdmitted(versions: readonly string[]): string | null;
    /** The same set of releases as an npm semver range; an empty constraint gives one that nothing satisfies. */
    toRange(): string;
}
/** Parses a constraint; text that Terraform refuses gives the reason, in words. */
export declare function parseConstraint(text: string, subject?: ConstraintSubject): Constraint | {
    readonly error: string;
};
