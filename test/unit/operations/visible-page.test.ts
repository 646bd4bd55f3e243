/**
 * Pages of lists of which an account sees a part. Without these tests a cursor could tell an
 * account what lies outside of its scope, or a list could end too early.
 */
import assert from 'node:assert/strict';
import { visiblePage } from '../../../src/operations/visible-page.js';

/** A list of `count` rows, of which some are seen. */
function listOf(count: number, isSeen: (row: number) => boolean) {
  const rows = Array.from({ length: count }, (_, at) => at + 1);
  const sizes: number[] = [];
  const page = (after: string | null, limit: number) =>
    visiblePage<number, number>(
      { after, limit },
      {
        read: async (from, max) => {
          sizes.push(max);
          return rows.filter((row) => row > Number(from ?? 0)).slice(0, max);
        },
        see: (read) => read.filter(isSeen),
        nameOfRow: String,
        nameOf: String,
      },
    );
  return { page, sizes };
}

describe('a page of what an account sees', () => {
  it('is full, and its cursor names the last item of the page and nothing that is not seen', async () => {
    const { page } = listOf(500, (row) => row % 100 === 0);
    assert.deepEqual(await page(null, 2), { items: [100, 200], next: '200' });
    assert.deepEqual(await page('200', 2), { items: [300, 400], next: '400' });
    assert.deepEqual(await page('400', 2), { items: [500], next: null });
  });

  it('has no cursor where nothing more is seen, although there are more rows', async () => {
    const { page } = listOf(300, (row) => row === 1);
    assert.deepEqual(await page(null, 1), { items: [1], next: null });
    assert.deepEqual(await page(null, 200), { items: [1], next: null });
    assert.deepEqual(await listOf(0, () => true).page(null, 1), { items: [], next: null });
  });

  it('is read at once for an account that sees everything', async () => {
    const { page, sizes } = listOf(9, () => true);
    assert.deepEqual(await page(null, 3), { items: [1, 2, 3], next: '3' });
    assert.deepEqual(await page('6', 3), { items: [7, 8, 9], next: null });
    assert.deepEqual(sizes, [4, 4]);
  });

  it('ends after many rows that are not seen, and leaves the rest to the next page', async () => {
    const { page } = listOf(10_000, (row) => row === 9_999);
    const found: number[] = [];
    let pages = 0;
    for (let after: string | null = null, isLast = false; !isLast; pages += 1) {
      const { items, next }: Awaited<ReturnType<typeof page>> = await page(after, 200);
      found.push(...items);
      after = next;
      isLast = next === null;
    }
    assert.deepEqual(found, [9_999]);
    assert.ok(pages > 1 && pages < 10, String(pages));
  });
});
