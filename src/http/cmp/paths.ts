/** The paths of CMP (RFC 9811 3.4, RFC 9483 6.1), on both ports. */
const ROOT = '/.well-known/cmp';

/** The profile has `~` for each slash. */
export const CMP_PATHS = [ROOT, `${ROOT}/{label}`, `${ROOT}/p/{profile}`, `${ROOT}/p/{profile}/{label}`] as const;

export const CMP_TYPE = 'application/pkixcmp';

export function isOfCmp({ path }: { readonly path: string }): boolean {
  return path === ROOT || path.startsWith(`${ROOT}/`);
}
