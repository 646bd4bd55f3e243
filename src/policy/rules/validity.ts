import { formatInstant, toSecond } from '../../kernel/clock.js';
import { CEILINGS } from '../ceilings.js';
import type { Violation } from '../model.js';
import { lastInstantOf, requestedValidity } from '../plan/validity.js';
import { type Rule, violation } from './rule.js';

/**
 * The requested validity has whole seconds, begins about now, and ends within what the profile
 * allows and before the issuer's end. A validity that would outlast the issuer is rejected, not
 * shortened, so that the client knows. When only the beginning was sent, a wrong end is not
 * reported.
 */
export const validityFits: Rule = ({ profile, order, issuer, now }) => {
  const input = order.validity;
  const { notBefore, notAfter } = requestedValidity(input, profile.validity, now);
  const violations: Violation[] = [];
  for (const member of ['notBefore', 'notAfter'] as const) {
    const at = input[member];
    if (at !== null && at !== toSecond(at))
      violations.push(
        violation(`/validity/${member}`, 'validity-whole-seconds', 'has a fraction: certificates have whole seconds'),
      );
  }
  if (notBefore < now - CEILINGS.backdatingMsMax)
    violations.push(
      violation('/validity/notBefore', 'validity-not-backdated', 'is in the past: leave it out to begin now'),
    );
  if (notBefore > now + CEILINGS.postdatingMsMax)
    violations.push(
      violation(
        '/validity/notBefore',
        'validity-not-postdated',
        `is later than ${formatInstant(now + CEILINGS.postdatingMsMax)}`,
      ),
    );
  if (notBefore < issuer.notBefore)
    violations.push(
      violation(
        '/validity/notBefore',
        'validity-within-issuer',
        `${issuer.id} begins on ${formatInstant(issuer.notBefore)}`,
      ),
    );
  if (input.notAfter === null && violations.length > 0) return violations;
  if (notAfter <= notBefore || notAfter <= now)
    violations.push(violation('/validity/notAfter', 'validity-not-empty', 'must be after the beginning and after now'));
  const last = lastInstantOf(notBefore, profile.validity);
  if (notAfter > last)
    violations.push(
      violation('/validity/notAfter', 'validity-within-profile', `must be ${formatInstant(last)} or before`),
    );
  if (notAfter > issuer.notAfter)
    violations.push(
      violation(
        '/validity/notAfter',
        'validity-within-issuer',
        `${issuer.id} ends on ${formatInstant(issuer.notAfter)}: request an end that is not later`,
      ),
    );
  return violations;
};
