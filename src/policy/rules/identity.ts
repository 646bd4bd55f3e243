import { parseInstant } from '../../kernel/clock.js';
import { type Violation, violation } from '../../texts/text.js';
import type { Assurance, Identity } from '../model.js';
import type { OrderRule } from './rule.js';
import { textViolations } from './text.js';

const RANK: Readonly<Record<Assurance, number>> = { low: 0, substantial: 1, high: 2 };

/**
 * Evidence of the holder's identity (EN 319 411-1 clause 6.2.2): present where the profile requires
 * it, of at least its assurance, and not from the future. Evidence that is not required is checked
 * too, because it is recorded.
 */
export const identityIsProven: OrderRule = ({ profile, order: { identity }, now }) => {
  const { assurance, id } = profile;
  if (identity === null)
    return assurance === null ? [] : [violation('/identity', 'identity-required', { profile: id, assurance })];
  const violations: Violation[] = [];
  if (assurance !== null && RANK[identity.assurance] < RANK[assurance])
    violations.push(violation('/identity/assurance', 'identity-assurance', { assurance }));
  const verifiedAt = parseInstant(identity.verifiedAt);
  if (verifiedAt === null) violations.push(violation('/identity/verifiedAt', 'identity-verified-at'));
  else if (verifiedAt > now) violations.push(violation('/identity/verifiedAt', 'identity-not-future'));
  return [...violations, ...textsOf(identity)];
};

function textsOf({ source, reference }: Identity): readonly Violation[] {
  return [...textViolations('/identity/source', source, 64), ...textViolations('/identity/reference', reference, 128)];
}
