/**
 * Uploads of orders: accepted whole or not at all. Without these guards, half of an upload could be
 * worked on, the same cards could be ordered twice after a lost answer, or a client that sends for
 * ever could fill the database.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { sha256 } from '../../../src/kernel/digest.js';
import { err } from '../../../src/kernel/result.js';
import { readRecords } from '../../../src/orders/upload.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import {
  BUREAU,
  CARDS,
  type Intake,
  NDJSON,
  OFFICER,
  OTHER,
  openIntake,
  type ShownAnswer,
} from '../../support/orders/intake.js';

const UPLOAD = '{"a":1}\n{"b":2}\r\n\nnot JSON';
const keyed = (key: string, more: Readonly<Record<string, string>> = {}) => ({ 'idempotency-key': key, ...more });
const digestOf = (body: string) => ({ 'content-digest': `sha-256=:${toBase64(sha256(utf8(body)))}:` });

describeOnEach('the upload of an order', ({ opened }) => {
  let store: Store;
  let intake: Intake;

  async function begin(options: Parameters<typeof openIntake>[1] = {}): Promise<void> {
    store = await opened();
    intake = await openIntake(store, options);
  }
  afterEach(() => intake.close());

  const rulesOf = ({ body }: ShownAnswer) => body.violations?.map(({ pointer, rule }) => `${pointer} ${rule}`);
  const use = async () => unwrap(await store.read((reads) => reads.orderUse(CARDS.id)));
  const orders = async () =>
    unwrap(await store.read((reads) => reads.ordersPage({ accountId: null, limit: 100, before: null })));
  /** Begins an upload of which only this much is sent. */
  async function half(sent: string, headers: Readonly<Record<string, string>> = {}, length = 1_000) {
    const socket = await intake.socket();
    const lines = Object.entries({ 'content-type': NDJSON, 'content-length': String(length), ...headers });
    socket.write(
      `POST /v1/orders HTTP/1.1\r\nhost: a\r\n${lines.map((one) => one.join(': ')).join('\r\n')}\r\n\r\n${sent}`,
    );
    return socket;
  }
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await sleep(5);
  }

  it('is accepted with the lines that it has, and an audit entry', async () => {
    await begin();
    const { status, body } = await intake.send('/v1/orders?reference=night%2012&bureau=bureau', {
      body: UPLOAD,
      headers: digestOf(UPLOAD),
    });
    assert.equal(status, 202);
    assert.deepEqual([body.state, body.lines, body.octets, body.reference], ['accepted', 4, UPLOAD.length, 'night 12']);
    assert.equal(body.requestSha256, toHex(sha256(utf8(UPLOAD))));
    const part = unwrap(await store.read((reads) => reads.orderPart(body.id, 4)));
    const lines = readRecords(part?.records ?? new Uint8Array()).map(({ octets }) => Buffer.from(octets).toString());
    assert.deepEqual(lines, ['{"a":1}', '{"b":2}\r', '', 'not JSON']);
    assert.deepEqual(
      (await storedAudit(store)).map(({ type }) => type),
      ['order.accepted'],
    );
    assert.deepEqual(await use(), { orders: 1, uploads: 0, openLines: 4 });
  });

  it('waits for its resumption where the client asks for it', async () => {
    await begin();
    const { body } = await intake.send('/v1/orders?paused=true', { body: UPLOAD });
    assert.deepEqual([body.state, body.pausedBy], ['paused', CARDS.id]);
  });

  it('is refused with another digest, and without a line; its key is free then', async () => {
    await begin();
    const headers = keyed('k', digestOf(`${UPLOAD} `));
    const wrong = await intake.send('/v1/orders', { body: UPLOAD, headers });
    assert.deepEqual([wrong.status, rulesOf(wrong)], [400, ['Content-Digest content-digest']]);
    const empty = await intake.send('/v1/orders', { body: '', headers: keyed('k') });
    assert.deepEqual([empty.status, rulesOf(empty)], [400, [' order-empty']]);
    assert.deepEqual(
      (await orders()).map(({ state }) => state),
      ['discarded', 'discarded'],
    );
    assert.equal((await intake.send('/v1/orders', { body: UPLOAD, headers: keyed('k') })).status, 202);
  });

  it('is refused for another type of body, and for a bureau that is none', async () => {
    await begin();
    const typed = await intake.send('/v1/orders', { body: UPLOAD, headers: { 'content-type': 'application/json' } });
    assert.equal(typed.status, 415);
    for (const bureau of ['cards', 'nobody']) {
      const refused = await intake.send(`/v1/orders?bureau=${bureau}`, { body: UPLOAD });
      assert.deepEqual([refused.status, rulesOf(refused)], [400, ['?/bureau bureau-known']]);
    }
    assert.deepEqual(await orders(), []);
  });

  it('is one order under one key; a known digest is answered before an octet of the body', async () => {
    await begin();
    const headers = keyed('k', digestOf(UPLOAD));
    const first = await intake.send('/v1/orders', { body: UPLOAD, headers });
    // None of the octets that are announced is ever sent.
    for (const expect of [{}, { expect: '100-continue' }]) {
      const socket = await half('', { ...headers, ...expect }, 1_000_000);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.match(String(answer), /^HTTP\/1\.1 202 /);
      assert.ok(String(answer).includes(first.body.id));
      await once(socket, 'close');
    }
    const again = await intake.send('/v1/orders', { body: UPLOAD, headers: keyed('k') });
    assert.deepEqual([again.status, again.body.id], [202, first.body.id]);
    assert.equal((await orders()).length, 1);
    assert.notEqual((await intake.send('/v1/orders', { body: UPLOAD, headers, as: OTHER })).body.id, first.body.id);
  });

  it('gets 100-continue when its body is wanted', async () => {
    await begin();
    const socket = await half('', { expect: '100-continue' }, 3);
    const [asked] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(asked), /^HTTP\/1\.1 100 /);
    socket.write('{}\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(answer), /^HTTP\/1\.1 202 /);
  });

  it('is a mismatch under a known key with other octets or other parameters', async () => {
    await begin();
    await intake.send('/v1/orders', { body: UPLOAD, headers: keyed('k') });
    const other = `${UPLOAD}\n{}`;
    const attempts = [
      intake.send('/v1/orders', { body: other, headers: keyed('k') }),
      intake.send('/v1/orders', { body: other, headers: keyed('k', digestOf(other)) }),
      intake.send('/v1/orders?dryRun=true', { body: UPLOAD, headers: keyed('k') }),
      intake.send('/v1/orders?reference=x', { body: UPLOAD, headers: keyed('k', digestOf(UPLOAD)) }),
    ];
    for (const { status, body } of await Promise.all(attempts))
      assert.deepEqual([status, body.code], [422, 'idempotency-mismatch']);
    assert.equal((await orders()).length, 1);
  });

  it('is in progress while the first one under its key is received', async () => {
    await begin();
    const socket = await half('{}\n', keyed('k'), 6);
    await until(async () => (await use()).uploads === 1);
    const second = await intake.send('/v1/orders', { body: '{}\n{}\n', headers: keyed('k') });
    assert.deepEqual([second.status, second.body.code], [409, 'in-progress']);
    assert.ok(second.headers.has('retry-after'));
    socket.write('{}\n');
    await once(socket, 'data');
    assert.deepEqual(
      (await orders()).map(({ state, lines }) => [state, lines]),
      [['accepted', 2]],
    );
  });

  it('is discarded when the client leaves, and its key and its place are free', async () => {
    await begin();
    const socket = await half('{}\n'.repeat(100), keyed('k'));
    await until(async () => (await use()).uploads === 1);
    socket.destroy();
    await until(async () => (await use()).uploads === 0);
    assert.deepEqual(
      (await orders()).map(({ state }) => state),
      ['discarded'],
    );
    assert.equal((await intake.send('/v1/orders', { body: UPLOAD, headers: keyed('k') })).status, 202);
  });

  it('is refused as soon as it is known to be too large, in octets or in lines', async () => {
    await begin({ limits: { uploadBytesMax: 100_000, linesMax: 60_000 } });
    // What is announced is refused before an octet is read.
    const socket = await half('', {}, 100_001);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(answer), /^HTTP\/1\.1 413 /);
    const chunked = await intake.socket();
    chunked.write(
      `POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-type: ${NDJSON}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    for (let sent = 0; sent < 11; sent += 1) chunked.write(`2710\r\n${'x'.repeat(10_000)}\r\n`);
    const [large] = (await once(chunked, 'data')) as [Buffer];
    assert.match(String(large), /^HTTP\/1\.1 413 /);
    const { status, body } = await intake.send('/v1/orders', { body: '\n'.repeat(60_001) });
    assert.deepEqual([status, body.code], [413, 'too-large']);
    assert.ok((await orders()).every(({ state }) => state === 'discarded'));
  });

  it('is refused while the account has too many uploads or open lines', async () => {
    await begin({ limits: { uploadsAtOnceMax: 1, openLinesMax: 10 } });
    const socket = await half('{}\n');
    await until(async () => (await use()).uploads === 1);
    const second = await intake.send('/v1/orders', { body: UPLOAD });
    assert.deepEqual([second.status, second.body.code], [429, 'quota-exceeded']);
    assert.ok(second.headers.has('retry-after'));
    assert.equal((await intake.send('/v1/orders', { body: UPLOAD, as: OTHER })).status, 202);
    socket.destroy();
    await until(async () => (await use()).uploads === 0);
    assert.equal((await intake.send('/v1/orders', { body: '\n'.repeat(11) })).status, 429);
    assert.equal((await intake.send('/v1/orders', { body: '\n'.repeat(10) })).status, 202);
    assert.equal((await intake.send('/v1/orders', { body: '\n' })).status, 429);
  });

  it('is refused while the account has too many orders that have not ended', async () => {
    await begin({ limits: { liveOrdersMax: 2 } });
    for (const paused of [false, true])
      assert.equal((await intake.send(`/v1/orders?paused=${paused}`, { body: UPLOAD })).status, 202);
    const third = await intake.send('/v1/orders', { body: UPLOAD, headers: { 'accept-language': 'en' } });
    assert.deepEqual([third.status, third.body.code], [429, 'quota-exceeded']);
    assert.ok(third.headers.has('retry-after'));
    assert.match(third.body.detail, /already has 2 orders that have not ended/);
    assert.equal((await intake.send('/v1/orders', { body: UPLOAD, as: OTHER })).status, 202);
  });

  it('finds a place however many others an account has begun', async () => {
    await begin({ limits: { uploadsAtOnceMax: 8 } });
    for (let begun = 0; begun < 6; begun += 1) await half('{}\n');
    await until(async () => (await use()).uploads === 6);
    const seventh = await intake.send('/v1/orders', { body: UPLOAD });
    assert.deepEqual([seventh.status, seventh.body.code], [503, 'overloaded']);
    assert.equal((await intake.send('/v1/orders', { body: UPLOAD, as: OTHER })).status, 202);
  });

  async function assertDiscardedAfter(change: { readonly disabled: true } | { readonly expiresAt: 0 }): Promise<void> {
    await begin();
    const socket = await half('{}\n', {}, 6);
    await until(async () => (await use()).uploads === 1);
    unwrap(await store.transaction((tx) => tx.updateAccount({ ...CARDS, ...change })));
    socket.write('{}\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(answer), /^HTTP\/1\.1 403 /);
    assert.deepEqual(
      (await orders()).map(({ state }) => state),
      ['discarded'],
    );
  }

  it('is discarded when its account is disabled meanwhile', () => assertDiscardedAfter({ disabled: true }));

  it('is discarded when its account has ended meanwhile', () => assertDiscardedAfter({ expiresAt: 0 }));

  it('is discarded when the database is full, at whatever part', async () => {
    const lines = `${'x'.repeat(60_000)}\n`.repeat(12);
    for (let failing = 1; failing <= 4; failing += 1) {
      await begin();
      let transactions = 0;
      const full = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'the disk is full' } as const);
      const fails: Store['transaction'] = async (work) => {
        transactions += 1;
        return transactions === 1 + failing ? full : store.transaction(work);
      };
      await intake.close();
      intake = await openIntake(store, { store: { ...store, transaction: fails } });
      transactions = 0;
      const { status, body } = await intake.send('/v1/orders', { body: lines, headers: keyed('k') });
      assert.deepEqual([status, body.code], [503, 'database-unavailable'], String(failing));
      assert.deepEqual(
        (await orders()).map(({ state }) => state),
        ['discarded'],
      );
      assert.equal((await intake.send('/v1/orders', { body: lines, headers: keyed('k') })).status, 202);
      if (failing < 4) await intake.close();
    }
  });

  it('is seen by its account, by the bureau that it names, and by unlimited accounts', async () => {
    await begin();
    const { body } = await intake.send('/v1/orders?bureau=bureau', { body: UPLOAD });
    for (const as of [CARDS, BUREAU, OFFICER]) {
      assert.equal((await intake.send(`/v1/orders/${body.id}`, { method: 'GET', as })).status, 200, as.id);
      const listed = await intake.send('/v1/orders', { method: 'GET', as });
      assert.deepEqual(
        listed.body.orders.map(({ id }) => id),
        [body.id],
        as.id,
      );
    }
    assert.equal((await intake.send(`/v1/orders/${body.id}`, { method: 'GET', as: OTHER })).status, 404);
    assert.deepEqual((await intake.send('/v1/orders', { method: 'GET', as: OTHER })).body.orders, []);
    const unnamed = await intake.send('/v1/orders', { body: UPLOAD });
    for (const path of ['', '/lines/1', '/results', '/acknowledgements']) {
      const { status } = await intake.send(`/v1/orders/${unnamed.body.id}${path}`, { method: 'GET', as: BUREAU });
      assert.equal(status, 404, path);
    }
    assert.equal((await intake.send('/v1/orders', { method: 'GET', as: BUREAU })).body.orders.length, 1);
  });

  it('is listed in pages, newest first, by state', async () => {
    await begin();
    const ids: string[] = [];
    for (const paused of [false, true, false])
      ids.unshift((await intake.send(`/v1/orders?paused=${paused}`, { body: UPLOAD })).body.id);
    ids.sort().reverse();
    const first = await intake.send('/v1/orders?limit=2', { method: 'GET' });
    assert.deepEqual(
      first.body.orders.map(({ id }) => id),
      ids.slice(0, 2),
    );
    const next = await intake.send(`/v1/orders?limit=2&cursor=${first.body.nextCursor}`, { method: 'GET' });
    assert.deepEqual([next.body.orders.map(({ id }) => id), next.body.nextCursor], [ids.slice(2), null]);
    assert.equal((await intake.send('/v1/orders?state=paused', { method: 'GET' })).body.orders.length, 1);
    assert.equal((await intake.send('/v1/orders?cursor=x', { method: 'GET' })).status, 400);
  });
});
