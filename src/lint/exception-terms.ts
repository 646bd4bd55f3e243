/** The terms that every exception of a policy has. */
import { type Instant, parseInstant } from '../kernel/clock.js';
import type { LintException } from '../policy/model.js';

type Terms = Pick<LintException, 'profiles' | 'expires'>;

/**
 * Whether an exception is for this profile and is still in force. An exception whose end cannot be
 * read has ended.
 */
export function exceptionApplies({ profiles, expires }: Terms, profile: string, at: Instant): boolean {
  return (
    (profiles.includes('*') || profiles.includes(profile)) && at <= (parseInstant(expires) ?? Number.NEGATIVE_INFINITY)
  );
}
