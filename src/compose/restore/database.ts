/** Puts the database of a backup back, and takes it away again if the restore is refused. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { BackupManifest } from '../../backup/manifest.js';
import type { Config } from '../../config/load.js';
import type { PostgresqlConfig } from '../../config/schema/database.js';
import type { StoredFacts } from '../../db/backup/facts.js';
import { libpqEnvironmentOf } from '../../db/backup/postgresql-dump.js';
import {
  dropRestored,
  inspectRestored,
  markRestored,
  RESTORE_APPLICATION,
  type RestoredDatabase,
  type RestoredState,
} from '../../db/backup/restored-database.js';
import type { DatabaseOptions } from '../../db/open.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { errorMessage, hasCode } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Home } from '../home.js';
import { inspectHomeStore, postgresqlOptions } from '../store.js';
import type { RestoreRefusal } from './request.js';
import type { UnfinishedRestore } from './staging.js';

const runProgram = promisify(execFile);

/** Time limit of `pg_restore`, which takes minutes for ten million certificates. */
const RESTORE_MS_MAX = 12 * HOUR_MS;
const OUTPUT_BYTES_MAX = 1024 * 1024;

/**
 * Says why a backup cannot be put into the configured database; null: it is empty, or the file of
 * SQLite does not exist.
 */
export async function databaseConflict(home: Home): Promise<string | null> {
  const { database, paths } = home.config;
  if (database.kind === 'sqlite') return existsSync(paths.database) ? `${paths.database} is there already` : null;
  const opened = await inspectHomeStore(home);
  if (!opened.ok) return opened.error.kind === 'no-database' ? null : opened.error.detail;
  await opened.value.close();
  return `the database ${database.database} on ${database.host} is not empty`;
}

/**
 * Restores a dump in one transaction: after a failure or a kill the database is as empty as before.
 */
export async function restoreDump(
  config: PostgresqlConfig,
  { dump, searchPath }: { readonly dump: string; readonly searchPath: string },
): Promise<Result<void, string>> {
  const options = postgresqlOptions(config);
  if (!options.ok) return options;
  const how = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', '--no-password'];
  try {
    const env = await libpqEnvironmentOf(
      options.value,
      { searchPath, caFile: config.tls?.ca ?? null },
      RESTORE_APPLICATION,
    );
    const limits = { timeout: RESTORE_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
    await runProgram('pg_restore', [...how, '--dbname', config.database, dump], { env, ...limits });
    return ok(undefined);
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      return err('pg_restore is not installed: install the client programs of PostgreSQL (postgresql-client)');
    const { stderr } = error as { readonly stderr?: string };
    return err(`pg_restore: ${(stderr ?? String(error)).trim().split('\n').slice(0, 3).join('; ')}`);
  }
}

/** Says where the database contradicts the manifest of its backup; null: nowhere. */
export function contradictionOf({ id, level, rows, crls }: StoredFacts, manifest: BackupManifest): string | null {
  const stated = manifest.database.rows;
  const table = [...new Set([...Object.keys(rows), ...Object.keys(stated)])].find((one) => rows[one] !== stated[one]);
  const differing = [
    id === manifest.installation ? [] : [`the installation ${id}, and not ${manifest.installation}`],
    level === manifest.database.level ? [] : [`a schema of level ${level}, and not ${manifest.database.level}`],
    table === undefined ? [] : [`${rows[table] ?? 'no'} rows in the table ${table}, and not ${stated[table] ?? 'any'}`],
    isDeepStrictEqual(numbersOf(crls), numbersOf(manifest.crls)) ? [] : ['other numbers of CRLs'],
  ].flat();
  if (differing.length === 0) return null;
  return `the database of the backup is not the one of its manifest: it has ${differing.join('; ')}`;
}

/** Returns the numbers as a set, because database servers sort in different orders. */
function numbersOf(crls: BackupManifest['crls']): ReadonlySet<string> {
  return new Set(crls.map(({ issuer, scope, number }) => `${issuer} ${scope} ${number}`));
}

/**
 * Marks the restored database with the random id of this restore, before anything else is changed
 * in it, and returns the facts that it had stored before. The configuration must have the path of
 * this database.
 */
export async function markDatabase({ config }: Home, restored: RestoredDatabase): Promise<Result<StoredFacts, string>> {
  const database = optionsOf(config);
  if (!database.ok) return database;
  try {
    return ok(await markRestored(database.value, restored.run));
  } catch (error) {
    return err(`the database of the backup cannot be used: ${errorMessage(error)}`);
  }
}

/**
 * Removes what an unfinished restore has put into a PostgreSQL database. A SQLite database is only
 * recognised here, because it is removed with the other files that were placed. After an error,
 * nothing has changed.
 */
export async function removeRestored(
  config: Config,
  { restored, placed }: Pick<UnfinishedRestore, 'restored' | 'placed'>,
): Promise<Result<void, RestoreRefusal>> {
  const database = optionsOf(config);
  if (!database.ok) return err([database.error]);
  try {
    const state =
      database.value.kind === 'postgresql'
        ? await dropRestored(database.value, restored)
        : await stateOfFile(database.value, { restored, isPlaced: placed.includes(databaseName(config)) });
    return state === 'other' ? err(notOurs(config)) : ok(undefined);
  } catch (error) {
    return err([`what the interrupted restore has left cannot be removed: ${errorMessage(error)}`]);
  }
}

async function stateOfFile(
  database: Extract<DatabaseOptions, { readonly kind: 'sqlite' }>,
  { restored, isPlaced }: { readonly restored: RestoredDatabase; readonly isPlaced: boolean },
): Promise<RestoredState> {
  return isPlaced && existsSync(database.file) ? inspectRestored(database, restored) : 'empty';
}

function notOurs({ database, paths }: Config): RestoreRefusal {
  const name = database.kind === 'sqlite' ? paths.database : `${database.database} on ${database.host}`;
  return [
    `a restore was interrupted, and ${name} is not the database that it has made, so that nothing is removed:`,
    '  - to restore: move this database away, so that the place is empty, then run the same command again',
    `  - to keep this database: remove ${paths.restore}, put back the home folder that belongs to it (ops/restore.md)`,
  ];
}

function optionsOf({ database, paths }: Config): Result<DatabaseOptions, string> {
  return database.kind === 'sqlite' ? ok({ kind: 'sqlite', file: paths.database }) : postgresqlOptions(database);
}

/**
 * Returns the path of the SQLite database relative to the home folder, as `placing.json` has it.
 */
export function databaseName({ paths }: Pick<Config, 'paths'>): string {
  return relative(paths.home, paths.database);
}

/**
 * Removes the write-ahead log of SQLite and its index, which belong to a database that is no longer
 * there. Makes the folder of the database if it is missing.
 */
export function removeLeftovers(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
