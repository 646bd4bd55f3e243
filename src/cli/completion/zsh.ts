/** The completion for zsh, with the description of each command and option. */
import { type CompletedCommand, quoted, valuedOptions } from './tree.js';

export function zshScript(commands: readonly CompletedCommand[]): readonly string[] {
  return [
    '#compdef pfcng',
    '# zsh completion of pfcng, made by: pfcng completion zsh',
    '_pfcng() {',
    '  local place= at next',
    '  local -a offered',
    '  for ((at = 2; at < CURRENT; at++)); do',
    `    next="\${place:+$place }\${words[at]}"`,
    '    case $next in',
    `      (${commands.flatMap(({ words }) => (words === '' ? [] : [quoted(words)])).join('|')}) place=$next ;;`,
    '      (*) break ;;',
    '    esac',
    '  done',
    `  case "$place \${words[CURRENT-1]}" in`,
    ...commands.flatMap(({ words, options }) =>
      options.flatMap(({ name, choices }) =>
        choices.length === 0
          ? []
          : [`    (${quoted(`${words} ${name}`)}) compadd -- ${choices.map(quoted).join(' ')}; return ;;`],
      ),
    ),
    '  esac',
    `  case "\${words[CURRENT-1]}" in`,
    `    (${valuedOptions(commands)
      .map(({ name }) => name)
      .join('|')}) _files; return ;;`,
    '  esac',
    '  case $place in',
    ...commands.map((command) => `    (${quoted(command.words)}) offered=(${offered(command).join(' ')}) ;;`),
    '  esac',
    "  _describe -t commands 'pfcng' offered",
    `  [[ \${words[CURRENT]} == -* ]] || _files`,
    '}',
    'if [[ $funcstack[1] == _pfcng ]]; then _pfcng "$@"; else compdef _pfcng pfcng; fi',
  ];
}

/** A colon separates the word from its description. */
function offered({ subcommands, options, choices }: CompletedCommand): readonly string[] {
  return [
    ...[...subcommands, ...options].map(({ name, description }) =>
      quoted(`${name}:${description.replaceAll(':', '\\:')}`),
    ),
    ...choices.map(quoted),
  ];
}
