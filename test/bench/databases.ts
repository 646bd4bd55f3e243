/** Databases that the service is measured on. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { DatabaseOptions } from '../../src/db/open.js';
import { createCluster, type PostgresqlDatabase } from '../support/db/postgresql-cluster.js';
import { type ProcessFacts, processTree } from '../support/service/processes.js';
import { connect, measurePostgresql } from './peers/postgresql-rate.js';
import { measureSqlite } from './peers/sqlite-rate.js';
import { number } from './table.js';

export type OpenDatabase = {
  /** What the home of a service is made with. */
  readonly options: 'sqlite' | PostgresqlDatabase;
  /** Processes of the database that are not the service's own. */
  readonly processes: () => readonly ProcessFacts[];
  /** Lets a fill be fast and not durable, until `settle`. */
  readonly hasten: () => Promise<void>;
  /** Ends what a fill has left to be done. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Database = {
  readonly name: string;
  /** Certificates a second with a P-256 CA key. */
  readonly goal: number;
  /** An empty one. */
  readonly open: () => Promise<OpenDatabase>;
  /** The size of the database of a home; the service may run. */
  readonly sizeBytes: (options: DatabaseOptions) => Promise<number>;
  /** The limit: what it takes durably when nothing else is asked of it, in words. */
  readonly measureInserts: (seconds: number) => Promise<string>;
};

const nothing = async (): Promise<void> => undefined;

const SQLITE: Database = {
  name: 'SQLite',
  goal: 1_500,
  open: async () => ({ options: 'sqlite', processes: () => [], hasten: nothing, settle: nothing, close: nothing }),
  sizeBytes: async (options) => (options.kind === 'sqlite' ? statSync(options.file).size : 0),
  async measureInserts(seconds) {
    const { singles, grouped } = await measureSqlite(seconds);
    return `${number(singles)} single commits/s, ${number(grouped)} rows/s by 100`;
  },
};

/** The settings of the server during a fill; a reload of its configuration changes them. */
const FAST_FILL = [
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
  ['autovacuum', 'off'],
  ['max_wal_size', '4GB'],
] as const;

/** A cluster of its own, as it comes but for its socket: durable, no port. */
const POSTGRESQL: Database = {
  name: 'PostgreSQL',
  goal: 1_000,
  async open() {
    const cluster = await createCluster();
    return {
      options: await cluster.create(),
      processes: () => {
        const postmaster = cluster.processId();
        return postmaster === null ? [] : processTree(postmaster);
      },
      hasten: async () => {
        for (const [name, value] of FAST_FILL) await cluster.ask(`alter system set ${name} = '${value}'`);
        await cluster.ask('select pg_reload_conf()');
      },
      settle: async () => {
        await cluster.ask('alter system reset all');
        await cluster.end('fast');
        // The server does not know what it wrote without fsync.
        execFileSync('sync');
        await cluster.start();
      },
      close: cluster.remove,
    };
  },
  async sizeBytes(options) {
    if (options.kind !== 'postgresql') return 0;
    const client = await connect(options);
    try {
      const { rows } = await client.query('select pg_database_size(current_database()) as bytes');
      return Number(rows[0]?.bytes ?? 0);
    } finally {
      await client.end();
    }
  },
  async measureInserts(seconds) {
    const { singles, concurrent, connections, grouped } = await measurePostgresql(seconds);
    const many = `${number(concurrent)} on ${connections} connections`;
    return `${number(singles)} single commits/s, ${many}, ${number(grouped)} rows/s by 100`;
  },
};

export const DATABASES: readonly Database[] = [SQLITE, POSTGRESQL];
