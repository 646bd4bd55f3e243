/**
 * Birth of certificates, one or all of a card: all or none. Read downward; each step's failure leaves nothing half-made.
 *
 *   access        may this account ask for this?
 *   orders        seen this idempotency key? then what it made, as it is now
 *   vet           proof of possession, key, policy; keys and cards that others have
 *   prepare       to-be-signed bytes, linted by the other parser -> token
 *   reserve       one transaction: idempotency claim, serials and bytes (`open`), audit intents
 *   sign          tokens redeemed at the hierarchy's signer
 *   complete      signatures verified; one transaction: signatures, status, audit results, idempotency result
 *
 * What stays `open` after a crash or an outage is finished by `recover.ts` with the same bytes, or given up as revoked.
 */
import { createHash } from 'node:crypto';
import { decideAccess } from '../access/decide.js';
import { domainsOf } from '../access/scope.js';
import { recordIdFrom } from '../issuance/identifiers.js';
import { type Application, type Prepared, prepare, type Vetted, vet } from '../issuance/prepare.js';
import { present } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { decideTransition } from '../lifecycle/transitions.js';
import type { Account, AuditEvent, CertificateRecord, IdempotencyClaim, Transaction } from '../ports/store.js';
import type { Issuer } from '../x509/model.js';
import { serialFrom } from '../x509/serial-number.js';
import { findClashes } from './clashes.js';
import type { OperationFailure } from './failures.js';
import { usableProfiles } from './read.js';
import { signRecord } from './sign-record.js';
import type { World } from './world.js';

export type IssueCommand = {
  readonly account: Account;
  readonly applications: readonly Application[];
  /** null: the request came without an Idempotency-Key. */
  readonly idempotency: { readonly claim: IdempotencyClaim; readonly bodySha256: string } | null;
  readonly status: 'issued' | 'pending';
};

type Draft = { readonly record: CertificateRecord; readonly prepared: Prepared; readonly issuer: Issuer };

/**
 * The records in the order of the applications. Under a key that was used before: as they are now, so that a client that
 * comes back after a crash is not given a certificate that was revoked meanwhile as if it were good.
 */
export async function issueCertificates(
  world: World,
  command: IssueCommand,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const permitted = checkAccess(world, command);
  if (!permitted.ok) return permitted;
  const earlier = await earlierResult(world, command);
  if (!earlier.ok) return earlier;
  if (earlier.value !== null) return ok(earlier.value);

  const vetted = await vetAll(world, command);
  if (!vetted.ok) return vetted;
  const drafts = prepareAll(world, command, vetted.value);
  if (!drafts.ok) return drafts;

  const reserved = await reserve(world, command, drafts.value);
  if (!reserved.ok) return reserved;
  if (reserved.value !== null) return ok(reserved.value);
  const signed = await signAll(world, drafts.value);
  if (!signed.ok) return signed;
  return complete(world, command, signed.value);
}

function checkAccess(world: World, { account, applications }: IssueCommand): Result<void, OperationFailure> {
  for (const { order } of applications) {
    const { holder } = order;
    const profile = world.policy.profiles.has(order.profile) ? order.profile : null;
    const structureId = 'structure' in holder ? holder.structure.id : null;
    const decision = decideAccess(account, 'issue', { profile, structureId, domains: domainsOf(holder) });
    if (!decision.ok) return decision;
  }
  return ok(undefined);
}

async function earlierResult(
  { store }: World,
  { idempotency }: IssueCommand,
): Promise<Result<readonly CertificateRecord[] | null, OperationFailure>> {
  if (idempotency === null) return ok(null);
  const found = await store.read(async (reads) => {
    const outcome = await reads.peekClaim(idempotency.claim, idempotency.bodySha256);
    return outcome.kind === 'done' ? { outcome, records: await recordsOf(reads, outcome.result) } : { outcome };
  });
  if (!found.ok) return found;
  const { outcome, records } = found.value;
  if (outcome.kind === 'mismatch') return err({ kind: 'idempotency-mismatch' });
  if (outcome.kind === 'in-progress') return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
  return ok(records ?? null);
}

type RecordReads = { readonly certificateById: (id: string) => Promise<CertificateRecord | null> };

/** What a finished claim holds: the ids, in the order of the request. */
async function recordsOf(reads: RecordReads, result: Json): Promise<readonly CertificateRecord[]> {
  const { ids } = result as { readonly ids: readonly string[] };
  const records: CertificateRecord[] = [];
  for (const id of ids)
    records.push(present(await reads.certificateById(id), 'certificate of a finished idempotency claim'));
  return records;
}

async function vetAll(
  world: World,
  { account, applications }: IssueCommand,
): Promise<Result<readonly Vetted[], OperationFailure>> {
  const now = world.clock();
  const vetted: Vetted[] = [];
  for (const application of applications) {
    const profile = world.policy.profiles.get(application.order.profile);
    const issuer = profile === undefined ? null : world.issuers.current(profile.authority);
    if (issuer === null) return err(unknownProfile(world, account, application));
    const outcome = vet(application, { policy: world.policy, issuer, now });
    if (!outcome.ok) return outcome;
    vetted.push(outcome.value);
  }
  const clash = await world.store.read((reads) =>
    findClashes(reads, { applications, vetted, now, environment: world.policy.environment }),
  );
  if (!clash.ok) return clash;
  return clash.value === null ? ok(vetted) : err(clash.value);
}

function unknownProfile(world: World, account: Account, { order, pointer }: Application): OperationFailure {
  const usable = usableProfiles(world, account).map(({ id }) => id);
  const instead = usable.length === 0 ? 'none' : usable.join(', ');
  const message = `there is no profile ${order.profile} that issues here; this account may use ${instead}`;
  return { kind: 'policy-violated', violations: [{ pointer: `${pointer}/profile`, rule: 'profile-known', message }] };
}

function prepareAll(
  world: World,
  command: IssueCommand,
  vetted: readonly Vetted[],
): Result<readonly Draft[], OperationFailure> {
  const now = world.clock();
  const drafts: Draft[] = [];
  for (const [at, one] of vetted.entries()) {
    const application = present(command.applications[at], 'application of a vetted plan');
    const issuer = present(world.issuers.byId(one.plan.issuer), 'issuer of a plan');
    const serial = serialFrom(world.random(LIMITS.serialOctets));
    const prepared = prepare(one, { policy: world.policy, issuer, serial, now });
    if (!prepared.ok) {
      const detail = prepared.error.findings.map((finding) => `${finding.rule}: ${finding.detail}`).join('; ');
      world.log.error('lint.failed', { profile: one.plan.profile.id, detail });
      return err({ kind: 'internal-error', detail: 'the certificate did not pass our own checks; nothing was signed' });
    }
    drafts.push({
      record: recordOf(world, { prepared: prepared.value, application, command, now }),
      prepared: prepared.value,
      issuer,
    });
  }
  return ok(drafts);
}

function recordOf(
  world: World,
  from: { prepared: Prepared; application: Application; command: IssueCommand; now: Instant },
): CertificateRecord {
  const { plan, serial, spki, tbs } = from.prepared;
  const { holder, card, identity } = from.application.order;
  return {
    id: recordIdFrom(from.now, world.random(10)),
    issuer: plan.issuer,
    serial: toHex(serial),
    profile: plan.profile.id,
    policyDigest: world.policy.digest,
    tbs,
    signature: null,
    state: { status: 'open' },
    notBefore: plan.validity.notBefore,
    notAfter: plan.validity.notAfter,
    createdAt: from.now,
    holderId: plan.holderId,
    structureId: plan.structureId,
    cardTokenId: card?.tokenId ?? null,
    holder: holder as unknown as Json,
    card: card as unknown as Json,
    identity: identity as unknown as Json,
    spkiSha256: sha256Hex(spki),
    accountId: from.command.account.id,
    claim: from.command.idempotency?.claim ?? null,
  };
}

/** null: reserved. Records: another request with the same key finished meanwhile. */
async function reserve(
  { store, clock, policy }: World,
  command: IssueCommand,
  drafts: readonly Draft[],
): Promise<Result<readonly CertificateRecord[] | null, OperationFailure>> {
  const { idempotency, account, applications } = command;
  const now = clock();
  const prepared = drafts.map((draft) => draft.prepared);
  const outcome = await store.transaction(async (tx) => {
    if (idempotency !== null) {
      const claimed = await tx.claimIdempotency(idempotency.claim, idempotency.bodySha256, now);
      if (claimed.kind === 'done') return { kind: 'done' as const, records: await recordsOf(tx, claimed.result) };
      if (claimed.kind !== 'claimed') return claimed;
    }
    const clash = await findClashes(tx, { applications, vetted: prepared, now, environment: policy.environment });
    if (clash !== null) {
      if (idempotency !== null) await tx.releaseClaim(idempotency.claim);
      return { kind: 'refused' as const, clash };
    }
    await tx.insertIntents(drafts.map((draft) => draft.record));
    await tx.appendAudit(drafts.map(({ record }) => intentEvent(record, account.id, now)));
    return { kind: 'claimed' as const };
  });
  if (!outcome.ok) return outcome;
  switch (outcome.value.kind) {
    case 'claimed':
      return ok(null);
    case 'done':
      return ok(outcome.value.records);
    case 'refused':
      return err(outcome.value.clash);
    case 'mismatch':
      return err({ kind: 'idempotency-mismatch' });
    case 'in-progress':
      return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
  }
}

function intentEvent(record: CertificateRecord, actor: string, at: Instant): AuditEvent {
  const { id, issuer, serial, profile, policyDigest, identity } = record;
  const details = { id, issuer, serial, profile, policyDigest, tbsSha256: sha256Hex(record.tbs), identity };
  return { at, type: 'certificate.intent', actor, outcome: 'intent', details };
}

export type SignedDraft = { readonly record: CertificateRecord; readonly signature: Bytes };

async function signAll(
  world: World,
  drafts: readonly Draft[],
): Promise<Result<readonly SignedDraft[], OperationFailure>> {
  const outcomes = await Promise.all(
    drafts.map(async ({ record, prepared, issuer }) => ({
      record,
      outcome: await signRecord(world, { record, issuer, token: prepared.token }),
    })),
  );
  const signed: SignedDraft[] = [];
  for (const { record, outcome } of outcomes) {
    if (outcome.ok) {
      signed.push({ record, signature: outcome.value });
      continue;
    }
    const { kind, detail } = outcome.error;
    world.log.error('signature.missing', { id: record.id, issuer: record.issuer, serial: record.serial, kind, detail });
    // The intents stay open: recovery finishes them with the same bytes, or gives them up as revoked.
    if (outcome.error.kind === 'signer-unavailable') return err(outcome.error);
    return err({ kind: 'internal-error', detail: 'the signer did not sign what was prepared' });
  }
  return ok(signed);
}

async function complete(
  world: World,
  { account, idempotency, status }: IssueCommand,
  signed: readonly SignedDraft[],
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const settled = await world.store.transaction((tx) =>
    settle(tx, { signed, status, actor: account.id, now: world.clock(), claim: idempotency?.claim ?? null }),
  );
  if (!settled.ok) return settled;
  if (settled.value !== null) return ok(settled.value);
  world.statusChanged(signed.map(({ record }) => record));
  return err({ kind: 'state-conflict', rule: 'revoked-meanwhile', detail: 'revoked while it was being issued' });
}

type Settlement = {
  readonly signed: readonly SignedDraft[];
  readonly status: 'issued' | 'pending';
  readonly actor: string;
  readonly now: Instant;
  readonly claim: IdempotencyClaim | null;
};

/**
 * Stores signatures, audit results and the idempotency result in the caller's transaction. A request and the recovery may
 * both come here with signatures over the same bytes: the first one stands. null: at least one was revoked while it was
 * open; then none is released, and the rest are given up with it.
 */
export async function settle(
  tx: Transaction,
  { signed, status, actor, now, claim }: Settlement,
): Promise<readonly CertificateRecord[] | null> {
  const stored: CertificateRecord[] = [];
  for (const { record } of signed) stored.push(present(await tx.lockCertificate(record.id), 'record of an intent'));
  if (stored.some(({ state }) => state.status === 'revoked')) {
    for (const record of stored) {
      const next = decideTransition(record.state, { kind: 'give-up', at: now });
      if (next.ok) await tx.setState(record.id, next.value, { at: now, actor });
    }
    if (claim !== null) await tx.releaseClaim(claim);
    return null;
  }
  const fresh = signed.filter((_, at) => stored[at]?.state.status === 'open');
  for (const { record, signature } of fresh) await tx.storeSignature(record.id, signature, status);
  if (fresh.length > 0) await tx.appendAudit(fresh.map((one) => issuedEvent(one, actor, now)));
  if (claim !== null) await tx.finishClaim(claim, { ids: signed.map(({ record }) => record.id), status });
  return signed.map(({ record, signature }, at) => {
    const before = stored[at];
    return before === undefined || before.state.status === 'open'
      ? { ...record, signature, state: { status } }
      : before;
  });
}

function issuedEvent({ record, signature }: SignedDraft, actor: string, at: Instant): AuditEvent {
  const { id, issuer, serial, profile } = record;
  const details = { id, issuer, serial, profile, signatureSha256: sha256Hex(signature) };
  return { at, type: 'certificate.issued', actor, outcome: 'success', details };
}

export function sha256Hex(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex');
}
