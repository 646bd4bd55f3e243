/**
 * The keys that sign CMP answers, and their certificates. Each hierarchy has one key on the token
 * of the platform, `cmp-fort`; each of its CAs that answers CMP certifies this key (RFC 9810 4.5).
 */
import type { IssuerId } from '../ports/signer.js';
import { HIERARCHIES, type HierarchyId } from './model.js';

type CmpKeyLabel = `cmp-${HierarchyId}`;

export function cmpKeyLabel(hierarchy: HierarchyId): CmpKeyLabel {
  return `cmp-${hierarchy}`;
}

export const CMP_KEY_LABELS: readonly CmpKeyLabel[] = HIERARCHIES.map(cmpKeyLabel);

export function isCmpKeyLabel(label: string): label is CmpKeyLabel {
  return (CMP_KEY_LABELS as readonly string[]).includes(label);
}

/** Later certificates of the key have numbers from 2; the key and the name stay the same. */
const CERTIFICATES_MAX = 99;

/** In the order of their ceremonies: `aci-fo-pp.cmp.cer`, `aci-fo-pp.cmp-2.cer`, up to 99. */
export function cmpFileNames(issuer: IssuerId): readonly string[] {
  return Array.from({ length: CERTIFICATES_MAX }, (_, at) =>
    at === 0 ? `${issuer}.cmp.cer` : `${issuer}.cmp-${at + 1}.cer`,
  );
}

/** The certification request of the key, for this CA: `requests/aci-fo-pp.cmp.csr.pem`. */
export function cmpRequestPath(issuer: string): string {
  return `requests/${issuer}.cmp.csr.pem`;
}
