/** Reads the CAs of this installation with their newest CRLs. */
import { decideAccess } from '../../access/decide.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CrlRecord, CrlScope } from '../../ports/store/crls.js';
import type { Reads } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** null: none has been published. */
export type LatestCrls = { readonly full: CrlRecord | null; readonly delta: CrlRecord | null };

export type AuthorityState = { readonly issuer: Issuer; readonly crls: LatestCrls };

/** All generations of all CAs. */
export async function listAuthorities(
  world: World,
  account: Account,
): Promise<Result<readonly AuthorityState[], OperationFailure>> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  return world.store.read((reads) => statesOf(reads, world.issuers.all()));
}

/** `id` names a generation; the id of the first generation is the id of the CA. */
export async function readAuthority(
  world: World,
  account: Account,
  id: string,
): Promise<Result<AuthorityState, OperationFailure>> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  const issuer = world.issuers.all().find((one) => one.id === id);
  if (issuer === undefined) return err(notFound('no-authority', { id }));
  const states = await world.store.read((reads) => statesOf(reads, [issuer]));
  return states.ok ? ok(present(states.value[0], 'the state of a CA')) : states;
}

async function statesOf(reads: Reads, issuers: readonly Issuer[]): Promise<readonly AuthorityState[]> {
  const series = (scope: CrlScope) => issuers.map(({ id }) => ({ issuer: id, scope }));
  const lists = await reads.latestCrls([...series('full'), ...series('delta')]);
  return issuers.map((issuer, at) => ({
    issuer,
    crls: { full: lists[at] ?? null, delta: lists[issuers.length + at] ?? null },
  }));
}
