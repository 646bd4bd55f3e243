/** The paths of EST (RFC 7030 3.2.2), at the address of the API. */
const ROOT = '/.well-known/est';

/** The label names a profile, with `~` for its slash. */
export function estPaths(operation: string): readonly [string, string] {
  return [`${ROOT}/${operation}`, `${ROOT}/{label}/${operation}`];
}

export function isOfEst({ path }: { readonly path: string }): boolean {
  return path === ROOT || path.startsWith(`${ROOT}/`);
}
