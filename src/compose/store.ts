/** Opens the database that the configuration of a home folder names. */
import { readFileSync } from 'node:fs';
import type { AuditOrigin } from '../audit/entry.js';
import { readPasswordFile } from '../config/password-file.js';
import type { PostgresqlConfig } from '../config/schema/database.js';
import {
  type DatabaseOptions,
  inspectDatabase,
  migrateDatabase,
  type OpenOptions,
  openInspection,
  openReader,
  openStore,
  type ReaderStore,
  type StoreOptions,
} from '../db/open.js';
import type { SchemaState } from '../db/schema/inspect.js';
import type { SchemaMigration } from '../db/schema/migrate.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Store } from '../ports/store.js';
import { makeFirstRegistrationKey } from './database/registration-keys.js';
import { readOrCreateTagKeys } from './database/tag-keys.js';
import type { Home } from './home.js';
import { readOrCreateNodeId } from './nodes/node.js';
import { systemClock, systemRandom } from './world.js';

type StoreUse = Pick<StoreOptions, 'continuity' | 'othersWrite' | 'lockWaited' | 'interactive' | 'newId' | 'migrates'>;

export type OpenFault = {
  /**
   * `schema-behind`: the schema has to be migrated; `unavailable`: the database could not be opened
   * or read now; `unfit`: another database, another version of this program or another
   * configuration is needed.
   */
  readonly kind: 'no-database' | 'schema-behind' | 'unavailable' | 'unfit';
  /** The file of SQLite, or the server and the name of a PostgreSQL database. */
  readonly location: string;
  /** Text that names the database and describes the fault. */
  readonly detail: string;
};

/**
 * Opens the database for a service. In development, its schema is migrated first. In production, an
 * administrator decides when that is done.
 */
export function openServiceStore(home: Home, use: StoreUse = {}): Promise<Result<Store, string>> {
  return openHomeStore(home, { ...use, migrates: migratesAtStart(home) });
}

/** Whether the service migrates the schema when it starts. */
export function migratesAtStart({ policy }: Home): boolean {
  return policy.environment.mark === 'development';
}

/**
 * Opens the database for reading and writing. Before that, makes the id of the node and the keys
 * that are missing and may be made. The error says what is missing or wrong.
 */
export async function openHomeStore(home: Home, use: StoreUse = {}): Promise<Result<Store, string>> {
  const auditOrigin = readOrCreateAuditOrigin(home);
  if (!auditOrigin.ok) return auditOrigin;
  return detailOf(await openAt(home, openStore, { ...use, auditOrigin: auditOrigin.value }));
}

function readOrCreateAuditOrigin(home: Home): Result<AuditOrigin, string> {
  const node = readOrCreateNodeId(home.config.paths.node, systemRandom);
  if (!node.ok) return node;
  const made = makeFirstRegistrationKey(home);
  if (!made.ok) return made;
  const tagKeys = readOrCreateTagKeys(home);
  return tagKeys.ok ? ok({ node: node.value, tagKeys: tagKeys.value }) : tagKeys;
}

/** Opens the database for reading only. */
export async function openHomeReader(
  home: Home,
  use: Pick<StoreUse, 'continuity'> = {},
): Promise<Result<ReaderStore, string>> {
  return detailOf(await openAt(home, openReader, use));
}

/** Opens the database to look at it. Nothing is created or changed. */
export function inspectHomeStore(home: Home): Promise<Result<ReaderStore, OpenFault>> {
  return openAt(home, openInspection, {});
}

/**
 * Applies the levels of the schema that the database lacks. `contract`: also those after which
 * older programs cannot use the database (`migrateDatabase`).
 */
export async function migrateHomeDatabase(
  home: Home,
  { contract }: { readonly contract: boolean },
): Promise<Result<SchemaMigration, string>> {
  const auditOrigin = readOrCreateAuditOrigin(home);
  if (!auditOrigin.ok) return auditOrigin;
  const use = { contract, auditOrigin: auditOrigin.value };
  return detailOf(await openAt(home, (options) => migrateDatabase({ ...options, ...use }), {}));
}

/** Reads the level of the schema, even if this version cannot use the database. */
export async function inspectHomeDatabase(home: Home): Promise<Result<SchemaState, string>> {
  return detailOf(await openAt(home, inspectDatabase, {}));
}

function detailOf<OpenedStore>(opened: Result<OpenedStore, OpenFault>): Result<OpenedStore, string> {
  return opened.ok ? opened : err(opened.error.detail);
}

async function openAt<OpenedStore, Use>(
  { config, policy }: Home,
  open: (
    options: OpenOptions & Use,
  ) => Promise<Result<OpenedStore, { readonly kind: string; readonly detail: string }>>,
  use: Use,
): Promise<Result<OpenedStore, OpenFault>> {
  const { database: chosen, paths } = config;
  const location =
    chosen.kind === 'sqlite' ? paths.database : `PostgreSQL, ${chosen.host}:${chosen.port}/${chosen.database}`;
  const fault = (kind: OpenFault['kind'], detail: string) => err({ kind, location, detail: `${location}: ${detail}` });
  const database: Result<DatabaseOptions, string> =
    chosen.kind === 'sqlite' ? ok({ kind: 'sqlite', file: paths.database }) : postgresqlOptions(chosen);
  if (!database.ok) return fault('unfit', database.error);
  const { mark, durability } = policy.environment;
  const clock = chosen.kind === 'sqlite' ? systemClock : null;
  const store = await open({ database: database.value, environmentMark: mark, durability, clock, ...use });
  if (store.ok) return store;
  const { kind, detail } = store.error;
  switch (kind) {
    case 'no-database':
      return fault(kind, `${detail}; ${DATABASE_REMEDY}`);
    case 'schema-behind':
      return fault(kind, detail);
    case 'database-unavailable':
      return fault('unavailable', detail);
    default:
      return fault('unfit', detail);
  }
}

/**
 * A missing database is not created at a start: an empty database would look intact although all
 * data is lost.
 */
const DATABASE_REMEDY =
  'a service that has served before needs its database back (ops/database.md), and a new one creates it once: pfcng database create';

export function postgresqlOptions(
  config: PostgresqlConfig,
): Result<Extract<DatabaseOptions, { readonly kind: 'postgresql' }>, string> {
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

/**
 * Returns the password, or an empty one if it cannot be read. The server then refuses the
 * connection, and this failure is reported.
 */
function orEmpty(password: Result<string, string>): string {
  return password.ok ? password.value : '';
}
