/**
 * When CRLs are published: each period ahead of its end, soon after a revocation (several revocations share one list), and
 * on demand. One publication of an issuer at a time; who asks while one runs gets the next.
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

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

export type CrlPublication = {
  /** `full`, which is what it is without: and a delta of the same moment, where they are served. */
  readonly now: (issuer: IssuerId, kind?: CrlKind) => Promise<CrlOutcome>;
  /** When no revocation has come for `afterRevocationMs`, or the first has waited for `afterRevocationMsMax`: once for all. */
  readonly soon: (issuer: IssuerId) => void;
  /**
   * Publishes where the last list is older than its period, or lacks what happened before, and no other service on this database is
   * about to.
   */
  readonly due: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Longer than a list takes; who dies while it makes one holds up the others no longer than this, ahead of the list's end. */
const LEASE_MS = 5 * MINUTE_MS;
/**
 * How long a list waits for another service that is making one of the same issuer, which the signer would else refuse one of. Longer than
 * that takes; then that one is believed dead, and the numbers see to the order.
 */
const OTHERS_WAIT_MS_MAX = 10_000;
const OTHERS_POLL_MS = 100;
/** A list from further in the future than this is of a clock that was wrong: no relying party takes it. */
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

/** After a revocation: `quiet` begins anew with each that follows, `bound` does not. */
type Waiting = { readonly quiet: NodeJS.Timeout; readonly bound: NodeJS.Timeout };

export function createCrlPublication(
  world: World,
  publish: (issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>,
): CrlPublication {
  const { environment } = world.policy;
  const onRevocation: CrlKind = environment.addresses.deltaCrl ? environment.crl.onRevocation : 'full';
  const tails = new Map<IssuerId, Promise<unknown>>();
  /** Asked for and not begun: whoever asks meanwhile shares it, so that the queue of an issuer is one long of each kind. */
  const asked = new Map<string, Promise<CrlOutcome>>();
  const waiting = new Map<IssuerId, Waiting>();
  /** What lists lacked when this was last looked at; whoever changed it may be about to publish. */
  const lacked = new Map<IssuerId, number>();
  const holder = toHex(world.random(16));
  let stopped = false;

  const now = (issuer: IssuerId, kind: CrlKind = 'full'): Promise<CrlOutcome> => {
    const name = `${kind} ${issuer}`;
    const shared = asked.get(name);
    if (shared !== undefined) return shared;
    const next = (tails.get(issuer) ?? Promise.resolve()).then(async () => {
      // Also where it throws: whoever asks later would else share that, for ever.
      const lease = await waitForOthers(issuer).finally(() => asked.delete(name));
      try {
        return await publish(issuer, kind);
      } finally {
        if (lease !== null) await world.store.releaseLease(lease);
      }
    });
    asked.set(name, next);
    tails.set(
      issuer,
      next.catch(() => undefined),
    );
    return next;
  };

  /** null: the database cannot say, or the other takes too long. */
  const waitForOthers = async (issuer: IssuerId): Promise<Lease | null> => {
    for (let waitedMs = 0; waitedMs <= OTHERS_WAIT_MS_MAX; waitedMs += OTHERS_POLL_MS) {
      const lease = await world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });
      if (!lease.ok || lease.value !== null || stopped) return lease.ok ? lease.value : null;
      await new Promise((resolve) => setTimeout(resolve, OTHERS_POLL_MS));
    }
    return null;
  };

  const attempt = async (issuer: IssuerId, kind: CrlKind): Promise<void> => {
    const outcome = await now(issuer, kind);
    if (outcome.ok) return;
    world.log.error('crl.not-published', { issuer, list: kind, kind: outcome.error.kind });
    if (!stopped) soon(issuer);
  };

  const publishWaiting = (issuer: IssuerId): void => {
    forget(issuer);
    attempt(issuer, onRevocation).catch((error: unknown) =>
      world.log.error('crl.not-published', { issuer, detail: String(error) }),
    );
  };

  const forget = (issuer: IssuerId): void => {
    const timers = waiting.get(issuer);
    clearTimeout(timers?.quiet);
    clearTimeout(timers?.bound);
    waiting.delete(issuer);
  };

  const soon = (issuer: IssuerId): void => {
    if (stopped) return;
    const timers = waiting.get(issuer);
    if (timers !== undefined) {
      timers.quiet.refresh();
      return;
    }
    const { afterRevocationMs, afterRevocationMsMax } = environment.crl;
    waiting.set(issuer, {
      quiet: setTimeout(() => publishWaiting(issuer), afterRevocationMs),
      bound: setTimeout(() => publishWaiting(issuer), afterRevocationMsMax),
    });
  };

  const due = async (): Promise<void> => {
    for (const issuer of world.issuers.all()) {
      // Whoever ends waits for the list that is being made, and not for those of all authorities, which may be large.
      if (stopped) return;
      if (issuer.kind === 'root') continue;
      // What is wrong with the records of one authority is no reason to leave the lists of the others to end.
      await dueOf(issuer.id).catch((error: unknown) =>
        world.log.error('crl.not-published', { issuer: issuer.id, detail: String(error) }),
      );
    }
  };

  const dueOf = async (issuer: IssuerId): Promise<void> => {
    const look = () => world.store.read((reads) => stateOf(reads, environment, issuer));
    const state = await look();
    if (!state.ok) return;
    if (dueKind(world, state.value) !== null) await alone(issuer, look);
    else if (lacks(issuer, state.value)) soon(issuer);
  };

  /** Something happened that no list has, and a minute ago as well; or before this process began. */
  const lacks = (issuer: IssuerId, { lastChange, seenChange }: ListState): boolean => {
    const before = lacked.get(issuer) ?? Number.POSITIVE_INFINITY;
    lacked.set(issuer, seenChange);
    return seenChange < lastChange && (before === Number.POSITIVE_INFINITY || before === seenChange);
  };

  const numberOfFull = async (look: Look): Promise<number | null> => {
    const state = await look();
    return state.ok ? (state.value.full?.number ?? 0) : null;
  };

  /** Number of the full list before; null: nothing was due. */
  const attemptDue = async (issuer: IssuerId, look: Look): Promise<number | null> => {
    const state = await look();
    const kind = state.ok ? dueKind(world, state.value) : null;
    if (!state.ok || kind === null) return null;
    await attempt(issuer, kind);
    return state.value.full?.number ?? 0;
  };

  /**
   * Of several services on one database one makes the list that is due. The lease spares the others the work; that no list
   * is overtaken by an older one is the publication's own promise.
   */
  const alone = async (issuer: IssuerId, look: Look): Promise<void> => {
    const lease = await world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // Whoever held it before may just have published.
    const full = await attemptDue(issuer, look);
    // Where a full list was made because there was none to begin a delta with, that delta is due now.
    if (full !== null && full !== (await numberOfFull(look))) await attemptDue(issuer, look);
    await world.store.releaseLease(lease.value);
  };

  return {
    now,
    soon,
    due,
    stop: async () => {
      stopped = true;
      for (const issuer of [...waiting.keys()]) forget(issuer);
      await Promise.all(tails.values());
    },
  };
}

type Look = () => Promise<Result<ListState, unknown>>;

type ListState = {
  readonly full: CrlRecord | null;
  readonly delta: CrlRecord | null;
  /** What a partition has none of: it was switched on, and certificates already name its lists. */
  readonly partitionLacks: CrlKind | null;
  /** Number of the last change of a status; and of the last one that a list has. */
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

/** null: none is due. Lists of partitions are published with those of all certificates; where one has none yet, at once. */
function dueKind({ policy, clock }: Pick<World, 'policy' | 'clock'>, state: ListState): CrlKind | null {
  const { full, delta, partitionLacks } = state;
  const { crl, addresses } = policy.environment;
  const now = clock();
  if (partitionLacks === 'full' || isFullDue(crl, full, now)) return 'full';
  if (!addresses.deltaCrl) return null;
  const { periodMs } = crl.delta;
  // In the same part of its period as the full list's, and no more of it.
  const jitterMs = jitterOf(delta, (crl.jitterMs * periodMs) / crl.periodMs);
  return partitionLacks === 'delta' || isOver(delta, periodMs - jitterMs, now) ? 'delta' : null;
}

/** With a time of the day the jitter comes after it, and the period finds the list of that morning there. */
function isFullDue({ periodMs, jitterMs, daily }: CrlPolicy, full: CrlRecord | null, now: number): boolean {
  const spread = jitterOf(full, jitterMs);
  if (daily === null) return isOver(full, periodMs - spread, now);
  const from = lastTimeOfDay(now, daily);
  return isOver(full, periodMs, now) || (full !== null && full.thisUpdate < from && from + spread <= now);
}

function isOver(last: CrlRecord | null, periodMs: number, now: number): boolean {
  return last === null || last.thisUpdate + periodMs <= now || last.thisUpdate > now + CLOCKS_DIFFER_MS_MAX;
}

/** The same for all services on a database: which of them looks first does not matter. */
function jitterOf(last: CrlRecord | null, jitterMs: number): number {
  if (last === null) return 0;
  const digest = sha256(utf8(`${last.issuer} ${last.scope} ${last.number}`));
  return Math.floor((jitterMs * Buffer.from(digest).readUInt32BE(0)) / 2 ** 32);
}
