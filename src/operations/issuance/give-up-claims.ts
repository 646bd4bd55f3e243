/**
 * What becomes of the claims of intents that never become certificates. The claim of a request is
 * released, so that its client can retry; a line gets the outcome `not-issued`, because nobody
 * works on it again; a remote update has failed; a registration gets its profile back. All of it
 * happens in the transaction that ends the intents.
 */
import { SYSTEM } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { lineOfClaim, type OrderLine } from '../../orders/progress.js';
import { settledLine } from '../../orders/results.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { refuseCmp } from '../cmp/settle-transactions.js';
import { returnUses } from '../enrolment/return-uses.js';
import { failUpdatesOf } from '../updates/settle-updates.js';

type GivenUp = Pick<
  CertificateRecord,
  'id' | 'profile' | 'claim' | 'signature' | 'cardTokenId' | 'updateId' | 'registrationId' | 'protocol'
>;

/**
 * `revoked`: certificates that were revoked; those without a signature were open. Otherwise a retry
 * would find its request in progress without end, because its process may be dead.
 */
export async function giveUpClaims(
  tx: Pick<Transaction, 'releaseClaims' | 'settledAmong' | 'insertOrderLines'> & Parameters<typeof failUpdatesOf>[0],
  revoked: readonly GivenUp[],
  at: Instant,
): Promise<void> {
  const open = revoked.filter(({ signature }) => signature === null);
  const claimed = open.filter(({ claim }) => claim !== null);
  const byClaim = new Map(claimed.map((record) => [JSON.stringify(record.claim), record]));
  const lines = [...byClaim.values()].flatMap(({ claim, cardTokenId }) => {
    const line = lineOfClaim(claim);
    return line === null ? [] : [{ line, card: cardTokenId }];
  });
  const settled = await settledLines(
    tx,
    lines.map(({ line }) => line),
  );
  const given = lines.filter(({ line }) => !settled.has(line));
  if (given.length > 0) {
    await tx.insertOrderLines(given.map(({ line, card }) => settledLine(line, { outcome: 'not-issued', card }, at)));
  }
  await tx.releaseClaims([...byClaim.values()].flatMap(({ claim }) => claim ?? []));
  await failUpdatesOf(tx, open, at);
  await refuseCmp(tx, open, at);
  await returnUses(tx, open, { actor: SYSTEM, at, because: 'given-up' });
}

/** The first one of a line's certificates that is given up has settled it. */
async function settledLines(
  tx: Pick<Transaction, 'settledAmong'>,
  lines: readonly OrderLine[],
): Promise<ReadonlySet<OrderLine>> {
  const settled = new Set<OrderLine>();
  for (const orderId of new Set(lines.map((line) => line.orderId))) {
    const ofOrder = lines.filter((line) => line.orderId === orderId);
    const found = await tx.settledAmong(
      orderId,
      ofOrder.map(({ line }) => line),
    );
    for (const one of ofOrder) if (found.has(one.line)) settled.add(one);
  }
  return settled;
}
