import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import type { Draft, Outlet } from '../../../src/ports/outlet.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import { collect } from '../../support/status/authority.js';

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Bytes> {
  for (const text of texts) yield utf8(text);
}

async function draftOf(outlet: Outlet, ...texts: readonly string[]): Promise<Draft> {
  const draft = await outlet.draft('a.crl', chunksOf(...texts));
  if (!draft.ok) throw new Error(draft.error.detail);
  return draft.value;
}

const textOf = async (chunks: AsyncIterable<Bytes>): Promise<string> => Buffer.from(await collect(chunks)).toString();

describe('publishing into a directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pfcng-outlet-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('shows nothing before publication, and the complete file after it', async () => {
    const outlet = createFileOutlet({ directory });
    const draft = await draftOf(outlet, 'one', 'two');
    assert.equal(readdirSync(directory).includes('a.crl'), false);
    assert.deepEqual(
      [draft.sizeBytes, await textOf(draft.read()), await textOf(draft.read())],
      [6, 'onetwo', 'onetwo'],
    );
    assert.equal((await draft.publish()).ok, true);
    assert.equal((await draft.publish()).ok, true);
    await draft.discard();
    assert.deepEqual(readdirSync(directory), ['a.crl']);
    assert.equal(await textOf(draft.read()), 'onetwo');
  });

  it('keeps the old file until the new one replaces it, and for a reader that has it open', async () => {
    const outlet = createFileOutlet({ directory });
    await (await draftOf(outlet, 'old')).publish();
    const open = await outlet.published('a.crl');
    const draft = await draftOf(outlet, 'new');
    assert.equal(readFileSync(join(directory, 'a.crl'), 'utf8'), 'old');
    await draft.publish();
    assert.equal(open.ok && open.value !== null && (await textOf(open.value)), 'old');
    assert.equal(readFileSync(join(directory, 'a.crl'), 'utf8'), 'new');
  });

  it('writes simultaneous drafts into different files, even if a crash has left one', async () => {
    writeFileSync(join(directory, `.a.crl.${process.pid}-1.draft`), 'left behind');
    const outlets = [createFileOutlet({ directory }), createFileOutlet({ directory })];
    const drafts = await Promise.all(outlets.map((outlet, at) => draftOf(outlet, `${at}`)));
    assert.deepEqual(await Promise.all(drafts.map((draft) => textOf(draft.read()))), ['0', '1']);
  });

  it('removes the draft and throws the error when the source fails', async () => {
    async function* broken(): AsyncGenerator<Bytes> {
      yield utf8('half');
      throw new Error('source');
    }
    await assert.rejects(createFileOutlet({ directory }).draft('a.crl', broken()), /source/);
    assert.deepEqual(readdirSync(directory), []);
  });

  it('returns outlet-unavailable if it cannot write, and null if there is no file', async () => {
    writeFileSync(join(directory, 'file'), '');
    const outlet = createFileOutlet({ directory: join(directory, 'file') });
    const draft = await outlet.draft('a.crl', chunksOf('x'));
    assert.equal(draft.ok ? '' : draft.error.kind, 'outlet-unavailable');
    const nothing = await createFileOutlet({ directory }).published('a.crl');
    assert.deepEqual(nothing, { ok: true, value: null });
  });

  it('returns outlet-unavailable if its directory was removed', async () => {
    const full = createFileOutlet({ directory });
    const draft = await draftOf(full, 'x');
    rmSync(directory, { recursive: true, force: true });
    const published = await draft.publish();
    assert.equal(published.ok ? '' : published.error.kind, 'outlet-unavailable');
  });
});
