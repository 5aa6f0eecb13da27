import manifest from '../package.json' with { type: 'json' };

/** The program's own version. */
export const VERSION: string = manifest.version;

/** URL of a rule's page, for the version that reports the finding. */
export function docsUrl(ruleId: string): string {
  return `https://github.com/tasks-lint/tasks-lint/blob/v${VERSION}/rules/${ruleId}.md`;
}
