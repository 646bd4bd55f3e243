/**
 * What becomes of an update when its certificates are signed or given up, in the transactions that
 * store signatures and end intents, whoever makes them: the request, recovery or a revocation.
 */
import { causedBy } from '../../audit/entry.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { noteUpdates } from '../campaigns/update-hooks.js';
import { failedMove } from './campaign-moves.js';
import { endedEvent } from './update-entries.js';

/** A request whose signatures are stored, if a remote update has made it. */
type SignedRequest = {
  readonly signed: readonly { readonly record: Pick<CertificateRecord, 'updateId'> }[];
  readonly actor: string;
  readonly requestId: string | undefined;
  readonly now: Instant;
};

/** All certificates of these requests are signed: their updates go from issuing to offered. */
export async function offerUpdatesOf(
  tx: Pick<Transaction, 'databaseClock' | 'offerUpdates' | 'appendAudit'>,
  requests: readonly SignedRequest[],
): Promise<void> {
  const byUpdate = new Map<string, SignedRequest>();
  for (const request of requests) {
    const id = request.signed[0]?.record.updateId ?? null;
    if (id !== null) byUpdate.set(id, request);
  }
  if (byUpdate.size === 0) return;
  const { now } = await tx.databaseClock();
  const offered = await tx.offerUpdates([...byUpdate.keys()], now);
  await tx.appendAudit(
    offered.map(({ id, cardTokenId: card, dueAt }) => {
      const { actor, requestId, now: at } = present(byUpdate.get(id), 'the request of an update');
      const confirmBy = present(dueAt ?? undefined, 'the time of an offered update');
      return causedBy(requestId, { at, type: 'update.offered', actor, details: { id, card, confirmBy } });
    }),
  );
}

/** The intents of these updates are given up: issuing -> failed. */
export async function failUpdatesOf(
  tx: Transaction,
  givenUp: readonly Pick<CertificateRecord, 'updateId'>[],
  at: Instant,
): Promise<void> {
  const ids = [...new Set(givenUp.flatMap(({ updateId }) => updateId ?? []))];
  if (ids.length === 0) return;
  const open = (await tx.updatesByIds(ids)).filter(({ state }) => state === 'issuing');
  if (open.length === 0) return;
  const { now } = await tx.databaseClock();
  await tx.changeUpdates(
    open.map(({ id, version, state }) => ({
      id,
      version,
      from: state,
      state: 'failed',
      stateAt: now,
      dueAt: null,
      endedBy: 'system',
    })),
  );
  await tx.closeProcedures('update', ids);
  await tx.appendAudit(
    open.map((update) => endedEvent(update, { state: 'failed', reason: 'given-up', actor: 'system', at })),
  );
  await noteUpdates(tx, open.map(failedMove), { actor: 'system', at: now });
}
