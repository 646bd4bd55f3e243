/** Takes a snapshot of the database, with its facts, for a backup. The database is not changed. */
import { createReadStream, openSync, rmSync } from 'node:fs';
import { present } from '../../kernel/assert.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Clock } from '../../ports/world.js';
import type { StoreLimits } from '../engine/engine.js';
import { openPostgresql, type PostgresqlOptions } from '../engine/postgresql.js';
import { openSqlite } from '../engine/sqlite.js';
import { DEFAULT_LIMITS } from '../open.js';
import { text } from '../tables/columns.js';
import { type DatabaseFacts, readFacts } from './facts.js';
import { type DatabaseContent, type PostgresqlTools, startDump } from './postgresql-dump.js';
import { copySqlite } from './sqlite-copy.js';

/** `content`: a copy of the SQLite file, or the dump in the custom format of pg_dump. */
export type DatabaseSnapshot = DatabaseContent & { readonly facts: DatabaseFacts };

/** Counting all rows of a large table takes longer than any statement of a service. */
const SNAPSHOT_LIMITS: StoreLimits = { ...DEFAULT_LIMITS, readMsMax: 10 * MINUTE_MS };

/**
 * Takes a snapshot of a SQLite database. `copy`: a path on a disk with room for a copy of the
 * database. The copy has no name any more when this function returns, so that nothing is left of it
 * when the process ends.
 */
export async function snapshotSqlite(
  file: string,
  { copy, clock }: { readonly copy: string; readonly clock: Clock },
): Promise<DatabaseSnapshot> {
  try {
    const at = clock();
    await copySqlite(file, copy);
    const engine = openSqlite(copy, SNAPSHOT_LIMITS, { access: 'inspect' });
    const { tablesSql } = engine.schema;
    try {
      const facts = await engine.read((session) => readFacts(session, { tablesSql, clock: () => at }));
      const opened = openSync(copy, 'r');
      const content = createReadStream(copy, { fd: opened, highWaterMark: CHUNK_BYTES });
      return { facts, content, discard: () => void content.destroy() };
    } finally {
      await engine.close();
    }
  } finally {
    rmSync(copy, { force: true });
  }
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Takes a snapshot of a PostgreSQL database. The content is the output of pg_dump, from the same
 * snapshot as the facts. Rejects with an error of the database.
 */
export async function snapshotPostgresql(
  options: PostgresqlOptions,
  tools: PostgresqlTools,
): Promise<DatabaseSnapshot> {
  const engine = openPostgresql(options, SNAPSHOT_LIMITS);
  const { tablesSql } = engine.schema;
  try {
    return await engine.snapshot(async (session) => {
      const [row] = await session.sql('select pg_export_snapshot() as snapshot');
      const snapshot = text(present(row, 'a snapshot'), 'snapshot');
      const facts = await readFacts(session, { tablesSql, clock: null });
      return { facts, ...(await startDump(options, { snapshot, tools })) };
    });
  } finally {
    await engine.close();
  }
}
