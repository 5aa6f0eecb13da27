import type { Effect } from '../rule.js';
/** The level that a user gives a rule; `off` takes its findings out. */
export type RuleLevel = 'off' | 'info' | 'warning' | 'error';
/** The lowest level that fails a run. */
export type FailLevel = 'info' | 'warning' | 'error' | 'never';
/** What a configuration says about a rule. */
interface RuleSetting {
    /** Null leaves the level to the effects of each finding. */
    readonly level: RuleLevel | null;
    readonly options: Readonly<Record<string, unknown>>;
}
/** All that was configured, extended files and presets merged in. What is null was not configured. */
export interface Config {
    /** Files it was read from, the one that was found or named last. */
    readonly files: readonly string[];
    /** Folder that globs are relative to, in the same way of writing as the paths asked about. */
    readonly base: string;
    /** Semver range of Coder versions. */
    readonly coderVersion: string | null;
    readonly rules: ReadonlyMap<string, RuleSetting>;
    /** Level by the worst effect of a finding on the target, for rules that have none of their own. */
    readonly effects: ReadonlyMap<Effect, RuleLevel>;
    readonly overrides: readonly Override[];
    readonly ignore: readonly string[];
    /** Paths of module catalogues. */
    readonly catalogs: readonly string[];
    readonly maxWarnings: number | null;
    readonly failOn: FailLevel | null;
}
interface Override {
    readonly files: readonly string[];
    readonly rules: ReadonlyMap<string, RuleSetting>;
}
/** One configuration file, or preset, before those that it extends are merged in. */
export interface ConfigSource extends Partial<Omit<Config, 'files' | 'base'>> {
    /** Null for a preset. */
    readonly file: string | null;
    readonly extends: readonly Extension[];
}
/** A preset or file that a configuration extends, and where it says so. */
export interface Extension {
    readonly name: string;
    readonly place: ConfigPlace;
}
/** A place in a configuration file, line and column from 1. */
export interface ConfigPlace {
    readonly file: string;
    readonly line: number;
    readonly column: number;
}
interface ConfigProblem extends ConfigPlace {
    readonly message: string;
}
/** A configuration that cannot be used; the message has one line `file:line:column: problem` for each problem. */
export declare class ConfigError extends Error {
    readonly problems: readonly ConfigProblem[];
    constructor(problems: readonly ConfigProblem[]);
}
/** The configurations that can be extended by name. */
export declare const PRESETS: Readonly<Record<string, ConfigSource>>;
/** A configuration that says nothing. */
export declare const NO_CONFIG: Config;
/**
 * Reads the text of a configuration file; its name decides whether that is YAML or JSON.
 * @throws ConfigError with every problem of the file
 */
export declare function parseConfig(path: string, text: string): Promise<ConfigSource>;
/** Merges configurations, later ones winning: settings by name, lists one behind the other. */
export declare function mergeConfigs(base: string, sources: readonly ConfigSource[]): Config;
/**
 * What is configured for a rule in a file or a template's folder: for all of them, then in each override that
 * fits, what comes later winning.
 */
export declare function settingFor(config: Config, ruleId: string, path: string): RuleSetting;
/** Settings by rule, those of later maps winning. */
export declare function mergeRules(all: readonly ReadonlyMap<string, RuleSetting>[]): Map<string, RuleSetting>;
/** Whether the configuration leaves out a file or a template's folder. */
export declare function isIgnored(config: Config, path: string): boolean;
/** Whether a name in `extends` is the path of a file rather than a preset. */
export declare function isPath(name: string): boolean;
type RawRules = Readonly<Record<string, RuleLevel | Partial<RuleSetting>>>;
/** What is configured for rules, by id. */
export declare function settingsIn(rules: RawRules): ReadonlyMap<string, RuleSetting>;
export {};
