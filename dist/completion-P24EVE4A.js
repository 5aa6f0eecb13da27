import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{EXIT,UsageError}from"./chunk-ZXLABMHY.js";import{FORMAT_NAMES}from"./chunk-2HNLNOYS.js";import{rules}from"./chunk-2O4OQY3W.js";import"./chunk-EV4TWCPF.js";import"./chunk-A2L2NSSH.js";import"./chunk-TE2MQ745.js";import"./chunk-HRRY4JA5.js";import"./chunk-DHD5HONG.js";import"./chunk-SHMZGFYY.js";import"./chunk-TRZHDKEW.js";import"./chunk-GGTB7L2G.js";import"./chunk-BNP5UXPQ.js";import"./chunk-OAAATYZJ.js";import"./chunk-MNU6J3RP.js";var SHELLS=["bash","zsh","fish"];async function runCompletion(shell,commands,{stdout}){let script=SCRIPTS[shell];if(script===void 0)throw new UsageError(`there is completion for ${SHELLS.join(", ")}, not for "${shell}"`);return stdout.write(script(commands)),EXIT.ok}var SCRIPTS={bash,zsh,fish},ruleIds=()=>rules.map(rule=>rule.id).join(" "),formatNames=()=>FORMAT_NAMES.join(" "),lintOptions=commands=>commands.find(({name})=>name==="lint")?.options??[],dashed=options=>options.map(option=>`--${option}`).join(" ");function bash(commands){let cases=commands.map(({name,options})=>`    ${name}) options='${dashed(options)}' ;;`);return`# bash completion for tasks-lint: tasks-lint completion bash > /etc/bash_completion.d/tasks-lint
_tasks_lint() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} options='${dashed(lintOptions(commands))}'
  case $previous in
    explain|--only) COMPREPLY=($(compgen -W '${ruleIds()}' -- "$word")); return ;;
    --format|-f) COMPREPLY=($(compgen -W '${formatNames()}' -- "$word")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --fail-on) COMPREPLY=($(compgen -W 'error warning info never' -- "$word")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join(`
`)}
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); return; fi
  COMPREPLY=($(compgen -f -- "$word"))
  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY+=($(compgen -W '${commands.map(({name})=>name).join(" ")}' -- "$word")); fi
}
complete -o filenames -F _tasks_lint tasks-lint
`}function zsh(commands){let names=commands.map(({name,summary})=>`    '${name}:${quoted(summary)}'`),cases=commands.map(({name,options})=>`    ${name}) options=(${dashed(options)}) ;;`);return`#compdef tasks-lint
# zsh completion for tasks-lint: tasks-lint completion zsh > "\${fpath[1]}/_tasks-lint"
_tasks_lint() {
  local -a commands options
  commands=(
${names.join(`
`)}
  )
  options=(${dashed(lintOptions(commands))})
  case $words[CURRENT-1] in
    explain|--only) compadd -- ${ruleIds()}; return ;;
    --format|-f) compadd -- ${formatNames()}; return ;;
    --color) compadd -- auto always never; return ;;
    --fail-on) compadd -- error warning info never; return ;;
  esac
  case $words[2] in
${cases.join(`
`)}
  esac
  if [[ $PREFIX == -* ]]; then compadd -- $options; return; fi
  if (( CURRENT == 2 )); then _describe 'command' commands; fi
  _files
}
if [[ $funcstack[1] == _tasks_lint ]]; then _tasks_lint "$@"; else compdef _tasks_lint tasks-lint; fi
`}function fish(commands){return`# fish completion for tasks-lint: tasks-lint completion fish > ~/.config/fish/completions/tasks-lint.fish
${commands.flatMap(({name,summary,options})=>[`complete -c tasks-lint -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,...options.map(option=>`complete -c tasks-lint -n '__fish_seen_subcommand_from ${name}' -l ${option}`)]).join(`
`)}
${lintOptions(commands).map(option=>`complete -c tasks-lint -n __fish_use_subcommand -l ${option}`).join(`
`)}
complete -c tasks-lint -n '__fish_seen_subcommand_from explain' -f -a '${ruleIds()}'
complete -c tasks-lint -l format -s f -x -a '${formatNames()}'
complete -c tasks-lint -l only -x -a '${ruleIds()}'
`}function quoted(text){return text.replaceAll("'","'\\''").replaceAll(":","\\:")}export{SHELLS,runCompletion};
