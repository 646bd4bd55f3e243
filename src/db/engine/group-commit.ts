/**
 * Group commit: all waiting requests share one turn, whatever their work. A turn is a transaction,
 * or a read of one kind of work. Requests that arrive during a turn share the next one. So a turn
 * has few items when the load is low and many when it is high, without a timer.
 *
 * Interactive items have a turn of their own, because batch items would make it longer. Batch items
 * that were left out for them are part of the next turn, so that they always go on. While there is
 * interactive work, a turn has few of them, because interactive requests that arrive next wait for
 * its end.
 */
import { assert } from '../../kernel/assert.js';
import type { InteractiveWork } from '../../kernel/interactive-work.js';
import type { GroupedWork, GroupPriority } from '../../ports/store.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';

/**
 * Runs `work` in one transaction, or in one read. Rejects with `StoreUnavailable` or with the error
 * that `work` has thrown. `work` may be called more than once.
 */
type Turn<Context> = <Value>(work: (context: Context) => Promise<Value>) => Promise<Value>;

type GroupLimits = {
  /**
   * Limit for the waiting items of each priority, so that neither fills the queue of the other; of
   * reads also for each kind of work.
   */
  readonly waitingMax: number;
  /**
   * Limit for the items of one turn. A turn with interactive items may have up to
   * `BATCH_ITEMS_BESIDE_INTERACTIVE` batch items in addition.
   */
  readonly itemsMax: number;
};

/** Limit for the batch items of a turn while there is interactive work. */
const BATCH_ITEMS_BESIDE_INTERACTIVE = 10;

/**
 * An item that waits for a turn. Its types are unknown here, because a turn has items of several
 * kinds of work: only `join` knows them.
 */
type QueuedItem<Context> = {
  readonly work: GroupedWork<Context, unknown, unknown>;
  readonly item: unknown;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Groups<Context> = {
  /**
   * Adds an item to the next turn, and resolves with its outcome. Rejects with `StoreUnavailable`
   * or with the error that `work` has thrown.
   */
  readonly join: <Item, Outcome>(
    work: GroupedWork<Context, Item, Outcome>,
    item: Item,
    priority?: GroupPriority,
  ) => Promise<Outcome>;
};

export function createGroupCommit<Context>(
  turn: Turn<Context>,
  { waitingMax, itemsMax }: GroupLimits,
  { isRecent }: Pick<InteractiveWork, 'isRecent'>,
): Groups<Context> {
  const interactive: QueuedItem<Context>[] = [];
  const batch: QueuedItem<Context>[] = [];
  let isRunning = false;
  let wereBatchItemsLeftOut = false;

  async function takeTurns(): Promise<void> {
    isRunning = true;
    while (interactive.length + batch.length > 0) await takeTurn();
    isRunning = false;
  }

  function takeGroup(): readonly QueuedItem<Context>[] {
    const isBesideInteractive = interactive.length > 0 || isRecent();
    const first = interactive.splice(0, itemsMax);
    const areAlone = first.length > 0 && !wereBatchItemsLeftOut;
    wereBatchItemsLeftOut = areAlone && batch.length > 0;
    if (areAlone) return first;
    return [...first, ...batch.splice(0, isBesideInteractive ? BATCH_ITEMS_BESIDE_INTERACTIVE : itemsMax)];
  }

  async function takeTurn(): Promise<void> {
    // The group is taken when the turn starts, so that it includes requests that arrived while the
    // turn waited. A retry of the turn has the same group.
    let group: readonly QueuedItem<Context>[] | null = null;
    try {
      const outcomes = await turn((context) => {
        group ??= takeGroup();
        return runAll(context, group);
      });
      for (const [{ resolve }, outcome] of outcomes) resolve(outcome);
    } catch (error) {
      const failed: readonly QueuedItem<Context>[] = group ?? [...interactive.splice(0), ...batch.splice(0)];
      if (error instanceof StoreUnavailable || failed.length === 1) for (const { reject } of failed) reject(error);
      else for (const one of failed) await takeTurnAlone(one);
    }
  }

  /**
   * Runs a turn for one item, after the turn of its group has failed with a bug: so only the item
   * that causes the bug is rejected.
   */
  async function takeTurnAlone(one: QueuedItem<Context>): Promise<void> {
    try {
      const [outcome] = await turn((context) => runAll(context, [one]));
      one.resolve(outcome?.[1]);
    } catch (error) {
      one.reject(error);
    }
  }

  return {
    join: <Item, Outcome>(work: GroupedWork<Context, Item, Outcome>, item: Item, priority?: GroupPriority) =>
      new Promise<Outcome>((resolve, reject) => {
        const waiting = priority === 'batch' ? batch : interactive;
        if (waiting.length >= waitingMax)
          return reject(new StoreUnavailable('too many requests are waiting for the database', RETRY_SOON_MS));
        const opaque = work as unknown as GroupedWork<Context, unknown, unknown>;
        waiting.push({ work: opaque, item, resolve: (outcome) => resolve(outcome as Outcome), reject });
        if (!isRunning) void takeTurns();
      }),
  };
}

async function runAll<Context>(
  context: Context,
  group: readonly QueuedItem<Context>[],
): Promise<readonly (readonly [QueuedItem<Context>, unknown])[]> {
  const byWork = new Map<GroupedWork<Context, unknown, unknown>, QueuedItem<Context>[]>();
  for (const one of group) {
    const members = byWork.get(one.work);
    if (members === undefined) byWork.set(one.work, [one]);
    else members.push(one);
  }
  const outcomes: (readonly [QueuedItem<Context>, unknown])[] = [];
  for (const [work, members] of byWork) {
    const items = members.map(({ item }) => item);
    const answers = await work.run(context, items);
    assert(answers.length === members.length, 'grouped work answers for each of its items');
    for (const [at, one] of members.entries()) outcomes.push([one, answers[at]]);
  }
  return outcomes;
}
