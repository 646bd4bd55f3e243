/**
 * Every RDN has the attribute types of the profile in their order (multi-valued RDNs as sets), no
 * more and no fewer.
 */
import type { Rule } from '../../rule.js';
import { matchSubject, shapeOf } from '../subject-shape.js';

export const e_cps_subject_has_shape_of_profile: Rule = {
  name: 'e_cps_subject_has_shape_of_profile',
  citation: 'policy: subject of the profile; EN 319 412-2 4.2.4, EN 319 412-3 4.2.1',
  effective: '2026-01-01',
  check: ({ certificate, profile }) =>
    matchSubject(profile, certificate.tbs.subject) === null ? shapeOf(certificate.tbs.subject) || 'no attribute' : null,
};
