import { formatInstant, toSecond } from '../../kernel/clock.js';
import { CEILINGS } from '../ceilings.js';
import type { Violation } from '../model.js';
import { lastInstantOf, validityAsked } from '../validity.js';
import { type Rule, violation } from './rule.js';

/**
 * The life asked for is one of whole seconds, begins about now, and ends within what the profile allows and within the life
 * of the issuer. A life that would outlast the issuer is refused, not cut: who orders must know that it is shorter.
 */
export const validityFits: Rule = ({ profile, order, issuer, now }) => {
  const asked = order.validity;
  const { notBefore, notAfter } = validityAsked(asked, profile.validity, now);
  const violations: Violation[] = [];
  for (const member of ['notBefore', 'notAfter'] as const) {
    const at = asked[member];
    if (at !== null && at !== toSecond(at))
      violations.push(violation(`/validity/${member}`, 'validity-whole-seconds', 'has a fraction (RFC 5280 4.1.2.5)'));
  }
  if (notBefore < now - CEILINGS.backdatingMsMax)
    violations.push(violation('/validity/notBefore', 'validity-not-backdated', 'lies in the past'));
  if (notBefore > now + CEILINGS.postdatingMsMax)
    violations.push(violation('/validity/notBefore', 'validity-not-postdated', 'lies too far in the future'));
  if (notBefore < issuer.notBefore)
    violations.push(violation('/validity/notBefore', 'validity-within-issuer', `${issuer.id} did not exist then`));
  if (notAfter <= notBefore || notAfter <= now)
    violations.push(violation('/validity/notAfter', 'validity-not-empty', 'is not after the beginning and after now'));
  const last = lastInstantOf(notBefore, profile.validity);
  if (notAfter > last)
    violations.push(
      violation('/validity/notAfter', 'validity-within-profile', `is after ${formatInstant(last)}, the last allowed`),
    );
  if (notAfter > issuer.notAfter)
    violations.push(
      violation(
        '/validity/notAfter',
        'validity-within-issuer',
        `${issuer.id} ends on ${formatInstant(issuer.notAfter)}`,
      ),
    );
  return violations;
};
