/**
 * Where published content comes from. Without this test a node whose neighbour still had the
 * previous list would go without the newest one, although another node has it.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { ok } from '../../../src/kernel/result.js';
import type { OutletSession, PublishedFile } from '../../../src/ports/outlet.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { deliver } from '../../../src/publish/deliver.js';
import { createHomeOutlet } from '../../../src/publish/home-outlet.js';
import { ContentUnavailable } from '../../../src/publish/verified-content.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const NEWEST = utf8('the newest list');
const ITEM: PublishedFile = {
  scope: null,
  issuer: 'aci-el-org' as IssuerId,
  fileName: 'ACI-EL-ORG.crl',
  sha256: createHash('sha256').update(NEWEST).digest('hex'),
  sizeBytes: NEWEST.length,
  number: null,
};

describe('the source of a published file', () => {
  let folder: string;
  let session: OutletSession;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-outlet-'));
    const outlet = createHomeOutlet({
      directory: folder,
      whileLatest: async (_item, rename) => {
        const renamed = await rename();
        return renamed.ok ? ok(true) : renamed;
      },
      changed: () => undefined,
    });
    const opened = await outlet.open();
    assert.ok(opened.ok);
    session = opened.value;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function* content(text: string): AsyncGenerator<Bytes, void, undefined> {
    if (text === 'away') throw new ContentUnavailable('it is away');
    yield utf8(text);
  }
  const from = (...places: readonly string[]) =>
    deliver({ issuerOf: () => null, log: SILENT_LOG, source: () => places.map(content) }, session, ITEM);

  it('is any node that has it, whatever the others have', async () => {
    assert.deepEqual(await from('away', 'an older list', 'a list that is longer', 'the newest list'), ok('delivered'));
    assert.deepEqual(readFileSync(join(folder, ITEM.fileName)), Buffer.from(NEWEST));
  });

  it('is missing where no node has it', async () => {
    assert.deepEqual(await from('away', 'an older list'), ok('no-source'));
    assert.deepEqual(await from(), ok('no-source'));
  });
});
