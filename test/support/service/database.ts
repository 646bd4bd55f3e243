/**
 * The database of a home as its driver shows it, without any code of the product; nothing is
 * written.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';
import { openStore } from '../../../src/db/open.js';
import type { Lease } from '../../../src/ports/store/leases.js';
import { unwrap } from '../db/fixture.js';
import { type RawDatabase, rawDatabase } from '../db/raw.js';
import { AUDIT_ORIGIN } from '../db/records.js';
import type { ServiceHome } from './home.js';

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

const LEASE_WAIT_MS_MAX = 30_000;

/** While this runs no service works on orders to revoke many: somebody else has their lease. */
export async function whileOrdersWait<Value>({ database }: ServiceHome, work: () => Promise<Value>): Promise<Value> {
  const store = unwrap(
    await openStore({ database, environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: Date.now }),
  );
  const request = { name: 'mass-revocations', holder: randomUUID(), durationMs: 2 * LEASE_WAIT_MS_MAX };
  const until = performance.now() + LEASE_WAIT_MS_MAX;
  let lease: Lease | null = null;
  while (lease === null) {
    lease = unwrap(await store.acquireLease(request));
    if (lease === null && performance.now() > until) throw new Error('the lease of orders is not to be had');
    await sleep(20);
  }
  try {
    return await work();
  } finally {
    await store.releaseLease(lease);
    await store.close();
  }
}
