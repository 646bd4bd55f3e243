/** Addresses in the extensions of a certificate. */
import type { DecodedExtensions } from './decoded-extensions.js';

/** A scheme and what follows it, in the characters that RFC 3986 section 2 leaves unencoded. */
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

export function isAbsoluteUri(text: string): boolean {
  return ABSOLUTE.test(text);
}

/** The addresses of CRLs, responders, issuer certificates and practice statements. */
export function addressesOf(extensions: DecodedExtensions): readonly string[] {
  const addresses: string[] = [];
  for (const extension of ['crlDistributionPoints', 'freshestCrl'] as const)
    for (const { fullName } of extensions.get(extension) ?? [])
      for (const { kind, value } of fullName ?? []) if (kind === 'uri') addresses.push(value);
  for (const extension of ['authorityInfoAccess', 'subjectInfoAccess'] as const)
    for (const { location } of extensions.get(extension) ?? [])
      if (location.kind === 'uri') addresses.push(location.value);
  for (const { qualifiers } of extensions.get('certificatePolicies') ?? [])
    for (const { uri } of qualifiers) if (uri !== null) addresses.push(uri);
  return addresses;
}
