/**
 * Has the receipt of an ended order signed with the platform key. The signature is verified before
 * it is stored; it is stored once, so a receipt never changes.
 */
import { present } from '../../kernel/assert.js';
import { formatInstant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import {
  type PlatformKey,
  type Receipt,
  receiptOctets,
  receiptText,
  verifiesPlatformSignature,
} from '../../orders/receipt.js';
import type { SignerFailure } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Order } from '../../ports/store/orders.js';
import type { World } from '../world.js';

export type ReceiptWorld = Pick<World, 'store' | 'signer' | 'policy' | 'log'> & { readonly platformKey: PlatformKey };

/** Does nothing if the order has its receipt, or does not get one. */
export async function signReceipt(
  { store, signer, policy, log, platformKey }: ReceiptWorld,
  id: string,
): Promise<Result<void, StoreFailure | SignerFailure>> {
  const found = await store.read((reads) => reads.order(id));
  if (!found.ok) return found;
  const order = found.value;
  if (order === null || order.receipt !== null || order.bundleSha256 === null) return ok(undefined);
  const receipt = receiptText(receiptOf(order, { environment: policy.environment.mark, platform: platformKey.id }));
  const octets = receiptOctets(receipt);
  const signature = await signer.platform('receipt', octets);
  if (!signature.ok) return signature;
  if (!(await verifiesPlatformSignature(platformKey, octets, signature.value))) {
    log.error('receipt.signature-wrong', { order: id, platform: platformKey.id });
    const detail = 'the signature of the receipt does not verify with the public key in authorities/';
    return err({ kind: 'signer-unavailable', retryAfterMs: 30 * SECOND_MS, detail });
  }
  const stored = await store.transaction((tx) =>
    tx.changeOrder(id, order.version, { receipt, receiptSignature: signature.value }),
  );
  return stored.ok ? ok(undefined) : stored;
}

function receiptOf(order: Order, signed: Pick<Receipt, 'environment' | 'platform'>): Receipt {
  const { issued, duplicate, refused, cancelled, 'not-issued': notIssued } = order.counts;
  return {
    ...signed,
    form: 'pfcng-receipt-1',
    order: order.id,
    account: order.accountId,
    state: order.state === 'cancelled' ? 'cancelled' : 'finished',
    acceptedAt: formatInstant(present(order.acceptedAt, 'the acceptance of an ended order')),
    finishedAt: formatInstant(present(order.finishedAt, 'the end of an ended order')),
    lines: order.lines,
    octets: order.octets,
    counts: { issued, duplicate, refused, notIssued, cancelled },
    requestSha256: present(order.requestSha256, 'the hash of an accepted upload'),
    resultsSha256: present(order.resultsSha256, 'the hash of the results'),
    bundleSha256: present(order.bundleSha256, 'the hash of the bundle'),
  };
}
