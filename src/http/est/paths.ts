/** The paths of EST (RFC 7030 3.2.2), at the address of the API. */
const ROOT = '/.well-known/est';

/**
 * Returns the path of an operation without a label, and the one with a label. The label is the id
 * of a profile in which `~` stands for the slash.
 */
export function estPaths(operation: string): readonly [string, string] {
  return [`${ROOT}/${operation}`, `${ROOT}/{label}/${operation}`];
}

export function isEstPath({ path }: { readonly path: string }): boolean {
  return path === ROOT || path.startsWith(`${ROOT}/`);
}
