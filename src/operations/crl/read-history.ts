/** Reads the history of the CRLs of one issuer. */
import { decideAccess } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CrlPosition, CrlRecord } from '../../ports/store/crls.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';

type CrlHistory = {
  /** CRLs of all scopes and states, the latest thisUpdate first. */
  readonly crls: readonly CrlRecord[];
  /** The CRL after which the next page begins; null: there is none. */
  readonly next: CrlPosition | null;
};

/** `issuer`: the id of a generation of a CA. */
export async function readCrlHistory(
  { store, issuers }: Pick<World, 'store' | 'issuers'>,
  account: Account,
  { issuer, before, limit }: { readonly issuer: string; readonly before: CrlPosition | null; readonly limit: number },
): Promise<Result<CrlHistory, OperationFailure>> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  const known = issuers.all().find(({ id }) => id === issuer);
  if (known === undefined) return err(notFound('no-authority', { id: issuer }));
  const read = await store.read((reads) => reads.crlHistory({ issuer: known.id, before, limit: limit + 1 }));
  if (!read.ok) return read;
  const crls = read.value.slice(0, limit);
  return ok({ crls, next: read.value.length > limit ? (crls.at(-1) ?? null) : null });
}
