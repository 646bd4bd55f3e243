import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrlEvent, JournalEntry, JournalRecord } from '../../../../hsm/journal/journal-entry.js';
import { readJournal } from '../../../../hsm/journal/read-journal.js';
import { type OpenedJournal, openJournal } from '../../../../hsm/signer/journal.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const HASH = 'ab'.repeat(32);
type Times = Partial<Pick<JournalRecord, 'at' | 'steadyAt'>>;
const record = (serial = '01', times: Times = {}): JournalRecord => ({
  at: 0,
  steadyAt: null,
  event: { kind: 'certificate', issuer: 'aci-te-pp', serial, profile: 'test/leaf', sha256: HASH },
  ...times,
});
const crlRecord = (changes: Partial<CrlEvent>): JournalRecord => ({
  at: 0,
  steadyAt: null,
  event: {
    kind: 'crl',
    issuer: 'aci-te-pp',
    scope: 'full',
    number: '7',
    base: null,
    thisUpdate: '1970-01-01T00:00:00Z',
    entries: 3,
    sha256: HASH,
    ...changes,
  },
});

describe('the signer journal', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'journal.000001.ndjson');
  });
  afterEach(() => removeFolder(folder));

  async function open(crlIssuers: readonly string[] = []): Promise<OpenedJournal> {
    const opened = await openJournal(folder, { crlIssuers });
    assert(opened.ok, JSON.stringify(opened));
    return opened.value;
  }
  async function entries(): Promise<readonly JournalEntry[]> {
    const read: JournalEntry[] = [];
    for await (const entry of readJournal(folder)) {
      assert(entry.ok, JSON.stringify(entry));
      read.push(entry.value);
    }
    return read;
  }

  it('entries are on disk in the order of their calls when append resolves, in one chain over several openings', async () => {
    const first = await open();
    const results = await Promise.all(Array.from({ length: 200 }, (_, at) => first.journal.append(record(`${at}`))));
    assert.deepEqual(
      results.map((result) => result.ok && result.value),
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
    await first.journal.close();
    const second = await open();
    assert.deepEqual(await second.journal.append(record('last')), { ok: true, value: 201 });
    await second.journal.close();
    assert.deepEqual(
      (await entries()).map((entry) => 'serial' in entry && entry.serial),
      [...Array.from({ length: 200 }, (_, at) => `${at}`), 'last'],
    );
  });

  it('an incomplete last line is removed and reported, and the next entry continues the chain', async () => {
    const first = await open();
    await first.journal.append(record());
    await first.journal.close();
    const { size } = statSync(file);
    for (const torn of ['{"seq":2,"at":"19', '\0'.repeat(5000)]) {
      appendFileSync(file, torn);
      const again = await open();
      assert.equal(again.tornBytes, torn.length);
      await again.journal.close();
      assert.equal(statSync(file).size, size);
    }
    const last = await open();
    assert.equal(last.tornBytes, 0);
    await last.journal.append(record());
    await last.journal.close();
    assert.equal((await entries()).length, 2);
  });

  it('a changed, removed or exchanged line is found when it is read', async () => {
    const { journal } = await open();
    for (const serial of ['1', '2', '3', '4']) await journal.append(record(serial));
    await journal.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    const [a = '', b = '', c = '', d = ''] = lines;
    const forgeries = [
      [a, b.replace('"2"', '"9"'), c, d],
      [a, c, d],
      [a, c, b, d],
      [b, c, d],
    ];
    for (const forged of forgeries) {
      writeFileSync(file, `${forged.join('\n')}\n`);
      const failures: string[] = [];
      for await (const entry of readJournal(folder)) if (!entry.ok) failures.push(entry.error.kind);
      assert.deepEqual(failures, ['journal-broken']);
    }
  });

  it('is not opened when its end is no chain: only an incomplete line is removed', async () => {
    const { journal } = await open();
    for (const serial of ['1', '2', '3']) await journal.append(record(serial));
    await journal.close();
    const forged = readFileSync(file, 'utf8').replace('"serial":"2"', '"serial":"9"');
    writeFileSync(file, forged);
    const opened = await openJournal(folder);
    assert(!opened.ok);
    assert.equal(opened.error.kind, 'journal-broken');
    assert.equal(readFileSync(file, 'utf8'), forged);
  });

  it('a line that continues the chain without being a valid entry is found at opening and at reading', async () => {
    const { journal } = await open();
    for (const serial of ['1', '2']) await journal.append(record(serial));
    await journal.close();
    const whole = readFileSync(file, 'utf8');
    const last = whole.trimEnd().split('\n').at(-1) ?? '';
    const next = { ...JSON.parse(last), seq: 3, prev: createHash('sha256').update(last).digest('hex') };
    const crl = { ...crlRecord({}).event, lists: {} };
    const list = { number: '7', thisUpdate: '1970-01-01T00:00:00Z', entries: 3, sha256: HASH };
    const refused = { kind: 'refused', rule: 'frame-type', issuer: null, asked: null, sha256: null };
    const alarm = { kind: 'alarm', alarm: 'rate-cap', issuer: 'aci-te-pp', profile: null, sha256: HASH };
    const good: readonly object[] = [
      {},
      { ...crl, lists: { delta: list } },
      { kind: 'ocsp', sha256: [HASH, HASH] },
      { kind: 'segment', journal: HASH, segment: 2, lists: { 'aci-te-pp': { full: list } } },
      { kind: 'platform', purpose: 'receipt' },
      refused,
      { kind: 'refusals-over-limit', count: 1 },
      alarm,
      { kind: 'tally', tally: { 'test/leaf': { 7: 1 } } },
    ];
    const odd: readonly object[] = [
      { seq: 4 },
      { at: 7 },
      { steadyAt: 7 },
      { kind: 'else' },
      { kind: 'toString' },
      { issuer: null },
      { sha256: 'none' },
      { serial: 7 },
      { profile: null },
      { ...crl, number: '7x' },
      { ...crl, scope: 'all' },
      { ...crl, base: -1 },
      { ...crl, lists: { full: { ...list, number: 'x' } } },
      { ...crl, lists: { all: list } },
      { ...crl, entries: 0.5 },
      { ...crl, thisUpdate: 7 },
      { kind: 'ocsp', issuer: 7, sha256: [HASH] },
      { kind: 'ocsp', sha256: HASH },
      { kind: 'ocsp', sha256: [] },
      { kind: 'segment', journal: HASH, segment: 2, lists: { 'aci-te-pp': { all: list } } },
      { kind: 'segment', journal: HASH, segment: -1, lists: {} },
      { kind: 'segment', segment: 2, lists: {} },
      { kind: 'platform' },
      { ...refused, rule: undefined },
      { ...refused, asked: 7 },
      { ...alarm, alarm: 7 },
      { kind: 'refusals-over-limit', count: -1 },
      { kind: 'tally', tally: { 'test/leaf': { minute: 1 } } },
      { kind: 'tally', tally: { 'test/leaf': { 7: '1' } } },
    ];
    const lineOf = (changes: object): string => JSON.stringify({ ...next, ...changes });
    const goodLines = good.map(lineOf);
    for (const line of [...goodLines, ...odd.map(lineOf), 'none at all', '[]']) {
      writeFileSync(file, `${whole}${line}\n`);
      const opened = await openJournal(folder);
      if (opened.ok) await opened.value.journal.close();
      const failures: string[] = [];
      for await (const entry of readJournal(folder)) if (!entry.ok) failures.push(entry.error.kind);
      const isOurs = goodLines.includes(line);
      assert.equal(opened.ok, isOurs, line);
      assert.deepEqual(failures, isOurs ? [] : ['journal-broken'], line);
    }
  });

  it('after a failed write nothing more is written, because the content of the disk is unknown', async () => {
    const { journal } = await open();
    const handle = await openFile(file, 'r');
    const prototype = Object.getPrototypeOf(handle) as { write: (...given: readonly unknown[]) => unknown };
    await handle.close();
    const { write } = prototype;
    prototype.write = () => Promise.reject(new Error('EIO'));
    const first = journal.append(record());
    const failed = await first.finally(() => {
      prototype.write = write;
    });
    const later = await journal.append(record());
    for (const one of [failed, later]) assert.equal(!one.ok && one.error.kind, 'journal-not-writable');
    assert.equal(statSync(file).size, 0);
    await journal.close();
  });

  it('the last CRL of each issuer is found after megabytes of other entries', async () => {
    const { journal } = await open();
    await journal.append(crlRecord({ number: '7' }));
    await journal.append(crlRecord({ issuer: 'aci-te-org', number: '41' }));
    const newer = { number: '8', sha256: 'cd'.repeat(32), thisUpdate: '1970-01-01T00:00:05Z', entries: 12 };
    await journal.append(crlRecord(newer));
    assert.equal(journal.lastCrl('aci-te-pp', 'full')?.number, 8n);
    await Promise.all(Array.from({ length: 12_000 }, () => journal.append(record())));
    await journal.close();
    assert(statSync(file).size > 2.5 * 1024 * 1024);
    const again = await open(['aci-te-pp', 'aci-te-org', 'aci-te-new']);
    const pp = { number: 8n, sha256: 'cd'.repeat(32), thisUpdate: 5_000, entries: 12 };
    assert.deepEqual(again.journal.lastCrl('aci-te-pp', 'full'), pp);
    assert.equal(again.journal.lastCrl('aci-te-org', 'full')?.number, 41n);
    assert.equal(again.journal.lastCrl('aci-te-new', 'full'), undefined);
    assert.equal(again.journal.lastSeq(), 12_003);
    await again.journal.close();
  });

  it('the last CRL of each scope is found in the last CRL entry of its issuer', async () => {
    const { journal } = await open();
    await journal.append(crlRecord({ number: '7', thisUpdate: '1970-01-01T00:00:07Z' }));
    await journal.append(crlRecord({ number: '2', scope: 'full-1' }));
    await journal.append(crlRecord({ number: '8', scope: 'delta', base: 7, entries: 1 }));
    await journal.append(crlRecord({ number: '9', scope: 'delta', base: 7, entries: 2 }));
    const kept = (scope: 'full' | 'delta' | 'full-1' | 'delta-1') => journal.lastCrl('aci-te-pp', scope);
    const before = [kept('full'), kept('delta'), kept('full-1'), kept('delta-1')];
    await journal.close();
    const again = await open(['aci-te-pp']);
    const found = (scope: 'full' | 'delta' | 'full-1' | 'delta-1') => again.journal.lastCrl('aci-te-pp', scope);
    assert.deepEqual([found('full'), found('delta'), found('full-1'), found('delta-1')], before);
    assert.deepEqual(found('full'), { number: 7n, sha256: HASH, thisUpdate: 7_000, entries: 3 });
    assert.equal(found('delta')?.number, 9n);
    await again.journal.close();
  });

  it('counts the certificates of the last hour from its end back to a tally, by the steady time', async () => {
    const { journal } = await open();
    const minute = 60_000;
    await journal.append(record('01', { at: 10 * minute }));
    const tally = { 'test/leaf': { 99: 7 } };
    await journal.append({ at: 100 * minute, steadyAt: null, event: { kind: 'tally', tally } });
    await journal.append(record('02', { at: 100 * minute }));
    // The clock was set back; the steady time was not.
    const { event } = record('03');
    const responder = { ...event, kind: 'responder-certificate' } as JournalRecord['event'];
    await journal.append({ at: 3 * minute, steadyAt: 101 * minute, event: responder });
    await journal.append({ ...crlRecord({}), at: 101 * minute });
    await journal.close();
    const again = await open(['aci-te-pp']);
    assert.deepEqual(again.recent, { lastAt: 101 * minute, tally: { 'test/leaf': { 99: 7, 100: 1, 101: 1 } } });
    await again.journal.close();
  });

  it('counts no entry older than the window, without a tally too', async () => {
    const { journal } = await open();
    for (const minute of [1, 40, 100]) await journal.append(record('01', { at: minute * 60_000 }));
    await journal.close();
    const again = await open(['aci-te-pp']);
    assert.deepEqual(again.recent.tally, { 'test/leaf': { 40: 1, 100: 1 } });
    await again.journal.close();
  });
});
