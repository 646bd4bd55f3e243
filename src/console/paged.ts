/** Pages of lists that are read whole because they are short. */
const ROWS_MAX = 50;

export type RowPage<Row> = { readonly rows: readonly Row[]; readonly next: string | null };

/** `cursor`: how many rows come before; what is no number begins at the first one. */
export function paged<Row>(all: readonly Row[], cursor: string | undefined): RowPage<Row> {
  const from = cursor !== undefined && /^\d{1,6}$/.test(cursor) ? Number(cursor) : 0;
  const until = from + ROWS_MAX;
  return { rows: all.slice(from, until), next: until < all.length ? String(until) : null };
}
