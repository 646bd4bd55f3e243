/**
 * Writes that registrations have ended, and erases the personal data of those that ended long ago.
 * The end itself is effective at once, because every use compares the time.
 */
import { SYSTEM } from '../../audit/actors.js';
import { DAY_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';

/** Other transactions wait for the end of this one. */
const REGISTRATIONS_PER_TRANSACTION = 100;
/** For this long after its end, a registration still shows whose it was. */
const KEPT_MS = 30 * DAY_MS;

type ExpiryWorld = Pick<World, 'store' | 'clock'>;

/** Returns whether there may be more. */
export function expireRegistrations({ store, clock }: ExpiryWorld): Promise<Result<boolean, StoreFailure>> {
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const late = await tx.registrationsPastEnd(now, REGISTRATIONS_PER_TRANSACTION);
    for (const registration of late)
      await tx.changeRegistration({ ...registration, state: 'expired', stateAt: registration.expiresAt });
    await tx.appendAudit(
      late.map(({ id }) => ({ at: clock(), type: 'registration.expired' as const, actor: SYSTEM, details: { id } })),
    );
    return late.length === REGISTRATIONS_PER_TRANSACTION;
  });
}

/** Certificates keep their holders; only the registration loses its own. Returns as above. */
export function eraseRegistrations({ store, clock }: ExpiryWorld): Promise<Result<boolean, StoreFailure>> {
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const old = await tx.registrationsToErase(now - KEPT_MS, REGISTRATIONS_PER_TRANSACTION);
    await tx.eraseRegistrations(
      old.map(({ id }) => id),
      now,
    );
    await tx.appendAudit(
      old.map(({ id }) => ({ at: clock(), type: 'registration.erased' as const, actor: SYSTEM, details: { id } })),
    );
    return old.length === REGISTRATIONS_PER_TRANSACTION;
  });
}
