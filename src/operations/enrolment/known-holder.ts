/**
 * What is known of the holder of a certificate, for clients that ask what a request should contain.
 */
import type { Principal } from '../../access/principal.js';
import { ok, type Result } from '../../kernel/result.js';
import { type KnownHolder, NOTHING_KNOWN } from '../../policy/enrolment/known-holder.js';
import type { Card, Profile } from '../../policy/model.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';

/** `principal` null: the client is not authenticated. */
export async function knownHolder(
  { store }: Pick<World, 'store'>,
  principal: Principal | null,
  profile: Pick<Profile, 'id'>,
): Promise<Result<KnownHolder, StoreFailure>> {
  if (principal === null) return ok(NOTHING_KNOWN);
  if (principal.kind === 'account') {
    const { structure } = principal.account;
    return ok({ holder: structure === null ? {} : { structure }, card: null });
  }
  if (principal.kind === 'registration') {
    const { registration } = principal;
    const isRegistered = registration.uses.some((use) => use.profile === profile.id);
    return ok(isRegistered ? knownFrom(registration) : NOTHING_KNOWN);
  }
  if (principal.certificate.profile !== profile.id) return ok(NOTHING_KNOWN);
  const found = await store.read((reads) => reads.certificateById(principal.certificate.id));
  return found.ok ? ok(found.value === null ? NOTHING_KNOWN : knownFrom(found.value)) : found;
}

/** Records and registrations store what the schemas have accepted, in exactly these shapes. */
function knownFrom({ holder, card }: { readonly holder: unknown; readonly card: unknown }): KnownHolder {
  return { holder: (holder ?? {}) as KnownHolder['holder'], card: (card ?? null) as Card | null };
}
