/**
 * Decides when CRLs are published: once in each period and before the last CRL expires, soon after
 * a revocation (several revocations share one CRL), when the last CRL was lost, and on demand. The
 * node that gets the lease of an issuer reads the state of its CRLs again, and makes a CRL only if
 * it is still needed. A node whose clock is wrong leaves this work to nodes whose clocks are right,
 * if there are any. A CRL on demand is always made.
 */
import { present } from '../../kernel/assert.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlPolicy } from '../../policy/model.js';
import { type CrlKind, kindOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { Reads, Store } from '../../ports/store.js';
import { JobFailed, type JobLease, type SharedJob, valueOrThrow } from '../job.js';
import { createPool } from '../runner/pool.js';
import { dueKind, isLeftToOthers, type ListState, readListStates } from './list-state.js';
import { type CrlOutcome, createListsOnDemand } from './lists-on-demand.js';
import type { PublishLag } from './publish-lag.js';

export type CrlPublication = {
  /**
   * Publishes a CRL at once. With `full` (the default), a delta CRL of the same time is published
   * too where the policy has delta CRLs.
   */
  readonly publishNow: (issuer: IssuerId, kind?: CrlKind) => Promise<CrlOutcome>;
  /**
   * Publishes one CRL for several revocations: when no further one has arrived for
   * `afterRevocationMs`, or when the first one has waited for `afterRevocationMsMax`.
   */
  readonly publishSoon: (issuer: IssuerId) => void;
  /** Makes the job replace a CRL, because no node has the last published one any more. */
  readonly replaceLost: (list: LostList) => void;
  /** Returns the issuers for which this node has to make a CRL now. */
  readonly due: (reads: Reads) => Promise<readonly IssuerId[]>;
  /** Makes the CRL that is due for an issuer, if it is still due. */
  readonly work: (leased: Pick<JobLease, 'store'>, issuer: IssuerId) => Promise<'done'>;
  readonly stop: () => Promise<void>;
};

type LostList = { readonly issuer: IssuerId; readonly scope: CrlScope; readonly number: number };

type PublicationWorld = Pick<World, 'node' | 'policy' | 'issuers' | 'store' | 'clock' | 'random'> & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly publish: (store: Store, issuer: IssuerId, kind: CrlKind) => Promise<CrlOutcome>;
  /**
   * Called when a publication or a check of the CRLs begins, so that `publish-lag.ts` measures how
   * long changes of status wait for a CRL.
   */
  readonly beginPublication: PublishLag['beginPublication'];
  /** Wakes the job for an issuer. */
  readonly wake: (issuer: IssuerId) => void;
};

/**
 * Limit of the CRLs that are made at the same time: each reads from a snapshot of the database, and
 * a process can have two snapshots open.
 */
const LISTS_AT_ONCE_MAX = 2;

const LEASE = { job: 'crl', durationMs: 30 * SECOND_MS, budgetMs: 10 * MINUTE_MS } as const;

export const publishCrlsJob: SharedJob<{ readonly crls: CrlPublication }> = {
  name: LEASE.job,
  scope: 'item',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: LEASE.durationMs,
  budgetMs: LEASE.budgetMs,
  isEssential: true,
  prepare: ({ crls }) => ({
    due: crls.due,
    work: (leased, issuer) => crls.work(leased, issuer as IssuerId),
  }),
};

export function createCrlPublication(world: PublicationWorld): CrlPublication {
  const { environment } = world.policy;
  const onRevocation: CrlKind = environment.addresses.deltaCrl ? environment.crl.onRevocation : 'full';
  /**
   * Issuers whose waiting time for further revocations has ended, and whose CRL was not begun yet.
   */
  const collected = new Set<IssuerId>();
  const lost = new Map<IssuerId, LostList>();
  const pool = createPool(LISTS_AT_ONCE_MAX);

  const timers = createRevocationTimers(environment.crl, (issuer) => {
    collected.add(issuer);
    world.wake(issuer);
  });

  const lacksChange = ({ seenChange, lastChange }: ListState): boolean => seenChange[onRevocation] < lastChange;

  /**
   * Starts the timers for a change that was found in the database. The process that made the change
   * may have been killed before it started them, or the database was restored.
   */
  const collectFound = (issuer: IssuerId): void => {
    if (!collected.has(issuer) && !timers.areRunning(issuer)) timers.start(issuer);
  };

  /** Returns the kind of CRL that has to be made now; null: none. */
  const wantedKind = (issuer: IssuerId, state: ListState): CrlKind | null => {
    const isCollecting = timers.areRunning(issuer) && !collected.has(issuer);
    const kinds = [
      dueKind(world, state),
      lacksChange(state) && !isCollecting ? onRevocation : null,
      lostKind(issuer, state),
    ];
    return kinds.find((kind) => kind === 'full') ?? kinds.find((kind) => kind !== null) ?? null;
  };

  /** Returns the kind of the lost CRL; null: no CRL was lost, or it was replaced. */
  const lostKind = (issuer: IssuerId, { numbers }: ListState): CrlKind | null => {
    const list = lost.get(issuer);
    if (list === undefined) return null;
    if (numbers.get(list.scope) === list.number) return kindOf(list.scope);
    lost.delete(issuer);
    return null;
  };

  /** Returns the issuers for which a CRL has to be made now, whichever node makes it. */
  const issuersDue = async (reads: Reads, issuers: readonly IssuerId[]): Promise<readonly IssuerId[]> => {
    // Another node may have made the CRLs that contain the changes for which this node waits.
    const measured = issuers.map((issuer) => ({ issuer, end: world.beginPublication(issuer) }));
    const listed = new Set<IssuerId>();
    try {
      const states = await readListStates(reads, environment, issuers);
      return issuers.filter((issuer, at) => {
        const state = present(states[at], 'the state of an issuer that was asked for');
        if (lacksChange(state)) collectFound(issuer);
        else {
          listed.add(issuer);
          collected.delete(issuer);
        }
        return wantedKind(issuer, state) !== null;
      });
    } catch {
      // If the states cannot be read, every issuer counts as due. The error then ends the attempt
      // of the issuer whose state is the reason, and not those of the others.
      return issuers;
    } finally {
      for (const { issuer, end } of measured) end(listed.has(issuer));
    }
  };

  const make = (store: Store, issuer: IssuerId, kind: CrlKind): Promise<CrlOutcome> =>
    new Promise((resolve, reject) => pool.add(() => makeNow(store, issuer, kind).then(resolve, reject)));

  const makeNow = async (store: Store, issuer: IssuerId, kind: CrlKind): Promise<CrlOutcome> => {
    const end = world.beginPublication(issuer);
    let isPublished = false;
    // Revocations from now on are collected for the CRL after this one.
    collected.delete(issuer);
    try {
      const outcome = await world.publish(store, issuer, kind);
      isPublished = outcome.ok;
      return outcome;
    } finally {
      // If no CRL was published, its changes stay due for the next attempt, and are still measured
      // as waiting.
      if (!isPublished) collected.add(issuer);
      end(isPublished);
    }
  };

  const onDemand = createListsOnDemand({ ...world, lease: LEASE, make });

  /**
   * Makes the CRL that is due, if any. Returns whether a full CRL was made in place of a delta that
   * had no usable base.
   */
  const publishWanted = async ({ store }: Pick<JobLease, 'store'>, issuer: IssuerId): Promise<boolean> => {
    // The state is read again, because the node that had the lease before may just have published a
    // CRL.
    const [state] = valueOrThrow(await store.read((reads) => readListStates(reads, environment, [issuer])));
    const kind = wantedKind(issuer, present(state, 'the state of an issuer'));
    if (kind === null) return false;
    const outcome = await make(store, issuer, kind);
    if (!outcome.ok) throw new JobFailed(`${kind} list: ${failureText(outcome.error)}`);
    return kind !== kindOf(outcome.value.scope);
  };

  return {
    publishNow: (issuer, kind = 'full') => onDemand.publish(issuer, kind),
    publishSoon: timers.start,
    replaceLost: (list) => {
      lost.set(list.issuer, list);
      world.wake(list.issuer);
    },
    due: async (reads) => {
      const issuing = world.issuers.all().flatMap(({ id, kind }) => (kind === 'root' ? [] : [id]));
      const found: IssuerId[] = [];
      for (const id of await issuersDue(reads, issuing))
        if (!(await isLeftToOthers(reads, world, { job: LEASE.job, item: id }))) found.push(id);
      return found;
    },
    work: async (leased, issuer) => {
      // If a full CRL was made in place of a delta, a delta may be due now.
      if (await publishWanted(leased, issuer)) await publishWanted(leased, issuer);
      return 'done';
    },
    stop: async () => {
      timers.stop();
      await onDemand.stop();
    },
  };
}

function failureText(failure: OperationFailure): string {
  return 'rule' in failure ? `${failure.kind} (${failure.rule})` : failure.kind;
}

type RevocationTimers = {
  readonly start: (issuer: IssuerId) => void;
  readonly areRunning: (issuer: IssuerId) => boolean;
  readonly stop: () => void;
};

/**
 * Creates the timers that collect revocations, two for each issuer. Each further revocation
 * restarts the first one (`afterRevocationMs`), but not the second one (`afterRevocationMsMax`).
 * `collected` is called when one of them ends.
 */
function createRevocationTimers(
  { afterRevocationMs, afterRevocationMsMax }: CrlPolicy,
  collected: (issuer: IssuerId) => void,
): RevocationTimers {
  const running = new Map<IssuerId, readonly [NodeJS.Timeout, NodeJS.Timeout]>();
  let stopped = false;
  const clear = (issuer: IssuerId): void => {
    for (const timer of running.get(issuer) ?? []) clearTimeout(timer);
    running.delete(issuer);
  };
  return {
    start: (issuer) => {
      if (stopped) return;
      const timers = running.get(issuer);
      if (timers !== undefined) {
        timers[0].refresh();
        return;
      }
      const end = (): void => {
        clear(issuer);
        collected(issuer);
      };
      const after = (ms: number): NodeJS.Timeout => setTimeout(end, ms).unref();
      running.set(issuer, [after(afterRevocationMs), after(afterRevocationMsMax)]);
    },
    areRunning: (issuer) => running.has(issuer),
    stop: () => {
      stopped = true;
      for (const issuer of [...running.keys()]) clear(issuer);
    },
  };
}
