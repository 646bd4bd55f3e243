/** Makes a new secret for a registration, which voids the old one at once. */
import { newestKeyId } from '../../access/registration-keys.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { changeRegistration } from './change-registration.js';
import { registrationSecret } from './registration-secret.js';
import { registrationStateAt } from './use-registrations.js';

/**
 * The secret is derived from the newest key, so that this is also what helps after the loss of a
 * key. A used registration gets one too, until its holder is erased: its clients repeat their last
 * request with it.
 */
export async function renewSecret(
  world: Pick<World, 'store' | 'clock' | 'requestId' | 'registrationKeys'>,
  command: { readonly account: Account; readonly id: string },
): Promise<Result<{ readonly registration: Registration; readonly secret: string }, OperationFailure>> {
  const { registrationKeys } = world;
  const secretKey = present(newestKeyId(registrationKeys) ?? undefined, 'a key for the secrets of registrations');
  const renewed = await changeRegistration(world, command, (registration, now, actor) => {
    const state = registrationStateAt(registration, now);
    const hasHolder = registration.erasedAt === null;
    if (state === 'withdrawn' || state === 'expired' || !hasHolder)
      return err({ kind: 'state-conflict', ...fault('registration-open', { state }) });
    const secretGeneration = registration.secretGeneration + 1;
    const details = { id: registration.id, generation: secretGeneration };
    return ok({
      changed: { ...registration, secretKey, secretGeneration },
      event: { at: now, type: 'registration.secret-renewed', actor, details },
    });
  });
  if (!renewed.ok) return renewed;
  const secret = present(
    registrationSecret(registrationKeys, renewed.value) ?? undefined,
    'the secret of a newest key',
  );
  return ok({ registration: renewed.value, secret });
}
