/** The words of a command line as a shell reads them: with single quotes, without anything else. */
export function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The arguments of an example, without `pfcng` and without where its output goes. */
export function argumentsOf(example: string): readonly string[] {
  const words = shellWords(example).slice(1);
  const redirected = words.indexOf('>');
  return redirected === -1 ? words : words.slice(0, redirected);
}
