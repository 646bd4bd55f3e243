/**
 * Pages of a list of which an account sees only a part. The database does not know the scope of an
 * account, so what is read is filtered, and reading goes on until the page is full. If a cursor
 * named what was read last, it would show the id of something that the account may not see, and
 * that something matches the criteria.
 */
import { LIMITS } from '../kernel/limits.js';

/** What one page looks at. A longer walk ends at the last row that was read. */
const EXAMINED_MAX = 2_000;

type List<Row, Shown> = {
  /** The rows after this one, in the order of the list; null: from the beginning. */
  readonly read: (after: string | null, limit: number) => Promise<readonly Row[]>;
  /** What the account sees of the rows, in their order. */
  readonly see: (rows: readonly Row[]) => readonly Shown[] | Promise<readonly Shown[]>;
  readonly nameOfRow: (row: Row) => string;
  readonly nameOf: (shown: Shown) => string;
};

/** `next`: the name after which the next page begins; null: there are no more. */
export type VisiblePage<Shown> = { readonly items: readonly Shown[]; readonly next: string | null };

/**
 * `next` names the last item of the page, and is null where the account sees no more. It names
 * another row only if so many rows were read that the rest is left to the next page, which may then
 * have fewer items than `limit`, or none.
 */
export async function visiblePage<Row, Shown>(
  { after, limit }: { readonly after: string | null; readonly limit: number },
  { read, see, nameOfRow, nameOf }: List<Row, Shown>,
): Promise<VisiblePage<Shown>> {
  const found: Shown[] = [];
  let position = after;
  // An account that sees everything gets its page by one read.
  let batch = limit + 1;
  for (let examined = 0; examined < EXAMINED_MAX; batch = LIMITS.searchPageSizeMax) {
    const rows = await read(position, batch);
    found.push(...(await see(rows)));
    if (found.length > limit) return pageOf(found, { limit, nameOf });
    const last = rows.at(-1);
    if (rows.length < batch || last === undefined) return { items: found, next: null };
    examined += rows.length;
    position = nameOfRow(last);
  }
  return { items: found, next: position };
}

function pageOf<Shown>(
  found: readonly Shown[],
  { limit, nameOf }: { readonly limit: number; readonly nameOf: (shown: Shown) => string },
): VisiblePage<Shown> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last === undefined ? null : nameOf(last) };
}
