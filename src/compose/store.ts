/** Opens the database that the configuration of a home folder names. */
import { readFileSync } from 'node:fs';
import { readPasswordFile } from '../config/password-file.js';
import type { PostgresqlConfig } from '../config/schema/database.js';
import { type DatabaseOptions, type OpenOptions, openReader, openStore } from '../db/open.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Store } from '../ports/store.js';
import type { Home } from './home.js';
import { systemClock } from './world.js';

/** Opens the database. The error names the database and describes the fault. */
export function openHomeStore(home: Home): Promise<Result<Store, string>> {
  return openAt(home, openStore);
}

/** Opens the database for reading only. */
export function openHomeReader(home: Home): Promise<Result<Pick<Store, 'read' | 'groupedRead' | 'close'>, string>> {
  return openAt(home, openReader);
}

async function openAt<OpenedStore>(
  { config, policy }: Home,
  open: (options: OpenOptions) => Promise<Result<OpenedStore, { readonly detail: string }>>,
): Promise<Result<OpenedStore, string>> {
  const { database: chosen, paths } = config;
  const place =
    chosen.kind === 'sqlite' ? paths.database : `PostgreSQL, ${chosen.host}:${chosen.port}/${chosen.database}`;
  const database: Result<DatabaseOptions, string> =
    chosen.kind === 'sqlite' ? ok({ kind: 'sqlite', file: paths.database }) : postgresqlOptions(chosen);
  if (!database.ok) return err(`${place}: ${database.error}`);
  const { mark } = policy.environment;
  const store = await open({ database: database.value, environmentMark: mark, clock: systemClock });
  return store.ok ? store : err(`${place}: ${store.error.detail}`);
}

function postgresqlOptions(config: PostgresqlConfig): Result<DatabaseOptions, string> {
  const { host, port, database, user, passwordFile, tls, connectionsMax } = config;
  const password = passwordFile === undefined ? null : () => readPasswordFile(passwordFile);
  const first = password?.();
  if (first?.ok === false) return first;
  const options = { kind: 'postgresql', host, port, database, user, connectionsMax } as const;
  // The file is read again for each connection, so that a new password needs no restart.
  const readPassword = password === null ? null : () => orEmpty(password());
  try {
    const ca = tls === undefined ? null : readFileSync(tls.ca, 'utf8');
    return ok({ ...options, password: readPassword, tls: ca === null ? null : { ca, serverName: tls?.serverName } });
  } catch {
    return err(`${tls?.ca ?? ''} cannot be read`);
  }
}

/** A missing password becomes an empty one. The server refuses it, and this failure is reported. */
function orEmpty(password: Result<string, string>): string {
  return password.ok ? password.value : '';
}
