/**
 * Decides when CRLs are published: in each period before the last list ends, soon after a
 * revocation (several revocations share one list), and on demand. Lists of an issuer are made one
 * at a time; requests that arrive while a list is being made share the next one.
 */
import { toHex, utf8 } from '../../kernel/bytes.js';
import { sha256 } from '../../kernel/digest.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import { lastTimeOfDay } from '../../kernel/time-of-day.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlPolicy, Environment } from '../../policy/model.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { type CrlKind, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import type { Lease } from '../../ports/store/leases.js';
import type { Reads } from '../../ports/store.js';
import type { RunJob } from '../job.js';

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

export type CrlPublication = {
  /**
   * Publishes now. `full` (the default): where delta CRLs are published, a delta of the same time
   * is published with it.
   */
  readonly publishNow: (issuer: IssuerId, kind?: CrlKind) => Promise<CrlOutcome>;
  /**
   * Publishes one list for several revocations: when no further one has arrived for
   * `afterRevocationMs`, or when the first one has waited for `afterRevocationMsMax`.
   */
  readonly publishSoon: (issuer: IssuerId) => void;
  /**
   * Publishes where the last list is older than its period, or lacks an earlier change of status,
   * unless another service on this database is already making that list.
   */
  readonly publishDue: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * The lease is longer than making a list takes. If a service crashes, the others wait at most this
 * long, which ends before the list expires.
 */
const LEASE_MS = 5 * MINUTE_MS;

export const publishDueCrls: RunJob<{ readonly crls: CrlPublication }> = {
  name: 'crls-due',
  scope: 'run',
  role: 'all',
  everyMs: MINUTE_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: ({ crls }) => ({ run: crls.publishDue }),
};

/**
 * How long a publication waits while another service makes a list of the same issuer, because the
 * signer would refuse one of the two. It is longer than making a list takes. After this time the
 * other service counts as crashed; the CRL numbers still keep the order.
 */
const OTHERS_WAIT_MS_MAX = 10_000;
const OTHERS_POLL_MS = 100;
/**
 * Tolerated difference between two clocks. A list with a later time was made with a wrong clock,
 * and no relying party accepts it.
 */
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

export function createCrlPublication(
  world: World,
  publish: (issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>,
): CrlPublication {
  const { environment } = world.policy;
  const onRevocation: CrlKind = environment.addresses.deltaCrl ? environment.crl.onRevocation : 'full';
  const tails = new Map<IssuerId, Promise<unknown>>();
  /**
   * Publications that have not started. Further requests share them, so at most one list of each
   * kind waits.
   */
  const queued = new Map<string, Promise<CrlOutcome>>();
  /**
   * The last change in the lists at the previous run: the process that made a later change may be
   * about to publish it.
   */
  const lacked = new Map<IssuerId, number>();
  /** The failures of the last attempts. A retry every few seconds does not log them again. */
  const loggedFailures = new Map<IssuerId, string>();
  const holder = toHex(world.random(16));
  let stopped = false;

  const publishNow = (issuer: IssuerId, kind: CrlKind = 'full'): Promise<CrlOutcome> => {
    const name = `${kind} ${issuer}`;
    const shared = queued.get(name);
    if (shared !== undefined) return shared;
    const next = (tails.get(issuer) ?? Promise.resolve()).then(async () => {
      // It is deleted after a failure too: otherwise all later requests would get that failure.
      const lease = await waitForOthers(issuer).finally(() => queued.delete(name));
      try {
        return await publish(issuer, kind);
      } finally {
        if (lease !== null) await world.store.releaseLease(lease);
      }
    });
    queued.set(name, next);
    tails.set(
      issuer,
      next.catch(() => undefined),
    );
    return next;
  };

  /** null: the database is down, or the other service takes too long. */
  const waitForOthers = async (issuer: IssuerId): Promise<Lease | null> => {
    for (let waitedMs = 0; waitedMs <= OTHERS_WAIT_MS_MAX; waitedMs += OTHERS_POLL_MS) {
      const lease = await world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });
      if (!lease.ok || lease.value !== null || stopped) return lease.ok ? lease.value : null;
      await new Promise((resolve) => setTimeout(resolve, OTHERS_POLL_MS));
    }
    return null;
  };

  const attempt = async (issuer: IssuerId, kind: CrlKind): Promise<void> => {
    const outcome = await publishNow(issuer, kind);
    if (outcome.ok) return void loggedFailures.delete(issuer);
    const { kind: failure } = outcome.error;
    if (loggedFailures.get(issuer) !== failure)
      world.log.error('crl.not-published', { issuer, list: kind, kind: failure });
    loggedFailures.set(issuer, failure);
    if (!stopped) publishSoon(issuer);
  };

  const publishAfterRevocation = (issuer: IssuerId): void => {
    attempt(issuer, onRevocation).catch((error: unknown) =>
      world.log.error('crl.not-published', { issuer, detail: String(error) }),
    );
  };

  const publishSoon = (issuer: IssuerId): void => {
    if (!stopped) timers.start(issuer);
  };

  const timers = createRevocationTimers(environment.crl, publishAfterRevocation);

  const publishDue = async (): Promise<void> => {
    for (const issuer of world.issuers.all()) {
      // A process that stops waits for the list that is being made, not for the lists of all
      // authorities.
      if (stopped) return;
      if (issuer.kind === 'root') continue;
      // A fault in the records of one authority must not let the lists of the other authorities
      // expire.
      await publishDueOf(issuer.id).catch((error: unknown) =>
        world.log.error('crl.not-published', { issuer: issuer.id, detail: String(error) }),
      );
    }
  };

  const publishDueOf = async (issuer: IssuerId): Promise<void> => {
    const look = () => world.store.read((reads) => stateOf(reads, environment, issuer));
    const state = await look();
    if (!state.ok) return;
    if (dueKind(world, state.value) !== null) await alone(issuer, look);
    else if (lacks(issuer, state.value)) publishSoon(issuer);
  };

  /**
   * Whether a change that is in no list yet was there at the previous run too, or before this
   * process started.
   */
  const lacks = (issuer: IssuerId, { lastChange, seenChange }: ListState): boolean => {
    const before = lacked.get(issuer) ?? Number.POSITIVE_INFINITY;
    lacked.set(issuer, seenChange);
    return seenChange < lastChange && (before === Number.POSITIVE_INFINITY || before === seenChange);
  };

  const numberOfFull = async (look: Look): Promise<number | null> => {
    const state = await look();
    return state.ok ? (state.value.full?.number ?? 0) : null;
  };

  /**
   * Publishes what is due; returns the number of the full list before, or null if nothing was due.
   */
  const attemptDue = async (issuer: IssuerId, look: Look): Promise<number | null> => {
    const state = await look();
    const kind = state.ok ? dueKind(world, state.value) : null;
    if (!state.ok || kind === null) return null;
    await attempt(issuer, kind);
    return state.value.full?.number ?? 0;
  };

  /**
   * Ensures that only one of several services on a database makes the list that is due. The lease
   * only saves work: the publication itself ensures that no list is replaced by an older one.
   */
  const alone = async (issuer: IssuerId, look: Look): Promise<void> => {
    const lease = await world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // The service that had the lease before may just have published.
    const full = await attemptDue(issuer, look);
    // If a full list was made because a delta needed one, that delta is due now.
    if (full !== null && full !== (await numberOfFull(look))) await attemptDue(issuer, look);
    await world.store.releaseLease(lease.value);
  };

  return {
    publishNow,
    publishSoon,
    publishDue,
    stop: async () => {
      stopped = true;
      timers.clear();
      await Promise.all(tails.values());
    },
  };
}

type RevocationTimers = {
  readonly start: (issuer: IssuerId) => void;
  readonly clear: () => void;
};

/** Each further revocation restarts the first timer of its issuer, but not the second one. */
function createRevocationTimers(
  { afterRevocationMs, afterRevocationMsMax }: CrlPolicy,
  publish: (issuer: IssuerId) => void,
): RevocationTimers {
  const running = new Map<IssuerId, readonly [NodeJS.Timeout, NodeJS.Timeout]>();
  const clear = (issuer: IssuerId): void => {
    for (const timer of running.get(issuer) ?? []) clearTimeout(timer);
    running.delete(issuer);
  };
  return {
    start: (issuer) => {
      const timers = running.get(issuer);
      if (timers !== undefined) {
        timers[0].refresh();
        return;
      }
      const end = (): void => {
        clear(issuer);
        publish(issuer);
      };
      running.set(issuer, [setTimeout(end, afterRevocationMs), setTimeout(end, afterRevocationMsMax)]);
    },
    clear: () => {
      for (const issuer of [...running.keys()]) clear(issuer);
    },
  };
}

type Look = () => Promise<Result<ListState, unknown>>;

type ListState = {
  readonly full: CrlRecord | null;
  readonly delta: CrlRecord | null;
  /**
   * Kind of list that a partition does not have yet although certificates already name it, because
   * the kind was added to the policy later.
   */
  readonly partitionLacks: CrlKind | null;
  /** Number of the last change of status, and of the last one that a list has. */
  readonly lastChange: number;
  readonly seenChange: number;
};

async function stateOf(reads: Reads, environment: Environment, issuer: IssuerId): Promise<ListState> {
  const full = await reads.latestCrl(issuer);
  const delta = await reads.latestCrl(issuer, 'delta');
  const lastChange = await reads.lastChange(issuer);
  const seenChange = Math.max(full?.seen?.change ?? 0, delta?.seen?.change ?? 0);
  return { full, delta, partitionLacks: await lackOfPartitions(reads, environment, issuer), lastChange, seenChange };
}

async function lackOfPartitions(reads: Reads, environment: Environment, issuer: IssuerId): Promise<CrlKind | null> {
  const kinds: readonly CrlKind[] = environment.addresses.deltaCrl ? ['full', 'delta'] : ['full'];
  for (const kind of kinds)
    for (const partition of crlPartitions(environment, issuer))
      if (partition !== null && (await reads.latestCrl(issuer, scopeOf(kind, partition))) === null) return kind;
  return null;
}

/**
 * null: none is due. Lists of partitions are published together with the list of all certificates;
 * the first list of a partition is due at once.
 */
function dueKind({ policy, clock }: Pick<World, 'policy' | 'clock'>, state: ListState): CrlKind | null {
  const { full, delta, partitionLacks } = state;
  const { crl, addresses } = policy.environment;
  const now = clock();
  if (partitionLacks === 'full' || isFullDue(crl, full, now)) return 'full';
  if (!addresses.deltaCrl) return null;
  const { periodMs } = crl.delta;
  // The jitter is the same share of the period as that of full lists.
  const jitterMs = jitterOf(delta, (crl.jitterMs * periodMs) / crl.periodMs);
  return partitionLacks === 'delta' || isPeriodOver(delta, periodMs - jitterMs, now) ? 'delta' : null;
}

/**
 * With a time of day the list is due after it, later by the jitter; the period is then the limit.
 */
function isFullDue({ periodMs, jitterMs, daily }: CrlPolicy, full: CrlRecord | null, now: number): boolean {
  const spread = jitterOf(full, jitterMs);
  if (daily === null) return isPeriodOver(full, periodMs - spread, now);
  const from = lastTimeOfDay(now, daily);
  return isPeriodOver(full, periodMs, now) || (full !== null && full.thisUpdate < from && from + spread <= now);
}

function isPeriodOver(last: CrlRecord | null, periodMs: number, now: number): boolean {
  return last === null || last.thisUpdate + periodMs <= now || last.thisUpdate > now + CLOCKS_DIFFER_MS_MAX;
}

/** A digest decides, so that all services on a database compute the same jitter. */
function jitterOf(last: CrlRecord | null, jitterMs: number): number {
  if (last === null) return 0;
  const digest = sha256(utf8(`${last.issuer} ${last.scope} ${last.number}`));
  return Math.floor((jitterMs * Buffer.from(digest).readUInt32BE(0)) / 2 ** 32);
}
