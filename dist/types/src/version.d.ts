/** The program's own version. */
export declare const VERSION: string;
/** URL of a rule's page, for the version that reports the finding. */
export declare function docsUrl(ruleId: string): string;
