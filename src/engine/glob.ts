/**
 * Whether a path (relative, with `/`) fits a glob: `*` and `?` stay within a name, `**` crosses folders,
 * `[a-z]` and `{a,b}` as usual. As in an ignore file, a glob without `/` fits at any depth, and one that
 * fits a folder fits all below it.
 */
export function matchesGlob(glob: string, path: string): boolean {
  let expression = expressions.get(glob);
  if (expression === undefined) {
    expression = toExpression(glob);
    expressions.set(glob, expression);
  }
  return expression.test(path);
}

const expressions = new Map<string, RegExp>();

function toExpression(glob: string): RegExp {
  const trimmed = glob.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '');
  const start = trimmed.includes('/') ? '^' : '^(?:.*/)?';
  const names = trimmed.replace(/^\/+/, '');
  try {
    return new RegExp(`${start}${translate(names)}(?:/.*)?$`, 's');
  } catch {
    // Brackets and braces that make no pattern mean themselves.
    return new RegExp(`${start}${escapeText(names)}(?:/.*)?$`, 's');
  }
}

/** What has a meaning in a glob, and every other character by itself. */
const TOKENS = /(?:\*\*\/)+|\*+|\[!?[^\]/]+\]|\\[\s\S]|[\s\S]/g;

function translate(glob: string): string {
  let depth = 0;
  return glob.replace(TOKENS, (token) => {
    if (token.startsWith('**/')) return '(?:.*/)?';
    if (token.startsWith('*')) return token === '*' ? '[^/]*' : '.*';
    if (token === '?') return '[^/]';
    if (token === '{') {
      depth++;
      return '(?:';
    }
    if (token === '}' && depth > 0) {
      depth--;
      return ')';
    }
    if (token === ',') return depth > 0 ? '|' : ',';
    if (token.length > 2) return `[${token.slice(1, -1).replace(/^!/, '^').replace(/[[\\]/g, '\\$&')}]`;
    return escapeText(token.startsWith('\\') ? token.slice(-1) : token);
  });
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
