/**
 * An officer requests a CRL, or a delta CRL, now. The request is recorded before the list is made.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { err, type Result } from '../../kernel/result.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { ServingContext } from '../serving.js';

type CrlRequest = {
  /** Id of a generation; the id of the first generation is the id of the CA. */
  readonly id: string;
  /** Default: `full`. If no delta can be made, a full CRL is made instead. */
  readonly kind?: CrlKind | undefined;
};

export async function requestCrl(
  { world, publishCrl }: Pick<ServingContext, 'world' | 'publishCrl'>,
  account: Account,
  { id, kind = 'full' }: CrlRequest,
): Promise<Result<CrlRecord, OperationFailure>> {
  const permitted = decideAccess(account, 'publish-crl', null);
  if (!permitted.ok) return permitted;
  const issuer = world.issuers.all().find((one) => one.id === id);
  if (issuer === undefined) return err(notFound('no-authority', { id }));
  if (issuer.kind === 'root') return err(notFound('root-crl-in-ceremony'));
  const details = { id: issuer.id, kind };
  const event = { at: world.clock(), type: 'crl.requested', actor: accountActor(account.id), details } as const;
  const recorded = await world.store.transaction((tx) => tx.appendAudit([event]));
  return recorded.ok ? publishCrl(issuer.id, kind) : recorded;
}
