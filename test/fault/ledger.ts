/** Compares what clients were promised with what the database has after crashes. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, IssuedCertificate } from '../support/service/client.js';
import { fromPem } from '../support/service/csr.js';
import { openDatabase } from '../support/service/database.js';
import type { ServiceHome } from '../support/service/home.js';
import { runPfcng } from '../support/service/service.js';
import { acknowledged, type Outcome } from './storm.js';

export type Ledger = {
  /** By id, as first acknowledged. */
  readonly promised: ReadonlyMap<string, IssuedCertificate>;
  readonly add: (outcomes: readonly Outcome[]) => void;
};

/** A promise that is repeated must have the same bytes. */
export function createLedger(): Ledger {
  const promised = new Map<string, IssuedCertificate>();
  const bySerial = new Map<string, string>();
  return {
    promised,
    add(outcomes) {
      for (const issued of outcomes.flatMap(acknowledged)) {
        const serial = `${issued.ca} ${issued.serialNumber}`;
        const known = bySerial.get(serial) ?? issued.certificate;
        assert.equal(issued.certificate, known, `two certificates of ${serial}`);
        bySerial.set(serial, known);
        const before = promised.get(issued.id);
        assert.equal(before?.certificate ?? issued.certificate, issued.certificate, `${issued.id} has changed`);
        promised.set(issued.id, before ?? issued);
      }
    },
  };
}

/**
 * Asserts that every certificate that was promised is still given, as it was. They are read one by
 * one: hundreds of reads at once may wait longer for a connection than the service lets them.
 */
export async function assertPromisesKept({ promised }: Ledger, client: Client): Promise<void> {
  for (const promise of promised.values())
    assert.deepEqual(await client.expect<IssuedCertificate>('GET', `/v1/certificates/${promise.id}`), promise);
}

/**
 * Asserts that the audit chain is intact, and that every signature in a journal is in the database.
 */
export async function assertRecordsWhole(at: ServiceHome): Promise<void> {
  for (const command of [
    ['audit', 'verify'],
    ['hsm', 'reconcile'],
  ] as const) {
    const { status, stderr } = await runPfcng(at, ...command);
    assert.equal(status, 0, stderr);
  }
}

export type Intent = {
  readonly id: string;
  readonly issuer: string;
  readonly serial: string;
  readonly tbs: Buffer;
  readonly key: string | null;
};

/** Intents without a signature, while no service is running. */
export async function openIntents(at: ServiceHome): Promise<readonly Intent[]> {
  const database = await openDatabase(at);
  const rows = await database.all("select id, issuer, serial, tbs, claim_key from certificates where status = 'open'");
  await database.close();
  return rows.map(({ id, issuer, serial, tbs, claim_key: key }) => {
    assert.ok(Buffer.isBuffer(tbs));
    return {
      id: String(id),
      issuer: String(issuer),
      serial: String(serial),
      tbs,
      key: key === null ? null : String(key),
    };
  });
}

export type Settlement = 'finished' | 'abandoned';

/**
 * Whether each intent was finished with the same bytes or abandoned as revoked; anything else
 * fails.
 */
export async function settlementsOf(
  at: ServiceHome,
  client: Client,
  intents: readonly Intent[],
): Promise<readonly Settlement[]> {
  const database = await openDatabase(at);
  const ids = intents.map(({ id }) => id);
  const rows = await database.all(
    `select id, status, tbs from certificates where id in (${ids.map(() => '?').join(', ') || 'null'})`,
    ...ids,
  );
  await database.close();
  const settlements = intents.map(async (intent): Promise<Settlement> => {
    const row = rows.find(({ id }) => id === intent.id);
    assert.ok(row && Buffer.isBuffer(row.tbs), `the intent ${intent.id} is gone`);
    assert.ok(row.tbs.equals(intent.tbs), `the stored octets of ${intent.id} have changed`);
    if (row.status === 'revoked') return 'abandoned';
    assert.equal(row.status, 'issued', `the intent ${intent.id} was left ${row.status}`);
    const issued = await client.expect<IssuedCertificate>('GET', `/v1/certificates/${intent.id}`);
    assert.ok(tbsOf(issued.certificate).equals(intent.tbs), `${intent.id} was finished with other octets`);
    assertSigned(issued);
    return 'finished';
  });
  return Promise.all(settlements);
}

export function assertSigned({ certificate, chain, id }: IssuedCertificate): void {
  const issuer = new X509Certificate(chain.split(/(?=-----BEGIN)/)[0] ?? '');
  assert.ok(new X509Certificate(certificate).verify(issuer.publicKey), `the signature of ${id} is not its issuer's`);
}

function tbsOf(pem: string): Buffer {
  const [der] = fromPem(pem);
  assert.ok(der);
  return firstElement(der);
}

/** The to-be-signed part of a certificate or CRL (RFC 5280 4.1, 5.1). */
export function firstElement(der: Buffer): Buffer {
  const content = headerOctets(der);
  const tbs = der.subarray(content);
  return tbs.subarray(0, headerOctets(tbs) + contentOctets(tbs));
}

function headerOctets(der: Buffer): number {
  const first = der[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentOctets(der: Buffer): number {
  const first = der[1] ?? 0;
  return first < 0x80 ? first : der.readUIntBE(2, first & 0x7f);
}

export type JournalLine = {
  readonly kind: string;
  readonly issuer: string;
  readonly sha256: string;
  readonly serial?: string;
  /** Only a list has a number; `base` is the number of the list that a delta completes. */
  readonly scope?: string;
  readonly number?: string;
  readonly base?: number | null;
};

/** The signers' journals of a home, read without code of the product. */
export function journalLines(home: string): readonly JournalLine[] {
  const folder = join(home, 'signers');
  return readdirSync(folder).flatMap((token) => {
    const text = readFileSync(join(folder, token, 'journal.000001.ndjson'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalLine);
  });
}
