/**
 * A full CRL of an issuing CA: number reserved, one snapshot spooled, linted, signed, read back and verified, then published.
 * Whatever fails leaves the old list where it is and the number abandoned.
 *
 * Two publications at once, of two processes, cannot let a status go back: a list is published only if none was published
 * since its number was reserved, for then its snapshot is younger than that of every list before it. The other begins again.
 */
import { createHash } from 'node:crypto';
import { assembleCrl, type CrlFrame, crlHeaderOf, encodeEntries, frameCrl } from '../crl/encode.js';
import type { EntryTotals } from '../crl/entry-writer.js';
import { type CrlRead, readCrl } from '../crl/read.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { formatInstant, type Instant, toSecond } from '../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { lintCrl } from '../lint/crl.js';
import type { Draft, Outlet, OutletFailure } from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import type { AuditEvent, CrlRecord, Store, StoreFailure, Transaction } from '../ports/store.js';
import type { Issuer } from '../x509/model.js';
import type { OperationFailure } from './failures.js';
import { lintFailed } from './lint-failed.js';
import type { World } from './world.js';
import { WRITERS } from './writers.js';

type CrlTransaction = Pick<
  Transaction,
  'latestCrl' | 'crlByNumber' | 'reservedCrls' | 'reserveCrl' | 'updateCrl' | 'appendAudit'
>;

/** What it needs of the store. */
export type CrlStore = Pick<Store, 'revokedSnapshot'> & {
  readonly transaction: <Value>(work: (tx: CrlTransaction) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
};

export type CrlWorld = Pick<World, 'issuers' | 'clock' | 'log' | 'writers' | 'countFindings'> & {
  readonly policy: { readonly environment: Pick<World['policy']['environment'], 'crl'> };
  readonly store: CrlStore;
  readonly signer: Pick<World['signer'], 'crl' | 'doubt'>;
  readonly outlet: Outlet;
};

type Failure = OperationFailure | OutletFailure | Superseded | NumberBehind;
/** Another list was published since this one's number was reserved. */
type Superseded = { readonly kind: 'superseded' };

/** The signer has signed higher numbers than the database knows: the database is older than the journal (a restored backup). */
type NumberBehind = { readonly kind: 'number-behind'; readonly lastNumber: number };

const ATTEMPTS_MAX = 3;
/** Tokens that are asked for one list, when several have the key. */
const TOKENS_MAX = 3;
/** A reservation as old as this belongs to a process that is no more. */
const RESERVATION_DEAD_MS = 15 * MINUTE_MS;
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

/** The file name of an issuer's full list. */
export function crlFileName(issuer: IssuerId): string {
  return `${issuer.toUpperCase()}.crl`;
}

/** The published record. Roots' lists are signed in ceremonies. */
export async function publishCrl(world: CrlWorld, id: IssuerId): Promise<Result<CrlRecord, OperationFailure>> {
  const issuer = world.issuers.byId(id);
  if (issuer === null) return err({ kind: 'not-found', detail: `no certification authority ${id}` });
  if (issuer.kind === 'root') {
    const detail = `the key of ${id} is not within reach: its list is signed in a ceremony`;
    return err({ kind: 'state-conflict', rule: 'root-list-in-ceremony', detail });
  }
  let after = 0;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const published = await publishOnce(world, issuer, after);
    if (published.ok) return published;
    const { error } = published;
    if (error.kind === 'superseded') world.log.info('crl.superseded', { issuer: id });
    else if (error.kind === 'number-behind') {
      // An alarm all the same: somebody signed lists that this database does not know.
      world.log.error('crl.number-behind', { issuer: id, lastNumber: error.lastNumber });
      after = error.lastNumber;
    } else return operationFailure(world, issuer, error);
  }
  const detail = `other lists of ${id} were published at the same time, ${ATTEMPTS_MAX} times over`;
  return err({ kind: 'state-conflict', rule: 'crl-superseded', detail });
}

function operationFailure(
  { log }: CrlWorld,
  issuer: Issuer,
  failure: Exclude<Failure, Superseded | NumberBehind>,
): Result<never, OperationFailure> {
  if (failure.kind !== 'outlet-unavailable') return err(failure);
  log.error('crl.outlet-unavailable', { issuer: issuer.id, detail: failure.detail });
  return err({ kind: 'internal-error', detail: 'the list could not be written; the one before stays' });
}

type Reservation = { readonly crl: CrlRecord; readonly before: CrlRecord | null };

/** `after`: the number has to be higher than this one as well. */
async function publishOnce(world: CrlWorld, issuer: Issuer, after: number): Promise<Result<CrlRecord, Failure>> {
  const reserved = await reserve(world, issuer, after);
  if (!reserved.ok) return reserved;
  const drafts: Draft[] = [];
  let outcome: Result<CrlRecord, Failure> | null = null;
  try {
    outcome = await makeAndPublish(world, { issuer, reservation: reserved.value, drafts });
    return outcome.ok ? outcome : await giveUp(world, reserved.value, outcome.error);
  } finally {
    // Thrown through: a bug, and still not a reason to leave a number without an end.
    if (outcome === null) await giveUp(world, reserved.value, { kind: 'internal-error', detail: 'unexpected' });
    for (const draft of drafts) await draft.discard();
  }
}

/** The number and the intent, in one transaction; the intents of the dead are closed with it. */
async function reserve(world: CrlWorld, issuer: Issuer, after: number): Promise<Result<Reservation, Failure>> {
  const { store, clock, policy } = world;
  const numbered = await numberOutThere(world, issuer);
  if (!numbered.ok) return numbered;
  return store.transaction(async (tx) => {
    const now = clock();
    const before = await tx.latestCrl(issuer.id);
    const thisUpdate = thisUpdateAfter(before, toSecond(now));
    const nextUpdate = thisUpdate + lifeMs(policy);
    for (const old of await tx.reservedCrls(issuer.id)) {
      if (old.thisUpdate + RESERVATION_DEAD_MS > now) continue;
      await tx.updateCrl({ ...old, state: 'abandoned' });
      await tx.appendAudit([
        eventOf('crl.abandoned', 'failure', { crl: old, at: now, detail: { rule: 'left-behind' } }),
      ]);
    }
    const numberMin = Math.max(numbered.value ?? 0, after) + 1;
    const crl = await tx.reserveCrl({ issuer: issuer.id, thisUpdate, nextUpdate, numberMin });
    await tx.appendAudit([eventOf('crl.intent', 'intent', { crl, at: now, detail: {} })]);
    return { crl, before };
  });
}

/**
 * Not before that of the list before, when only clocks of two nodes differ. When that one is far in the future some clock was
 * wrong; then ours is believed, because no relying party and no signer takes a list that is not valid yet.
 */
function thisUpdateAfter(before: CrlRecord | null, now: Instant): Instant {
  const last = before?.thisUpdate ?? now;
  return last <= now + CLOCKS_DIFFER_MS_MAX ? Math.max(last, now) : now;
}

function lifeMs({ environment }: CrlWorld['policy']): number {
  return environment.crl.periodMs + environment.crl.overlapMs;
}

/** For the first list of this database: the number of the one that a ceremony, or a database before, has published. */
async function numberOutThere(world: CrlWorld, issuer: Issuer): Promise<Result<number | null, Failure>> {
  const latest = await world.store.transaction((tx) => tx.latestCrl(issuer.id));
  if (!latest.ok || latest.value !== null) return latest.ok ? ok(null) : latest;
  const chunks = await world.outlet.published(crlFileName(issuer.id));
  if (!chunks.ok || chunks.value === null) return chunks.ok ? ok(null) : chunks;
  // Its life is nobody's rule any more; only its number counts.
  const read = await readCrl(chunks.value, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER });
  if (read.ok) return ok(read.value.number);
  world.log.warn('crl.published-list-unreadable', {
    issuer: issuer.id,
    kind: read.error.kind,
    detail: read.error.detail,
  });
  return ok(null);
}

type Making = {
  readonly issuer: Issuer;
  readonly reservation: Reservation;
  /** Every draft that is made, for the caller to clear away. */
  readonly drafts: Draft[];
};

async function makeAndPublish(world: CrlWorld, making: Making): Promise<Result<CrlRecord, Failure>> {
  const spooled = await spoolEntries(world, making);
  if (!spooled.ok) return spooled;
  const { issuer, reservation } = making;
  const { draft, totals } = spooled.value;
  const frame = frameCrl(crlHeaderOf(issuer, reservation.crl), totals);
  const { list } = world.writers ?? WRITERS;
  const tbs = (): AsyncIterable<Bytes> => list(frame, draft.read());

  // Recorded before the signer hears of it: each entry of its journal is then known here, whatever happens next.
  const crl = { ...reservation.crl, tbsSha256: await sha256Of(tbs()), entries: totals.entries };
  const recorded = await world.store.transaction((tx) => tx.updateCrl(crl));
  if (!recorded.ok) return recorded;
  for (let attempt = 1; ; attempt += 1) {
    const signed = await signVerified(world, making, { frame, tbs, crl });
    if (signed.ok) return publish(world, { reservation, crl, ...signed.value });
    const { error } = signed;
    if (error.kind !== 'signer-unavailable' || error.elsewhere !== true || attempt === TOKENS_MAX) return signed;
  }
}

type Spooled = { readonly frame: CrlFrame; readonly tbs: () => AsyncIterable<Bytes>; readonly crl: CrlRecord };

/** The same octets each time, from the snapshot on the disk: one number, one list, whichever token signs it. */
async function signVerified(
  world: CrlWorld,
  making: Making,
  { frame, tbs, crl }: Spooled,
): Promise<Result<{ readonly draft: Draft; readonly read: CrlRead }, Failure>> {
  const { issuer } = making;
  const signature = await sign(world, issuer, tbs());
  if (!signature.ok) return signature;
  const whole = await spoolWhole(world, making, { frame, tbs: tbs(), signature: signature.value });
  if (!whole.ok) return whole;
  const verified = await verify(world, { issuer, crl, draft: whole.value, signature: signature.value });
  return verified.ok ? ok({ draft: whole.value, read: verified.value }) : verified;
}

/** The snapshot lasts as long as this: the database is asked once, and not kept waiting by the signer. */
async function spoolEntries(
  { store, outlet }: CrlWorld,
  { issuer, reservation, drafts }: Making,
): Promise<Result<{ readonly draft: Draft; readonly totals: EntryTotals }, Failure>> {
  let totals: EntryTotals | null = null;
  const spooled = await store.revokedSnapshot(issuer.id, reservation.crl.thisUpdate, (snapshot) =>
    outlet.draft(
      `${crlFileName(issuer.id)}-entries`,
      encodeEntries(
        snapshot.entries(),
        (measured) => {
          totals = measured;
        },
        reservation.crl.thisUpdate,
      ),
    ),
  );
  if (!spooled.ok) return spooled;
  if (!spooled.value.ok) return spooled.value;
  drafts.push(spooled.value.value);
  assert(totals !== null, 'entries are counted when they are all written');
  return ok({ draft: spooled.value.value, totals });
}

async function sha256Of(chunks: AsyncIterable<Bytes>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}

async function sign(world: CrlWorld, issuer: Issuer, tbs: AsyncIterable<Bytes>): Promise<Result<Bytes, Failure>> {
  const { signer, policy, log } = world;
  const signature = await signer.crl(lintCrl({ issuer, lifeMsMax: lifeMs(policy) }, tbs));
  if (signature.ok) return signature;
  const { error } = signature;
  if (error.kind === 'signer-unavailable') return err(error);
  if (error.kind === 'signer-refused' && error.lastNumber !== undefined)
    return err({ kind: 'number-behind', lastNumber: error.lastNumber });
  if (error.kind === 'lint-failed') lintFailed(world, { issuer: issuer.id }, error.findings);
  else log.error('crl.not-signed', { issuer: issuer.id, kind: error.kind, detail: `${error.rule}: ${error.detail}` });
  return err({ kind: 'internal-error', detail: 'the list did not pass our own checks; nothing was published' });
}

async function spoolWhole(
  { outlet }: CrlWorld,
  { issuer, drafts }: Making,
  signed: { readonly frame: CrlFrame; readonly tbs: AsyncIterable<Bytes>; readonly signature: Bytes },
): Promise<Result<Draft, Failure>> {
  const around = assembleCrl(signed.frame.tbsLength, issuer.signatureAlgorithm, signed.signature);
  async function* whole(): AsyncGenerator<Bytes, void, undefined> {
    yield around.prefix;
    yield* signed.tbs;
    yield around.suffix;
  }
  const draft = await outlet.draft(crlFileName(issuer.id), whole());
  if (draft.ok) drafts.push(draft.value);
  return draft;
}

type SignedList = {
  readonly issuer: Issuer;
  readonly crl: CrlRecord;
  readonly draft: Draft;
  readonly signature: Bytes;
};

/** From the disk, by the other parser: the structure, the issuer, its signature, the number, and the very list that was signed. */
async function verify(
  { policy, log, signer }: CrlWorld,
  { issuer, crl, draft, signature }: SignedList,
): Promise<Result<CrlRead, Failure>> {
  const read = await readCrl(draft.read(), { issuer, lifeMsMax: lifeMs(policy) });
  if (
    read.ok &&
    read.value.number === crl.number &&
    read.value.tbsSha256 === crl.tbsSha256 &&
    read.value.entries === crl.entries &&
    read.value.sizeBytes === draft.sizeBytes
  )
    return read;
  const detail = read.ok ? 'another list than the one that was signed' : `${read.error.kind}: ${read.error.detail}`;
  log.error('crl.not-verified', { issuer: issuer.id, number: crl.number, detail });
  if (!read.ok && read.error.kind === 'crl-signature-wrong') {
    await signer.doubt('crl', issuer.id, signature);
    const detail = 'the signature did not verify';
    // What made it is being replaced; another token, if there is one, is asked at once.
    return err({ kind: 'signer-unavailable', retryAfterMs: 5 * SECOND_MS, detail, elsewhere: true });
  }
  return err({ kind: 'internal-error', detail: 'the signed list did not verify; it was not published' });
}

/** The file takes its name inside the transaction that says so: while it runs no other list of this issuer can. */
async function publish(
  { store, clock, log }: CrlWorld,
  done: { readonly reservation: Reservation; readonly crl: CrlRecord; readonly draft: Draft; readonly read: CrlRead },
): Promise<Result<CrlRecord, Failure>> {
  const { reservation, draft, read } = done;
  const crl: CrlRecord = { ...done.crl, state: 'published', sha256: read.sha256, sizeBytes: read.sizeBytes };
  const outcome = await store.transaction<Result<CrlRecord, Failure>>(async (tx) => {
    const latest = await tx.latestCrl(crl.issuer);
    const own = await tx.crlByNumber(crl.issuer, crl.number);
    if (latest?.number !== reservation.before?.number || own?.state !== 'reserved') return err({ kind: 'superseded' });
    const named = await draft.publish();
    if (!named.ok) return named;
    await tx.updateCrl(crl);
    await tx.appendAudit([eventOf('crl.published', 'success', { crl, at: clock(), detail: {} })]);
    return ok(crl);
  });
  if (!outcome.ok) return outcome;
  if (outcome.value.ok) log.info('crl.published', { issuer: crl.issuer, number: crl.number, entries: crl.entries });
  return outcome.value;
}

/**
 * Abandons the number. If another list came out meanwhile, that is why: the signer refuses numbers below its last. A database
 * that is not there leaves the reservation, which a later publication closes.
 */
async function giveUp(
  { store, clock }: CrlWorld,
  { crl, before }: Reservation,
  failure: Failure,
): Promise<Result<never, Failure>> {
  const closed = await store.transaction(async (tx) => {
    const now = await tx.crlByNumber(crl.issuer, crl.number);
    if (now?.state === 'reserved') {
      const abandoned = { ...now, state: 'abandoned' } as const;
      await tx.updateCrl(abandoned);
      const detail = { kind: failure.kind };
      await tx.appendAudit([eventOf('crl.abandoned', 'failure', { crl: abandoned, at: clock(), detail })]);
    }
    return (await tx.latestCrl(crl.issuer))?.number !== before?.number;
  });
  return closed.ok && closed.value ? err({ kind: 'superseded' }) : err(failure);
}

function eventOf(
  type: string,
  outcome: AuditEvent['outcome'],
  {
    crl,
    at,
    detail,
  }: { readonly crl: CrlRecord; readonly at: number; readonly detail: Readonly<Record<string, Json>> },
): AuditEvent {
  const { issuer, number, thisUpdate, nextUpdate, entries, tbsSha256, sha256 } = crl;
  const details = {
    issuer,
    number,
    thisUpdate: formatInstant(thisUpdate),
    nextUpdate: formatInstant(nextUpdate),
    entries,
    tbsSha256,
    sha256,
    ...detail,
  };
  return { at, type, actor: 'system', outcome, details };
}
