/** Without this warning, a new year begins without its key, and searches miss its entries. */
import assert from 'node:assert/strict';
import { warnOfMissingTagKeysJob } from '../../../src/jobs/tag-keys.js';

describe('the keys of tags', () => {
  it('are missed from November on, once a day, until there is one for the next year', async () => {
    const warned: unknown[] = [];
    const note = (event: string, fields: unknown): void => void warned.push([event, fields]);
    const log = { info: note, warn: note, error: note };
    const runAt = (now: number, ...years: readonly string[]) => {
      const tagKeys = new Map(years.map((year) => [year, new Uint8Array(32)]));
      return warnOfMissingTagKeysJob.prepare({ tagKeys, clock: () => now, log })?.run();
    };
    await runAt(Date.UTC(2026, 9, 31), '2026');
    await runAt(Date.UTC(2026, 10, 1), '2026', '2027');
    assert.deepEqual(warned, []);
    await runAt(Date.UTC(2026, 10, 1), '2026');
    assert.deepEqual(warned, [['audit.tag-key-missing', { years: ['2027'] }]]);
  });
});
