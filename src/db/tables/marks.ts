/**
 * Reads and writes marks: single values that are stored by name, such as the id of the database.
 * They are in the table `meta`, together with the environment and the level of the schema.
 */
import type { MarkReads, MarkWrites } from '../../ports/store/marks.js';
import type { Session } from '../engine/session.js';
import { text } from './columns.js';

/** Returns the key of a mark in `meta`. The prefix separates marks from the other keys. */
export const metaKeyOf = (name: string): string => `mark:${name}`;

export function markReads(session: Session): MarkReads {
  return {
    mark: async (name) => {
      // Written as SQL, which is faster than the query builder.
      const row = await session.first(session.db.raw('select value from meta where key = ?', [metaKeyOf(name)]));
      return row === null ? null : text(row, 'value');
    },
  };
}

export function markWrites(session: Session): MarkWrites {
  return {
    setMark: async (name, value) => {
      await session.rows(
        session
          .db('meta')
          .insert({ key: metaKeyOf(name), value })
          .onConflict('key')
          .merge(),
      );
    },
  };
}
