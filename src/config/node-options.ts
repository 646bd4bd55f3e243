/** The options with which Node was started, from the command line and from NODE_OPTIONS. */
export function nodeOptions(): readonly string[] {
  return [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')];
}
