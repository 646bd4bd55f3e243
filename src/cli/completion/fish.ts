/** The completion for fish: one line for each command and option, with the words before it. */
import { type CompletedCommand, quoted } from './tree.js';

export function fishScript(commands: readonly CompletedCommand[]): readonly string[] {
  const known = commands.flatMap(({ words }) => (words === '' ? [] : [words]));
  return [
    '# fish completion of pfcng, made by: pfcng completion fish',
    'function __pfcng_at',
    '  set -l path',
    '  for word in (commandline -opc)[2..-1]',
    '    set -l next (string join -- " " $path $word)',
    `    contains -- $next ${known.map(quoted).join(' ')}; or break`,
    '    set path $next',
    '  end',
    '  test "$path" = "$argv[1]"',
    'end',
    ...commands.flatMap(linesOf),
  ];
}

function linesOf({ words, subcommands, options, choices }: CompletedCommand): readonly string[] {
  const here = `complete -c pfcng -n ${quoted(`__pfcng_at ${quoted(words)}`)}`;
  return [
    ...subcommands.map(({ name, description }) => `${here} -f -a ${name} -d ${quoted(description)}`),
    ...(choices.length === 0 ? [] : [`${here} -f -a ${quoted(choices.join(' '))}`]),
    ...options.map(({ name, description, takesValue, choices: values }) => {
      const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
      return `${here} -l ${name.slice(2)}${value} -d ${quoted(description)}`;
    }),
  ];
}
