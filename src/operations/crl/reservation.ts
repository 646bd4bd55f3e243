/** The number of a CRL: reserved together with the intent, and later published or abandoned. */
import type { AuditDetails } from '../../audit/events.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Environment } from '../../policy/model.js';
import { crlLifeMs } from '../../policy/publication/crl-lists.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { CrlPartition, CrlRecord } from '../../ports/store/crls.js';
import { fault } from '../../texts/text.js';
import type { Issuer } from '../../x509/model.js';
import { RUN_ENDED } from '../clock.js';
import type { OperationFailure } from '../failures.js';
import { knownPartitions } from './partition-marks.js';
import type { CrlTransaction, CrlWorld } from './world.js';

/** CRLs of one moment with one number. */
export type Reservation = {
  readonly partition: CrlPartition;
  /** At most one of each kind, the full CRL first. */
  readonly lists: readonly CrlRecord[];
  /**
   * Full CRLs that can be the base of a delta CRL of this moment, the one with the longest delta
   * first.
   */
  readonly bases: readonly CrlRecord[];
  readonly before: LatestNumbers;
};

/** Numbers of the CRLs that were published last. */
type LatestNumbers = { readonly full: number | null; readonly delta: number | null };

export type CrlRequest = {
  readonly issuer: Issuer;
  readonly partition: CrlPartition;
  /** `full`: a full CRL, and a delta CRL of the same moment where they are served. */
  readonly kind: CrlKind;
};

/** The process of a reservation that is this old is dead. */
const RESERVATION_DEAD_MS = 15 * MINUTE_MS;
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

/**
 * Stores the number and the intents in one transaction, and abandons the reservations of dead
 * processes. `lists` is empty if a delta CRL was requested and no full CRL can be its base. A node
 * with an older policy, which has fewer partitions than the database knows, reserves nothing: it
 * would publish without the CRLs of the others, which certificates name. A run that was ended
 * reserves nothing either.
 */
export async function reserve(
  world: CrlWorld,
  { issuer, partition, kind }: CrlRequest,
  numberMin: number,
): Promise<Result<Reservation, OperationFailure>> {
  const { store, clock, run, policy } = world;
  const { environment } = policy;
  const reserved = await store.transaction(async (tx): Promise<Result<Reservation, OperationFailure>> => {
    if (!(await tx.isRunLive(run))) return err(RUN_ENDED);
    const fewer = await fewerPartitions(tx, environment, issuer);
    if (fewer !== null) return err(fewer);
    const now = clock();
    await closeDead(tx, issuer, now);
    const full = await tx.latestCrl(issuer.id, scopeOf('full', partition));
    const delta = await tx.latestCrl(issuer.id, scopeOf('delta', partition));
    const before = { full: full?.number ?? null, delta: delta?.number ?? null };
    const thisUpdate = thisUpdateAfter([full, delta], toSecond(now));
    const served = environment.addresses.deltaCrl;
    const bases = served ? await tx.deltaBases(issuer.id, partition, thisUpdate) : [];
    const [base] = bases;
    const kinds = (['full', 'delta'] as const).filter((one) => (one === 'full' ? kind === one : base !== undefined));
    const lists: CrlRecord[] = [];
    for (const one of kinds) {
      const scope = scopeOf(one, partition);
      const crl = await tx.reserveCrl({
        issuer: issuer.id,
        scope,
        thisUpdate,
        nextUpdate: thisUpdate + crlLifeMs(environment, scope),
        numberMin,
        shared: lists[0]?.number,
        base: one === 'delta' ? base?.number : undefined,
      });
      await tx.appendAudit([{ at: now, type: 'crl.intent', actor: 'system', details: crlDetails(crl) }]);
      lists.push(crl);
    }
    return ok({ partition, lists, bases, before });
  });
  return reserved.ok ? reserved.value : reserved;
}

async function fewerPartitions(
  tx: CrlTransaction,
  { crl }: Environment,
  { id, authority }: Issuer,
): Promise<OperationFailure | null> {
  const { [authority]: known = 0 } = await knownPartitions(tx);
  const own = crl.partitions[authority] ?? 0;
  if (known <= own) return null;
  return { kind: 'state-conflict', ...fault('crl-partitions-known', { issuer: id, known, own }) };
}

async function closeDead(tx: CrlTransaction, issuer: Issuer, now: Instant): Promise<void> {
  for (const old of await tx.reservedCrls(issuer.id))
    if (old.thisUpdate + RESERVATION_DEAD_MS <= now) await abandon(tx, old, { at: now, why: 'left-behind' });
}

/**
 * Not before thisUpdate of the previous CRLs, if the clocks of two nodes merely differ. If a
 * previous one is far in the future a clock was wrong; then ours is used, because no relying party
 * and no signer accepts a CRL that is not valid yet.
 */
function thisUpdateAfter(before: readonly (CrlRecord | null)[], now: Instant): Instant {
  const last = before.map((crl) => crl?.thisUpdate ?? now).filter((at) => at <= now + CLOCKS_DIFFER_MS_MAX);
  return Math.max(now, ...last);
}

/** `why`: the kind of the failure. */
export async function abandon(
  tx: CrlTransaction,
  crl: CrlRecord,
  { at, why }: { readonly at: Instant; readonly why: string },
): Promise<void> {
  const abandoned = { ...crl, state: 'abandoned' } as const;
  await tx.updateCrl(abandoned);
  const details = { ...crlDetails(abandoned), why };
  await tx.appendAudit([{ at, type: 'crl.abandoned', actor: 'system', details }]);
}

/**
 * Abandons the reserved numbers, and returns whether other CRLs were published in the meantime:
 * that is why it failed, because the signer refuses numbers below its last. While the database is
 * unavailable the reservation stays, and a later publication abandons it.
 */
export async function abandonAll(
  { store, clock }: CrlWorld,
  { lists, before, partition }: Reservation,
  failure: { readonly kind: string },
): Promise<{ readonly overtaken: boolean }> {
  const closed = await store.transaction(async (tx) => {
    for (const { issuer, number, scope } of lists) {
      const now = await tx.crlByNumber(issuer, number, scope);
      if (now?.state === 'reserved') await abandon(tx, now, { at: clock(), why: failure.kind });
    }
    const [first] = lists;
    return first !== undefined && (await isOvertaken(tx, first, { before, partition }));
  });
  return { overtaken: closed.ok && closed.value };
}

export async function isOvertaken(
  tx: CrlTransaction,
  { issuer }: CrlRecord,
  { before, partition }: Pick<Reservation, 'before' | 'partition'>,
): Promise<boolean> {
  const full = await tx.latestCrl(issuer, scopeOf('full', partition));
  const delta = await tx.latestCrl(issuer, scopeOf('delta', partition));
  return (full?.number ?? null) !== before.full || (delta?.number ?? null) !== before.delta;
}

/** What audit entries say about a CRL. */
export function crlDetails(crl: CrlRecord): AuditDetails<'crl.intent'> {
  const { issuer, scope, number, base, thisUpdate, nextUpdate, entries, tbsSha256, sha256 } = crl;
  return { issuer, scope, number, base, thisUpdate, nextUpdate, entries, tbsSha256, sha256 };
}
