/**
 * A certificate that is signed now begins about now: backdating would give it a past that it did
 * not have. One day is allowed, for an intent that a crash left open and whose stored bytes are
 * signed when the signer is back.
 */
import { formatInstant } from '../../../kernel/clock.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { CEILINGS } from '../../../policy/ceilings.js';
import type { Rule } from '../../rule.js';

const BACKDATING_MS_MAX = DAY_MS;

export const e_cps_validity_begins_near_now: Rule = {
  name: 'e_cps_validity_begins_near_now',
  citation: 'EN 319 411-1 6.3.3; policy: ceilings on the beginning of a validity',
  effective: '2026-01-01',
  appliesTo: ({ now }) => now !== null,
  check: ({ certificate, now }) => {
    if (now === null) return null;
    const { at } = certificate.tbs.notBefore;
    const near = at >= now - BACKDATING_MS_MAX && at <= now + CEILINGS.postdatingMsMax;
    return near ? null : `from ${formatInstant(at)}, and it is ${formatInstant(now)}`;
  },
};
