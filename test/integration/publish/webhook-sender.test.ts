/**
 * Requests to real HTTPS receivers that behave well and badly. Without these tests an event could
 * be taken for delivered that was not, or be sent to an address that its endpoint must not reach.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import type { DeliveryAttempt } from '../../../src/orders/webhooks.js';
import { networkList, type Resolve } from '../../../src/publish/webhook-address.js';
import { openWebhookSender, type WebhookSender } from '../../../src/publish/webhook-sender.js';
import { ACCEPT, type Answer, openReceiver, type Receiver } from '../../support/webhooks/receiver.js';

const NOW = Date.UTC(2026, 2, 1, 10);
const REQUEST = { headers: { 'content-type': 'application/json', 'webhook-id': 'one' }, body: '{"a":"é"}' };
const LOCAL: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const failure = (error: string, status: number | null = null): DeliveryAttempt => ({
  status,
  error,
  retryAfterMs: null,
});

describe('the sender of webhooks', () => {
  let receiver: Receiver;
  const senders: WebhookSender[] = [];

  before(async () => {
    receiver = await openReceiver();
  });
  after(() => receiver.close());
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answer = ACCEPT;
  });
  afterEach(() => {
    for (const sender of senders.splice(0)) sender.close();
  });

  type SenderChanges = {
    readonly url?: string;
    readonly networks?: readonly string[];
    readonly resolve?: Resolve;
    readonly ca?: string | null;
    readonly limits?: { readonly connectMsMax: number; readonly requestMsMax: number };
  };
  function open({ url = receiver.url, networks = ['127.0.0.1/32'], resolve = LOCAL, ca, limits }: SenderChanges = {}) {
    const sender = openWebhookSender(
      {
        url: new URL(url),
        ca: ca === undefined ? readFileSync(receiver.ca, 'utf8') : ca,
        rule: { networks: networkList(networks), isPlain: false },
        connectionsMax: 2,
      },
      { resolve, clock: () => NOW, ...(limits === undefined ? {} : { limits }) },
    );
    senders.push(sender);
    return sender;
  }
  const answered = async (answer: Answer, wanted: SenderChanges = {}): Promise<DeliveryAttempt> => {
    receiver.answer = answer;
    return open(wanted).send(REQUEST);
  };
  const status = (code: number, headers: Record<string, string> = {}): Answer => {
    return (_request, response) => void response.writeHead(code, headers).end('not read');
  };

  it('sends the body as it is, and takes 2xx for success', async () => {
    for (const code of [200, 202, 204]) {
      const attempt = await answered(status(code));
      assert.deepEqual(attempt, { status: code, error: null, retryAfterMs: null });
    }
    const [first] = receiver.received;
    assert.equal(first?.body.toString(), REQUEST.body);
    assert.deepEqual([first?.method, first?.targetUri], ['POST', receiver.url]);
    assert.equal(first?.headers['webhook-id'], 'one');
  });

  it('takes every other answer for a failure, and does not follow redirects', async () => {
    for (const code of [400, 404, 410, 500, 503])
      assert.deepEqual(await answered(status(code)), failure(`HTTP ${code}`, code));
    const moved = status(307, { location: `${receiver.url}/elsewhere` });
    assert.deepEqual(await answered(moved), failure('redirect', 307));
    assert.ok(receiver.received.every(({ targetUri }) => targetUri === receiver.url));
  });

  it('reads Retry-After in both of its forms', async () => {
    const pauseAfter = async (value: string) => (await answered(status(503, { 'retry-after': value }))).retryAfterMs;
    assert.equal(await pauseAfter('120'), 120_000);
    assert.equal(await pauseAfter(new Date(NOW + 60_000).toUTCString()), 60_000);
    assert.equal(await pauseAfter(new Date(NOW - 60_000).toUTCString()), 0);
    assert.equal(await pauseAfter('soon'), null);
  });

  it('takes an answer that breaks off for a failure', async () => {
    const broken = await answered((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    assert.deepEqual(broken, failure('answer-incomplete'));
    const closed = await answered((_request, response) => response.destroy());
    assert.deepEqual(closed, failure('ECONNRESET'));
  });

  it('waits a limited time for an answer, also for its end', async () => {
    const limits = { connectMsMax: 60_000, requestMsMax: 300 };
    assert.deepEqual(await answered(() => undefined, { limits }), failure('timeout'));
    const slow = await answered((_request, response) => void response.writeHead(200).write('.'), { limits });
    assert.deepEqual(slow, failure('timeout'));
  });

  it('waits a limited time for a connection', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const limits = { connectMsMax: 300, requestMsMax: 60_000 };
    assert.deepEqual(await open({ url, limits }).send(REQUEST), failure('connect-timeout'));
    silent.close();
    const closed = await open({ url }).send(REQUEST);
    assert.deepEqual(closed, failure('ECONNREFUSED'));
  });

  it('reads 64 KiB of an answer at most', async () => {
    let written = 0;
    const attempt = await answered((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed || written > 64 * 1024 * 1024) return;
        written += 16_384;
        response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      more();
    });
    assert.deepEqual(attempt, { status: 200, error: null, retryAfterMs: null });
    assert.ok(written < 64 * 1024 * 1024, `${written} octets were taken`);
  });

  it('keeps its connections open, and resolves the name once for each', async () => {
    let resolved = 0;
    const resolve: Resolve = (name) => {
      assert.equal(name, 'receiver.test');
      resolved += 1;
      return LOCAL(name);
    };
    const sender = open({ url: `https://receiver.test:${receiver.port}/events`, resolve });
    for (let count = 0; count < 5; count += 1) assert.equal((await sender.send(REQUEST)).error, null);
    assert.equal(resolved, 1);
    const both = await Promise.all([sender.send(REQUEST), sender.send(REQUEST)]);
    assert.deepEqual(
      both.map(({ error }) => error),
      [null, null],
    );
    assert.equal(resolved, 2);
    assert.equal(receiver.received[0]?.targetUri, `https://receiver.test:${receiver.port}/events`);
  });

  it('sends nothing to an address that is not allowed, whether the URL or a name leads to it', async () => {
    const named = `https://receiver.test:${receiver.port}/events`;
    for (const url of [receiver.url, named, `https://localhost:${receiver.port}/events`])
      assert.deepEqual(await open({ url, networks: [] }).send(REQUEST), failure('address-refused'));
    assert.deepEqual(await open({ url: named, networks: ['10.0.0.0/8'] }).send(REQUEST), failure('address-refused'));
    assert.deepEqual(receiver.received, []);
  });

  it('sends nothing to the new address of a name that has changed it', async () => {
    let address = '127.0.0.1';
    const resolve: Resolve = async () => [{ address, family: 4 }];
    const url = `https://receiver.test:${receiver.port}/events`;
    const networks = ['127.0.0.1/32'];
    assert.equal((await open({ url, resolve, networks }).send(REQUEST)).error, null);
    address = '127.0.0.2';
    assert.deepEqual(await open({ url, resolve, networks }).send(REQUEST), failure('address-refused'));
    assert.equal(receiver.received.length, 1);
  });

  it('sends nothing to a server whose certificate is of another CA or for another name', async () => {
    assert.match((await open({ ca: null }).send(REQUEST)).error ?? '', /SELF_SIGNED/);
    const other = `https://other.test:${receiver.port}/events`;
    assert.deepEqual(await open({ url: other }).send(REQUEST), failure('ERR_TLS_CERT_ALTNAME_INVALID'));
    assert.deepEqual(receiver.received, []);
  });

  it('uses no proxy of the environment', async () => {
    const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'] as const;
    const before = variables.map((name) => [name, process.env[name]] as const);
    for (const name of variables) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://127.0.0.1:1';
    try {
      assert.equal((await open().send(REQUEST)).error, null);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
