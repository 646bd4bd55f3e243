/**
 * The certificates that earlier lines of a dry run would have been issued. Only their keys are
 * stored, with the outcomes of the lines; the rest is read again from the upload.
 */
import { orderFacts } from '../../../issuance/intent.js';
import { present } from '../../../kernel/assert.js';
import { ok, type Result } from '../../../kernel/result.js';
import { lineClaim } from '../../../orders/progress.js';
import { holderIdOf } from '../../../policy/plan/plan.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { StoreFailure } from '../../../ports/store/failure.js';
import type { ForeseenKey, Order } from '../../../ports/store/orders.js';
import type { OrderWorld } from './order-world.js';
import { createLineReader } from './read-lines.js';

/**
 * Returns the certificates of earlier lines that have the card or a key of these records, as if
 * they were issued.
 */
export async function foreseenFor(
  { store, lineForm }: OrderWorld,
  order: Pick<Order, 'id' | 'accountId'>,
  records: readonly CertificateRecord[],
): Promise<Result<readonly CertificateRecord[], StoreFailure>> {
  const [first] = records;
  if (first === undefined) return ok([]);
  const asked = { cardTokenId: first.cardTokenId, keys: records.map(({ spkiSha256 }) => spkiSha256) };
  const keys = await store.read((reads) => reads.foreseenKeys(order.id, asked));
  if (!keys.ok) return keys;
  const readLine = createLineReader(store, order.id);
  const foreseen: CertificateRecord[] = [];
  for (const { line, request, spkiSha256 } of keys.value) {
    const record = await readLine(line);
    if (!record.ok) return record;
    const read = lineForm.read(record.value, '');
    const application = read.ok ? read.value.applications[request] : undefined;
    const earlier = present(application, 'a request of a line that would be issued').order;
    foreseen.push({
      // A decision about clashes does not read the other members.
      ...first,
      ...orderFacts(earlier),
      profile: earlier.profile,
      holderId: holderIdOf(earlier.holder),
      spkiSha256,
      claim: lineClaim(order.accountId, { orderId: order.id, line }),
      state: { status: 'issued' },
      signature: new Uint8Array(),
      renews: null,
    });
  }
  return ok(foreseen);
}

/** The keys of a line that would be issued. */
export function foreseenKeysOf(
  { orderId, line }: Pick<ForeseenKey, 'orderId' | 'line'>,
  records: readonly CertificateRecord[],
): readonly ForeseenKey[] {
  return records.map(({ spkiSha256 }, request) => ({ orderId, line, request, spkiSha256 }));
}
