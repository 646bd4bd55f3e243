/** Real SQLite files in folders of their own, records to put into them, and the file as its owner sees it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { type OpenOptions, openStore } from '../../src/db/open.js';
import type { Result } from '../../src/kernel/result.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { AuditEvent, CertificateRecord, Store, StoredState, Transaction } from '../../src/ports/store.js';

export const ISSUER = 'aci-fo-pp' as IssuerId;
export const OTHER_ISSUER = 'aci-el-org-2' as IssuerId;
export const NOW = Date.UTC(2026, 2, 1, 10);
export const DAY_MS = 86_400_000;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-db-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
const stores: Store[] = [];

/** For `afterEach`: closes and removes all that the test made. */
export async function cleanUp(): Promise<void> {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function opened(options: Partial<OpenOptions> = {}): Promise<Store> {
  const file = options.file ?? join(temporaryFolder(), 'pfcng.sqlite');
  const store = unwrap(await openStore({ environmentMark: 'development', clock: () => NOW, ...options, file }));
  stores.push(store);
  return store;
}

export function unwrap<Value>(result: Result<Value, unknown>): Value {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

/** Ids ascend with the number, as UUIDs of version 7 do in time. */
export function idOf(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function serialOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

export function intent(number: number, from: Partial<CertificateRecord> = {}): CertificateRecord {
  return {
    id: idOf(number),
    issuer: ISSUER,
    serial: serialOf(number),
    profile: 'fort/cps-authentication',
    policyDigest: 'd'.repeat(64),
    tbs: Uint8Array.of(0x30, 0x03, 0x02, 0x01, number % 128),
    signature: null,
    state: { status: 'open' },
    notBefore: NOW,
    notAfter: NOW + 1_000 * DAY_MS,
    createdAt: NOW,
    holderId: '810002813839',
    structureId: null,
    cardTokenId: null,
    holder: { kind: 'professional', idNat: '810002813839', surname: 'HÉRACLÈS' },
    card: null,
    identity: { assurance: 'high', source: 'PSI' },
    spkiSha256: number.toString(16).padStart(64, '0'),
    accountId: 'card-management',
    claim: null,
    ...from,
  };
}

export function event(type = 'certificate.intent', details: AuditEvent['details'] = null): AuditEvent {
  return { at: NOW, type, actor: 'card-management', outcome: 'success', details };
}

/** Puts a certificate in, signed, and in the given state. */
export async function certify(
  tx: Transaction,
  record: CertificateRecord,
  state: StoredState = { status: 'issued' },
): Promise<CertificateRecord> {
  await tx.insertIntents([record]);
  if (state.status === 'open') return record;
  const signature = Uint8Array.of(1, 2, 3);
  await tx.storeSignatures([{ id: record.id, signature, status: 'issued' }]);
  if (state.status !== 'issued') await tx.setState(record.id, state, { at: NOW, actor: 'officer-1' });
  return { ...record, signature, state };
}

export type RawDatabase = {
  readonly all: (sql: string, ...bindings: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
};

/** The file in the hands of whoever owns it. */
export async function rawDatabase(file: string): Promise<RawDatabase> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const made = new sqlite3.Database(file, (error) => (error === null ? resolve(made) : reject(error)));
  });
  return {
    all: (sql, ...bindings) =>
      new Promise((resolve, reject) => {
        database.all<Readonly<Record<string, unknown>>>(sql, bindings, (error, rows) =>
          error === null ? resolve(rows) : reject(error),
        );
      }),
    close: () =>
      new Promise((resolve, reject) => database.close((error) => (error === null ? resolve() : reject(error)))),
  };
}

/** Opens the file, lets the owner do what the guards refuse, and puts the guards away for good. */
export async function tamper(file: string, sql: string, ...bindings: readonly unknown[]): Promise<void> {
  const raw = await rawDatabase(file);
  for (const { name } of await raw.all(`select name from sqlite_master where type = 'trigger'`)) {
    await raw.all(`drop trigger ${String(name)}`);
  }
  await raw.all(sql, ...bindings);
  await raw.close();
}
