/** Puts the database of a backup back, and takes it away again if the restore is refused. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { readPasswordFile } from '../../config/password-file.js';
import type { PostgresqlConfig } from '../../config/schema/database.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Home } from '../home.js';
import { inspectHomeStore } from '../store.js';

const run = promisify(execFile);

/** A dump of ten million certificates takes minutes. */
const RESTORE_MS_MAX = 12 * HOUR_MS;
const OUTPUT_BYTES_MAX = 1024 * 1024;

/** Why the database of the configuration cannot take a backup; null: it is there and empty. */
export async function databaseInTheWay(home: Home): Promise<string | null> {
  const { database, paths } = home.config;
  if (database.kind === 'sqlite') return existsSync(paths.database) ? `${paths.database} is there already` : null;
  const opened = await inspectHomeStore(home);
  if (!opened.ok) return opened.error.kind === 'no-database' ? null : opened.error.detail;
  await opened.value.close();
  return `the database ${database.database} on ${database.host} is not empty`;
}

/** One transaction: after a failure or a kill the database is as empty as before. */
export async function restoreDump(config: PostgresqlConfig, searchPath: string, dump: string) {
  const options = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', '--no-password'];
  return command(config, searchPath, ['pg_restore', [...options, '--dbname', config.database, dump]]);
}

/** Only for what an interrupted or refused restore has put into a database that was empty. */
export async function emptyDatabase(config: PostgresqlConfig, searchPath: string) {
  const sql = 'drop schema public cascade; create schema public';
  const options = ['--no-psqlrc', '--quiet', '--no-password', '--set', 'ON_ERROR_STOP=1', '--single-transaction'];
  return command(config, searchPath, ['psql', [...options, '--dbname', config.database, '--command', sql]]);
}

async function command(
  config: PostgresqlConfig,
  searchPath: string,
  [program, options]: readonly [string, readonly string[]],
): Promise<Result<void, string>> {
  const env = connectionOf(config, searchPath);
  if (!env.ok) return env;
  try {
    await run(program, [...options], { env: env.value, timeout: RESTORE_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX });
    return ok(undefined);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return err(`${program} is not installed: install the client programs of PostgreSQL (postgresql-client)`);
    const { stderr } = error as { readonly stderr?: string };
    return err(`${program}: ${(stderr ?? String(error)).trim().split('\n').slice(0, 3).join('; ')}`);
  }
}

/** How libpq connects (libpq-envars); the password is in no argument that others can see. */
function connectionOf(
  { host, port, user, passwordFile, tls }: PostgresqlConfig,
  searchPath: string,
): Result<Readonly<Record<string, string>>, string> {
  const password = passwordFile === undefined ? ok('') : readPasswordFile(passwordFile);
  if (!password.ok) return password;
  const name = tls?.serverName;
  return ok({
    PATH: searchPath,
    PGCONNECT_TIMEOUT: '30',
    PGPORT: String(port),
    PGUSER: user,
    PGHOST: name ?? host,
    ...(name !== undefined && isIP(host) !== 0 ? { PGHOSTADDR: host } : {}),
    ...(password.value === '' ? {} : { PGPASSWORD: password.value }),
    ...(tls === undefined ? {} : { PGSSLMODE: 'verify-full', PGSSLROOTCERT: tls.ca }),
  });
}

/** SQLite's log and index of it belong to a database that is not there any more. */
export function removeLeftovers(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
