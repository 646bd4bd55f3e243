import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LeaseLost } from '../../../src/jobs/job.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { CrlWorld } from '../../../src/operations/crl/world.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { Outlet } from '../../../src/ports/outlet.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import { crlTestPolicy } from '../../support/crl/policy.js';
import { RUN } from '../../support/db/records.js';
import {
  ABSENT_SIGNER,
  collect,
  createStatusAuthority,
  openssl,
  SILENT_LOG,
  type StatusAuthority,
  serialOf,
} from '../../support/status/authority.js';
import { createStatusStore, type StatusStore } from '../../support/status/store.js';

const NOW = Math.floor(Date.now() / 1000) * 1000;

describe('publishing a CRL', () => {
  let authority: StatusAuthority;
  let directory: string;
  let store: StatusStore;
  let now: number;
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pfcng-publish-'));
    store = createStatusStore();
    now = NOW;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const world = (changes: Partial<CrlWorld> = {}): CrlWorld => ({
    run: RUN,
    policy: crlTestPolicy({ periodMs: HOUR_MS, overlapMs: HOUR_MS }),
    random: (length) => new Uint8Array(length).fill(7),
    issuers: {
      byId: (id) => (id === authority.issuer.id ? authority.issuer : null),
      current: () => null,
      all: () => [authority.issuer],
      chain: () => [],
      links: () => [],
    },
    clock: () => now,
    log: SILENT_LOG,
    store,
    signer: authority.signer,
    outlet: createFileOutlet({ directory }),
    relearn: async () => ok(undefined),
    ...changes,
  });
  const publish = (changes: Partial<CrlWorld> = {}) => publishCrl(world(changes), authority.issuer.id);
  const file = () => join(directory, crlFileName(authority.issuer.id));
  const text = () =>
    openssl(authority.folder, [
      'crl',
      '-inform',
      'DER',
      '-in',
      file(),
      '-noout',
      '-text',
      '-CAfile',
      'ca.pem',
      '-verify',
    ]);
  const revoke = (index: number) => {
    const entry = { serial: serialOf(index), at: now, reason: 'keyCompromise', invalidityDate: null } as const;
    store.entries = [...store.entries, entry];
  };

  it('writes a CRL that OpenSSL verifies, records it, and leaves no other file', async () => {
    revoke(1);
    const published = await publish();
    assert.equal(published.ok, true);
    assert.match(text(), /verify OK/);
    assert.deepEqual(readdirSync(directory), [crlFileName(authority.issuer.id)]);
    const [record] = store.crls;
    assert.equal(record?.state, 'published');
    assert.equal(record?.sha256, createHash('sha256').update(readFileSync(file())).digest('hex'));
    assert.equal(record?.entries, 1);
    assert.equal(record?.sizeBytes, readFileSync(file()).length);
    assert.deepEqual(
      store.audit.map(({ type }) => type),
      ['crl.intent', 'crl.published'],
    );
  });

  it('CRL numbers increase, and each CRL contains what was revoked before it', async () => {
    for (const index of [1, 2, 3]) {
      revoke(index);
      const published = await publish();
      assert.equal(published.ok && published.value.number, index);
      assert.equal(text().split('Serial Number: ').length - 1, index);
    }
  });

  it('the digest of a CRL is in the database before it is sent to the signer', async () => {
    let known: string | null | undefined;
    const signer = {
      ...authority.signer,
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        known = store.crls[0]?.tbsSha256;
        return authority.signer.crl(crl);
      },
    };
    assert.equal((await publish({ signer })).ok, true);
    assert.match(known ?? '', /^[0-9a-f]{64}$/);
    assert.equal(store.crls[0]?.tbsSha256, known);
  });

  it('a CRL that fails at one token is signed by another, with the same bytes and the same number', async () => {
    const heard: string[] = [];
    const signer = {
      ...authority.signer,
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        if (heard.length > 0) return authority.signer.crl(crl);
        heard.push(
          createHash('sha256')
            .update(await collect(crl.chunks))
            .digest('hex'),
        );
        return err({ kind: 'signer-unavailable', retryAfterMs: 1, detail: 'it broke off', elsewhere: true } as const);
      },
    };
    const published = await publish({ signer });
    assert.ok(published.ok);
    assert.equal(published.value.tbsSha256, heard[0]);
    assert.deepEqual(
      store.crls.map(({ number, state }) => `${number} ${state}`),
      ['1 published'],
    );
  });

  it('without a signer the old CRL stays, and the number is abandoned and audited', async () => {
    await publish();
    const before = readFileSync(file());
    revoke(1);
    const failed = await publish({ signer: ABSENT_SIGNER });
    assert.equal(failed.ok ? '' : failed.error.kind, 'signer-unavailable');
    assert.deepEqual(readFileSync(file()), before);
    assert.deepEqual(
      store.crls.map(({ number, state }) => `${number} ${state}`),
      ['1 published', '2 abandoned'],
    );
    assert.equal(store.audit.at(-1)?.type, 'crl.abandoned');
    assert.deepEqual(readdirSync(directory), [crlFileName(authority.issuer.id)]);
    const next = await publish();
    assert.equal(next.ok && next.value.number, 3);
  });

  describe('with a database older than the signer (a restored backup)', () => {
    const behind = () => ({
      ...authority.signer,
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        const detail = 'number 1';
        if (store.crls.length > 1) return authority.signer.crl(crl);
        return err({ kind: 'signer-refused', rule: 'crl-number-not-rising', detail, lastNumber: 41 } as const);
      },
    });

    it('learns from published CRLs, and continues after the last number that was signed', async () => {
      const learnt: string[] = [];
      const relearn: CrlWorld['relearn'] = async ({ id }) => {
        learnt.push(`${id} before list ${store.crls.length + 1}`);
        return ok(undefined);
      };
      const published = await publish({ signer: behind(), relearn });
      assert.equal(published.ok && published.value.number, 42);
      assert.deepEqual(
        store.crls.map(({ number, state }) => `${number} ${state}`),
        ['1 abandoned', '42 published'],
      );
      assert.deepEqual(learnt, [`${authority.issuer.id} before list 2`]);
    });

    it('makes no CRL while it cannot learn', async () => {
      const unavailable = { kind: 'database-unavailable', retryAfterMs: 1, detail: 'a test' } as const;
      assert.deepEqual(await publish({ signer: behind(), relearn: async () => err(unavailable) }), err(unavailable));
      assert.deepEqual(readdirSync(directory), []);
    });
  });

  it('if the signer rejects every number, it is tried three times and the old CRL stays', async () => {
    let asked = 0;
    const signer = {
      ...authority.signer,
      crl: async () => {
        asked += 1;
        return err({ kind: 'signer-refused', rule: 'crl-number-not-rising', detail: '', lastNumber: 99 } as const);
      },
    };
    assert.equal((await publish({ signer })).ok, false);
    assert.equal(asked, 3);
    assert.deepEqual(readdirSync(directory), []);
  });

  it('a signature of another key or over other bytes is found before publication', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const badSignatureReported: string[] = [];
    const signer = {
      reportBadSignature: async (kind: string, issuer: string) => void badSignatureReported.push(`${kind} ${issuer}`),
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        const tbs = await collect(crl.chunks);
        crl.finish();
        return ok(new Uint8Array(sign('sha256', tbs, other.privateKey)));
      },
    };
    const failed = await publish({ signer });
    assert.equal(failed.ok ? '' : failed.error.kind, 'signer-unavailable');
    // Once for each token that may have the key, because a token that signs wrongly is not asked
    // again.
    assert.deepEqual(badSignatureReported, Array(3).fill(`crl ${authority.issuer.id}`));
    assert.deepEqual(readdirSync(directory), []);
    assert.equal(store.crls[0]?.state, 'abandoned');
  });

  it('entries in the wrong order are never signed: the lint stops the stream', async () => {
    revoke(2);
    revoke(1);
    const failed = await publish();
    assert.equal(failed.ok ? '' : failed.error.kind, 'internal-error');
    assert.deepEqual(readdirSync(directory), []);
  });

  it('a CRL that contradicts the database is not published: an entry is missing, extra, or has another reason', async () => {
    revoke(1);
    await publish();
    const before = readFileSync(file());
    const [listed] = store.entries;
    if (listed === undefined) throw new Error('no entry');
    const nothing = { listed: [], unlisted: [], newest: null };
    for (const sample of [
      { ...nothing, listed: [{ ...listed, serial: serialOf(2) }] },
      { ...nothing, unlisted: [listed.serial] },
      { ...nothing, listed: [{ ...listed, reason: 'superseded' as const }] },
    ]) {
      store.sample = sample;
      const failed = await publish();
      assert.equal(failed.ok ? '' : failed.error.kind, 'internal-error', JSON.stringify(sample));
      assert.deepEqual(readFileSync(file()), before);
    }
    store.sample = nothing;
    assert.equal((await publish()).ok, true);
  });

  it('another CRL than the one that was signed is noticed when it is read back, and not published', async () => {
    await publish();
    const before = readFileSync(file());
    const outlet = createFileOutlet({ directory });
    const stale: Outlet = {
      ...outlet,
      draft: async (name, chunks) => {
        const draft = await outlet.draft(name, chunks);
        if (!draft.ok || name !== crlFileName(authority.issuer.id)) return draft;
        return ok({ ...draft.value, read: () => Readable.from([new Uint8Array(before)]) });
      },
    };
    const failed = await publish({ outlet: stale });
    assert.equal(failed.ok ? '' : failed.error.kind, 'internal-error');
    assert.deepEqual(readFileSync(file()), before);
  });

  it('a full disk at any write leaves the old CRL and no draft', async () => {
    await publish();
    const before = readFileSync(file());
    for (const full of ['-entries', '.crl']) {
      const outlet = createFileOutlet({ directory });
      const failing: Outlet = {
        ...outlet,
        draft: async (name, chunks) =>
          name.endsWith(full)
            ? { ok: false, error: { kind: 'outlet-unavailable', detail: 'ENOSPC' } }
            : outlet.draft(name, chunks),
      };
      const failed = await publish({ outlet: failing });
      assert.equal(failed.ok ? '' : failed.error.kind, 'internal-error');
      assert.deepEqual(readFileSync(file()), before);
      assert.deepEqual(readdirSync(directory), [crlFileName(authority.issuer.id)]);
    }
  });

  it('of two simultaneous publications the older snapshot never replaces the newer one', async () => {
    revoke(1);
    const first = publish();
    revoke(2);
    const second = publish();
    revoke(3);
    for (const published of await Promise.all([first, second])) assert.deepEqual(published.ok || published.error, true);
    const states = store.crls.map(({ state }) => state);
    assert.equal(states.filter((state) => state === 'published').length, 2);
    assert.equal(states.includes('reserved'), false);
    assert.equal(new Set(store.crls.map(({ number }) => number)).size, store.crls.length);
    assert.equal(text().split('Serial Number: ').length - 1, 3);
  });

  it('a CRL that is outdated while it is signed does not replace the newer one, and is made again', async () => {
    revoke(1);
    let overtaken = false;
    const signer = {
      ...authority.signer,
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        if (!overtaken) {
          overtaken = true;
          revoke(2);
          assert.equal((await publish()).ok, true);
        }
        return authority.signer.crl(crl);
      },
    };
    const published = await publish({ signer });
    assert.equal(published.ok && published.value.number, 3);
    assert.deepEqual(
      store.crls.map(({ number, state }) => `${number} ${state}`),
      ['1 abandoned', '2 published', '3 published'],
    );
    assert.equal(text().split('Serial Number: ').length - 1, 2);
  });

  it('clocks with small differences make no CRL that looks older; a CRL from the future does not move the time', async () => {
    await publish();
    now = NOW - MINUTE_MS;
    const little = await publish();
    assert.equal(little.ok && little.value.thisUpdate, NOW);
    now = NOW - 10 * MINUTE_MS;
    const much = await publish();
    assert.equal(much.ok && much.value.thisUpdate, now);
    assert.equal(much.ok && much.value.number, 3);
  });

  it('closes the reservations of a crash, and continues from the number of a CRL that is already published', async () => {
    await publish();
    const crl = store.crls[0];
    if (crl === undefined) throw new Error('no list');
    store.crls = [];
    const second = await publish();
    assert.equal(second.ok && second.value.number, 2);
    store.crls = [...store.crls, { ...crl, number: 3, state: 'reserved' }];
    now += 20 * MINUTE_MS;
    const fourth = await publish();
    assert.equal(fourth.ok && fourth.value.number, 4);
    assert.equal(store.crls.find(({ number }) => number === 3)?.state, 'abandoned');
  });

  it('removes the drafts of a crash and no other file', async () => {
    await publish();
    writeFileSync(join(directory, '.TEST-CA.crl.1-1.draft'), 'half');
    await createFileOutlet({ directory }).sweep();
    assert.deepEqual(readdirSync(directory), [crlFileName(authority.issuer.id)]);
  });

  it('a list whose lease is lost while it is made leaves no draft on the disk', async () => {
    revoke(1);
    const lost = new LeaseLost('crl/test-ca');
    let isLost = false;
    const transaction: CrlWorld['store']['transaction'] = async (work) => {
      if (isLost) throw lost;
      return store.transaction(work);
    };
    const signer = {
      ...authority.signer,
      crl: async (crl: Parameters<typeof authority.signer.crl>[0]) => {
        isLost = true;
        return authority.signer.crl(crl);
      },
    };
    await assert.rejects(publish({ store: { ...store, transaction }, signer }), lost);
    assert.deepEqual(readdirSync(directory), []);
  });

  it('distinguishes an unavailable database, an unknown CA and a root', async () => {
    store.failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a test' };
    const away = await publish();
    assert.equal(away.ok ? '' : away.error.kind, 'database-unavailable');
    const unknown = await publishCrl(world({ issuers: { ...world().issuers, byId: () => null } }), authority.issuer.id);
    assert.equal(unknown.ok ? '' : unknown.error.kind, 'not-found');
    const root = { ...authority.issuer, kind: 'root' } as const;
    const refused = await publishCrl(world({ issuers: { ...world().issuers, byId: () => root } }), root.id);
    assert.equal(refused.ok ? '' : refused.error.kind, 'state-conflict');
  });
});
