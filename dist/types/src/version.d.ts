/** The program's own version. */
export declare const VERSION: string;
/** URL of what is said about a rule, for the version that reports the finding: its page, or the README on comments. */
export declare function docsUrl(ruleId: string): string;
