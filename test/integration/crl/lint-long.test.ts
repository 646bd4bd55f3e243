/**
 * `pfcng lint` of lists that are longer than anything that is read at once: as they lie on the
 * disk, DER and PEM.
 */
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Item } from '../../../src/cli/lint/file.js';
import { authoritiesAmong, lintItem } from '../../../src/cli/lint/item.js';
import type { Knowledge, Report } from '../../../src/cli/lint/report.js';
import { itemsOf } from '../../../src/cli/lint/source.js';
import { assembleCrl, crlHeaderOf, frameCrl } from '../../../src/crl/encode.js';
import { createEntryWriter } from '../../../src/crl/entry-writer.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import { encodePem } from '../../../src/x509/pem.js';
import { createStatusAuthority, type StatusAuthority, serialOf } from '../../support/status/authority.js';

const AT = Date.parse('2026-03-01T10:00:00Z');
const ENTRIES = 1_000_000;
const BATCH = 1_000;
/** The memory is measured each time that so much of the list was read. */
const WATCH_EACH_BYTES = 2_000_000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/**
 * Memory that is in use, without what V8 may free: on a busy machine the process keeps freed memory
 * for longer. The second collection ends what the first one left to another thread.
 */
function usedBytes(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A list of so many entries, of which `change` may spoil some, signed by OpenSSL's key. */
function signedList(
  { issuer, caKey }: StatusAuthority,
  change: (entry: RevokedEntry, at: number) => RevokedEntry,
): Bytes {
  const writer = createEntryWriter();
  const chunks: Bytes[] = [];
  for (let from = 0; from < ENTRIES; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at): RevokedEntry => {
      const entry = { serial: serialOf(from + at), at: AT, reason: 'superseded', invalidityDate: null } as const;
      return change(entry, from + at);
    });
    chunks.push(...writer.write(batch));
  }
  const last = writer.flush();
  const header = crlHeaderOf(issuer, { number: 7, thisUpdate: AT, nextUpdate: AT + HOUR_MS });
  const { prefix, suffix, tbsLength } = frameCrl(header, writer.totals());
  const tbs = concat([prefix, ...chunks, ...(last === null ? [] : [last]), suffix]);
  const signature = new Uint8Array(createSign('sha256').update(tbs).sign(caKey));
  const around = assembleCrl(tbsLength, issuer.signatureAlgorithm, signature);
  return concat([around.prefix, tbs, around.suffix]);
}

describe('pfcng lint of a CRL of a million entries', () => {
  let authority: StatusAuthority;
  let known: Knowledge;
  let good: string;
  const file = (name: string): string => join(authority.folder, name);
  const itemOf = (path: string): Item => {
    const items = itemsOf(path);
    assert(items.ok, JSON.stringify(items));
    assert.equal(items.value.length, 1);
    return present(items.value[0], 'an item');
  };
  const rulesOf = ({ findings }: Report) => findings.map(({ rule }) => rule);

  before(function makeIt() {
    authority = createStatusAuthority();
    const given = authoritiesAmong([itemOf(authority.caPem)]);
    known = { policy: null, own: [], given, profile: null };
    good = file('million.crl');
    writeFileSync(
      good,
      signedList(authority, (entry) => entry),
    );
  });

  it('reads it in constant memory', async () => {
    const item = itemOf(good);
    assert(item.kind === 'crl');
    // Memory for loaded and compiled code does not count.
    assert.deepEqual(rulesOf(await lintItem(known, item)), []);
    const before = usedBytes();
    let most = before;
    let measurements = 0;
    async function* watched(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
      let unwatched = 0;
      for await (const chunk of chunks) {
        unwatched += chunk.length;
        if (unwatched >= WATCH_EACH_BYTES) {
          most = Math.max(most, usedBytes());
          measurements += 1;
          unwatched = 0;
        }
        yield chunk;
      }
    }
    const report = await lintItem(known, { ...item, chunks: () => watched(item.chunks()) });
    assert.deepEqual(rulesOf(report), []);
    const riseMb = (most - before) / 1e6;
    assert.ok(measurements > 10, `${measurements} measurements`);
    assert.ok(riseMb < 16, `${riseMb} MB for a list of ${readFileSync(good).length / 1e6} MB`);
  });

  it('reports every violated rule once, with its first entry', async () => {
    const path = file('spoilt.crl');
    const spoil = (entry: RevokedEntry, at: number): RevokedEntry => {
      if (at === 400_000 || at === 500_000) return { ...entry, serial: serialOf(at - 1) };
      return at === 700_000 ? { ...entry, serial: '00' } : entry;
    };
    writeFileSync(path, signedList(authority, spoil));
    const { findings } = await lintItem(known, itemOf(path));
    assert.deepEqual(
      findings.map(({ rule, detail }) => `${rule} ${detail.split(' at ')[0]}`),
      ['e_crl_serial_is_listed_once entry 400001', 'e_crl_serial_is_positive entry 700001'],
    );
  });

  it('reads PEM too, and detects data after it and invalid base64', async () => {
    const pem = file('million.pem');
    const der = readFileSync(good);
    writeFileSync(pem, `a list\n${encodePem('X509 CRL', der)}\n`);
    assert.deepEqual(rulesOf(await lintItem(known, itemOf(pem))), []);
    appendFileSync(pem, 'and more');
    assert.deepEqual(rulesOf(await lintItem(known, itemOf(pem))), ['e_crl_der_is_strict']);
    const text = encodePem('X509 CRL', der);
    writeFileSync(pem, `${text.slice(0, 20_000_000)}!${text.slice(20_000_001)}`);
    assert.ok(rulesOf(await lintItem(known, itemOf(pem))).length > 0);
  });

  it('detects a wrong byte at the end, a truncated file and another type of file', async () => {
    const path = file('wrong.crl');
    const der = new Uint8Array(readFileSync(good));
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    writeFileSync(path, der);
    assert.deepEqual(rulesOf(await lintItem(known, itemOf(path))), ['e_crl_signature_verifies']);
    writeFileSync(path, der.subarray(0, 20_000_000));
    assert.deepEqual(rulesOf(await lintItem(known, itemOf(path))), ['e_crl_der_is_strict']);
    writeFileSync(path, Buffer.alloc(9_000_000, 'x'));
    const items = itemsOf(path);
    assert.match(items.ok ? '' : items.error, /not one CRL alone/);
  });
});
