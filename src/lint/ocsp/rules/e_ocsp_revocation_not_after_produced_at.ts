/**
 * A revocation is in the past: revocationTime is "the time at which the certificate was revoked or
 * placed on hold".
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_revocation_not_after_produced_at: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_revocation_not_after_produced_at',
  citation: 'RFC 6960 4.2.1 and 2.4',
  effective: '2013-06-01',
  check: ({ single: { revokedAt }, response: { producedAt } }) =>
    revokedAt !== null && revokedAt > producedAt ? formatInstant(revokedAt) : null,
};
