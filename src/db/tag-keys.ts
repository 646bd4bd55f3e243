/**
 * Compares the keys for tags with the database, which has a digest of the key of each year: so two
 * nodes cannot use different keys for one year. The keys themselves are never in the database.
 */
import { checkOfKey, type TagKeys } from '../audit/tags.js';
import { insert } from './engine/many-rows.js';
import type { Session } from './engine/session.js';
import { text } from './tables/columns.js';

type TagKeyState = {
  /** Years for which the database has the digest of another key. */
  readonly differing: readonly string[];
  /** Years for which the database has no digest yet. */
  readonly unknown: readonly string[];
};

export async function compareTagKeys(session: Session, keys: TagKeys): Promise<TagKeyState> {
  const rows = await session.sql('select year, check_sha256 from tag_keys');
  const known = new Map(rows.map((row) => [text(row, 'year'), text(row, 'check_sha256')]));
  const years = [...keys.keys()];
  const differing = [...keys].flatMap(([year, key]) =>
    (known.get(year) ?? checkOfKey(key)) === checkOfKey(key) ? [] : [year],
  );
  return { differing, unknown: years.filter((year) => !known.has(year)) };
}

/**
 * Stores the missing digests, unless a key differs. Must be called in a transaction. It compares
 * again, because another process may have stored a digest since the first comparison.
 */
export async function registerTagKeys(session: Session, keys: TagKeys): Promise<TagKeyState> {
  const state = await compareTagKeys(session, keys);
  const rows = [...keys].filter(([year]) => state.unknown.includes(year));
  if (rows.length > 0 && state.differing.length === 0)
    await insert(
      session,
      'tag_keys',
      rows.map(([year, key]) => ({ year, check_sha256: checkOfKey(key) })),
    );
  return state;
}
