import { formatInstant, toSecond } from '../../kernel/clock.js';
import { type Violation, violation } from '../../texts/text.js';
import { CEILINGS } from '../ceilings.js';
import { lastInstantOf, requestedValidity } from '../plan/validity.js';
import type { Rule } from './rule.js';

/**
 * The requested validity has whole seconds, begins within the ceilings for backdating and
 * postdating, and ends within what the profile and the issuer allow. A validity that would outlast
 * the issuer is rejected, not shortened, so that the client knows. If no end was sent and the
 * beginning is wrong, the end that follows from it is not checked.
 */
export const validityFits: Rule = ({ profile, order, issuer, now }) => {
  const input = order.validity;
  const { notBefore, notAfter } = requestedValidity(input, profile.validity, now);
  const violations: Violation[] = [];
  for (const member of ['notBefore', 'notAfter'] as const) {
    const at = input[member];
    if (at !== null && at !== toSecond(at)) violations.push(violation(`/validity/${member}`, 'validity-whole-seconds'));
  }
  if (notBefore < now - CEILINGS.backdatingMsMax)
    violations.push(violation('/validity/notBefore', 'validity-not-backdated'));
  const latest = now + CEILINGS.postdatingMsMax;
  if (notBefore > latest)
    violations.push(violation('/validity/notBefore', 'validity-not-postdated', { latest: formatInstant(latest) }));
  if (notBefore < issuer.notBefore) {
    const begins = formatInstant(issuer.notBefore);
    violations.push(violation('/validity/notBefore', 'validity-within-issuer', { issuer: issuer.id, begins }));
  }
  if (input.notAfter === null && violations.length > 0) return violations;
  if (notAfter <= notBefore || notAfter <= now) violations.push(violation('/validity/notAfter', 'validity-not-empty'));
  const last = lastInstantOf(notBefore, profile.validity);
  if (notAfter > last)
    violations.push(violation('/validity/notAfter', 'validity-within-profile', { last: formatInstant(last) }));
  if (notAfter > issuer.notAfter) {
    const ends = formatInstant(issuer.notAfter);
    violations.push(violation('/validity/notAfter', 'validity-within-issuer/end', { issuer: issuer.id, ends }));
  }
  return violations;
};
