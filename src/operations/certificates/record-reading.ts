/**
 * Records that an account has read the life of a certificate, a card or a holder. The address of
 * such a page names a card or a person, so that opening it tells as much as a search that finds
 * one, and is recorded in the same way.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** The ids of cards and holders stand as tags in the audit log. */
type ReadSubject =
  | { readonly card: string }
  | { readonly holder: string }
  /** The serial number of a certificate, hex. */
  | { readonly serials: readonly [string] };

export async function recordReading(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  subject: ReadSubject,
): Promise<Result<void, OperationFailure>> {
  const permitted = decideAccess(account, 'find', null);
  if (!permitted.ok) return permitted;
  const recorded = await store.transaction((tx) =>
    tx.appendAudit([{ at: clock(), type: 'certificate.searched', actor: accountActor(account.id), details: subject }]),
  );
  return recorded.ok ? ok(undefined) : recorded;
}
