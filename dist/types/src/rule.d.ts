import { type LineId, type LineStart } from './coder/releases.js';
import type { Template } from './coder/template.js';
import type { Edit } from './source/edit.js';
import type { Span } from './source/source-file.js';
/** What a fault does to the user of a template on a Coder release line, worst first. */
export declare const EFFECTS: readonly ['import-fails', 'build-fails', 'not-capable', 'task-creation-fails', 'prompt-lost', 'degraded', 'deprecated', 'advice'];
/** One of the effects that a fault has on a release line. */
export type Effect = (typeof EFFECTS)[number];
/** How strongly a finding is meant, worst first. */
export declare const LEVELS: readonly ['error', 'warning', 'info'];
/** One of the levels of a finding. */
export type Level = (typeof LEVELS)[number];
/** The effect of a finding on each line that it concerns. */
export type Effects = Readonly<Partial<Record<LineId, Effect>>>;
/**
 * Effects by the Coder version from which each holds, up to the next: `since({ '2.28': 'deprecated', '2.37': null })`.
 * Lines before the first key have none.
 */
export declare function since(steps: Readonly<Partial<Record<LineStart, Effect | null>>>): Effects;
/** The lines from one version on, up to another that is no longer among them. */
export declare function linesFrom(from: LineStart, to?: LineStart | null): LineId[];
/** Whether the first effect is worse than the second. */
export declare function isWorse(effect: Effect, than: Effect): boolean;
/** Whether an effect keeps users from tasks, and so decides the verdict; the others leave a template capable. */
export declare function isDeciding(effect: Effect): boolean;
/** What one finding says: a fact in the present tense, one order to the author, what it does where. */
export interface Message {
    readonly problem: string;
    readonly advice: string;
    readonly effects: Effects;
    /**
     * Lines on which the finding leaves open whether the template is capable: the verdict is then `unknown`
     * unless something worse is certain.
     */
    readonly leavesOpen?: readonly LineId[];
    /**
     * The least level at which it is shown where it has an effect, for what harms others than those who use the
     * template for tasks, such as a key that is given away: no verdict hangs on it.
     */
    readonly levelAtLeast?: Level;
}
/** A second place that helps to understand a finding. */
interface RelatedPlace {
    readonly span: Span;
    readonly text: string;
}
/** Edits that mend a finding, all or none. `safe` never changes what a template does on a target line. */
export interface Fix {
    readonly title: string;
    readonly safety: 'safe' | 'review';
    readonly edits: readonly Edit[];
    /** What the fix leaves to a person, in the order in which to do it. */
    readonly leaves?: readonly LeftStep[];
}
/** Something that no edit can do. */
export interface LeftStep {
    /** What to do, with the old value where the fix takes one out. */
    readonly text: string;
    readonly address: string | null;
    /** Whether the template does not do its work before. */
    readonly blocking: boolean;
}
/** What a rule reports: data only; words come from the rule's messages, places from spans. */
export interface Report<MessageId extends string, Data> {
    readonly message: MessageId;
    readonly data: Data;
    readonly at: Span;
    /** Address of the block that the finding is about, such as `module.claude-code` or `coder_ai_task.task`; null for a file. */
    readonly address: string | null;
    readonly related?: readonly RelatedPlace[];
    readonly fix?: Fix | null;
    /** Why there is no fix where one could be expected: a fact that names what stands in the way. */
    readonly obstacle?: string | null;
}
type Messages = Record<string, (data: any) => Message>;
type ReportOf<M extends Messages> = {
    [Id in keyof M & string]: Report<Id, Parameters<M[Id]>[0]>;
}[keyof M & string];
/** JSON schema of an option of a rule, with what holds when nobody chooses. */
export type OptionSchema = {
    readonly description: string;
} & ({
    readonly type: 'integer';
    readonly minimum: number;
    readonly maximum: number;
    readonly default: number;
} | {
    readonly type: 'boolean';
    readonly default: boolean;
} | {
    readonly enum: readonly string[];
    readonly default: string;
});
/** The options of a rule by name. */
export type Options = Readonly<Record<string, OptionSchema>>;
type OptionValue<Schema> = Schema extends {
    readonly enum: readonly (infer Value)[];
} ? Value : Schema extends {
    readonly type: 'integer';
} ? number : boolean;
/** What a rule's check may see besides the template. */
export interface RuleContext<M extends Messages, O extends Options = Options> {
    report(report: ReportOf<M>): void;
    /** Release lines that the user lints for; for fixes, never for deciding what is reported. */
    readonly target: readonly LineId[];
    /** What was chosen for each option, or its default. */
    readonly options: {
        readonly [Name in keyof O]: OptionValue<O[Name]>;
    };
}
/** A rule: what it is for, what it says, and the question it asks the template. */
export interface Rule<M extends Messages = Messages, O extends Options = Options> {
    /** `topic/name`, the path of its file. */
    readonly id: string;
    /** One sentence, present tense, what the rule finds. */
    readonly summary: string;
    /** False when a suppression comment must not silence it. */
    readonly ignorable?: boolean;
    readonly messages: M;
    /** What a user may choose, where no answer is right for all. */
    readonly options?: O;
    check(template: Template, context: RuleContext<M, O>): void;
}
/** Gives a rule its types; the rule is the object itself. */
export declare function defineRule<const M extends Messages, const O extends Options = Record<never, never>>(rule: Rule<M, O>): Rule<M, O>;
/** What is chosen for the options of a rule, by name. */
export type RuleOptions = Readonly<Record<string, unknown>>;
/**
 * Rules with what was chosen for their options in place of the defaults; what nobody chose stays.
 * @throws RangeError when a rule has no such option, or the option no such value
 */
export declare function withOptions(rules: readonly Rule[], chosenFor: (ruleId: string) => RuleOptions): readonly Rule[];
/** A reported finding with its rule and words, before configuration, suppression and positions. */
export interface Finding {
    readonly ruleId: string;
    readonly messageId: string;
    readonly message: Message;
    readonly at: Span;
    readonly address: string | null;
    readonly related: readonly RelatedPlace[];
    readonly fix: Fix | null;
    readonly obstacle?: string | null;
}
export {};
