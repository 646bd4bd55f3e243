/**
 * The responder is named by the hash of its key, which is shorter than a name and never shared by
 * two responders.
 */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_cps_ocsp_responder_is_named_by_key: Rule<OcspSubject> = {
  name: 'e_cps_ocsp_responder_is_named_by_key',
  citation: "the platform's own; RFC 6960 4.2.1",
  effective: '2026-01-01',
  check: ({ response: { responderName } }) => (responderName === null ? null : 'by its name'),
};
