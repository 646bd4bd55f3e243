/**
 * archiveCutoff is producedAt minus the time for which records of expired certificates are kept.
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_archive_cutoff_is_past: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_archive_cutoff_is_past',
  citation: 'RFC 6960 4.4.4',
  effective: '2013-06-01',
  check: ({ single: { archiveCutoff }, response: { producedAt } }) => {
    if (archiveCutoff === null) return null;
    if (!archiveCutoff.ok) return archiveCutoff.error.rule;
    return archiveCutoff.value > producedAt ? formatInstant(archiveCutoff.value) : null;
  },
};
