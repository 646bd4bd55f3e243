/**
 * There are nonce and extendedRevoke alone: responses are kept short, and readers ignore what they
 * do not know.
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_cps_ocsp_extensions_are_ours: Rule<OcspSubject> = {
  name: 'e_cps_ocsp_extensions_are_ours',
  citation: "RFC 6960 4.4; the platform's own",
  effective: '2026-01-01',
  check: ({ response: { extensions } }) =>
    extensions.find(({ oid }) => oid !== OID.ocspNonce && oid !== OID.ocspExtendedRevoke)?.oid ?? null,
};
