/**
 * Signatures come in: stored with status, audit results and idempotency results, for all requests that came meanwhile, in one
 * transaction. A request and the recovery may both come here with signatures over the same bytes: the first one stands.
 */
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { decideTransition } from '../../lifecycle/transitions.js';
import type { AuditEvent } from '../../ports/store/audit.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { Grouped, Transaction } from '../../ports/store.js';

export type SignedRecord = { readonly record: CertificateRecord; readonly signature: Bytes };

/** One request: all of its certificates, verified signatures. */
export type Settlement = {
  readonly signed: readonly SignedRecord[];
  readonly status: 'issued' | 'pending';
  readonly actor: string;
  readonly now: Instant;
  readonly claim: IdempotencyClaim | null;
};

/** null: at least one was revoked while it was open; then none is released, and the rest are given up with it. */
export type Settled = readonly CertificateRecord[] | null;

export const SETTLEMENT: Grouped<Transaction, Settlement, Settled> = {
  run: async (tx, settlements) => {
    const open = new Set(await tx.lockOpen(settlements.flatMap(idsOf)));
    // Of two for one certificate the second finds it settled.
    const plain = settlements.filter((one) => idsOf(one).every((id) => open.delete(id)));
    await store(tx, plain);
    const outcomes = new Map<Settlement, Settled>(plain.map((one) => [one, releasedOf(one)]));
    for (const one of settlements) if (!outcomes.has(one)) outcomes.set(one, await settleLate(tx, one));
    return settlements.map((one) => outcomes.get(one) ?? null);
  },
};

function idsOf({ signed }: Settlement): readonly string[] {
  return signed.map(({ record }) => record.id);
}

function releasedOf({ signed, status }: Settlement): readonly CertificateRecord[] {
  return signed.map(({ record, signature }) => ({ ...record, signature, state: { status } }));
}

/** All of whose certificates are open. */
async function store(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  await tx.storeSignatures(
    settlements.flatMap(({ signed, status }) =>
      signed.map(({ record: { id }, signature }) => ({ id, signature, status })),
    ),
  );
  await tx.appendAudit(
    settlements.flatMap(({ signed, actor, now }) => signed.map((one) => issuedEvent(one, actor, now))),
  );
  await finishClaims(tx, settlements);
}

async function finishClaims(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  const finished = settlements.flatMap((one) =>
    one.claim === null ? [] : [{ claim: one.claim, result: { ids: idsOf(one), status: one.status } }],
  );
  await tx.finishClaims(finished);
}

/** Something happened to a certificate between its intent and its signature. */
async function settleLate(tx: Transaction, settlement: Settlement): Promise<Settled> {
  const { signed, status, actor, now, claim } = settlement;
  const stored: CertificateRecord[] = [];
  for (const { record } of signed) stored.push(present(await tx.lockCertificate(record.id), 'record of an intent'));
  if (stored.some(({ state }) => state.status === 'revoked')) {
    for (const record of stored) {
      const next = decideTransition(record.state, { kind: 'give-up', at: now });
      if (!next.ok) continue;
      await tx.setState(record.id, next.value, { at: now, actor });
      await tx.appendAudit([givenUpEvent(record, actor, now)]);
    }
    if (claim !== null) await tx.releaseClaims([claim]);
    return null;
  }
  const fresh = signed.filter((_, at) => stored[at]?.state.status === 'open');
  await tx.storeSignatures(fresh.map(({ record: { id }, signature }) => ({ id, signature, status })));
  await tx.appendAudit(fresh.map((one) => issuedEvent(one, actor, now)));
  await finishClaims(tx, [settlement]);
  const released = releasedOf(settlement);
  return stored.map((before, at) =>
    before.state.status === 'open' ? present(released[at], 'a released one') : before,
  );
}

function issuedEvent({ record, signature }: SignedRecord, actor: string, at: Instant): AuditEvent {
  const { id, issuer, serial, profile } = record;
  const details = { id, issuer, serial, profile, signatureSha256: sha256Hex(signature) };
  return { at, type: 'certificate.issued', actor, outcome: 'success', details };
}

/** An intent that nobody finishes: its serial number is listed as revoked. */
export function givenUpEvent({ id, issuer, serial }: CertificateRecord, actor: string, at: Instant): AuditEvent {
  return { at, type: 'certificate.given-up', actor, outcome: 'failure', details: { id, issuer, serial } };
}
