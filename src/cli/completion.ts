import { rules } from '../../rules/index.ts';
import { FORMAT_NAMES } from '../report/formats.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';

/** A command as shells complete it. */
interface CompletableCommand {
  readonly name: string;
  readonly summary: string;
  /** Long options without dashes. */
  readonly options: readonly string[];
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Prints the completion script of a shell. */
export async function runCompletion(
  shell: string,
  commands: readonly CompletableCommand[],
  { stdout }: Environment,
): Promise<number> {
  const script = SCRIPTS[shell];
  if (script === undefined)
    throw new UsageError(`there is completion for ${SHELLS.join(', ')}, not for "${shell}"`);
  stdout.write(script(commands));
  return EXIT.ok;
}

const SCRIPTS: Readonly<Record<string, (commands: readonly CompletableCommand[]) => string>> = {
  bash,
  zsh,
  fish,
};

const ruleIds = () => rules.map((rule) => rule.id).join(' ');
const formatNames = () => FORMAT_NAMES.join(' ');
const lintOptions = (commands: readonly CompletableCommand[]) =>
  commands.find(({ name }) => name === 'lint')?.options ?? [];
const dashed = (options: readonly string[]) => options.map((option) => `--${option}`).join(' ');

function bash(commands: readonly CompletableCommand[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) options='${dashed(options)}' ;;`);
  return `# bash completion for tasks-lint: tasks-lint completion bash > /etc/bash_completion.d/tasks-lint
_tasks_lint() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} options='${dashed(lintOptions(commands))}'
  case $previous in
    explain|--only) COMPREPLY=($(compgen -W '${ruleIds()}' -- "$word")); return ;;
    --format|-f) COMPREPLY=($(compgen -W '${formatNames()}' -- "$word")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --fail-on) COMPREPLY=($(compgen -W 'error warning info never' -- "$word")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); return; fi
  COMPREPLY=($(compgen -f -- "$word"))
  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY+=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word")); fi
}
complete -o filenames -F _tasks_lint tasks-lint
`;
}

function zsh(commands: readonly CompletableCommand[]): string {
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = commands.map(({ name, options }) => `    ${name}) options=(${dashed(options)}) ;;`);
  return `#compdef tasks-lint
# zsh completion for tasks-lint: tasks-lint completion zsh > "\${fpath[1]}/_tasks-lint"
_tasks_lint() {
  local -a commands options
  commands=(
${names.join('\n')}
  )
  options=(${dashed(lintOptions(commands))})
  case $words[CURRENT-1] in
    explain|--only) compadd -- ${ruleIds()}; return ;;
    --format|-f) compadd -- ${formatNames()}; return ;;
    --color) compadd -- auto always never; return ;;
    --fail-on) compadd -- error warning info never; return ;;
  esac
  case $words[2] in
${cases.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then compadd -- $options; return; fi
  if (( CURRENT == 2 )); then _describe 'command' commands; fi
  _files
}
if [[ $funcstack[1] == _tasks_lint ]]; then _tasks_lint "$@"; else compdef _tasks_lint tasks-lint; fi
`;
}

function fish(commands: readonly CompletableCommand[]): string {
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c tasks-lint -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
    ...options.map(
      (option) => `complete -c tasks-lint -n '__fish_seen_subcommand_from ${name}' -l ${option}`,
    ),
  ]);
  return `# fish completion for tasks-lint: tasks-lint completion fish > ~/.config/fish/completions/tasks-lint.fish
${lines.join('\n')}
${lintOptions(commands)
  .map((option) => `complete -c tasks-lint -n __fish_use_subcommand -l ${option}`)
  .join('\n')}
complete -c tasks-lint -n '__fish_seen_subcommand_from explain' -f -a '${ruleIds()}'
complete -c tasks-lint -l format -s f -x -a '${formatNames()}'
complete -c tasks-lint -l only -x -a '${ruleIds()}'
`;
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
}
