/**
 * Decides when CRLs are published: in each period before the last list ends, soon after a
 * revocation (several revocations share one list), when the last list was lost, and on demand.
 * Requests that arrive while a list is being made share the next one (`list-turns.ts`). A list on
 * demand is always made.
 */
import { present } from '../../kernel/assert.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import type { CrlPolicy } from '../../policy/model.js';
import { type CrlKind, kindOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { RunJob } from '../job.js';
import { dueKind, type ListState } from './list-state.js';
import { type CrlOutcome, createListTurns, type ListPublisher, type WantedList } from './list-turns.js';

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
  /** Replaces the last published list, which no service has any more. */
  readonly replaceLost: (list: LostList) => void;
  /**
   * Publishes where the last list is older than its period, or lacks an earlier change of status,
   * unless another service on this database is already making that list.
   */
  readonly publishDue: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type LostList = { readonly issuer: IssuerId; readonly scope: CrlScope; readonly number: number };

export const publishDueCrls: RunJob<{ readonly crls: CrlPublication }> = {
  name: 'crls-due',
  scope: 'run',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: ({ crls }) => ({ run: crls.publishDue }),
};

export function createCrlPublication(world: World, publisher: ListPublisher): CrlPublication {
  const { environment } = world.policy;
  const onRevocation: CrlKind = environment.addresses.deltaCrl ? environment.crl.onRevocation : 'full';
  /**
   * The last change in the lists at the previous run: the process that made a later change may be
   * about to publish it.
   */
  const lacked = new Map<IssuerId, number>();
  /** The failures of the last attempts. A retry every few seconds does not log them again. */
  const loggedFailures = new Map<IssuerId, string>();
  const turns = createListTurns(world, publisher);
  let stopped = false;

  const publishNow = async (issuer: IssuerId, kind: CrlKind = 'full'): Promise<CrlOutcome> =>
    present(await turns.take({ sort: 'on-demand', issuer, kind, isNeeded: () => true }), 'a list on demand');

  const attempt = async (wanted: WantedList): Promise<void> => {
    const { issuer, kind } = wanted;
    const outcome = await turns.take(wanted);
    if (outcome === null || outcome.ok) return void loggedFailures.delete(issuer);
    const failure = { kind: outcome.error.kind, ...('rule' in outcome.error ? { rule: outcome.error.rule } : {}) };
    const name = JSON.stringify(failure);
    if (loggedFailures.get(issuer) !== name) world.log.error('crl.not-published', { issuer, list: kind, ...failure });
    loggedFailures.set(issuer, name);
    if (!stopped) publishSoon(issuer);
  };

  const attemptLater = (wanted: WantedList): void => {
    attempt(wanted).catch((error: unknown) =>
      world.log.error('crl.not-published', { issuer: wanted.issuer, detail: String(error) }),
    );
  };

  const publishAfterRevocation = (issuer: IssuerId): void =>
    attemptLater({ sort: 'after-revocation', issuer, kind: onRevocation, isNeeded: lacksChange });

  const lacksChange = ({ seenChange, lastChange }: ListState): boolean => seenChange[onRevocation] < lastChange;

  const replaceLost = ({ issuer, scope, number }: LostList): void => {
    const isNeeded = ({ numbers }: ListState): boolean => numbers.get(scope) === number;
    if (!stopped) attemptLater({ sort: `lost ${scope} ${number}`, issuer, kind: kindOf(scope), isNeeded });
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
    const state = await turns.look(issuer);
    if (!state.ok) return;
    if (dueKind(world, state.value) !== null) await alone(issuer);
    else if (lacks(issuer, state.value)) publishSoon(issuer);
  };

  /**
   * Whether a change that is in no list yet was there at the previous run too, or before this
   * process started.
   */
  const lacks = (issuer: IssuerId, state: ListState): boolean => {
    const before = lacked.get(issuer) ?? Number.POSITIVE_INFINITY;
    const seen = state.seenChange[onRevocation];
    lacked.set(issuer, seen);
    return lacksChange(state) && (before === Number.POSITIVE_INFINITY || before === seen);
  };

  const numberOfFull = async (issuer: IssuerId): Promise<number | null> => {
    const state = await turns.look(issuer);
    return state.ok ? (state.value.full?.number ?? 0) : null;
  };

  /**
   * Publishes what is due; returns the number of the full list before, or null if nothing was due.
   */
  const attemptDue = async (issuer: IssuerId): Promise<number | null> => {
    const state = await turns.look(issuer);
    const kind = state.ok ? dueKind(world, state.value) : null;
    if (!state.ok || kind === null) return null;
    await attempt({ sort: 'due', issuer, kind, isNeeded: (later) => dueKind(world, later) !== null });
    return state.value.full?.number ?? 0;
  };

  /**
   * Ensures that only one of several services on a database makes the list that is due. The lease
   * only saves work: the publication itself ensures that no list is replaced by an older one.
   */
  const alone = async (issuer: IssuerId): Promise<void> => {
    const lease = await turns.acquire(issuer);
    if (!lease.ok || lease.value === null) return;
    // The service that had the lease before may just have published.
    const full = await attemptDue(issuer);
    // If a full list was made because a delta needed one, that delta is due now.
    if (full !== null && full !== (await numberOfFull(issuer))) await attemptDue(issuer);
    await world.store.releaseLease(lease.value);
  };

  return {
    publishNow,
    publishSoon,
    replaceLost,
    publishDue,
    stop: async () => {
      stopped = true;
      timers.clear();
      await turns.stop();
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
