/**
 * Relearns revocations that relying parties know and the database has forgotten: a backup was
 * restored, or a standby took over without the last transactions. Only the release of a suspension
 * undoes a revocation. So, before any CRL or OCSP response is made without them, the database reads
 * them again from the published CRLs, which have the authority's own signature.
 *
 * A serial number that the database does not know belongs to a certificate that was issued after
 * the backup. It is inserted as an abandoned intent: used, revoked, and without a certificate. It
 * stays on the CRLs until the end of its issuer.
 */
import type { AuditEvent } from '../../audit/events.js';
import { openIntent, type RequestFacts, WITHOUT_REQUEST } from '../../issuance/intent.js';
import { present } from '../../kernel/assert.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { decideTransition, statusEvents } from '../../lifecycle/certificate-states.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CrlPartition, RevokedEntry } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { Transaction } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import { giveUpClaims } from '../issuance/give-up-claims.js';
import { followRevocations } from '../updates/end-updates.js';
import type { World } from '../world.js';
import { type ForgottenWorld, findForgotten } from './find-forgotten.js';

export type RelearnWorld = Pick<World, 'policy' | 'store' | 'clock' | 'random' | 'log' | 'statusChanged'> &
  Pick<ForgottenWorld, 'outlet' | 'forgottenMax'>;

/** Limit of the entries in one transaction, because all other writers wait for it. */
const ENTRIES_A_PART = 200;
/** The audit log names it as the actor, because no account gave an order. */
const ACTOR = 'system';
const NO_BYTES = new Uint8Array(0);
const UNKNOWN_CERTIFICATE = {
  profile: 'unknown',
  policyDigest: sha256Hex(NO_BYTES),
  tbs: NO_BYTES,
  holderId: 'unknown',
  structureId: null,
  keyType: null,
} as const;
const UNKNOWN_REQUEST: RequestFacts = {
  holder: {},
  card: null,
  cardTokenId: null,
  identity: null,
  keyOrigin: null,
  container: null,
  accountId: ACTOR,
  ...WITHOUT_REQUEST,
};

type RelearnedCertificate = Parameters<World['statusChanged']>[0][number];

/** The CRLs to read, and the certificates that were changed after them. */
type RelearnTask = {
  readonly issuer: Issuer;
  readonly partition: CrlPartition;
  readonly changed: RelearnedCertificate[];
  readonly takesSuspensions: boolean;
};

type RelearnOptions = {
  /**
   * Whether suspensions are taken: not from lists of which newer ones are known, because they may
   * have been released since. Default: they are.
   */
  readonly takesSuspensions?: boolean;
};

/**
 * An unreadable CRL is logged. Without a readable one nothing is relearned, and the publication of
 * CRLs goes on. CRLs of partitions are read first, because they name the partition of an unknown
 * certificate.
 */
export async function relearnRevocations(
  world: RelearnWorld,
  issuer: Issuer,
  { takesSuspensions = true }: RelearnOptions = {},
): Promise<Result<void, StoreFailure>> {
  if (issuer.kind === 'root') return ok(undefined);
  const changed: RelearnedCertificate[] = [];
  try {
    for (const partition of [...crlPartitions(world.policy.environment, issuer.id)].reverse()) {
      for (let isCut = true; isCut; ) {
        const relearned = await relearnSome(world, { issuer, partition, changed, takesSuspensions });
        if (!relearned.ok) return relearned;
        isCut = relearned.value.isCut;
      }
    }
    return ok(undefined);
  } finally {
    // Called at the end, because a new CRL could otherwise replace the one that is still being
    // read.
    if (changed.length > 0) world.statusChanged(changed);
  }
}

async function relearnSome(
  world: RelearnWorld,
  task: RelearnTask,
): Promise<Result<{ readonly isCut: boolean }, StoreFailure>> {
  const { issuer, partition, changed, takesSuspensions } = task;
  const [fullScope, deltaScope] = [scopeOf('full', partition), scopeOf('delta', partition)];
  const latest = await world.store.read(async (reads) => ({
    full: await reads.latestCrl(issuer.id, fullScope),
    delta: await reads.latestCrl(issuer.id, deltaScope),
  }));
  if (!latest.ok) return latest;
  const newest = Math.max(latest.value.full?.number ?? 0, latest.value.delta?.number ?? 0);
  const full = await findForgotten(world, {
    issuer,
    scope: fullScope,
    known: latest.value.full,
    newest,
    takesSuspensions,
  });
  if (!full.ok) return full;
  const delta = await findForgotten(world, {
    issuer,
    scope: deltaScope,
    known: latest.value.delta,
    newest,
    takesSuspensions,
  });
  if (!delta.ok) return delta;
  // A delta CRL that is newer than the full CRL prevails, also where it removes an entry.
  const isLater = (delta.value?.number ?? 0) > (full.value?.number ?? 0);
  const bySerial = new Map((full.value?.entries ?? []).map((entry) => [entry.serial, entry]));
  if (isLater) for (const serial of delta.value?.removed ?? []) bySerial.delete(serial);
  if (isLater) for (const entry of delta.value?.entries ?? []) bySerial.set(entry.serial, entry);
  const entries = [...bySerial.values()];
  const number = Math.max(full.value?.number ?? 0, delta.value?.number ?? 0);
  const before = changed.length;
  for (let at = 0; at < entries.length; at += ENTRIES_A_PART) {
    const part = { entries: entries.slice(at, at + ENTRIES_A_PART), number };
    const done = await relearnPart(world, task, part);
    if (!done.ok) return done;
  }
  const relearned = changed.length - before;
  if (relearned > 0)
    world.log.error('crl.revocations-relearned', { issuer: issuer.id, number, certificates: relearned });
  return ok({ isCut: relearned > 0 && (full.value?.isCut === true || delta.value?.isCut === true) });
}

type Part = { readonly entries: readonly RevokedEntry[]; readonly number: number };

/** Another process may have done the same in the meantime. */
async function relearnPart(
  world: RelearnWorld,
  { issuer, partition, changed }: RelearnTask,
  { entries, number }: Part,
): Promise<Result<void, StoreFailure>> {
  const now: CertificateRecord[] = [];
  const done = await world.store.transaction(async (tx) => {
    now.length = 0;
    const at = world.clock();
    const unknown: CertificateRecord[] = [];
    for (const entry of entries) {
      const known = await tx.certificateBySerial(issuer.id, entry.serial);
      const record = known ?? unknownIntent(world, { issuer, partition, entry, at });
      const state = known !== null && (await wasReleased(tx, known, entry)) ? null : stateAfter(record.state, entry);
      if (state === null) continue;
      if (known === null) unknown.push(record);
      now.push({ ...record, state });
    }
    if (now.length === 0) return;
    const seqs = await tx.appendAudit(now.map((record) => relearnEvent(record, { at, number })));
    const changes = now.map(({ id, state }, index) => ({
      id,
      state,
      auditSeq: present(seqs[index], 'number of the entry of a change'),
    }));
    // The entry of the revocation is the first of a certificate that was unknown.
    const seqOf = new Map(changes.map(({ id, auditSeq }) => [id, auditSeq]));
    const intents = unknown.map((record) => ({
      record,
      intentSeq: present(seqOf.get(record.id), 'number of the entry of an intent'),
    }));
    if (intents.length > 0) await tx.insertIntents(intents);
    await tx.setStates(changes, { at, actor: ACTOR });
    await giveUpClaims(tx, now, at);
    await followRevocations(tx, now, { actor: ACTOR, at });
    await tx.publish(statusEvents(now, at));
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  for (const record of now) changed.push({ issuer: record.issuer, serial: record.serial });
  return done;
}

/**
 * The database knows of this suspension, or of a later one, and of its release: an order released
 * it after the CRL was made, or after it was relearned from this CRL.
 */
async function wasReleased(tx: Transaction, { id, state }: CertificateRecord, entry: RevokedEntry): Promise<boolean> {
  if (entry.reason !== 'certificateHold' || state.status === 'suspended') return false;
  const events = await tx.statusEvents(id);
  return events.some((event) => event.state.status === 'suspended' && toSecond(event.state.at) >= entry.at);
}

type UnknownSerial = {
  readonly issuer: Issuer;
  readonly partition: CrlPartition;
  readonly entry: RevokedEntry;
  readonly at: Instant;
};

/**
 * The intent of a certificate whose serial number is all that is known. Its end is unknown too:
 * the end of its issuer is the latest that it can be.
 */
function unknownIntent({ random }: RelearnWorld, { issuer, partition, entry, at }: UnknownSerial): CertificateRecord {
  const { serial } = entry;
  const { id, notBefore, notAfter } = issuer;
  return openIntent(
    {
      ...UNKNOWN_CERTIFICATE,
      issuer: id,
      serial,
      notBefore,
      notAfter,
      crlPartition: partition,
      // Stands for the key, which is not known: a compromised key revokes all of its certificates.
      spkiSha256: sha256Hex(`relearned ${id} ${serial}`),
    },
    UNKNOWN_REQUEST,
    { at, run: null, random },
  );
}

/** null: it has this state already. */
function stateAfter(state: StoredState, { at, reason, invalidityDate }: RevokedEntry): StoredState | null {
  if (reason === 'removeFromCRL') return null;
  // A suspension can only be released if there is a certificate. Without a signature in the
  // database, the serial number is revoked.
  if (reason === 'certificateHold' && state.status !== 'open') {
    // The certificate must have been confirmed before it was suspended.
    const confirmed = state.status === 'pending' ? ({ status: 'issued' } as const) : state;
    const held = decideTransition(confirmed, { kind: 'suspend', at, invalidityDate, allowed: true });
    return held.ok ? held.value : null;
  }
  const final = reason === 'certificateHold' ? 'unspecified' : reason;
  const revoked = decideTransition(state, { kind: 'revoke', at, reason: final, invalidityDate });
  return revoked.ok ? revoked.value : null;
}

function relearnEvent(
  { id, issuer, serial, state }: CertificateRecord,
  { at, number }: { readonly at: Instant; readonly number: number },
): AuditEvent {
  const type = state.status === 'suspended' ? 'certificate.suspended' : 'certificate.revoked';
  return { at, type, actor: ACTOR, details: { id, issuer, serial, state, relearnedFromCrl: number } };
}
