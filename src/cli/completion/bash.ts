/** The completion for bash: one function, which looks for the command among the words before. */
import { type CompletedCommand, quoted, valuedOptions } from './tree.js';

export function bashScript(commands: readonly CompletedCommand[]): readonly string[] {
  return [
    '# bash completion of pfcng, made by: pfcng completion bash',
    '_pfcng() {',
    '  local current previous words at',
    `  current=\${COMP_WORDS[COMP_CWORD]}`,
    `  previous=\${COMP_WORDS[COMP_CWORD - 1]}`,
    '  words=',
    '  for ((at = 1; at < COMP_CWORD; at++)); do',
    `    case "\${words:+$words }\${COMP_WORDS[at]}" in`,
    `      ${commands.flatMap(({ words }) => (words === '' ? [] : [quoted(words)])).join(' | ')})`,
    `        words="\${words:+$words }\${COMP_WORDS[at]}" ;;`,
    '      *) break ;;',
    '    esac',
    '  done',
    '  COMPREPLY=()',
    '  case "$words $previous" in',
    ...commands.flatMap(({ words, options }) =>
      options.flatMap(({ name, choices }) =>
        choices.length === 0
          ? []
          : [
              `    ${quoted(`${words} ${name}`)}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$current")); return ;;`,
            ],
      ),
    ),
    '  esac',
    '  case "$previous" in',
    `    ${valuedOptions(commands)
      .map(({ name }) => name)
      .join(' | ')}) COMPREPLY=($(compgen -f -- "$current")); return ;;`,
    '  esac',
    '  case "$words" in',
    ...commands.map((command) => `    ${quoted(command.words)}) words=${quoted(offered(command))} ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    `  [[ \${#COMPREPLY[@]} -gt 0 || $current == -* ]] || COMPREPLY=($(compgen -f -- "$current"))`,
    '}',
    'complete -o filenames -F _pfcng pfcng',
  ];
}

function offered({ subcommands, options, choices }: CompletedCommand): string {
  return [...subcommands.map(({ name }) => name), ...choices, ...options.map(({ name }) => name)].join(' ');
}
