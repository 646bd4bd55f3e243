/** How far a periodic work has come, by its name; in the table that also holds what the database is (`environment`). */
import type { MarkReads, MarkWrites } from '../../ports/store/marks.js';
import type { Session } from '../engine/session.js';
import { text } from './columns.js';

const keyOf = (name: string): string => `mark:${name}`;

export function markReads(session: Session): MarkReads {
  return {
    mark: async (name) => {
      // Written out: each group of requests passes the mark of the clock.
      const row = await session.first(session.db.raw('select value from meta where key = ?', [keyOf(name)]));
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
          .insert({ key: keyOf(name), value })
          .onConflict('key')
          .merge(),
      );
    },
  };
}
