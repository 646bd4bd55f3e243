/**
 * There is archiveCutoff alone: responses are kept short, and readers ignore what they do not know.
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_single_extensions_are_ours: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_single_extensions_are_ours',
  citation: "RFC 6960 4.4; the platform's own",
  effective: '2026-01-01',
  check: ({ single: { extensions } }) =>
    extensions.find(({ oid, critical }) => !critical && oid !== OID.ocspArchiveCutoff)?.oid ?? null,
};
