/**
 * Interactive and batch items of grouped work. Otherwise a revocation would wait behind a hundred
 * lines of an order.
 */
import assert from 'node:assert/strict';
import { createGroupCommit } from '../../../src/db/engine/group-commit.js';
import type { GroupedWork, GroupPriority } from '../../../src/ports/store.js';

describe('a group of interactive and batch items', () => {
  /** Joins these numbers of items while a turn is in progress, and returns the groups after it. */
  async function groupsOf(
    { interactive, batch }: Readonly<Record<GroupPriority, number>>,
    { isRecent = false, waitingMax = 1_000 } = {},
  ): Promise<readonly string[]> {
    const groups: string[] = [];
    const work: GroupedWork<null, GroupPriority, void> = {
      run: async (_, items) => {
        const [first] = items;
        const firsts = items.findIndex((one) => one !== first);
        groups.push(`${items.length}: ${firsts === -1 ? items.length : firsts} ${first}`);
        return items.map(() => undefined);
      },
    };
    const limits = { waitingMax, itemsMax: 100 };
    const commit = createGroupCommit<null>((turn) => turn(null), limits, { isRecent: () => isRecent });
    const joined = [commit.join(work, 'interactive', 'interactive')];
    for (let at = 0; at < batch; at += 1) joined.push(commit.join(work, 'batch', 'batch'));
    for (let at = 0; at < interactive; at += 1) joined.push(commit.join(work, 'interactive'));
    const settled = await Promise.allSettled(joined);
    const refused = settled.filter(({ status }) => status === 'rejected').length;
    if (refused > 0) groups.push(`refused: ${refused}`);
    return groups.slice(1);
  }

  it('has only the interactive ones, whenever they came, and the next one has the batch items', async () => {
    assert.deepEqual(await groupsOf({ interactive: 3, batch: 5 }), ['3: 3 interactive', '5: 5 batch']);
  });

  it('has a hundred batch items when no interactive ones wait', async () => {
    assert.deepEqual(await groupsOf({ interactive: 1, batch: 150 }), [
      '1: 1 interactive',
      '100: 100 batch',
      '50: 50 batch',
    ]);
  });

  it('has ten batch items while interactive work is recent, also when none waits', async () => {
    assert.deepEqual(await groupsOf({ interactive: 0, batch: 25 }, { isRecent: true }), [
      '10: 10 batch',
      '10: 10 batch',
      '5: 5 batch',
    ]);
  });

  it('has ten batch items besides, every second time, when there are interactive ones for many groups', async () => {
    assert.deepEqual(await groupsOf({ interactive: 350, batch: 15 }), [
      '100: 100 interactive',
      '110: 100 interactive',
      '100: 100 interactive',
      '55: 50 interactive',
    ]);
  });

  it('waits in a queue of its priority: batch items that fill theirs refuse no interactive one', async () => {
    assert.deepEqual(await groupsOf({ interactive: 5, batch: 8 }, { waitingMax: 5 }), [
      '5: 5 interactive',
      '5: 5 batch',
      'refused: 3',
    ]);
  });
});
