/**
 * How CRLs are served to caches and with ranges and conditions, on a real socket.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServedCrls, type ServedCrls } from '../../../src/http/status/files.js';
import { createPublicationServer } from '../../../src/http/status/server.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import { type CrlPublisher, createCrlPublisher } from '../../support/crl/world.js';
import { createStatusAuthority, SILENT_LOG, type StatusAuthority } from '../../support/status/authority.js';

const NOW = Math.floor(Date.now() / 1000) * 1000;
/** Its CRL is too large to be cached in this test. */
const LARGE_ENTRIES = 30_000;
const CACHE = { smallBytesMax: 500_000, bytesMax: 500_000, totalBytesMax: 4_000_000 };

for (const fastLane of [true, false])
  describe(`CRLs over HTTP, ${fastLane ? 'with' : 'without'} the fast lane`, () => {
    let authority: StatusAuthority;
    let folder: string;
    let publisher: CrlPublisher;
    let files: ServedCrls;
    let server: Server;
    let now: number;
    let url: string;

    before(() => {
      authority = createStatusAuthority();
    });
    after(() => rmSync(authority.folder, { recursive: true, force: true }));
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'pfcng-serving-'));
      now = NOW;
      publisher = createCrlPublisher(authority, folder, () => now);
      files = createServedCrls(folder, () => now, CACHE);
      server = createPublicationServer({
        responder: {
          cached: () => null,
          ahead: async () => 'failed',
          answer: () => Promise.reject(new Error('not asked')),
          withdraw: () => undefined,
          forget: () => undefined,
          cachedAnswers: () => [],
          restore: () => undefined,
          size: () => ({ entries: 0, bytes: 0 }),
        },
        crls: files,
        authorities: new Map(),
        practiceStatement: { path: '/PC', text: '' },
        publicPages: async () => null,
        metrics: createMetrics(),
        log: SILENT_LOG,
        clock: () => now,
        fastLane,
        connectionsMax: 1_000,
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/CRL/${name()}`;
    });
    afterEach(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    });

    const name = () => crlFileName(authority.issuer.id);
    const file = () => join(folder, name());
    const get = async (headers: Record<string, string> = {}, method = 'GET') => {
      const answer = await fetch(url, { headers, method });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, header: (one: string) => answer.headers.get(one), bytes };
    };
    /** Sends a header field twice, which fetch would combine. */
    const statusOfTwoTags = (...tags: readonly string[]): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request(url, { headers: { 'If-None-Match': [...tags] } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.once('error', reject).end();
      });
    const publish = async (entries = 1): Promise<void> => {
      await publisher.publish(entries);
      files.changed();
    };

    it('sends the published bytes, with fields for caches and never compressed', async () => {
      await publish();
      const { status, header, bytes } = await get({ 'accept-encoding': 'gzip, br, deflate' });
      assert.equal(status, 200);
      assert.deepEqual(bytes, readFileSync(file()));
      assert.equal(header('content-encoding'), null);
      assert.equal(header('content-type'), 'application/pkix-crl');
      assert.equal(header('content-length'), String(bytes.length));
      assert.equal(header('accept-ranges'), 'bytes');
      assert.equal(header('last-modified'), new Date(NOW).toUTCString());
      assert.equal(header('cache-control'), 'max-age=300, public, no-transform, must-revalidate');
    });

    it('lets no cache store it beyond nextUpdate', async () => {
      await publish();
      const maxAgeAt = async (at: number) => {
        now = at;
        return /max-age=(\d+)/.exec((await get()).header('cache-control') ?? '')?.[1];
      };
      assert.equal(await maxAgeAt(NOW + 2 * HOUR_MS - 100 * SECOND_MS), '100');
      assert.equal(await maxAgeAt(NOW + 2 * HOUR_MS), '0');
      assert.equal(await maxAgeAt(NOW + 3 * HOUR_MS), '0');
    });

    it('answers 304 to a matching tag or date, and sends the CRL to any other', async () => {
      await publish();
      const { header } = await get();
      const [etag, date] = [header('etag') ?? '', header('last-modified') ?? ''];
      const status = async (headers: Record<string, string>, method?: string) => (await get(headers, method)).status;
      assert.equal(await status({ 'if-none-match': etag }), 304);
      assert.equal(await status({ 'if-none-match': `"other", W/${etag}` }), 304);
      assert.equal(await statusOfTwoTags('"other"', etag), 304);
      assert.equal(await status({ 'if-none-match': '*' }, 'HEAD'), 304);
      assert.equal(await status({ 'if-modified-since': date }), 304);
      assert.equal(await status({ 'if-none-match': '"other"' }), 200);
      // The tag has priority if both are present (RFC 9110 13.2.2).
      assert.equal(await status({ 'if-none-match': '"other"', 'if-modified-since': date }), 200);
      assert.equal(await status({ 'if-modified-since': new Date(NOW - SECOND_MS).toUTCString() }), 200);
      now += MINUTE_MS;
      await publish(2);
      assert.equal(await status({ 'if-none-match': etag }), 200);
      assert.equal(await status({ 'if-modified-since': date }), 200);
    });

    it('answers 412 if the CRL is not the expected one, before any other condition (RFC 9110 13.2.2)', async () => {
      await publish();
      const { header } = await get();
      const [etag, date] = [header('etag') ?? '', header('last-modified') ?? ''];
      const earlier = new Date(NOW - SECOND_MS).toUTCString();
      const later = new Date(NOW + SECOND_MS).toUTCString();
      const conditions: readonly (readonly [Record<string, string>, number])[] = [
        [{ 'if-match': etag }, 200],
        [{ 'if-match': '*' }, 200],
        [{ 'if-match': `"other", ${etag}` }, 200],
        [{ 'if-match': '"other"' }, 412],
        // The comparison is strong, so a weak tag is none of ours.
        [{ 'if-match': `W/${etag}` }, 412],
        [{ 'if-match': '"other"', 'if-none-match': etag }, 412],
        [{ 'if-match': etag, 'if-none-match': etag }, 304],
        [{ 'if-match': etag, 'if-unmodified-since': earlier }, 200],
        [{ 'if-unmodified-since': date }, 200],
        [{ 'if-unmodified-since': later }, 200],
        [{ 'if-unmodified-since': earlier }, 412],
        [{ 'if-unmodified-since': earlier, 'if-modified-since': date }, 412],
        [{ 'if-unmodified-since': '1994' }, 200],
        [{ 'if-unmodified-since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 412],
        [{ 'if-unmodified-since': 'Sun Nov  6 08:49:37 1994' }, 412],
      ];
      for (const method of ['GET', 'HEAD'])
        for (const [headers, status] of conditions) {
          const answer = await get(headers, method);
          assert.equal(answer.status, status, `${method} ${JSON.stringify(headers)}`);
          assert.equal(answer.header('etag'), etag);
          if (status !== 200) assert.equal(answer.bytes.length, 0);
        }
      assert.equal((await get({ range: 'bytes=0-9', 'if-match': '"other"' })).status, 412);
      assert.equal((await get({ range: 'bytes=0-9', 'if-match': etag })).status, 206);
    });

    it('serves a new CRL at once after the publisher reports it, and within a second if another process replaced it', async () => {
      await publish();
      const first = await get();
      copyFileSync(file(), join(folder, 'kept'));
      await publish(2);
      const second = await get();
      assert.notDeepEqual(second.bytes, first.bytes);
      // A CRL of a ceremony replaces the file, and the server is not notified.
      renameSync(join(folder, 'kept'), file());
      now += SECOND_MS;
      assert.deepEqual((await get()).bytes, first.bytes);
      rmSync(file());
      now += SECOND_MS;
      assert.equal((await get()).status, 404);
    });

    it('checks the file again if it was changed during a check', async () => {
      await publish();
      await files.find(name());
      files.changed();
      const looking = files.find(name());
      files.changed();
      assert.notEqual(await looking, null);
      assert.equal(files.findCached(name()), null);
      assert.notEqual(await files.find(name()), null);
      assert.notEqual(files.findCached(name()), null);
    });

    it('sends no date if the previous CRL has the same one', async () => {
      await publish();
      const date = (await get()).header('last-modified') ?? '';
      await publish(2);
      const second = await get({ 'if-modified-since': date });
      assert.equal(second.status, 200);
      assert.equal(second.header('last-modified'), null);
      assert.equal((await get({ 'if-none-match': second.header('etag') ?? '' })).status, 304);
      await publish(3);
      assert.equal((await get({ 'if-modified-since': date })).status, 200);
    });

    it('sends the CRL for any date but its own, even a later one, which a clock that was ahead may have written', async () => {
      now = NOW + HOUR_MS;
      await publish();
      const date = (await get()).header('last-modified') ?? '';
      assert.equal(date, new Date(NOW + HOUR_MS).toUTCString());
      now = NOW;
      await publish(2);
      const { status, header } = await get({ 'if-modified-since': date });
      assert.deepEqual([status, header('last-modified')], [200, new Date(NOW).toUTCString()]);
    });

    it('is checked once for simultaneous requests, also after a change was reported during a check', async () => {
      const before = files.find(name());
      // The first check reads the disk now and finds nothing, while this thread waits.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      writeFileSync(file(), Buffer.alloc(1_000));
      files.changed();
      const first = files.find(name());
      await before;
      const second = files.find(name());
      assert.equal(second, first);
      assert.notEqual(await second, null);
    });

    it('has the same tag and date on another server and after a restart', async () => {
      await publish();
      const { header } = await get();
      // A copy that another node made at another time.
      copyFileSync(file(), join(folder, 'copy.crl'));
      utimesSync(join(folder, 'copy.crl'), 1, 1);
      const copy = await createServedCrls(folder, () => now).find('copy.crl');
      assert.equal(copy?.etag, header('etag'));
      assert.equal(copy?.lastModified, NOW);
    });

    for (const [size, entries] of [
      ['in memory', 1],
      ['on disk', LARGE_ENTRIES],
    ] as const)
      it(`sends ranges of a CRL ${size}, only of the CRL that the client has begun with`, async () => {
        await publish(entries);
        const whole = readFileSync(file());
        const last = whole.length - 1;
        const { header, bytes } = await get();
        assert.equal(
          createHash('sha256').update(bytes).digest('hex'),
          createHash('sha256').update(whole).digest('hex'),
        );
        assert.equal((await files.find(name()))?.bytes === null, entries === LARGE_ENTRIES);
        const etag = header('etag') ?? '';
        const part = await get({ range: 'bytes=10-19', 'if-range': etag });
        assert.equal(part.status, 206);
        assert.equal(part.header('content-range'), `bytes 10-19/${whole.length}`);
        assert.deepEqual(part.bytes, whole.subarray(10, 20));
        const rest = await get({ range: `bytes=${last - 5}-` });
        assert.deepEqual(rest.bytes, whole.subarray(last - 5));
        const beyond = await get({ range: `bytes=${whole.length}-` });
        assert.equal(beyond.status, 416);
        assert.equal(beyond.header('content-range'), `bytes */${whole.length}`);
        const other = await get({ range: 'bytes=10-19', 'if-range': '"other"' });
        assert.deepEqual([other.status, other.bytes.length], [200, whole.length]);
        assert.equal((await get({ range: 'bytes=10-19', 'if-none-match': etag })).status, 304);
        const head = await get({}, 'HEAD');
        assert.deepEqual([head.status, head.bytes.length], [200, 0]);
        assert.equal(head.header('content-length'), String(whole.length));
      });
  });
