/** The plan of a statement, as the planner of each database makes it for a full table. */
import type { DatabaseOptions } from '../../../src/db/open.js';
import { rawDatabase } from './raw.js';

/** `sql`: with `?` for each value. */
export async function planOf(database: DatabaseOptions, sql: string): Promise<string> {
  const raw = await rawDatabase(database);
  try {
    if (database.kind === 'sqlite') {
      const steps = await raw.all(`explain query plan ${sql}`);
      return steps.map(({ detail }) => detail).join('; ');
    }
    // Without values, as for a full table, because a planner reads a small table completely.
    await raw.all('set enable_seqscan = off');
    await raw.all('set plan_cache_mode = force_generic_plan');
    let at = 0;
    await raw.all(`prepare asked as ${sql.replace(/\?/g, () => `$${++at}`)}`);
    const values = Array.from({ length: at }, () => `'1'`).join(', ');
    const steps = await raw.all(`explain (costs off) execute asked${at === 0 ? '' : `(${values})`}`);
    return steps.map((step) => step['QUERY PLAN']).join('; ');
  } finally {
    await raw.close();
  }
}
