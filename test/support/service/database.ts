/**
 * The database of a service: as its driver shows it, without any code of the product, or as
 * another node opens it.
 */
import sqlite3 from 'sqlite3';
import { openStore } from '../../../src/db/open.js';
import type { Store } from '../../../src/ports/store.js';
import { unwrap } from '../db/fixture.js';
import { type RawDatabase, rawDatabase } from '../db/raw.js';
import { AUDIT_ORIGIN } from '../db/records.js';
import type { ServiceHome } from './home.js';

/** A connection of its own, as another node has it. The caller closes it. */
export async function openServiceStore({ database }: Pick<ServiceHome, 'database'>): Promise<Store> {
  const options = { environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: Date.now };
  return unwrap(await openStore({ database, ...options }));
}

/** The rows that a statement finds, on a connection of its own. */
export async function rowsOf(
  at: ServiceHome,
  sql: string,
  ...bindings: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const database = await openDatabase(at);
  try {
    return await database.all(sql, ...bindings);
  } finally {
    await database.close();
  }
}

/**
 * What a service that was killed left in a SQLite file is looked at, and not folded into it: that
 * is the service's own to do.
 */
export function openDatabase({ database }: ServiceHome): Promise<RawDatabase> {
  return database.kind === 'sqlite' ? readOnly(database.file) : rawDatabase(database);
}

function readOnly(file: string): Promise<RawDatabase> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (error) => {
      if (error !== null) return reject(error);
      database.configure('busyTimeout', 5_000);
      resolve({
        all: (sql, ...bindings) =>
          new Promise((done, fail) =>
            database.all<Readonly<Record<string, unknown>>>(sql, bindings, (failure, rows) =>
              failure === null ? done(rows) : fail(failure),
            ),
          ),
        close: () =>
          new Promise((done, fail) => database.close((failure) => (failure === null ? done() : fail(failure)))),
      });
    });
  });
}

type AuditRow = { readonly type: string; readonly details: Readonly<Record<string, unknown>> };

/**
 * What the audit log says of these certificates in entries of one type, in the order of the ids.
 */
export async function auditedOf(
  at: ServiceHome,
  type: string,
  ids: readonly string[],
): Promise<readonly AuditRow['details'][]> {
  const database = await openDatabase(at);
  const rows = await database.all('select bytes from audit_entries order by seq');
  await database.close();
  const entries = rows.map(({ bytes }) => JSON.parse(String(bytes)) as AuditRow);
  return ids.flatMap((id) =>
    entries.filter((entry) => entry.type === type && entry.details.id === id).map(({ details }) => details),
  );
}

const HOLDER = 'a test';
const HELD_MS = 5 * 60_000;

/** While this runs, no service works on orders that are given, because a test has their leases. */
export async function whileOrdersWait<Value>({ database }: ServiceHome, work: () => Promise<Value>): Promise<Value> {
  const raw = await rawDatabase(database);
  const insert = `insert into leases (name, holder, fencing_token, held_until)
    values ('mass-revocation/' || new.id, '${HOLDER}', 1, ${Date.now() + HELD_MS});`;
  if (database.kind === 'sqlite') {
    await raw.all('pragma busy_timeout = 30000');
    await raw.all(`create trigger orders_wait after insert on mass_revocations begin ${insert} end`);
  } else {
    const body = `begin ${insert} return new; end`;
    await raw.all(`create function orders_wait() returns trigger language plpgsql as $$ ${body} $$`);
    await raw.all(
      'create trigger orders_wait after insert on mass_revocations for each row execute function orders_wait()',
    );
  }
  try {
    return await work();
  } finally {
    await raw.all(`drop trigger orders_wait${database.kind === 'sqlite' ? '' : ' on mass_revocations'}`);
    if (database.kind !== 'sqlite') await raw.all('drop function orders_wait()');
    await raw.all('update leases set held_until = 0 where holder = ?', HOLDER);
    await raw.close();
  }
}
