/**
 * A standby of a cluster: a real one (streaming replication) whose replay can be stopped, so that
 * it is as far behind as a test wants.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, newServer, type PostgresqlDatabase } from './postgresql-cluster.js';

export type Standby = {
  /** The copy of this database on the standby. */
  readonly of: (database: PostgresqlDatabase) => PostgresqlDatabase;
  /** From here on nothing is replayed that the primary commits. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** When all is replayed that the primary has committed by now. */
  readonly caughtUp: () => Promise<void>;
  /** Makes it a primary. Resolves when it takes writes. */
  readonly promote: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const POLL_MS = 3;
const WAIT_MS_MAX = 300_000;

export async function createStandby(primary: Cluster): Promise<Standby> {
  const { host, port, user, password } = primary.superuser;
  const server = newServer(primary.superuser, null);
  const { folder, data, exec } = server;
  const from = ['--host', host, '--port', String(port), '--username', user];
  const how = [
    '--pgdata',
    data,
    '--wal-method',
    'stream',
    '--checkpoint',
    'fast',
    '--write-recovery-conf',
    '--no-sync',
  ];
  await exec('pg_basebackup', ...from, ...how);
  // Last wins; nobody waits for what a standby would have to undo.
  const lines = [`unix_socket_directories = '${folder}'`, 'hot_standby = on', 'max_standby_streaming_delay = 0', ''];
  writeFileSync(join(data, 'postgresql.conf'), lines.join('\n'), { flag: 'a' });
  await server.start();
  const client = new pg.Client({ host: folder, port, user, password, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  const ask = async (sql: string, ...values: readonly string[]): Promise<string> => {
    const { rows } = await client.query<{ readonly is: unknown }>(sql, [...values]);
    return String(rows[0]?.is);
  };
  const until = async (wanted: string, sql: string, ...values: readonly string[]): Promise<void> => {
    const end = performance.now() + WAIT_MS_MAX;
    while ((await ask(sql, ...values)) !== wanted) {
      if (performance.now() > end) throw new Error(`the standby does not say ${wanted} to ${sql}`);
      await sleep(POLL_MS);
    }
  };
  const observer = new pg.Client({ ...primary.superuser, database: 'postgres' });
  observer.on('error', () => undefined);
  await observer.connect();
  return {
    of: (database) => ({ ...database, host: folder }),
    pause: async () => {
      await ask('select pg_wal_replay_pause()');
      await until('paused', 'select pg_get_wal_replay_pause_state() as is');
    },
    resume: async () => {
      await ask('select pg_wal_replay_resume()');
      await until('not paused', 'select pg_get_wal_replay_pause_state() as is');
    },
    caughtUp: async () => {
      const { rows } = await observer.query<{ readonly is: string }>('select pg_current_wal_lsn()::text as is');
      await until('true', 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as is', rows[0]?.is ?? '');
    },
    promote: async () => {
      await ask('select pg_promote() as is');
      await until('false', 'select pg_is_in_recovery() as is');
    },
    remove: async () => {
      await client.end();
      await observer.end();
      await server.end('immediate').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
