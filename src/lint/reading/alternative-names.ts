/** Alternative names of subject and issuer, as rules need them. */
import type { DecodedExtensions } from './decoded-extensions.js';
import type { GeneralName } from './extension-readers.js';

/**
 * The first name of subjectAltName or issuerAltName that `isWrong` selects; null when there is
 * none.
 */
export function wrongName(extensions: DecodedExtensions, isWrong: (name: GeneralName) => boolean): string | null {
  for (const extension of ['subjectAltName', 'issuerAltName'] as const) {
    const wrong = extensions.get(extension)?.find(isWrong);
    if (wrong !== undefined) return `${extension}: ${wrong.kind} ${JSON.stringify(wrong.value)}`;
  }
  return null;
}

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+\]$/;

/** Whether a host, without port, is a name of at least two labels or an address. */
export function isFullHost(host: string): boolean {
  if (IPV4.test(host) || IPV6.test(host)) return true;
  const labels = host.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label));
}

/** The A-labels (RFC 5890 2.3.2.1), without their prefix. */
export function punycodeLabels(names: readonly GeneralName[]): readonly string[] {
  return names
    .filter(({ kind, value }) => kind === 'dns' && /xn--/i.test(value))
    .flatMap(({ value }) => value.split('.'))
    .filter((label) => /^xn--/i.test(label))
    .map((label) => label.slice(4));
}
