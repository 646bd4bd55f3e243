/** Options that Node was started with, each as it was given, and what its environment adds to them. */
export function nodeOptions(): readonly string[] {
  return [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')];
}
