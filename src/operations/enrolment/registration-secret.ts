/** Verifies references and their secrets: MAC keys of CMP, passwords of EST Basic. */
import type { Principal, RegistrationPrincipal } from '../../access/principal.js';
import { isSecret, newestKeyId, type RegistrationKeys, secretOf } from '../../access/registration-keys.js';
import { ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import type { World } from '../world.js';

type SecretWorld = Pick<World, 'store' | 'registrationKeys' | 'secretFailed' | 'policy'>;

/** The principal that a reference names, and the secret that proves it. */
type ReferencedPrincipal = { readonly principal: Principal; readonly secret: string };

/**
 * The principal whose reference and secret these are; null: the secret is wrong, of an older
 * generation, or of an unknown reference, which cost the same work and look alike.
 *
 * The state of the registration is not looked at, because a repeated request of a used one is
 * answered as the first. A second use of a profile is refused by `useConflict`.
 */
export async function verifyReferenceSecret(
  world: SecretWorld,
  reference: string,
  secret: string,
): Promise<Result<Principal | null, StoreFailure>> {
  const found = await findReference(world, reference);
  if (!found.ok) return found;
  const isRight = isSecret(secret, found.value?.secret ?? decoyOf(world.registrationKeys, reference));
  if (found.value !== null && isRight) return ok(found.value.principal);
  world.secretFailed?.(reference);
  return ok(null);
}

/** null: there is no such reference, or its key was lost. */
export async function findReference(
  { store, registrationKeys, policy }: SecretWorld,
  reference: string,
): Promise<Result<ReferencedPrincipal | null, StoreFailure>> {
  const found = await store.groupedRead(REFERENCES, reference);
  if (!found.ok) return found;
  const { registration, account } = found.value;
  if (account === null) return ok(null);
  if (registration === null) {
    const key = newestKeyId(registrationKeys);
    const secret = key === null ? null : accountSecret(registrationKeys, key, account.id);
    const isAllowed = policy.environment.enrolment.accountSecrets && secret !== null;
    return ok(isAllowed ? { principal: { kind: 'account', account }, secret } : null);
  }
  const secret = registrationSecret(registrationKeys, registration);
  const principal: RegistrationPrincipal = { kind: 'registration', registration, account };
  return ok(secret === null ? null : { principal, secret });
}

/** null: this node does not have the key, because it was lost. */
export function registrationSecret(
  keys: RegistrationKeys,
  { id, secretKey, secretGeneration: generation }: Pick<Registration, 'id' | 'secretKey' | 'secretGeneration'>,
): string | null {
  const key = keys.get(secretKey);
  return key === undefined ? null : secretOf(key, { kind: 'registration', id, generation });
}

/** The development secret of an account, whose reference is its id. */
export function accountSecret(keys: RegistrationKeys, keyId: string, id: string): string | null {
  const key = keys.get(keyId);
  return key === undefined ? null : secretOf(key, { kind: 'account', id, generation: 1 });
}

/** A secret of no registration: comparing with it costs the same, and never succeeds. */
export function decoyOf(keys: RegistrationKeys, reference: string): string {
  const key = keys.get(newestKeyId(keys) ?? '') ?? new Uint8Array(32);
  return secretOf(key, { kind: 'registration', id: `no registration ${reference}`, generation: 1 });
}

type ReferenceState = { readonly registration: Registration | null; readonly account: Account | null };

/** One read for simultaneous requests. */
const REFERENCES: GroupedWork<Reads, string, ReferenceState> = {
  run: async (reads, references) => {
    const registrations = new Map<string, Registration | null>();
    for (const reference of new Set(references))
      registrations.set(reference, await reads.registrationByReference(reference));
    const accountOf = (reference: string) => registrations.get(reference)?.accountId ?? reference;
    const accounts = await reads.accountsByIds([...new Set(references.map(accountOf))]);
    return references.map((reference) => ({
      registration: registrations.get(reference) ?? null,
      account: accounts.find(({ id }) => id === accountOf(reference)) ?? null,
    }));
  },
};
