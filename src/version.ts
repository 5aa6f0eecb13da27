import manifest from '../package.json' with { type: 'json' };

/** The program's own version. */
export const VERSION: string = manifest.version;

/** URL of what is said about a rule, for the version that reports the finding: its page, or the README on comments. */
export function docsUrl(ruleId: string): string {
  const page = ruleId.startsWith('suppression/') ? 'README.md#comments' : `rules/${ruleId}.md`;
  return `https://github.com/tasks-lint/tasks-lint/blob/v${VERSION}/${page}`;
}
