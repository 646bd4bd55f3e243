/**
 * Events on their way from the outbox to real HTTPS receivers. Without these tests an event could
 * be lost or come out of order, be sent before its commit, or be tried for ever.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { fanOutEventsJob } from '../../../src/jobs/webhooks/fan-out.js';
import { deleteOldWebhookEventsJob } from '../../../src/jobs/webhooks/retention.js';
import { sendWebhooksJob } from '../../../src/jobs/webhooks/send.js';
import { present } from '../../../src/kernel/assert.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { WebhookEndpoint } from '../../../src/orders/webhooks.js';
import type { Delivery } from '../../../src/ports/store/outbox/deliveries.js';
import type { EventTopic, OutboxEvent } from '../../../src/ports/store/outbox/events.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { DAY_MS, NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { spkiOf, webhookParts } from '../../support/webhooks/parts.js';
import { ACCEPT, bodyOf, openReceiver, type Receiver } from '../../support/webhooks/receiver.js';
import { signatureFault } from '../../support/webhooks/verifier.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = spkiOf(privateKey);

let made = 0;
function event(subject: string, more: Partial<OutboxEvent> = {}): OutboxEvent {
  made += 1;
  return { topic: 'certificate.suspended', subject, account: 'cards', at: NOW, data: { number: made }, ...more };
}

describeOnEach('webhooks', ({ opened }) => {
  let receiver: Receiver;
  let store: Store;
  let now: number;
  let isSignerDown: boolean;
  let alarms: string[];
  let logged: string[];

  before(async () => {
    receiver = await openReceiver();
  });
  after(() => receiver.close());
  beforeEach(async () => {
    now = NOW;
    isSignerDown = false;
    alarms = [];
    logged = [];
    receiver.received.length = 0;
    receiver.answer = ACCEPT;
    store = await opened({ clock: () => now });
  });

  const ALL: WebhookEndpoint = { name: 'all', url: '', topics: ['certificate.*', 'crl.published'], accounts: null };
  /** `urls` of endpoints by name; default: that of the receiver. */
  const parts = (endpoints: readonly WebhookEndpoint[], urls: Readonly<Record<string, string>> = {}) =>
    webhookParts({
      store,
      clock: () => now,
      log: {
        ...SILENT_LOG,
        error: (name, fields = {}) => {
          alarms.push(`${name} ${String(fields.endpoint)}`);
          logged.push(JSON.stringify(fields));
        },
      },
      key: privateKey,
      endpoints: endpoints.map((one) => ({ ...one, url: urls[one.name] ?? receiver.url })),
      ca: receiver.ca,
      isSignerDown: () => isSignerDown,
    });
  type Parts = ReturnType<typeof parts>;

  const fanOut = (to: Parts) => workDue(fanOutEventsJob, to, sharedWorldOf(store));
  const send = (to: Parts) => workDue(sendWebhooksJob, to, sharedWorldOf(store));
  const publish = (...events: readonly OutboxEvent[]) => store.transaction((tx) => tx.publish(events)).then(unwrap);
  const sendAll = async (to: Parts, ...events: readonly OutboxEvent[]): Promise<void> => {
    await publish(...events);
    await fanOut(to);
    await send(to);
  };
  const deliveries = async (endpoint = 'all'): Promise<readonly Delivery[]> =>
    unwrap(await store.read((reads) => reads.deliveries({ endpoint, limit: 200 })));
  const numbers = () => receiver.received.map((request) => Number(bodyOf(request).data.number));
  const numberOf = (one: OutboxEvent) => Number(one.data.number);

  it('bring each event that an endpoint wants, signed, to it and to no other', async () => {
    const endpoints: readonly WebhookEndpoint[] = [
      { name: 'cards', url: '', topics: ['certificate.*'], accounts: ['cards'] },
      { name: 'lists', url: '', topics: ['crl.published'], accounts: ['cards'] },
    ];
    const to = parts(endpoints, { lists: `${receiver.url}/lists` });
    await fanOut(to);
    const topics: readonly EventTopic[] = ['certificate.issued', 'crl.published', 'order.finished', 'webhook.test'];
    const wanted = topics.map((topic) => event(topic, { topic, account: topic === 'crl.published' ? null : 'cards' }));
    await sendAll(to, ...wanted, event('a', { account: 'others' }), event('b', { account: null }));
    const came = receiver.received.map((request) => [request.targetUri, bodyOf(request).type]);
    assert.deepEqual(came.sort(), [
      [receiver.url, 'certificate.issued'],
      [receiver.url, 'certificate.suspended'],
      [`${receiver.url}/lists`, 'crl.published'],
    ]);
    for (const request of receiver.received) {
      assert.equal(signatureFault(request, SPKI), null);
      assert.equal(request.headers['webhook-id'], bodyOf(request).id);
    }
    assert.deepEqual(
      (await deliveries('cards')).map(({ state, lastStatus }) => [state, lastStatus]),
      [
        ['delivered', 204],
        ['delivered', 204],
      ],
    );
  });

  it('begin for a new endpoint with the events that follow it', async () => {
    const to = parts([ALL]);
    await publish(event('before'));
    await fanOut(to);
    await sendAll(to, event('after'));
    assert.deepEqual(
      receiver.received.map((request) => bodyOf(request).subject),
      ['after'],
    );
    const more = parts([ALL, { ...ALL, name: 'more' }]);
    await publish(event('not given to the first yet'));
    await fanOut(more);
    await sendAll(more, event('later'));
    const subjectsOf = async (endpoint: string) => (await deliveries(endpoint)).map(({ subject }) => subject);
    assert.deepEqual(await subjectsOf('more'), ['later']);
    assert.deepEqual(await subjectsOf('all'), ['later', 'not given to the first yet', 'after']);
  });

  it('give every event one delivery, however many there are', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    const ids = await publish(...Array.from({ length: 1_201 }, (_, at) => event(`s${at % 7}`)));
    await fanOut(to);
    await fanOut(to);
    assert.equal(unwrap(await store.read((reads) => reads.webhookCursors())).get('all'), ids.at(-1));
    const counts = unwrap(await store.read((reads) => reads.deliveryCounts()));
    assert.deepEqual(
      counts.map(({ count }) => count),
      [1_201],
    );
  });

  it('come in order for a subject, while a failure holds back no other subject', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    const [a1, b1, a2, b2, a3] = [event('a'), event('b'), event('a'), event('b'), event('a')];
    receiver.answer = (request, response) => void response.writeHead(bodyOf(request).subject === 'a' ? 500 : 204).end();
    await sendAll(to, a1, b1, a2, b2, a3);
    assert.deepEqual(numbers().sort(), [a1, b1, b2].map(numberOf).sort());
    receiver.answer = ACCEPT;
    receiver.received.length = 0;
    await send(to);
    assert.deepEqual(numbers(), [], 'its pause is not over');
    now += 6 * SECOND_MS;
    await send(to);
    assert.deepEqual(numbers(), [a1, a2, a3].map(numberOf));
  });

  it('wait while the platform key cannot be used, and count no attempt', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    isSignerDown = true;
    await sendAll(to, event('a'));
    assert.deepEqual(
      (await deliveries()).map(({ attempts, state }) => [attempts, state]),
      [[0, 'waiting']],
    );
    const [job] = unwrap(await store.read((reads) => reads.jobs({ job: 'webhook-send', limit: 9 })));
    assert.match(job?.lastError ?? '', /not signed: signer-unavailable: the token is away/);
    isSignerDown = false;
    now += MINUTE_MS;
    await send(to);
    assert.equal(receiver.received.length, 1);
  });

  it('are tried for 72 hours, then dead with an alarm, and hold back their subject until dropped', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    receiver.answer = (_request, response) => void response.writeHead(503).end();
    await sendAll(to, event('a'), event('a'));
    for (let hours = 0; hours < 75; hours += 1) {
      now += HOUR_MS + 20 * MINUTE_MS;
      await send(to);
    }
    const [second, first] = await deliveries();
    assert.deepEqual([first?.state, first?.lastStatus, first?.lastError], ['dead', 503, 'HTTP 503']);
    assert.deepEqual([second?.state, second?.attempts], ['waiting', 0]);
    assert.deepEqual(alarms, ['webhook.dead all']);
    const entries = (await storedAudit(store)).filter(({ type }) => type === 'webhook.dead');
    assert.deepEqual(
      entries.map(({ details }) => (details as { readonly id: string }).id),
      [first?.eventId],
    );
  });

  it('about an opposed card name it in no log when they are dead', async () => {
    const card = '8025000001/2600301752';
    const to = parts([{ ...ALL, topics: ['card.opposed'] }]);
    await fanOut(to);
    receiver.answer = (_request, response) => void response.writeHead(410).end();
    await sendAll(to, event(card, { topic: 'card.opposed' }));
    assert.deepEqual(alarms, ['webhook.dead all']);
    assert.ok(!logged.join('\n').includes(card), logged.join('\n'));
    const entries = JSON.stringify(await storedAudit(store));
    assert.match(entries, /webhook\.dead/);
    assert.ok(!entries.includes(card), entries);
  });

  it('are dead at once where the receiver is gone (410)', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    receiver.answer = (_request, response) => void response.writeHead(410).end();
    await sendAll(to, event('a'));
    assert.deepEqual(
      (await deliveries()).map(({ state, attempts }) => [state, attempts]),
      [['dead', 1]],
    );
  });

  it('come again after a sender that died between an answer and its record', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    await publish(event('a'), event('b'), event('a'));
    await fanOut(to);
    const dying: Store = { ...store, transaction: () => Promise.reject(new Error('killed')) };
    const lease = {
      lease: { name: 'webhook-send/all', holder: 'a test', fencingToken: 1 },
      store: dying,
      transaction: dying.transaction,
      isLost: () => false,
      mustEnd: () => false,
      cursor: null,
      setCursor: async () => undefined,
    };
    const { work } = present(sendWebhooksJob.prepare(to), 'the work');
    await assert.rejects(work(lease, 'all'), /killed/);
    assert.equal(receiver.received.length, 2);
    await send(to);
    const subjects = receiver.received.map((request) => bodyOf(request).subject).sort();
    assert.deepEqual(subjects, ['a', 'a', 'a', 'b', 'b']);
    const ids = new Set(receiver.received.map((request) => request.headers['webhook-id']));
    assert.equal(ids.size, 3, 'a receiver recognises what came twice');
  });

  it('are deleted 30 days after they were delivered, and not while they wait', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    receiver.answer = (request, response) =>
      void response.writeHead(bodyOf(request).subject === 'dead' ? 410 : 204).end();
    await sendAll(to, event('a'), event('dead'));
    const clean = () => workDue(deleteOldWebhookEventsJob, to, sharedWorldOf(store));
    now += 30 * DAY_MS;
    await clean();
    assert.equal((await deliveries()).length, 2);
    now += 1;
    await publish(event('not given to its endpoint yet'));
    await clean();
    assert.deepEqual(
      (await deliveries()).map(({ subject }) => subject),
      ['dead'],
    );
    const left = unwrap(await store.read((reads) => reads.eventsAfter({ after: 0, limit: 9 })));
    assert.deepEqual(
      left.map(({ subject }) => subject),
      ['dead', 'not given to its endpoint yet'],
    );
  });

  it('are dropped 30 days after their first attempt if they are dead, so that later ones of their subject are sent', async () => {
    const to = parts([ALL]);
    await fanOut(to);
    receiver.answer = (_request, response) => void response.writeHead(410).end();
    await sendAll(to, event('a'));
    await sendAll(to, event('a'));
    receiver.answer = ACCEPT;
    receiver.received.length = 0;
    const clean = () => workDue(deleteOldWebhookEventsJob, to, sharedWorldOf(store));
    const states = async () => (await deliveries()).map(({ state }) => state);
    now += 30 * DAY_MS;
    await clean();
    await send(to);
    assert.deepEqual(await states(), ['waiting', 'dead']);
    now += HOUR_MS;
    await clean();
    await send(to);
    assert.deepEqual(await states(), ['delivered', 'dropped']);
    assert.equal(receiver.received.length, 1);
    const audited = (await storedAudit(store)).filter(({ type }) => type === 'webhook.dropped');
    assert.deepEqual(
      audited.map(({ actor, details }) => [actor, details?.endpoint, details?.subject]),
      [['system', 'all', 'a']],
    );
  });
});
