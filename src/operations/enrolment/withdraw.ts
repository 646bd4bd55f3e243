/** Withdraws a registration: its reference and secret cannot be used any more. */
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { changeRegistration } from './change-registration.js';
import { registrationStateAt } from './use-registrations.js';

/**
 * A repetition changes nothing. A used registration is refused, because its certificates exist; so
 * is one that has expired.
 */
export function withdrawRegistration(
  world: Pick<World, 'store' | 'clock' | 'requestId'>,
  command: { readonly account: Account; readonly id: string },
): Promise<Result<Registration, OperationFailure>> {
  return changeRegistration(world, command, (registration, now, actor) => {
    const state = registrationStateAt(registration, now);
    if (state === 'withdrawn') return ok({ changed: null, event: null });
    if (state !== 'open') return err({ kind: 'state-conflict', ...fault('registration-open/withdrawal', { state }) });
    return ok({
      changed: { ...registration, state: 'withdrawn', stateAt: now },
      event: { at: now, type: 'registration.withdrawn', actor, details: { id: registration.id } },
    });
  });
}
