/**
 * The positions that periodic jobs have reached, by name. They share a table with the environment's
 * mark.
 */
import type { MarkReads, MarkWrites } from '../../ports/store/marks.js';
import type { Session } from '../engine/session.js';
import { text } from './columns.js';

export const keyOf = (name: string): string => `mark:${name}`;

export function markReads(session: Session): MarkReads {
  return {
    mark: async (name) => {
      // Written as SQL, because every group of requests checks the clock mark.
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
