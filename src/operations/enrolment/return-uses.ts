/**
 * Gives uses back to registrations whose certificates were given up, rejected or never confirmed,
 * in the transaction that ends the certificates.
 */
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { Transaction } from '../../ports/store.js';

/**
 * A use is given back before the end of its registration, and `returnedUsesMax` times at most. A
 * withdrawn or expired registration keeps its uses.
 */
export async function returnUses(
  tx: Pick<Transaction, 'registrationsByIds' | 'returnUses' | 'changeRegistration' | 'appendAudit'>,
  ended: readonly Pick<CertificateRecord, 'id' | 'profile' | 'registrationId'>[],
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  const ids = [...new Set(ended.flatMap(({ registrationId }) => registrationId ?? []))];
  if (ids.length === 0) return;
  for (const registration of await tx.registrationsByIds(ids)) {
    if (!isReturnable(registration, at)) continue;
    const uses = ended
      .filter(({ id }) => registration.uses.some(({ certificateId }) => certificateId === id))
      .slice(0, LIMITS.returnedUsesMax - registration.returned);
    if (uses.length === 0) continue;
    await tx.returnUses(uses.map(({ id }) => id));
    const returned = registration.returned + uses.length;
    const stateAt = registration.state === 'open' ? registration.stateAt : at;
    await tx.changeRegistration({ ...registration, state: 'open', stateAt, returned });
    await tx.appendAudit(
      uses.map(({ id: certificate, profile }) => ({
        at,
        type: 'registration.use-returned' as const,
        actor,
        details: { id: registration.id, profile, certificate, returned },
      })),
    );
  }
}

function isReturnable({ state, expiresAt }: Registration, at: Instant): boolean {
  return (state === 'open' || state === 'used') && at < expiresAt;
}
