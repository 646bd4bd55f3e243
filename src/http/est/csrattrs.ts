/**
 * `csrattrs` (RFC 7030 4.5): what a request should contain, with what is known of the caller.
 */
import type { Principal } from '../../access/principal.js';
import { encodeCsrAttributes, type KnownHolder } from '../../est/csr-attributes.js';
import { ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Card, Profile } from '../../policy/model.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { HttpFailure } from '../api/problems.js';
import type { EstMessage } from './answer.js';
import { knownCaller } from './caller.js';
import { chooseProfile } from './profile.js';
import type { EstParts, EstRequest } from './request.js';

export async function answerCsrAttributes(
  parts: EstParts,
  request: EstRequest,
): Promise<Result<EstMessage, HttpFailure>> {
  const { world, label } = request;
  const caller = await knownCaller(parts, request);
  if (!caller.ok) return caller;
  const principal = caller.value;
  const chosen = chooseProfile(world, { label, principal });
  if (!chosen.ok) return chosen;
  const { profile } = chosen.value;
  const known = await knownHolder(world, principal, profile);
  if (!known.ok) return known;
  const keyTypes = allowedKeyTypes(world.policy, profile, world.clock());
  const subject = subjectFor(profile, known.value);
  const der = encodeCsrAttributes({ subject, profile, keyTypes, known: known.value });
  return ok({ type: 'application/csrattrs', der });
}

const NOTHING: KnownHolder = { holder: {}, card: null };

async function knownHolder(
  { store }: World,
  principal: Principal | null,
  profile: Profile,
): Promise<Result<KnownHolder, StoreFailure>> {
  if (principal === null) return ok(NOTHING);
  if (principal.kind === 'account') {
    const { structure } = principal.account;
    return ok({ holder: structure === null ? {} : { structure }, card: null });
  }
  if (principal.kind === 'registration') {
    const { registration } = principal;
    const isRegistered = registration.uses.some((use) => use.profile === profile.id);
    return ok(isRegistered ? knownFrom(registration) : NOTHING);
  }
  if (principal.certificate.profile !== profile.id) return ok(NOTHING);
  const found = await store.read((reads) => reads.certificateById(principal.certificate.id));
  return found.ok ? ok(found.value === null ? NOTHING : knownFrom(found.value)) : found;
}

/** Records and registrations store what the schemas have accepted, in exactly these shapes. */
function knownFrom({ holder, card }: { readonly holder: unknown; readonly card: unknown }): KnownHolder {
  return { holder: (holder ?? {}) as KnownHolder['holder'], card: (card ?? null) as Card | null };
}

function subjectFor({ subject, pseudonymSubject }: Profile, { holder }: KnownHolder): Profile['subject'] {
  return 'pseudonym' in holder && pseudonymSubject !== null ? pseudonymSubject : subject;
}
