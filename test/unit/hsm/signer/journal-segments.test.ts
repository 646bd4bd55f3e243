/**
 * The segments of a signer's journal. Without them a journal could only grow, and each start and
 * each hour would read all of it.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry, JournalEvent } from '../../../../hsm/journal/journal-entry.js';
import {
  type PlacedEntry,
  readJournal,
  readJournalAfter,
  readJournalId,
} from '../../../../hsm/journal/read-journal.js';
import { type JournalOptions, openJournal } from '../../../../hsm/signer/journal.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import type { JournalPosition } from '../../../../src/ports/store/journals.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const NOW = Date.parse('2026-03-01T10:00:00Z');
const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const response = (name: string, issuer = 'aci-te-pp'): JournalEvent => ({ kind: 'ocsp', issuer, sha256: hashOf(name) });
const list = (number: string, issuer = 'aci-te-pp'): JournalEvent => ({
  kind: 'crl',
  issuer,
  scope: 'full',
  number,
  base: null,
  thisUpdate: '2026-03-01T10:00:00Z',
  entries: 3,
  sha256: hashOf(number),
});
const ISSUERS = ['aci-te-pp', 'aci-te-org'];
/** Two or three entries of one response. */
const SMALL = 500;

describe('segments of a signer journal', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  const segments = (): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith('journal.'))
      .sort();
  const pathOf = (number: number): string => join(folder, `journal.00000${number}.ndjson`);

  async function opened(options: JournalOptions) {
    const journal = await openJournal(folder, options);
    assert(journal.ok, JSON.stringify(journal));
    return journal.value;
  }
  /** Appends one event after the other, as a signer does, and closes the journal. */
  async function write(events: readonly JournalEvent[], options: JournalOptions = {}, at = NOW): Promise<void> {
    const { journal } = await opened({ segmentBytesMax: SMALL, ...options });
    for (const event of events) assert((await journal.append({ at, steadyAt: null, event })).ok);
    await journal.close();
  }
  async function readAll(options: Parameters<typeof readJournal>[1] = {}): Promise<readonly JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for await (const entry of readJournal(folder, options)) {
      assert(entry.ok, JSON.stringify(entry));
      entries.push(entry.value);
    }
    return entries;
  }
  async function placed(after: JournalPosition | null, isPruned = false): Promise<readonly (PlacedEntry | string)[]> {
    const read: (PlacedEntry | string)[] = [];
    for await (const one of readJournalAfter(folder, { after, isPruned }))
      read.push(one.ok ? one.value : one.error.detail);
    return read;
  }
  const numbersOf = (read: readonly (PlacedEntry | string)[]) =>
    read.map((one) => (typeof one === 'string' ? one : one.entry.seq));
  async function lastPosition(): Promise<JournalPosition> {
    const last = (await placed(null, true)).at(-1);
    assert(last !== undefined && typeof last !== 'string');
    return last.position;
  }

  it('responses that wait for the same write are one entry for each key, which has all digests in their order', async () => {
    const { journal } = await opened({});
    const names = Array.from({ length: 300 }, (_, at) => `${at}`);
    const seqs = await Promise.all([
      ...names.map((name) => journal.append({ at: NOW, steadyAt: null, event: response(name) })),
      journal.append({ at: NOW, steadyAt: null, event: response('other', 'aci-te-org') }),
    ]);
    assert.deepEqual([...new Set(seqs.map((seq) => seq.ok && seq.value))], [1, 2, 3]);
    await journal.close();
    const entries = await readAll();
    assert.deepEqual(
      entries.map((entry) => entry.kind === 'ocsp' && [entry.issuer, entry.sha256.length]),
      [
        ['aci-te-pp', 256],
        ['aci-te-pp', 44],
        ['aci-te-org', 1],
      ],
    );
    const digests = entries.flatMap((entry) => (entry.kind === 'ocsp' ? entry.sha256 : []));
    assert.deepEqual(digests, [...names, 'other'].map(hashOf));
  });

  it('a segment that is full gets no further entry, and the chain goes on in the next', async () => {
    await write(Array.from({ length: 9 }, (_, at) => response(`${at}`)));
    assert(segments().length > 3, segments().join());
    for (const name of segments()) assert(readFileSync(join(folder, name)).length < 2 * SMALL, name);
    await write([response('later')]);
    const entries = await readAll();
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      Array.from({ length: entries.length }, (_, at) => at + 1),
    );
    const digests = entries.flatMap((entry) => (entry.kind === 'ocsp' ? entry.sha256 : []));
    assert.deepEqual(digests, [...Array.from({ length: 9 }, (_, at) => `${at}`), 'later'].map(hashOf));
  });

  it('a start needs the last segment only: its first entry has the last lists of all issuers', async () => {
    await write([list('7'), list('41', 'aci-te-org'), list('8')], { crlIssuers: ISSUERS });
    await write(
      Array.from({ length: 9 }, (_, at) => response(`${at}`)),
      { crlIssuers: ISSUERS },
    );
    for (const name of segments().slice(0, -1)) rmSync(join(folder, name));
    const { journal } = await opened({ crlIssuers: [...ISSUERS, 'aci-te-new'] });
    assert.equal(journal.lastCrl('aci-te-pp', 'full')?.number, 8n);
    assert.equal(journal.lastCrl('aci-te-org', 'full')?.number, 41n);
    assert.equal(journal.lastCrl('aci-te-new', 'full'), undefined);
    await journal.close();
  });

  it('a segment that was created and has no complete entry continues the chain of the one before', async () => {
    await write([list('7'), response('a')], { crlIssuers: ISSUERS, segmentBytesMax: 10_000 });
    for (const torn of ['', '{"seq":3,"at":"20']) {
      writeFileSync(pathOf(2), torn);
      const { journal, tornBytes } = await opened({ crlIssuers: ISSUERS });
      assert.deepEqual([tornBytes, journal.lastSeq()], [torn.length, 2]);
      assert.equal(journal.lastCrl('aci-te-pp', 'full')?.number, 7n);
      await journal.close();
    }
    await write([response('b')]);
    assert.deepEqual(
      (await readAll()).map(({ seq, kind }) => [seq, kind]),
      [
        [1, 'crl'],
        [2, 'ocsp'],
        [3, 'segment'],
        [4, 'ocsp'],
      ],
    );
  });

  it('is read on after an entry, whichever segment that is in, and the entry is checked again', async () => {
    const events = Array.from({ length: 9 }, (_, at) => response(`${at}`));
    await write(events);
    const all = await placed(null);
    const numbers = numbersOf(all);
    for (const [at, one] of all.entries()) {
      assert(typeof one !== 'string');
      assert.deepEqual(numbersOf(await placed(one.position)), numbers.slice(at + 1));
    }
    const last = await lastPosition();
    assert.deepEqual(numbersOf(await placed({ ...last, sha256: hashOf('other') })), [
      'the entry that was read last has changed',
    ]);
    truncateSync(pathOf(last.segment), last.octet);
    assert.deepEqual(numbersOf(await placed(last)), ['the entry that was read last is not there']);
    rmSync(pathOf(last.segment));
    assert.deepEqual(numbersOf(await placed(last)), ['the entry that was read last is not there']);
  });

  it('a journal has a random id, which each of its segments has too', async () => {
    assert.equal(await readJournalId(folder), null);
    await write([response('a')]);
    const id = await readJournalId(folder);
    assert.match(id ?? '', /^[0-9a-f]{64}$/);
    await write(Array.from({ length: 9 }, (_, at) => response(`${at}`)));
    for (const name of segments().slice(0, -1)) {
      assert.equal(await readJournalId(folder), id);
      rmSync(join(folder, name));
    }
    assert.equal(await readJournalId(folder), id);
    for (const name of segments()) rmSync(join(folder, name));
    await write([response('a')]);
    assert.notEqual(await readJournalId(folder), id);
  });

  it('a journal keeps its id for readers while the first entry of a segment is being written', async () => {
    await write([response('a'), response('b')]);
    const id = await readJournalId(folder);
    assert.notEqual(id, null);
    for (const begun of ['', '{"seq":3,"at":"20']) {
      writeFileSync(pathOf(segments().length + (begun === '' ? 1 : 0)), begun);
      assert.equal(await readJournalId(folder), id, JSON.stringify(begun));
    }
    writeFileSync(pathOf(segments().length), 'no entry\n');
    assert.equal(await readJournalId(folder), null);
  });

  it('an entry that is being written is not read, and a segment that is missing is found', async () => {
    await write(Array.from({ length: 9 }, (_, at) => response(`${at}`)));
    const entries = (await readAll()).length;
    const [, , third = ''] = segments();
    appendFileSync(join(folder, segments().at(-1) ?? ''), '{"seq":');
    assert.equal((await readAll()).length, entries);
    rmSync(join(folder, third));
    assert.equal(numbersOf(await placed(null)).at(-1), 'segment 3 is missing');
    rmSync(pathOf(1));
    assert.deepEqual(numbersOf(await placed(null)), ['segment 1 is missing']);
  });

  describe('of an OCSP signer', () => {
    const retention = { ageMsMax: 2 * DAY_MS, segmentsMax: 3 };
    const many = Array.from({ length: 30 }, (_, at) => response(`${at}`));

    it('has a limited number of segments: the oldest are deleted, and the rest can be read and written', async () => {
      await write(many, { retention });
      assert.equal(segments().length, retention.segmentsMax);
      await write([response('later')], { retention });
      const entries = await readAll({ isPruned: true });
      assert(entries[0] !== undefined && entries[0].seq > 1);
      assert.equal(entries.at(-1)?.kind, 'ocsp');
      assert.equal(numbersOf(await placed(null))[0], 'segment 1 is missing', 'in a journal that is kept for ever');
    });

    it('loses segments without a new entry in the time for which they are kept', async () => {
      const kept = { ...retention, segmentsMax: 1_000 };
      await write(many.slice(0, 9), { retention: kept }, Date.now());
      const before = segments();
      const longAgo = (Date.now() - 3 * DAY_MS) / 1_000;
      utimesSync(pathOf(1), longAgo, longAgo);
      await write(many.slice(0, 3), { retention: kept }, Date.now());
      assert.deepEqual(segments().slice(0, before.length - 1), before.slice(1));
    });

    it('is read on from the oldest entry when the one that was read last was deleted', async () => {
      await write(many.slice(0, 3), { retention });
      const last = await lastPosition();
      await write(many, { retention });
      const read = numbersOf(await placed(last, true));
      assert(typeof read[0] === 'number' && read[0] > last.seq + 1);
      assert.equal(read.at(-1), (await lastPosition()).seq);
    });
  });
});
