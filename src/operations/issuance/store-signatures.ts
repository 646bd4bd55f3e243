/**
 * Stores signatures with status, audit results and idempotency results, for all waiting requests in
 * one transaction. A request and its recovery may both arrive here with signatures over the same
 * bytes: the first one is stored. A line of an order gets its outcome instead of an idempotency
 * result, and its claim ends, so that no later moment finds certificates without the outcome.
 */
import { SYSTEM } from '../../audit/actors.js';
import { causedBy } from '../../audit/entry.js';
import type { AuditEvent } from '../../audit/events.js';
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { decideTransition, issuanceEvent } from '../../lifecycle/certificate-states.js';
import { lineOfClaim } from '../../orders/progress.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { SettledLine } from '../../ports/store/orders.js';
import type { GroupedWork, Transaction } from '../../ports/store.js';
import { together } from '../../ports/together.js';
import { passCredentials } from '../accounts/pass-credentials.js';
import { appendEntry } from '../append-entry.js';
import { answerCmp } from '../cmp/settle-transactions.js';
import { failUpdatesOf, offerUpdatesOf } from '../updates/settle-updates.js';
import { revokeSuperseded } from './supersede.js';

export type SignedRecord = { readonly record: CertificateRecord; readonly signature: Bytes };

/** One request with all of its certificates and their verified signatures. */
export type SignedRequest = {
  readonly signed: readonly SignedRecord[];
  readonly actor: string;
  readonly requestId: string | undefined;
  readonly now: Instant;
  readonly claim: IdempotencyClaim | null;
  /** The outcome of the line whose claim this is; null: the claim is that of a request. */
  readonly line: SettledLine | null;
  /** The ids of the certificates that are revoked, because these supersede them. Default: none. */
  readonly supersedes?: readonly string[];
};

/**
 * null: at least one certificate was revoked while it was open. Then none is released, and the
 * others are abandoned.
 */
type ReleasedCertificates = readonly CertificateRecord[] | null;

export const STORE_SIGNATURES: GroupedWork<Transaction, SignedRequest, ReleasedCertificates> = {
  run: async (tx, requests) => {
    const open = new Set(await tx.openAmong(requests.flatMap(idsOf)));
    // A second request with the same certificate finds it stored.
    const plain = requests.filter((one) => idsOf(one).every((id) => open.delete(id)));
    await store(tx, plain);
    const outcomes = new Map<SignedRequest, ReleasedCertificates>(plain.map((one) => [one, releasedOf(one)]));
    for (const one of requests) if (!outcomes.has(one)) outcomes.set(one, await storeLate(tx, one));
    return requests.map((one) => outcomes.get(one) ?? null);
  },
};

function idsOf({ signed }: SignedRequest): readonly string[] {
  return signed.map(({ record }) => record.id);
}

/** The certificates as they are once all of them are stored. */
export function releasedOf({ signed }: Pick<SignedRequest, 'signed'>): readonly CertificateRecord[] {
  return signed.map(({ record, signature }) => ({ ...record, signature, state: { status: record.becomes } }));
}

/** Stores requests whose certificates are all open. */
async function store(tx: Transaction, requests: readonly SignedRequest[]): Promise<void> {
  await storeSigned(
    tx,
    requests.flatMap((request) => request.signed.map((one) => ({ one, request }))),
  );
  await finishClaims(tx, requests);
  await offerUpdatesOf(tx, requests);
  await passCredentialsOf(tx, requests);
  for (const request of requests) await supersede(tx, request);
}

async function supersede(tx: Transaction, { supersedes = [], actor, now }: SignedRequest): Promise<void> {
  if (supersedes.length > 0) await revokeSuperseded(tx, supersedes, { actor, at: now });
}

/** A pending certificate passes its credential when it is confirmed. */
async function passCredentialsOf(tx: Transaction, requests: readonly SignedRequest[]): Promise<void> {
  for (const { signed, actor, now } of requests) {
    const issued = signed.filter(({ record }) => record.becomes === 'issued');
    await passCredentials(
      tx,
      issued.map(({ record }) => ({ record, actor })),
      now,
    );
  }
}

async function storeSigned(
  tx: Transaction,
  signed: readonly { readonly one: SignedRecord; readonly request: SignedRequest }[],
): Promise<void> {
  const seqs = await tx.appendAudit(signed.map(({ one, request }) => issuedEvent(one, request)));
  const [first] = signed;
  if (first === undefined) return;
  const announced = signed.filter(({ one }) => isAnnounced(one.record));
  await together([
    tx.storeSignatures(
      signed.map(({ one: { record, signature } }, at) => ({
        id: record.id,
        signature,
        issuedSeq: present(seqs[at], 'number of the entry of a signature'),
      })),
    ),
    tx.publish(announced.map(({ one, request }) => issuanceEvent(one.record, request.now))),
    answerCmp(
      tx,
      signed.map(({ one: { record }, request }) => ({ record, isLate: request.actor === SYSTEM })),
      first.request.now,
    ),
  ]);
}

/**
 * What a line of an order issues is announced with its order, and a pending certificate when its
 * card confirms it.
 */
function isAnnounced({ becomes, claim }: CertificateRecord): boolean {
  return becomes === 'issued' && lineOfClaim(claim) === null;
}

async function finishClaims(tx: Transaction, requests: readonly SignedRequest[]): Promise<void> {
  const lines = requests.filter(({ line }) => line !== null);
  if (lines.length > 0) {
    await tx.insertOrderLines(lines.flatMap(({ line }) => line ?? []));
    await tx.releaseClaims(lines.flatMap(({ claim }) => claim ?? []));
  }
  const finished = requests.flatMap((one) =>
    one.claim === null || one.line !== null ? [] : [{ claim: one.claim, result: { ids: idsOf(one) } }],
  );
  await tx.finishClaims(finished);
}

/**
 * Stores a request of which a certificate has changed since its intent. The revocation of an open
 * certificate has released the idempotency key, which a retry may have claimed since.
 */
async function storeLate(tx: Transaction, request: SignedRequest): Promise<ReleasedCertificates> {
  const { signed, actor, now } = request;
  const stored: CertificateRecord[] = [];
  for (const { record } of signed) stored.push(present(await tx.lockCertificate(record.id), 'record of an intent'));
  if (stored.some(({ state }) => state.status === 'revoked')) {
    for (const record of stored) {
      const next = decideTransition(record.state, { kind: 'abandon', at: now });
      if (!next.ok) continue;
      const auditSeq = await appendEntry(tx, causedBy(request.requestId, abandonedEvent(record, actor, now)));
      await tx.setState(record.id, next.value, { at: now, actor, auditSeq });
    }
    await failUpdatesOf(tx, stored, now);
    return null;
  }
  const fresh = signed.filter((_, at) => stored[at]?.state.status === 'open');
  await storeSigned(
    tx,
    fresh.map((one) => ({ one, request })),
  );
  // The outcome of a line was stored with its signatures, all at once.
  if (request.line === null || fresh.length > 0) await finishClaims(tx, [request]);
  await offerUpdatesOf(tx, [request]);
  await passCredentialsOf(tx, [{ ...request, signed: fresh }]);
  await supersede(tx, request);
  const released = releasedOf(request);
  return stored.map((before, at) =>
    before.state.status === 'open' ? present(released[at], 'a released one') : before,
  );
}

function issuedEvent(
  { record, signature }: SignedRecord,
  { actor, now, requestId }: Pick<SignedRequest, 'actor' | 'now' | 'requestId'>,
): AuditEvent {
  const { id, issuer, serial, profile } = record;
  const details = { id, issuer, serial, profile, signatureSha256: sha256Hex(signature) };
  return causedBy(requestId, { at: now, type: 'certificate.issued', actor, details });
}

/** The audit event of an abandoned intent, whose serial number is listed as revoked. */
export function abandonedEvent({ id, issuer, serial }: CertificateRecord, actor: string, at: Instant): AuditEvent {
  return { at, type: 'certificate.abandoned', actor, details: { id, issuer, serial } };
}
