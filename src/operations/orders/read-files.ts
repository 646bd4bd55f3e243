/**
 * The files of an order: its results, which can be read while it is worked on, and its receipt and
 * bundle when it has ended. Reading the results or the bundle is recorded.
 */
import { createHash } from 'node:crypto';
import { decideAccess, subjectOf } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEvent } from '../../audit/events.js';
import { present } from '../../kernel/assert.js';
import { toBase64 } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Order, SettledLine } from '../../ports/store/orders.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { bundlePages, certificatesOfLines, derOf, type Pages, settledBefore, settledPages } from './line-pages.js';
import { visibleOrder } from './visible-order.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

type ResultsQuery = {
  /** The first line, from 1. */
  readonly from: number;
  /** Adds each certificate that is in the scope of the account today. */
  readonly withCertificates: boolean;
};

/** Returns canonical JSON of each line, up to the first line without an outcome. */
export async function readResults(
  world: World,
  account: Account,
  { id, from, withCertificates }: ResultsQuery & { readonly id: string },
): Outcome<Pages<string>> {
  const found = await visibleOrder(world, account, { id, action: 'read-order-lines' });
  if (!found.ok) return found;
  const order = found.value;
  const certificates = withCertificates ? 'yes' : 'no';
  const details = { id, from, certificates } as const;
  const recorded = await record(world, {
    at: world.clock(),
    type: 'order.results-read',
    actor: accountActor(account.id),
    details,
  });
  if (!recorded.ok) return recorded;
  const lines = settledPages(world, { id, from, before: settledBefore(order) });
  if (withCertificates) return ok(certifiedPages(world, account, lines));
  const texts = textPages(lines);
  return ok(from === 1 && order.resultsSha256 !== null ? checkedPages(world, texts, order.resultsSha256) : texts);
}

export async function readBundle(world: World, account: Account, id: string): Outcome<Pages<string>> {
  const order = await endedOrder(world, account, { id, action: 'read-order-lines' });
  if (!order.ok) return order;
  const read = {
    at: world.clock(),
    type: 'order.bundle-read',
    actor: accountActor(account.id),
    details: { id },
  } as const;
  const recorded = await record(world, read);
  if (!recorded.ok) return recorded;
  const sha256 = present(order.value.bundleSha256, 'the hash of the bundle of an ended order');
  return ok(checkedPages(world, bundlePages(world, order.value), sha256));
}

type SignedReceipt = {
  /** Canonical JSON. */
  readonly receipt: string;
  /** DER of ECDSA-Sig-Value. */
  readonly signature: Uint8Array;
};

/** The receipt as the API and the console hand it out; `pfcng order verify` reads it. */
export function receiptDocument({ receipt, signature }: SignedReceipt): { readonly [member: string]: Json } {
  // Only `sign-receipt.ts` writes receipts.
  const { platform: key } = JSON.parse(receipt) as { readonly platform: string };
  return { receipt, signature: toBase64(signature), key, logProof: null };
}

/** A receipt is signed within seconds; a platform token that is away delays it. */
const RECEIPT_RETRY_MS = 5 * SECOND_MS;

export async function readReceipt(world: World, account: Account, id: string): Outcome<SignedReceipt> {
  const order = await endedOrder(world, account, { id, action: 'read-orders' });
  if (!order.ok) return order;
  const { receipt, receiptSignature: signature } = order.value;
  if (receipt !== null && signature !== null) return ok({ receipt, signature });
  return err({ kind: 'state-conflict', retryAfterMs: RECEIPT_RETRY_MS, ...fault('receipt-not-signed') });
}

async function endedOrder(
  world: World,
  account: Account,
  asked: { readonly id: string; readonly action: Action },
): Outcome<Order> {
  const found = await visibleOrder(world, account, asked);
  if (!found.ok) return found;
  const { state, dryRun } = found.value;
  if (dryRun) return err({ kind: 'state-conflict', ...fault('order-dry-run') });
  if (state === 'finished' || state === 'cancelled') return found;
  return err({ kind: 'state-conflict', ...fault('order-not-ended', { state }) });
}

async function record({ store }: World, event: AuditEvent): Outcome<void> {
  const recorded = await store.transaction((tx) => tx.appendAudit([event]));
  return recorded.ok ? ok(undefined) : recorded;
}

async function* textPages(pages: Pages<SettledLine>): Pages<string> {
  for await (const page of pages) {
    if (!page.ok) return yield page;
    yield ok(page.value.map(({ result }) => result));
  }
}

/** Adds the member `certificate` (DER, base64) to the certificates. */
async function* certifiedPages(world: World, account: Account, pages: Pages<SettledLine>): Pages<string> {
  for await (const page of pages) {
    if (!page.ok) return yield page;
    const records = await certificatesOfLines(world, page.value);
    if (!records.ok) return yield records;
    const certificateOf = ({ id }: { readonly id: string }): string | null => {
      const found = records.value.get(id);
      if (found === undefined || !decideAccess(account, 'read-order-lines', subjectOf(found)).ok) return null;
      return toBase64(derOf(world, found));
    };
    yield ok(page.value.map(({ result }) => withCertificates(result, certificateOf)));
  }
}

type CertificateMember = { readonly id: string; readonly [name: string]: Json };

function withCertificates(result: string, certificateOf: (one: CertificateMember) => string | null): string {
  // Only `result-line.ts` writes results.
  const line = JSON.parse(result) as {
    readonly certificates?: readonly CertificateMember[];
    readonly [name: string]: Json;
  };
  if (line.certificates === undefined) return result;
  const certificates = line.certificates.map((one): Json => {
    const certificate = certificateOf(one);
    return certificate === null ? one : { ...one, certificate };
  });
  return canonicalJson({ ...line, certificates });
}

/** Throws at the end if the lines are not those that the receipt names: the client sees no end. */
async function* checkedPages({ log }: Pick<World, 'log'>, pages: Pages<string>, sha256: string): Pages<string> {
  const hash = createHash('sha256');
  for await (const page of pages) {
    if (!page.ok) return yield page;
    for (const line of page.value) hash.update(`${line}\n`);
    yield page;
  }
  const found = hash.digest('hex');
  if (found === sha256) return;
  log.error('order.file-differs', { expected: sha256, found });
  throw new Error('a file of an order differs from the hash in its receipt');
}
