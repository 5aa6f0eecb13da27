/** A piece of text that is a credential by its shape. */
interface SecretMatch {
  /** What it is, with its article: `a GitHub token`. */
  readonly kind: string;
}

/**
 * Credentials whose issuer gave them a shape of their own, after the issuers' documentation. The first group
 * is the public prefix, the second the secret; every pattern takes linear time. A table of this program's own:
 * secretlint 13 needs Node 22.
 */
const SHAPES: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'an Anthropic key', pattern: /(sk-ant-[a-z]{2,10}\d{2}-)([\w-]{20,})/ },
  { kind: 'an OpenRouter key', pattern: /(sk-or-v1-)([0-9a-f]{40,})/ },
  { kind: 'an OpenAI key', pattern: /(sk-(?:proj|svcacct|admin)-)([\w-]{20,})/ },
  { kind: 'an OpenAI key', pattern: /(sk-)([A-Za-z0-9]{32,})/ },
  { kind: 'a Google API key', pattern: /(AIza)([\w-]{35})/ },
  { kind: 'a Groq key', pattern: /(gsk_)([A-Za-z0-9]{40,})/ },
  { kind: 'an xAI key', pattern: /(xai-)([A-Za-z0-9]{60,})/ },
  { kind: 'a Hugging Face token', pattern: /(hf_)([A-Za-z0-9]{30,})/ },
  { kind: 'an Amp token', pattern: /(sgamp_user_)(\w{40,})/ },
  { kind: 'a Sourcegraph token', pattern: /(sgp_)(\w{40,})/ },
  { kind: 'a GitHub token', pattern: /(gh[pousr]_)([A-Za-z0-9]{36,})/ },
  { kind: 'a GitHub token', pattern: /(github_pat_)(\w{50,})/ },
  { kind: 'a GitLab token', pattern: /(gl(?:pat|ptt|rt)-)([\w-]{20,})/ },
  { kind: 'an AWS access key id', pattern: /((?:AKIA|ASIA))([A-Z2-7]{16})(?!\w)/ },
  { kind: 'a Slack token', pattern: /(xox[abeoprs]-)([A-Za-z0-9-]{20,})/ },
  { kind: 'a Slack webhook', pattern: /(hooks\.slack\.com\/services\/)(T\w{6,}\/B\w{6,}\/\w{16,})/ },
  { kind: 'an npm token', pattern: /(npm_)([A-Za-z0-9]{36})(?!\w)/ },
  { kind: 'a Docker Hub token', pattern: /(dckr_(?:pat|oat)_)([\w-]{20,})/ },
  { kind: 'a DigitalOcean token', pattern: /(do[opr]_v1_)([0-9a-f]{64})/ },
  { kind: 'a Vault token', pattern: /(hv[bs]\.)([\w-]{24,})/ },
  { kind: 'a private key', pattern: /(-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----)(\s*[A-Za-z0-9+/=]{40,})/ },
];

/** Not in the middle of a word: `task-…` is no `sk-…`. */
const BOUNDARY = '(?<![A-Za-z0-9])';
const shapes = SHAPES.map(({ kind, pattern }) => ({
  kind,
  pattern: new RegExp(BOUNDARY + pattern.source, 'g'),
}));

/** The public prefixes of all shapes: nearly every text has none of them. */
const MAY_BE_SECRET = new RegExp(
  SHAPES.map(({ pattern: { source } }) => source.slice(0, source.indexOf(')(') + 1)).join('|'),
);

/** The first credential in a text that has a known shape and is no placeholder; null when there is none. */
export function findSecret(text: string): SecretMatch | null {
  if (!MAY_BE_SECRET.test(text)) return null;
  for (const { kind, pattern } of shapes) {
    for (const [, , secret = ''] of text.matchAll(pattern)) {
      if (!isPlaceholder(secret)) return { kind };
    }
  }
  return null;
}

const PLACEHOLDER_WORDS =
  /example|placeholder|your|change.?me|replace|redacted|removed|dummy|sample|insert|here|fake|test|xxx|0123456|1234567|abcdef|fedcba/i;

/** Whether what stands where a secret should is there to be replaced, or is made of words. */
function isPlaceholder(secret: string): boolean {
  const isVaried = new Set(secret).size >= 8;
  return !isVaried || PLACEHOLDER_WORDS.test(secret) || !/\d/.test(secret) || !/[A-Za-z]/.test(secret);
}

/**
 * Whether a name says that its value is a credential: `claude_api_key`, `GITHUB_TOKEN`, `db-password`. Names of
 * things about credentials (`token_file`, `max_tokens`, `secret_name`, `image_pull_secret`) are none.
 */
export function isCredentialName(name: string): boolean {
  return /(?:^|[\s_-])(?:(?:api|auth)[\s_-]?key|(?:access|secret|private)[\s_-]?key|token|(?<!pull[\s_-]?)secret|password|passwd|pat|auth_tarball)$/i.test(
    name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'),
  );
}

/** Whether a text, given where a credential belongs, is random enough to be one. */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || !/^[\w+=.-]+$/.test(text)) return false;
  const groupsOfDigits = text.match(/\d+/g)?.length ?? 0;
  return groupsOfDigits >= 3 && new Set(text).size >= 10 && !isPlaceholder(text);
}

const ASSIGNMENT = /((?:^|[\s{(,"'])"?([A-Za-z][\w-]*)"?\s*[=:]\s*")((?:[^"\\]|\\.)+)(?=")/g;

/** A line of source as it may be shown: what is or may be a credential is written as asterisks, one for each character. */
export function maskSecrets(line: string): string {
  let masked = line;
  if (MAY_BE_SECRET.test(line))
    for (const { pattern } of shapes) masked = masked.replace(pattern, maskSecond);
  masked = masked.replace(ASSIGNMENT, (whole, before: string, name: string, value: string) =>
    looksRandom(value) && isCredentialName(name) ? before + '*'.repeat(value.length) : whole,
  );
  // A line of a private key.
  return masked.replace(/^(\s*)([A-Za-z0-9+/]{60,}={0,2})(?=\s*$)/, maskSecond);
}

function maskSecond(_whole: string, prefix: string, secret: string): string {
  return prefix + '*'.repeat(secret.length);
}
