/**
 * Gives uses back to registrations whose certificates were given up, rejected or never confirmed,
 * in the transaction that ends the certificates.
 *
 * An intent is given up before anybody could fetch its certificate, so that no device is to blame:
 * these uses are always given back. A certificate that its device did not accept was delivered, and
 * a device that never accepts one must not use up serial numbers without end.
 */
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { Transaction } from '../../ports/store.js';

type Return = {
  readonly actor: string;
  readonly at: Instant;
  /** `not-accepted`: the certificate was rejected or never confirmed. */
  readonly because: 'given-up' | 'not-accepted';
};

/**
 * A use is given back before the end of its registration. Those of certificates that were not
 * accepted are given back `returnedUsesMax` times at most. A withdrawn or expired registration
 * keeps its uses, and so does one whose holder was erased: nobody is left to be certified.
 */
export async function returnUses(
  tx: Pick<Transaction, 'registrationsByIds' | 'returnUses' | 'changeRegistration' | 'appendAudit'>,
  ended: readonly Pick<CertificateRecord, 'id' | 'profile' | 'registrationId'>[],
  { actor, at, because }: Return,
): Promise<void> {
  const ids = [...new Set(ended.flatMap(({ registrationId }) => registrationId ?? []))];
  if (ids.length === 0) return;
  for (const registration of await tx.registrationsByIds(ids)) {
    if (!isReturnable(registration, at)) continue;
    const own = ended.filter(({ id }) => registration.uses.some(({ certificateId }) => certificateId === id));
    const uses = because === 'given-up' ? own : own.slice(0, LIMITS.returnedUsesMax - registration.returned);
    if (uses.length === 0) continue;
    await tx.returnUses(uses.map(({ id }) => id));
    const counts = countsWith(registration, because, uses.length);
    const stateAt = registration.state === 'open' ? registration.stateAt : at;
    await tx.changeRegistration({ ...registration, ...counts, state: 'open', stateAt });
    await tx.appendAudit(
      uses.map(({ id: certificate, profile }) => ({
        at,
        type: 'registration.use-returned' as const,
        actor,
        details: { id: registration.id, profile, certificate, because, returned: counts.returned },
      })),
    );
  }
}

function countsWith(
  { returned, givenUp }: Pick<Registration, 'returned' | 'givenUp'>,
  because: Return['because'],
  uses: number,
): Pick<Registration, 'returned' | 'givenUp'> {
  return because === 'given-up' ? { returned, givenUp: givenUp + uses } : { returned: returned + uses, givenUp };
}

function isReturnable({ state, expiresAt, erasedAt }: Registration, at: Instant): boolean {
  return (state === 'open' || state === 'used') && at < expiresAt && erasedAt === null;
}
