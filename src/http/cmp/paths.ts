/**
 * The paths of CMP (RFC 9811 3.4, RFC 9483 6.1). They are the same on the CMP port and on the API
 * port.
 */
const ROOT = '/.well-known/cmp';

/**
 * `{profile}` is the id of a profile in which `~` stands for each slash, because a path segment
 * cannot contain a slash.
 */
export const CMP_PATHS = [ROOT, `${ROOT}/{label}`, `${ROOT}/p/{profile}`, `${ROOT}/p/{profile}/{label}`] as const;

export const CMP_TYPE = 'application/pkixcmp';

export function isCmpPath({ path }: { readonly path: string }): boolean {
  return path === ROOT || path.startsWith(`${ROOT}/`);
}
