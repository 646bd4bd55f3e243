/**
 * The serial numbers that a signer has used. If this broke, a stolen service could have a second
 * certificate signed under the serial number of an existing one.
 */
import assert from 'node:assert/strict';
import { createHash, hash as hashWhole } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, openJournal } from '../../../../hsm/signer/journal.js';
import { openSerialIndex, type SerialIndex, type SerialUse } from '../../../../hsm/signer/serial-index.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const ISSUER = 'aci-te-pp';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const use = (serial: string, bytes = `bytes of ${serial}`, issuer = ISSUER): SerialUse => ({
  issuer,
  serial,
  sha256: sha256(bytes),
});

const chain: string[] = [];
let tried = 0;

/** Serial numbers of one chain of pages, of which each page has 170. One in 4,096 is found. */
function serialsOfOneChain(count: number): readonly string[] {
  for (; chain.length < count; tried += 1) {
    const serial = tried.toString(16).padStart(32, '0');
    const hash = hashWhole('sha256', `${ISSUER}/${serial}`, 'buffer');
    if (hash.readUInt32BE(8) % 4096 === 11) chain.push(serial);
  }
  return chain.slice(0, count);
}

describe('the serial index of a signer', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'serials.index');
  });
  afterEach(() => removeFolder(folder));

  async function opened<Value>(work: (index: SerialIndex) => Value | Promise<Value>): Promise<Value> {
    const index = await openSerialIndex(file);
    try {
      return await work(index);
    } finally {
      await index.close();
    }
  }

  it('accepts a new number, the same number for the same bytes, and no number for other bytes', async () => {
    const position = { seq: 7, hash: sha256('line 7') };
    await opened(async (index) => {
      assert.equal(index.completeTo, null);
      assert.equal(index.claim(use('01')), true);
      assert.equal(index.claim(use('01')), true);
      assert.equal(index.claim(use('01', 'other bytes')), false);
      assert.equal(index.claim(use('01', 'other bytes', 'aci-te-org')), true, 'each CA has its own numbers');
      await index.save(position);
    });
    await opened((index) => {
      assert.deepEqual(index.completeTo, position);
      assert.equal(index.claim(use('01', 'other bytes')), false);
      assert.equal(index.claim(use('01')), true);
    });
  });

  it('knows every number when one chain has several pages, and after it was opened again', async () => {
    const serials = serialsOfOneChain(180);
    const position = { seq: 1, hash: sha256('line 1') };
    await opened(async (index) => {
      for (const serial of serials) assert.equal(index.claim(use(serial)), true);
      await index.save(position);
    });
    assert.equal(statSync(file).size, 3 * 4096, 'the first page and two of the chain');
    await opened((index) => {
      for (const serial of serials) {
        assert.equal(index.claim(use(serial, 'other bytes')), false, serial);
        assert.equal(index.claim(use(serial)), true);
      }
    });
    assert.equal(statSync(file).size, 3 * 4096, 'nothing was noted twice');
  });

  it('is begun again when it is no such file', async () => {
    for (const content of ['', 'something else', 'x'.repeat(9_000)]) {
      writeFileSync(file, content);
      await opened((index) => {
        assert.equal(index.completeTo, null);
        assert.equal(index.claim(use('01')), true);
        assert.equal(index.claim(use('01', 'other bytes')), false);
      });
    }
  });
});

describe('the serial numbers of a journal', () => {
  let folder: string;
  let file: string;
  let index: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'journal.000001.ndjson');
    index = join(folder, 'serials.index');
  });
  afterEach(() => removeFolder(folder));

  async function open(): Promise<Journal> {
    const opened = await openJournal(folder, { crlIssuers: [ISSUER] });
    assert(opened.ok, JSON.stringify(opened));
    return opened.value.journal;
  }
  /** As the signer does it: the number is claimed, then the entry is written. */
  async function sign(journal: Journal, serial: string): Promise<void> {
    assert.deepEqual(journal.claimSerial(use(serial)), { ok: true, value: true });
    const kind = serial.startsWith('0') ? 'certificate' : 'responder-certificate';
    const event = { kind, profile: 'test/leaf', ...use(serial) } as const;
    const appended = await journal.append({ at: 0, steadyAt: null, event });
    assert(appended.ok);
  }
  function assertUsed(journal: Journal, ...serials: readonly string[]): void {
    for (const serial of serials)
      assert.deepEqual(journal.claimSerial(use(serial, 'other bytes')), { ok: true, value: false }, serial);
  }

  it('are read from the journal when the index is missing, older, damaged, or of another journal', async () => {
    const first = await open();
    await sign(first, '01');
    await first.close();
    const second = await open();
    await sign(second, '12');
    await second.close();
    copyFileSync(index, join(folder, 'older'));
    const third = await open();
    await sign(third, '03');
    await third.close();
    const losses: readonly (() => void)[] = [
      () => rmSync(index),
      () => copyFileSync(join(folder, 'older'), index),
      () => truncateSync(index, 2 * 4096 + 100),
      () => writeFileSync(index, 'x'.repeat(10_000)),
    ];
    for (const lose of losses) {
      lose();
      const journal = await open();
      assertUsed(journal, '01', '12', '03');
      await journal.close();
    }
  });

  it('are read from the journal when a power cut has emptied a page between two pages of a chain', async () => {
    const serials = serialsOfOneChain(345);
    const first = await open();
    for (const serial of serials.slice(0, 170)) await sign(first, serial);
    await first.close();
    const saved = readFileSync(index).subarray(0, 4096);
    const second = await open();
    for (const serial of serials.slice(170)) await sign(second, serial);
    await second.close();
    // The power cut came before the claims of the second one were synced.
    const pages = readFileSync(index).fill(0, 2 * 4096, 3 * 4096);
    writeFileSync(index, Buffer.concat([saved, pages.subarray(4096)]));
    const journal = await open();
    assertUsed(journal, ...serials);
    await journal.close();
  });

  it('are read from a journal that has replaced the one of the index', async () => {
    const other = await open();
    await sign(other, '01');
    await other.close();
    rmSync(file);
    copyFileSync(index, join(folder, 'of another journal'));
    rmSync(index);
    const journal = await open();
    await sign(journal, '02');
    await sign(journal, '04');
    await journal.close();
    copyFileSync(join(folder, 'of another journal'), index);
    const again = await open();
    assertUsed(again, '02', '04', '01');
    await again.close();
  });

  it('give a failure, and no permission, when the index cannot be read', async () => {
    const journal = await open();
    await sign(journal, '01');
    truncateSync(index, 4096);
    const claimed = journal.claimSerial(use('01', 'other bytes'));
    assert(!claimed.ok);
    assert.equal(claimed.error.kind, 'journal-not-writable');
    await journal.close();
  });
});
