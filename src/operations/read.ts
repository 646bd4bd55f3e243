/**
 * Reading: what an account may see, and nothing else. What was never signed is no certificate and is not shown: intents that are
 * open, or were given up.
 */
import { decideAccess } from '../access/decide.js';
import { profileInScope, subjectOf } from '../access/scope.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Profile } from '../policy/model.js';
import { allowedKeyTypes } from '../policy/plan/plan.js';
import type { Account } from '../ports/store/accounts.js';
import type { CertificateFilter, CertificateRecord, Page } from '../ports/store/certificates.js';
import type { HolderKeyType } from '../x509/model.js';
import type { OperationFailure } from './failures.js';
import { isCertificate, suspensionAllowed } from './revocation/revoke.js';
import type { World } from './world.js';

export async function readCertificate(
  { store }: World,
  account: Account,
  id: string,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const found = await store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = found.value;
  const hidden = record === null || !isCertificate(record) || !decideAccess(account, 'read', subjectOf(record)).ok;
  return hidden ? err({ kind: 'not-found', detail: `no certificate ${id}` }) : ok(record);
}

/** Who searched for what is recorded: by field and value for ids and serials, never for names (there are none to search). */
export async function searchCertificates(
  { store, clock, policy }: World,
  account: Account,
  filter: Omit<CertificateFilter, 'scope' | 'now'>,
): Promise<Result<Page<CertificateRecord>, OperationFailure>> {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  if (filter.authority !== undefined && !issuing.includes(filter.authority)) {
    const detail = `must be an issuing CA: ${issuing.sort().join(', ')}`;
    return err({ kind: 'invalid-request', pointer: '?/ca', rule: 'ca-known', detail });
  }
  const now = clock();
  const { limit: _limit, cursor, ...asked } = filter;
  if (cursor === undefined) {
    const details = Object.fromEntries(
      Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const recorded = await store.transaction((tx) =>
      tx.appendAudit([{ at: now, type: 'certificate.searched', actor: account.id, outcome: 'success', details }]),
    );
    if (!recorded.ok) return recorded;
  }
  const found = await store.read((reads) => reads.search({ ...filter, scope: account.scope, now }));
  if (!found.ok) return found;
  if (found.value.ok) return found.value;
  const detail = 'not a cursor of this service: take nextCursor of the page before';
  return err({ kind: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known', detail });
}

/** What an account may ask for: in its scope, for holders, and of a CA that issues now. */
export function usableProfiles({ policy, issuers }: World, { scope }: Account): readonly Profile[] {
  return [...policy.profiles.values()]
    .filter(({ holder }) => holder !== 'responder')
    .filter(({ id, authority }) => profileInScope(scope.profiles, id) && issuers.current(authority) !== null)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

export type ProfileNow = {
  readonly profile: Profile;
  /** Exceptions of the environment included, as long as they last. */
  readonly keyTypes: readonly HolderKeyType[];
  /** The environment's. */
  readonly renewalAnyTime: boolean;
  readonly keyOriginRequired: boolean;
  readonly suspensionAllowed: boolean;
};

/** What holds of each profile now: exceptions expire and environments differ, so files of the policy do not tell. */
export function listProfiles(world: World, account: Account): Result<readonly ProfileNow[], OperationFailure> {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  const now = world.clock();
  return ok(
    usableProfiles(world, account).map((profile) => ({
      profile,
      keyTypes: allowedKeyTypes(world.policy, profile, now),
      renewalAnyTime: world.policy.environment.renewalAnyTime,
      keyOriginRequired: profile.keyOrigin.required && world.policy.environment.keyOriginRequired,
      suspensionAllowed: suspensionAllowed(world, profile.id),
    })),
  );
}
