/**
 * What relying parties were told and the database forgot: a backup was restored, or a standby that lacked the last transactions took
 * over. Nothing but the release of a hold takes a revocation back, so that the database learns it again from the published lists,
 * which have the authority's own signature, before a list or an answer is made that does not know of it.
 *
 * A serial number that the database has never heard of is of a certificate that was issued after the backup. It is entered as one that
 * is spent and revoked and has no certificate, as a given-up intent is, and stays on the lists for as long as its issuer lives.
 */
import { openIntent, type RequestFacts } from '../../issuance/intent.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { decideTransition } from '../../lifecycle/transitions.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { AuditEvent } from '../../ports/store/audit.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CrlPartition, RevokedEntry } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { Transaction } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import { claimsOfOpen } from '../issuance/same-key.js';
import type { World } from '../world.js';
import { type ForgottenWorld, findForgotten } from './find-forgotten.js';

export type RelearnWorld = Pick<World, 'policy' | 'store' | 'clock' | 'random' | 'log' | 'statusChanged'> &
  Pick<ForgottenWorld, 'outlet' | 'forgottenMax'>;

/** In one transaction: others wait for it. */
const ENTRIES_A_PART = 200;
/** Of whom the audit log says that it was changed by nobody's order. */
const ACTOR = 'system';
const NO_BYTES = new Uint8Array(0);
const UNKNOWN_CERTIFICATE = {
  profile: 'unknown',
  policyDigest: sha256Hex(NO_BYTES),
  tbs: NO_BYTES,
  holderId: 'unknown',
  structureId: null,
  spkiSha256: sha256Hex(NO_BYTES),
} as const;
const UNKNOWN_REQUEST: RequestFacts = {
  holder: {},
  card: null,
  cardTokenId: null,
  identity: {},
  keyOrigin: null,
  accountId: ACTOR,
  claim: null,
  renews: null,
};

type RelearnedCertificate = Parameters<World['statusChanged']>[0][number];

/** Lists of which certificates, and what was changed after them. */
type RelearnTask = {
  readonly issuer: Issuer;
  readonly partition: CrlPartition;
  readonly changed: RelearnedCertificate[];
};

/**
 * Where no list stands, or none that can be read, nothing is learnt; that is logged, and the lists go on. Those of partitions first: of
 * a certificate that nobody knows any more they say whose list it names.
 */
export async function relearnRevocations(world: RelearnWorld, issuer: Issuer): Promise<Result<void, StoreFailure>> {
  if (issuer.kind === 'root') return ok(undefined);
  const changed: RelearnedCertificate[] = [];
  try {
    for (const partition of [...crlPartitions(world.policy.environment, issuer.id)].reverse()) {
      for (let isCut = true; isCut; ) {
        const relearned = await relearnSome(world, { issuer, partition, changed });
        if (!relearned.ok) return relearned;
        isCut = relearned.value.isCut;
      }
    }
    return ok(undefined);
  } finally {
    // At the end: a list that were made in between could take the place of the one that is still being learnt from.
    if (changed.length > 0) world.statusChanged(changed);
  }
}

async function relearnSome(
  world: RelearnWorld,
  task: RelearnTask,
): Promise<Result<{ readonly isCut: boolean }, StoreFailure>> {
  const { issuer, partition, changed } = task;
  const [fullScope, deltaScope] = [scopeOf('full', partition), scopeOf('delta', partition)];
  const latest = await world.store.read(async (reads) => ({
    full: await reads.latestCrl(issuer.id, fullScope),
    delta: await reads.latestCrl(issuer.id, deltaScope),
  }));
  if (!latest.ok) return latest;
  const newest = Math.max(latest.value.full?.number ?? 0, latest.value.delta?.number ?? 0);
  const full = await findForgotten(world, { issuer, scope: fullScope, known: latest.value.full, newest });
  if (!full.ok) return full;
  const delta = await findForgotten(world, { issuer, scope: deltaScope, known: latest.value.delta, newest });
  if (!delta.ok) return delta;
  // A delta that is newer than the full list was told after it: its word stands, and what it takes off is not put back.
  const isLater = (delta.value?.number ?? 0) > (full.value?.number ?? 0);
  const told = new Map((full.value?.entries ?? []).map((entry) => [entry.serial, entry]));
  if (isLater) for (const serial of delta.value?.removed ?? []) told.delete(serial);
  if (isLater) for (const entry of delta.value?.entries ?? []) told.set(entry.serial, entry);
  const entries = [...told.values()];
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

/** Others may have done it meanwhile. */
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
      if (known === null) unknown.push(record);
      const state = known !== null && (await wasReleased(tx, known, entry)) ? null : stateAfter(record.state, entry);
      if (state !== null) now.push({ ...record, state });
    }
    if (now.length === 0) return;
    if (unknown.length > 0) await tx.insertIntents(unknown);
    await tx.setStates(now, { at, actor: ACTOR });
    await tx.appendAudit(now.map((record) => relearnEvent(record, { at, number })));
    await tx.releaseClaims(claimsOfOpen(now));
  });
  // Also where the answer to the commit was lost: it may have taken effect.
  for (const record of now) changed.push({ issuer: record.issuer, serial: record.serial });
  return done;
}

/**
 * The database knows of this hold, or of a later one, and of its end: an order took it back after the list was made, or after it was
 * learnt from this very list.
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
 * The intent of a certificate whose serial number is all that is known. Its end is unknown too: the end of its issuer is
 * the latest that it can be.
 */
function unknownIntent({ random }: RelearnWorld, { issuer, partition, entry, at }: UnknownSerial): CertificateRecord {
  const { serial } = entry;
  const { id, notBefore, notAfter } = issuer;
  return openIntent(
    { ...UNKNOWN_CERTIFICATE, issuer: id, serial, notBefore, notAfter, crlPartition: partition },
    UNKNOWN_REQUEST,
    { at, random },
  );
}

/** null: it is so already. */
function stateAfter(state: StoredState, { at, reason, invalidityDate }: RevokedEntry): StoredState | null {
  if (reason === 'removeFromCRL') return null;
  // A hold needs a certificate that can be released: what the database has no signature of is revoked.
  if (reason === 'certificateHold' && state.status !== 'open') {
    // Whoever suspended it had seen its confirmation.
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
  const details = { id, issuer, serial, state: { ...state }, relearnedFromCrl: number };
  return { at, type, actor: ACTOR, outcome: 'success', details };
}
