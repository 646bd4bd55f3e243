/** The database of a home as its driver shows it, without any code of the product; nothing is written. */
import sqlite3 from 'sqlite3';
import { type RawDatabase, rawDatabase } from './db-raw.js';
import type { ServiceHome } from './service-home.js';

/** What a service that was killed left in a SQLite file is looked at, and not folded into it: that is the service's own to do. */
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

type Audited = { readonly type: string; readonly details: Readonly<Record<string, unknown>> };

/** What the audit log says of these certificates in entries of one type, in the order of the ids. */
export async function auditedOf(
  at: ServiceHome,
  type: string,
  ids: readonly string[],
): Promise<readonly Audited['details'][]> {
  const database = await openDatabase(at);
  const rows = await database.all('select bytes from audit_entries order by seq');
  await database.close();
  const entries = rows.map(({ bytes }) => JSON.parse(String(bytes)) as Audited);
  return ids.flatMap((id) =>
    entries.filter((entry) => entry.type === type && entry.details.id === id).map(({ details }) => details),
  );
}
