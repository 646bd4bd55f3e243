/**
 * Inserts the row of the run of this process at the start, and ends the run when the process stops.
 * Another live run of this node that is from the same home folder and has a role of this process is
 * dead, because this process has the exclusive lock of that role, which the other one had. If a run
 * of this node from another home folder still writes heartbeats, the folder was copied or moved.
 */
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { COMMITTED_MARK } from '../../ports/store/freshness.js';
import { type RunFacts, type RunRecord, SILENT_MS } from '../../ports/store/nodes.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';

const LIVE_RUNS_MAX = 64;

/**
 * Whether a run has written no heartbeat for too long. A time far in the future counts as too long
 * ago, because it was written before the clock of the database was set back.
 */
export function isSilent({ seenAt }: Pick<RunRecord, 'seenAt'>, now: Instant): boolean {
  return Math.abs(now - seenAt) > SILENT_MS;
}

export type RunWorld = {
  readonly store: Pick<Store, 'transaction'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly self: RunFacts;
};

type RunRefusal = { readonly kind: 'node-already-runs' | 'too-many-runs'; readonly detail: string };

/**
 * Inserts the row of this run; does nothing if the row exists. Fails if this node runs from another
 * home folder, or if too many processes use the database.
 */
export async function beginRun(world: RunWorld): Promise<Result<void, RunRefusal | StoreFailure>> {
  const { store, log, self } = world;
  const begun = await store.transaction((tx) => begin(tx, world));
  if (!begun.ok) return begun;
  if (!begun.value.ok && begun.value.error.kind === 'node-already-runs')
    log.error('node.already-runs', { node: self.node, host: self.host, detail: begun.value.error.detail });
  return begun.value;
}

type Transaction = Parameters<Parameters<RunWorld['store']['transaction']>[0]>[0];

async function begin(tx: Transaction, { clock, self }: RunWorld): Promise<Result<void, RunRefusal>> {
  const { run, node, host, home, roles, version } = self;
  const { now } = await tx.databaseClock();
  const live = await tx.liveRuns();
  if (live.some((other) => other.run === run)) return ok(undefined);
  const runsOfNode = live.filter((other) => other.node === node);
  const elsewhere = runsOfNode.find((other) => other.home !== home && !isSilent(other, now));
  if (elsewhere !== undefined) return err(alreadyRuns(self, elsewhere));
  const dead = runsOfNode.filter((other) => other.home !== home || other.roles.some((role) => roles.includes(role)));
  for (const { run: before } of dead) await tx.endRun(before, { at: now, reason: 'restarted' });
  // Silent runs do not count, because there may be no other process that ends them.
  if (live.filter((other) => !dead.includes(other) && !isSilent(other, now)).length >= LIVE_RUNS_MAX)
    return err({ kind: 'too-many-runs', detail: `${LIVE_RUNS_MAX} processes use this database already` });
  const at = clock();
  await tx.insertRun(self, { at: now, clockOffsetMs: at - now });
  await tx.setMark(COMMITTED_MARK, String(now));
  await tx.appendAudit([{ at, type: 'node.started', actor: 'system', details: { run, host, roles, version } }]);
  return ok(undefined);
}

function alreadyRuns({ node, host }: RunFacts, { host: other, seenAt }: RunRecord): RunRefusal {
  const detail =
    `node-already-runs: node ${node} runs on ${other} in another home folder (last heartbeat ${formatInstant(seenAt)}), ` +
    `and this is ${host}. If this home folder is a copy, remove its node.json; if it was moved, stop the node there, ` +
    'or wait 15 s after its end (ops/nodes.md)';
  return { kind: 'node-already-runs', detail };
}

/**
 * Ends the run of this process. If the database is not available, other processes end the run when
 * it has been silent for long enough.
 */
export async function endRun({ store, clock, self: { run, host, roles, version } }: RunWorld): Promise<void> {
  await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    if (!(await tx.endRun(run, { at: now, reason: 'stopped' }))) return;
    const details = { run, host, roles, version };
    await tx.appendAudit([{ at: clock(), type: 'node.stopped', actor: 'system', details }]);
  });
}
