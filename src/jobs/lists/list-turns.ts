/**
 * Lists of an issuer are made one at a time, in this process and, under a lease, among all services
 * on the database. Whoever gets its turn reads the state of the lists again, and makes the list
 * only if it is still needed.
 */
import { toHex } from '../../kernel/bytes.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Lease } from '../../ports/store/leases.js';
import { type ListState, readListState } from './list-state.js';
import type { PublishLag } from './publish-lag.js';

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

export type ListPublisher = {
  readonly publish: (issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
  /** Measures how long changes wait. */
  readonly begin: PublishLag['begin'];
  /** Called when another service has made the list that was needed here. */
  readonly madeElsewhere: (issuer: IssuerId) => void;
};

export type WantedList = {
  /** Why it is wanted. */
  readonly sort: 'on-demand' | 'after-revocation' | 'due' | `lost ${string}`;
  readonly issuer: IssuerId;
  readonly kind: CrlKind;
  /** Decides with the state at its turn. */
  readonly isNeeded: (state: ListState) => boolean;
};

type ListTurns = {
  /** null: when its turn came, the list was not needed any more. */
  readonly take: (wanted: WantedList) => Promise<CrlOutcome | null>;
  readonly look: (issuer: IssuerId) => Promise<Result<ListState, StoreFailure>>;
  /** null: another service has the lease. */
  readonly acquire: (issuer: IssuerId) => Promise<Result<Lease | null, StoreFailure>>;
  /** Waits for the lists that are being made; the leases of others are not waited for any more. */
  readonly stop: () => Promise<void>;
};

/**
 * The lease is longer than making a list takes. If a service crashes, the others wait at most this
 * long, which ends before the list expires.
 */
const LEASE_MS = 5 * MINUTE_MS;
/**
 * How long a publication waits while another service makes a list of the same issuer, because the
 * signer would refuse one of the two. It is longer than making a list takes. After this time the
 * other service counts as crashed; the CRL numbers still keep the order.
 */
const OTHERS_WAIT_MS_MAX = 10_000;
const OTHERS_POLL_MS = 100;

export function createListTurns(world: World, { publish, begin, madeElsewhere }: ListPublisher): ListTurns {
  const tails = new Map<IssuerId, Promise<unknown>>();
  /**
   * Publications that have not started. Further requests of the same sort share them, so at most
   * one list of each kind and sort waits.
   */
  const queued = new Map<string, Promise<CrlOutcome | null>>();
  const holder = toHex(world.random(16));
  let stopped = false;

  const look: ListTurns['look'] = (issuer) =>
    world.store.read((reads) => readListState(reads, world.policy.environment, issuer));
  const acquire: ListTurns['acquire'] = (issuer) =>
    world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });

  const take = (wanted: WantedList): Promise<CrlOutcome | null> => {
    const { sort, issuer, kind } = wanted;
    const name = `${sort} ${kind} ${issuer}`;
    const shared = queued.get(name);
    if (shared !== undefined) return shared;
    const next = (tails.get(issuer) ?? Promise.resolve()).then(async () => {
      // It is deleted after a failure too: otherwise all later requests would get that failure.
      const lease = await waitForOthers(issuer).finally(() => queued.delete(name));
      try {
        return await make(wanted);
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
      const lease = await acquire(issuer);
      if (!lease.ok || lease.value !== null || stopped) return lease.ok ? lease.value : null;
      await new Promise((resolve) => setTimeout(resolve, OTHERS_POLL_MS));
    }
    return null;
  };

  const make = async ({ issuer, kind, isNeeded }: WantedList): Promise<CrlOutcome | null> => {
    const end = begin(issuer);
    let isPublished = false;
    try {
      const state = await look(issuer);
      // Without the state, the publication fails too, and its failure is reported.
      if (state.ok && !isNeeded(state.value)) {
        isPublished = true;
        madeElsewhere(issuer);
        return null;
      }
      const outcome = await publish(issuer, kind);
      isPublished = outcome.ok;
      return outcome;
    } finally {
      end(isPublished);
    }
  };

  return {
    take,
    look,
    acquire,
    stop: async () => {
      stopped = true;
      await Promise.all(tails.values());
    },
  };
}
