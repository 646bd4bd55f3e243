import { parseInstant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { type Violation, violation } from '../../texts/text.js';
import type { Assurance, Identity } from '../model.js';
import type { OrderRule } from './rule.js';
import { textViolations } from './text.js';

const RANK: Readonly<Record<Assurance, number>> = { low: 0, substantial: 1, high: 2 };

/**
 * Evidence of the holder's identity (EN 319 411-1 clause 6.2.2): present where the profile requires
 * it, of at least its assurance, not from the future, and not older than the profile allows for the
 * purpose. Evidence that is not required is checked too, because it is recorded.
 */
export const identityIsProven: OrderRule = ({ profile, order: { identity }, purpose, now }) => {
  const { assurance, id, identityAgeMs } = profile;
  if (identity === null)
    return assurance === null ? [] : [violation('/identity', 'identity-required', { profile: id, assurance })];
  const violations: Violation[] = [];
  if (assurance !== null && RANK[identity.assurance] < RANK[assurance])
    violations.push(violation('/identity/assurance', 'identity-assurance', { assurance }));
  const verifiedAt = parseInstant(identity.verifiedAt);
  if (verifiedAt === null) violations.push(violation('/identity/verifiedAt', 'identity-verified-at'));
  else if (verifiedAt > now) violations.push(violation('/identity/verifiedAt', 'identity-not-future'));
  else if (now - verifiedAt > (identityAgeMs[purpose] ?? Number.POSITIVE_INFINITY))
    violations.push(violation('/identity/verifiedAt', 'identity-age', { days: daysOf(identityAgeMs[purpose]) }));
  return [...violations, ...textsOf(identity)];
};

/** The longest age in days, as people read it. */
function daysOf(ageMs = 0): string {
  return String(Math.round((ageMs / DAY_MS) * 100) / 100);
}

function textsOf({ source, reference }: Identity): readonly Violation[] {
  return [...textViolations('/identity/source', source, 64), ...textViolations('/identity/reference', reference, 128)];
}
