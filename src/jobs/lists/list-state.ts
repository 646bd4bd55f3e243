/**
 * Reads the state of the CRLs of an issuer from the database, and decides which CRL is due. Nodes
 * whose clocks agree decide the same, because they read the same state.
 */
import { utf8 } from '../../kernel/bytes.js';
import { sha256 } from '../../kernel/digest.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { lastTimeOfDay } from '../../kernel/time-of-day.js';
import { CLOCK_OFF_MS_MAX } from '../../operations/clock.js';
import type { World } from '../../operations/world.js';
import type { CrlPolicy, Environment } from '../../policy/model.js';
import { crlKinds, crlPartitions, crlScopes } from '../../policy/publication/crl-lists.js';
import { type CrlKind, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord, CrlScope } from '../../ports/store/crls.js';
import type { JobItem } from '../../ports/store/jobs.js';
import type { RunRecord } from '../../ports/store/nodes.js';
import type { Reads } from '../../ports/store.js';
import { isSilent } from '../nodes/run-record.js';

/**
 * Tolerated difference between two clocks. A CRL whose thisUpdate is further in the future was made
 * with a wrong clock, and relying parties do not accept it yet.
 */
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

export type ListState = {
  readonly full: CrlRecord | null;
  readonly delta: CrlRecord | null;
  /**
   * Kind of CRL that some partition does not have yet, because the partition or the kind was added
   * to the policy later; `full` if both kinds are missing. null: none is missing.
   */
  readonly partitionLacks: CrlKind | null;
  /** Number of the last change of status of a certificate of the issuer. */
  readonly lastChange: number;
  /**
   * Number of the last change of status that the CRLs of all certificates and of every partition
   * include. `full`: the full CRLs alone; `delta`: the full CRLs together with their deltas.
   */
  readonly seenChange: Readonly<Record<CrlKind, number>>;
  /** Number of the last published CRL of each scope. */
  readonly numbers: ReadonlyMap<CrlScope, number>;
};

/**
 * Reads the states of the CRLs of issuers, and returns them in the order of the issuers. It takes
 * two statements for all of them, because every worker does this at each poll.
 */
export async function readListStates(
  reads: Reads,
  environment: Environment,
  issuers: readonly IssuerId[],
): Promise<readonly ListState[]> {
  const series = issuers.flatMap((issuer) => crlScopes(environment, issuer).map((scope) => ({ issuer, scope })));
  const latest = new Map(issuers.map((issuer) => [issuer, new Map<CrlScope, CrlRecord>()]));
  for (const list of await reads.latestCrls(series)) if (list !== null) latest.get(list.issuer)?.set(list.scope, list);
  const changes = await reads.lastChanges(issuers);
  return issuers.map((issuer, at) =>
    listState(environment, { issuer, latest: latest.get(issuer) ?? new Map(), lastChange: changes[at] ?? 0 }),
  );
}

/** `latest`: the last published CRL of each scope that has one. */
function listState(
  environment: Environment,
  {
    issuer,
    latest,
    lastChange,
  }: {
    readonly issuer: IssuerId;
    readonly latest: ReadonlyMap<CrlScope, CrlRecord>;
    readonly lastChange: number;
  },
): ListState {
  const seen: Record<CrlKind, number[]> = { full: [], delta: [] };
  let partitionLacks: CrlKind | null = null;
  for (const partition of crlPartitions(environment, issuer)) {
    let change = 0;
    for (const kind of crlKinds(environment)) {
      const list = latest.get(scopeOf(kind, partition)) ?? null;
      if (list === null && partition !== null && partitionLacks !== 'full') partitionLacks = kind;
      change = Math.max(change, list?.seen?.change ?? 0);
      seen[kind].push(change);
    }
  }
  return {
    full: latest.get('full') ?? null,
    delta: latest.get('delta') ?? null,
    partitionLacks,
    lastChange,
    seenChange: { full: Math.min(...seen.full), delta: Math.min(...seen.delta) },
    numbers: new Map([...latest].map(([scope, { number }]) => [scope, number])),
  };
}

/**
 * Whether this node leaves the CRLs of an issuer to other nodes: its own clock is wrong, and
 * another live node whose clock is right makes CRLs. A CRL that is made with a wrong clock is not
 * valid yet, or expires too soon. The other nodes would replace it at once, and this node would
 * then replace theirs. If the last attempt for the issuer has failed, no node leaves its CRLs to
 * others.
 */
export async function isLeftToOthers(
  reads: Pick<Reads, 'databaseClock' | 'liveRuns' | 'job'>,
  { clock, node }: Pick<World, 'clock' | 'node'>,
  item: JobItem,
): Promise<boolean> {
  const { now } = await reads.databaseClock();
  if (Math.abs(clock() - now) <= CLOCK_OFF_MS_MAX) return false;
  const makesLists = (run: RunRecord): boolean =>
    run.node !== node &&
    run.roles.includes('worker') &&
    !isSilent(run, now) &&
    Math.abs(run.clockOffsetMs) <= CLOCK_OFF_MS_MAX;
  if (!(await reads.liveRuns()).some(makesLists)) return false;
  return ((await reads.job(item))?.failures ?? 0) === 0;
}

/**
 * Returns the kind of CRL that is due; null: none. The CRLs of partitions have no times of their
 * own: they are published together with the CRL of all certificates. Only the first CRL of a
 * partition is due at once.
 */
export function dueKind({ policy, clock }: Pick<World, 'policy' | 'clock'>, state: ListState): CrlKind | null {
  const { full, delta, partitionLacks } = state;
  const { crl, addresses } = policy.environment;
  const now = clock();
  if (partitionLacks === 'full' || isFullDue(crl, full, now)) return 'full';
  if (!addresses.deltaCrl) return null;
  const { periodMs } = crl.delta;
  // The jitter is the same share of the period as that of full CRLs.
  const jitterMs = jitterOf(delta, (crl.jitterMs * periodMs) / crl.periodMs);
  return partitionLacks === 'delta' || isPeriodOver(delta, periodMs - jitterMs, now) ? 'delta' : null;
}

/**
 * Whether a full CRL is due. If the policy has a time of day (`daily`), it is due at this time plus
 * the jitter, and at the latest after its period. Without it, it is due after its period minus the
 * jitter.
 */
function isFullDue({ periodMs, jitterMs, daily }: CrlPolicy, full: CrlRecord | null, now: number): boolean {
  const jitter = jitterOf(full, jitterMs);
  if (daily === null) return isPeriodOver(full, periodMs - jitter, now);
  const from = lastTimeOfDay(now, daily);
  return isPeriodOver(full, periodMs, now) || (full !== null && full.thisUpdate < from && from + jitter <= now);
}

function isPeriodOver(last: CrlRecord | null, periodMs: number, now: number): boolean {
  return last === null || last.thisUpdate + periodMs <= now || last.thisUpdate > now + CLOCKS_DIFFER_MS_MAX;
}

/**
 * Computes the jitter from a digest of the issuer, scope and number of the last CRL, and not from a
 * random number, so that all services on a database get the same result.
 */
function jitterOf(last: CrlRecord | null, jitterMs: number): number {
  if (last === null) return 0;
  const digest = sha256(utf8(`${last.issuer} ${last.scope} ${last.number}`));
  return Math.floor((jitterMs * Buffer.from(digest).readUInt32BE(0)) / 2 ** 32);
}
