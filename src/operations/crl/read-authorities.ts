/** Reads the CAs of this installation with their newest CRLs. */
import { decideAccess } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CrlRecord } from '../../ports/store/crls.js';
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
  return world.store.read(async (reads) => {
    const states: AuthorityState[] = [];
    // One query after the other: pg does not allow concurrent queries on a connection.
    for (const issuer of world.issuers.all()) states.push({ issuer, crls: await latestCrls(reads, issuer) });
    return states;
  });
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
  const crls = await world.store.read((reads) => latestCrls(reads, issuer));
  return crls.ok ? ok({ issuer, crls: crls.value }) : crls;
}

async function latestCrls(reads: Reads, { id }: Issuer): Promise<LatestCrls> {
  return { full: await reads.latestCrl(id), delta: await reads.latestCrl(id, 'delta') };
}
