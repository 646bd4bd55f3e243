/**
 * Publication of the full and delta CRLs of an issuing CA: a number is reserved, one snapshot is
 * written to disk, linted, signed, read back, verified and published. A failure leaves the previous
 * CRLs in place and the number abandoned.
 *
 * Two processes that publish at the same time cannot undo a status: a CRL is published only if no
 * other was published since its number was reserved, because only then is its snapshot newer than
 * those of all CRLs before it. Otherwise it is made again.
 */
import { encodeEntries } from '../../crl/encode.js';
import type { EntryTotals } from '../../crl/entry-writer.js';
import { readCrl } from '../../crl/read.js';
import { assert, present } from '../../kernel/assert.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { type CrlKind, kindOf, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { Draft } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord, RevokedEntry, RevokedSnapshot } from '../../ports/store/crls.js';
import type { OutboxEvent } from '../../ports/store/outbox/events.js';
import { fault, text } from '../../texts/text.js';
import type { Issuer } from '../../x509/model.js';
import { notFound, type OperationFailure } from '../failures.js';
import { type FramedCrl, frameList, makeList, type SignedCrl, type SpooledEntries } from './make-crl.js';
import {
  abandon,
  abandonAll,
  type CrlRequest,
  crlDetails,
  isOvertaken,
  type Reservation,
  reserve,
} from './reservation.js';
import type { CrlFailure, CrlSuperseded, CrlWorld, NumberBehind } from './world.js';

const ATTEMPTS_MAX = 3;
/**
 * Number of random serial numbers after which certificates are compared with a new CRL, ten of each
 * kind.
 */
const SAMPLES = 10;
const SERIAL_OCTETS = 16;

/**
 * Returns the published record. `full`: a full CRL, and where delta CRLs are served, one of the
 * same moment. `delta`: a delta CRL alone, or a full CRL where no delta CRL is possible. Partitions
 * get their CRLs too. CRLs of roots are signed in ceremonies.
 */
export async function publishCrl(
  world: CrlWorld,
  id: IssuerId,
  kind: CrlKind = 'full',
): Promise<Result<CrlRecord, OperationFailure>> {
  const issuer = checkRequest(world, id, kind);
  if (!issuer.ok) return issuer;
  const outcomes: Result<CrlRecord, OperationFailure>[] = [];
  for (const partition of crlPartitions(world.policy.environment, id))
    outcomes.push(await publishLists(world, { issuer: issuer.value, partition, kind }));
  return present(outcomes.find(({ ok: done }) => !done) ?? outcomes[0], 'a list of all certificates');
}

/** Returns the issuer, if lists of this kind can be made here at all. */
export function checkRequest(
  { issuers, policy }: Pick<CrlWorld, 'issuers' | 'policy'>,
  id: IssuerId,
  kind: CrlKind,
): Result<Issuer, OperationFailure> {
  const issuer = issuers.byId(id);
  if (issuer === null) return err(notFound('no-authority', { id }));
  if (issuer.kind === 'root') return err({ kind: 'state-conflict', ...fault('root-list-in-ceremony', { issuer: id }) });
  if (kind === 'delta' && !policy.environment.addresses.deltaCrl)
    return err({ kind: 'state-conflict', ...fault('delta-lists-not-served') });
  return ok(issuer);
}

async function publishLists(world: CrlWorld, asked: CrlRequest): Promise<Result<CrlRecord, OperationFailure>> {
  const { id } = asked.issuer;
  let { kind } = asked;
  let after = 0;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const published = await publishOnce(world, { ...asked, kind }, after);
    if (published.ok) return published;
    const { error } = published;
    if (error.kind === 'superseded') world.log.info('crl.superseded', { issuer: id });
    else if (error.kind === 'no-delta') {
      world.log.info('crl.no-delta', { issuer: id, rule: error.rule });
      kind = 'full';
    } else if (error.kind === 'number-behind') {
      // This is an alarm in any case: somebody has signed CRLs that this database does not know.
      world.log.error('crl.number-behind', { issuer: id, lastNumber: error.lastNumber });
      const relearned = await world.relearn(asked.issuer);
      if (!relearned.ok) return relearned;
      after = error.lastNumber;
    } else return operationFailure(world, asked.issuer, error);
  }
  return err({ kind: 'state-conflict', ...fault('crl-superseded', { issuer: id, attempts: ATTEMPTS_MAX }) });
}

function operationFailure(
  { log }: CrlWorld,
  issuer: Issuer,
  failure: Exclude<CrlFailure, CrlSuperseded | NumberBehind | { readonly kind: 'no-delta' }>,
): Result<never, OperationFailure> {
  if (failure.kind !== 'outlet-unavailable') return err(failure);
  log.error('crl.outlet-unavailable', { issuer: issuer.id, detail: failure.detail });
  return err({ kind: 'internal-error', message: text('crl-not-written') });
}

/** `after`: the new number has to be higher than this one. */
async function publishOnce(world: CrlWorld, asked: CrlRequest, after: number): Promise<Result<CrlRecord, CrlFailure>> {
  const numbered = await numberOutThere(world, asked);
  if (!numbered.ok) return numbered;
  const reserved = await reserve(world, asked, Math.max(numbered.value ?? 0, after) + 1);
  if (!reserved.ok) return reserved;
  const reservation = reserved.value;
  if (reservation.lists.length === 0) return err({ kind: 'no-delta', rule: 'no-base' });
  const drafts: Draft[] = [];
  let outcome: Result<CrlRecord, CrlFailure> | null = null;
  try {
    outcome = await makeAndPublish(world, { issuer: asked.issuer, reservation, drafts });
    return outcome.ok ? outcome : await closed(world, reservation, outcome.error);
  } finally {
    for (const draft of drafts) await draft.discard();
    // Reached with null only when a bug has thrown, or when the lease was lost. After a bug the
    // number gets a final state here; without the lease this throws again, and a later publication
    // gives the number its final state.
    if (outcome === null) await abandonAll(world, reservation, { kind: 'internal-error' });
  }
}

async function closed(
  world: CrlWorld,
  reservation: Reservation,
  failure: CrlFailure,
): Promise<Result<never, CrlFailure>> {
  const { overtaken } = await abandonAll(world, reservation, failure);
  return overtaken ? err({ kind: 'superseded' }) : err(failure);
}

/**
 * For the first CRL of this database: the number of the one that a ceremony, or an earlier
 * database, has published.
 */
async function numberOutThere(
  world: CrlWorld,
  { issuer, partition }: CrlRequest,
): Promise<Result<number | null, CrlFailure>> {
  const scope = scopeOf('full', partition);
  const latest = await world.store.transaction((tx) => tx.latestCrl(issuer.id, scope));
  if (!latest.ok || latest.value !== null) return latest.ok ? ok(null) : latest;
  const chunks = await world.outlet.published(crlFileName(issuer.id, scope));
  if (!chunks.ok || chunks.value === null) return chunks.ok ? ok(null) : chunks;
  // The rules for its scope and its lifetime may have changed; only its number matters.
  const read = await readCrl(chunks.value, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  if (read.ok) return ok(read.value.number);
  world.log.warn('crl.published-list-unreadable', {
    issuer: issuer.id,
    kind: read.error.kind,
    detail: read.error.detail,
  });
  return ok(null);
}

type PublicationInProgress = {
  readonly issuer: Issuer;
  readonly reservation: Reservation;
  /** All drafts that are made, so that the caller removes them. */
  readonly drafts: Draft[];
};

async function makeAndPublish(world: CrlWorld, making: PublicationInProgress): Promise<Result<CrlRecord, CrlFailure>> {
  const { issuer, reservation, drafts } = making;
  const spooled = await spoolEntries(world, making);
  if (!spooled.ok) return spooled;
  const framed: FramedCrl[] = [];
  for (const one of spooled.value) framed.push(await frameList(world, issuer, one));
  // Stored before the signer gets the CRLs, so that the database knows every entry of the signer's
  // journal.
  const recorded = await world.store.transaction(async (tx) => {
    for (const { crl } of framed) await tx.updateCrl(crl);
  });
  if (!recorded.ok) return recorded;
  const made: SignedCrl[] = [];
  for (const one of framed) {
    const list = await makeList(world, { issuer, framed: one, drafts });
    if (list.ok) made.push(list.value);
    // A failed delta CRL does not delay the full CRL. The previous delta CRL is still correct for
    // its time.
    else if (made.length === 0) return list;
    else world.log.error('crl.delta-not-made', { issuer: issuer.id, number: one.crl.number, kind: list.error.kind });
  }
  return publish(world, { reservation, made });
}

/**
 * The snapshot is open only while the entries are written to disk: it does not wait for the signer.
 */
async function spoolEntries(
  world: CrlWorld,
  making: PublicationInProgress,
): Promise<Result<readonly SpooledEntries[], CrlFailure>> {
  const { issuer, reservation } = making;
  const { partition, lists } = reservation;
  const { thisUpdate } = present(lists[0], 'a list of the moment');
  const serialsFrom = Array.from({ length: SAMPLES }, () => toHex(world.random(SERIAL_OCTETS)));
  const spooled = await world.store.revokedSnapshot({ issuer: issuer.id, partition, thisUpdate }, async (snapshot) => {
    const sample = await snapshot.sample(serialsFrom);
    const done: SpooledEntries[] = [];
    for (const crl of lists) {
      const source =
        kindOf(crl.scope) === 'full'
          ? { crl: { ...crl, seen: snapshot.seen }, entries: snapshot.entries(), baseChange: null }
          : await sourceOfDelta(world, { crl, snapshot, bases: reservation.bases });
      if (source === null) continue;
      const entries = await spool(world, making, source);
      if (!entries.ok) return entries;
      done.push({ ...source, ...entries.value, sample });
    }
    return done.length === 0 ? err({ kind: 'no-delta', rule: 'too-many-changes' } as const) : ok(done);
  });
  return spooled.ok ? spooled.value : spooled;
}

type Source = {
  readonly crl: CrlRecord;
  readonly entries: AsyncIterable<readonly RevokedEntry[]>;
  readonly baseChange: number | null;
};

type DeltaOf = {
  readonly crl: CrlRecord;
  readonly snapshot: RevokedSnapshot;
  readonly bases: readonly CrlRecord[];
};

/**
 * The base is the full CRL that ends first, so that everybody with a valid full CRL can complete
 * it; or the newest one, where the delta would be too long. null: too long for either.
 */
async function sourceOfDelta({ policy }: CrlWorld, { crl, snapshot, bases }: DeltaOf): Promise<Source | null> {
  for (const { number, seen } of bases) {
    if (seen === null) continue;
    const changes = await snapshot.changes(seen, policy.environment.crl.delta.entriesMax);
    if (changes !== null)
      return { crl: { ...crl, base: number, seen: snapshot.seen }, entries: onePage(changes), baseChange: seen.change };
  }
  return null;
}

async function* onePage(entries: readonly RevokedEntry[]): AsyncGenerator<readonly RevokedEntry[]> {
  yield entries;
}

type Entries = Pick<SpooledEntries, 'totals' | 'entries'>;

/** A delta CRL is short, and its entries are in memory already, so it needs no file. */
async function spool(
  { outlet }: CrlWorld,
  { issuer, drafts }: PublicationInProgress,
  { crl, entries, baseChange }: Source,
): Promise<Result<Entries, CrlFailure>> {
  let totals: EntryTotals | null = null;
  const count = (measured: EntryTotals): void => {
    totals = measured;
  };
  const encoded = encodeEntries(entries, count, crl.thisUpdate);
  const name = `${crlFileName(issuer.id, crl.scope)}-entries`;
  const made = baseChange === null ? await drafted({ outlet, drafts }, name, encoded) : ok(await kept(encoded));
  if (!made.ok) return made;
  assert(totals !== null, 'entries are counted when they are all written');
  return ok({ entries: made.value, totals });
}

async function drafted(
  { outlet, drafts }: Pick<CrlWorld, 'outlet'> & Pick<PublicationInProgress, 'drafts'>,
  name: string,
  encoded: AsyncIterable<Bytes>,
): Promise<Result<Draft, CrlFailure>> {
  const draft = await outlet.draft(name, encoded);
  if (draft.ok) drafts.push(draft.value);
  return draft;
}

async function kept(encoded: AsyncIterable<Bytes>): Promise<Pick<Draft, 'read'>> {
  const chunks: Bytes[] = [];
  for await (const chunk of encoded) chunks.push(chunk);
  return {
    read: async function* again() {
      yield* chunks;
    },
  };
}

/**
 * The files get their public names inside the transaction that records them as published, because
 * no other CRLs of this issuer can be published while it runs.
 */
async function publish(
  { store, clock, log }: CrlWorld,
  { reservation, made }: { readonly reservation: Reservation; readonly made: readonly SignedCrl[] },
): Promise<Result<CrlRecord, CrlFailure>> {
  const asked = present(made[0], 'a list that was made').crl;
  const outcome = await store.transaction<Result<readonly CrlRecord[], CrlFailure>>(async (tx) => {
    const at = clock();
    if (await isOvertaken(tx, asked, reservation)) return err({ kind: 'superseded' });
    const reserved: CrlRecord[] = [];
    for (const { issuer, number, scope } of reservation.lists) {
      const own = await tx.crlByNumber(issuer, number, scope);
      if (own?.state !== 'reserved') return err({ kind: 'superseded' });
      reserved.push(own);
    }
    const done: CrlRecord[] = [];
    for (const own of reserved) {
      const list = made.find(({ crl }) => crl.scope === own.scope);
      const named = list === undefined ? err({ kind: 'no-delta' } as const) : await nameOf(list);
      if (list !== undefined && named.ok) {
        await tx.updateCrl({ ...list.crl, publishedAt: at });
        await tx.appendAudit([{ at, type: 'crl.published', actor: 'system', details: crlDetails(list.crl) }]);
        await tx.publish([publishedEvent(list.crl, at)]);
        done.push(list.crl);
      } else if (!named.ok && named.error.kind === 'outlet-unavailable' && done.length === 0) return err(named.error);
      else await abandon(tx, own, { at, why: named.ok ? 'no-delta' : named.error.kind });
    }
    return ok(done);
  });
  if (!outcome.ok) return outcome;
  if (!outcome.value.ok) return outcome.value;
  for (const { issuer, scope, number, entries } of outcome.value.value)
    log.info('crl.published', { issuer, scope, number, entries });
  return ok(asked);
}

function publishedEvent(
  { issuer, scope, number, sha256, thisUpdate, nextUpdate }: CrlRecord,
  at: Instant,
): OutboxEvent {
  const dates = { thisUpdate: formatInstant(thisUpdate), nextUpdate: formatInstant(nextUpdate) };
  return { topic: 'crl.published', subject: issuer, account: null, at, data: { scope, number, sha256, ...dates } };
}

function nameOf({ draft }: SignedCrl): ReturnType<Draft['publish']> {
  return draft.publish();
}
