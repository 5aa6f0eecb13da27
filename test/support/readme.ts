/** A fenced block of a page. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Offset of the text in the page, in UTF-16 units. */
  readonly start: number;
  /** Line of the fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page in one language, or all. */
export function blocksOf(page: string, language?: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .map((match) => {
      const [, name = '', text = ''] = match;
      const line = page.slice(0, match.index).split('\n').length;
      return { language: name, text, start: match.index + '```'.length + name.length + 1, line };
    })
    .filter((block) => language === undefined || block.language === language);
}

/** Targets of the links of a page that lead to files of the repository, without anchors. */
export function relativeLinks(page: string): string[] {
  const prose = page.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** An option as help shows it. */
interface HelpOption {
  readonly name: string;
  readonly alias: string | null;
  readonly text: string;
  readonly choices: readonly string[];
  readonly isOnByDefault: boolean;
}

/** The options of a command, read from its help. */
export function optionsOf(help: string): HelpOption[] {
  const section = /^Options:\n(.*?)(?=\n\n)/ms.exec(help)?.[1] ?? '';
  const entries = section.split(/\n(?= {2}(?:-\w, | {4})--)/);
  return entries.map((entry) => {
    const [, alias, name, rest = ''] = /^ {2}(?:-(\w), | {4})--([\w-]+)\s+(.*)$/s.exec(entry) ?? [];
    if (name === undefined) throw new Error(`no option: ${entry}`);
    const text = rest.replace(/\s+/g, ' ');
    const notes = /(?: ?\[(?:boolean|string|array|number|default: [^\]]*|choices: [^\]]*)\])+$/.exec(text);
    return {
      name,
      alias: alias ?? null,
      text: text.slice(0, notes?.index).trim(),
      choices: [...(/\[choices: ([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(
        ([, choice = '']) => choice,
      ),
      isOnByDefault: text.includes('[default: true]'),
    };
  });
}

/** The options as a Markdown table; what every program has is left out. */
export function optionsTable(options: readonly HelpOption[]): string {
  const rows = options
    .filter(({ name }) => name !== 'help' && name !== 'version')
    .map(({ name, alias, text, choices, isOnByDefault }) => {
      const long = `\`--${isOnByDefault ? '[no-]' : ''}${name}\``;
      const names = alias === null ? long : `\`-${alias}\`, ${long}`;
      const words = text.replace(/--[\w-]+(=\w+)?|<[a-z]\S*>/g, '`$&`').replaceAll('|', '\\|');
      const values = choices.length === 0 ? '' : `: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
      return `| ${names} | ${words}${isOnByDefault ? ' (default)' : values} |`;
    });
  return ['| option | does |', '| --- | --- |', ...rows, ''].join('\n');
}
