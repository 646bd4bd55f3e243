/**
 * Two services on one PostgreSQL database with the same signers: neither undoes nor repeats the
 * work of the other.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  assertProblem,
  type Client,
  clientOf,
  type IssuedCertificate,
} from '../support/service/client.js';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { createRelyingParty, writeIssued } from '../support/service/files.js';
import type { ServiceHome } from '../support/service/home.js';
import { bodyOf, orderOf } from '../support/service/orders.js';
import type { Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { assertPromisesKept, assertRecordsWhole, createLedger, openIntents } from './ledger.js';
import { startTwoNodes, type TwoNodes } from './nodes/two-nodes.js';
import { type Attempt, makeAttempts, type Outcome, sendUntilTaken, storm } from './storm.js';

const CONCURRENT = 64;
const RACES = 12;
/** Each service recovers its own intents, and looks for them every three seconds. */
const SETTLE_MS_MAX = 300_000;

describe('two services on one database', () => {
  const ledger = createLedger();
  const homes: ServiceHome[] = [];
  const services: Service[] = [];
  const clients: Client[] = [];
  let nodes: TwoNodes;

  before(async function startBoth() {
    nodes = await startTwoNodes();
    homes.push(...nodes.homes);
    services.push(...nodes.services);
    clients.push(...services.map((one) => clientOf(one, 'card-management', { connectionsMax: CONCURRENT })));
  });
  after(async function stopBoth() {
    for (const client of clients) await client.close();
    await nodes.stop();
  });

  const one = (): Client => clients[0] ?? assert.fail('not started');
  const other = (): Client => clients[1] ?? assert.fail('not started');
  /** Sends the same attempt to both at the same moment. */
  const both = (attempt: Attempt) => Promise.all([sendUntilTaken(one(), attempt), sendUntilTaken(other(), attempt)]);
  const idOf = ({ answer }: Outcome): string => (answer as Answer & { readonly body: IssuedCertificate }).body.id;

  it('issue at the same time, and each reads what the other has issued', async function concurrently() {
    const storms = [one(), other()].map((client) => storm(client, makeAttempts(CONCURRENT), sendUntilTaken));
    const outcomes = (await Promise.all(storms.map((each) => each.outcomes))).flat();
    for (const { answer } of outcomes) assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
    ledger.add(outcomes);
    for (const [id, issued] of [...ledger.promised].slice(0, 20)) {
      for (const client of [one(), other()])
        assert.deepEqual(await client.expect('GET', `/v1/certificates/${id}`), issued);
    }
  });

  it('asked at the same moment under one Idempotency-Key make one certificate', async function sameKey() {
    const attempts = Array.from({ length: RACES }, () => ({
      path: '/v1/certificates',
      body: bodyOf('elementaire/org-auth-cli'),
      key: randomUUID(),
    }));
    const races = await Promise.all(attempts.map(both));
    for (const [at, outcomes] of races.entries()) {
      for (const { answer } of outcomes)
        assert.ok(answer && [201, 409].includes(answer.status), JSON.stringify(answer));
      const attempt = attempts[at];
      assert.ok(attempt);
      const later = await both(attempt);
      const made = [...outcomes, ...later].filter(({ answer }) => answer?.status === 201);
      assert.ok(made.length >= 3);
      assert.equal(new Set(made.map(idOf)).size, 1);
      ledger.add(made);
    }
  });

  it('asked at the same moment for one key of two holders certify it for one', async function oneHolder() {
    for (let race = 0; race < RACES; race += 1) {
      const csr = makeCsr(makeKey());
      const answers: readonly Answer[] = await Promise.all(
        [one(), other()].map((client) =>
          client.call('POST', '/v1/certificates', { body: { ...orderOf('fort/cps-authentication'), csr } }),
        ),
      );
      const refused = answers.filter(({ status }) => status !== 201);
      assert.equal(refused.length, 1);
      for (const answer of refused) assertProblem(answer, { status: 422, code: 'key-rejected' });
    }
  });

  it('publish lists of one authority at the same time, over and over: no number is two lists', async function numbers() {
    const officers = services.map((one) => clientOf(one, 'officer-1'));
    const lists = new Map<string, string>();
    const ask = async (officer: Client, kind: string): Promise<void> => {
      const { status, body } = await officer.call('POST', '/v1/cas/aci-st-org/crl', { body: { kind } });
      const { number, base, sha256 } = body as {
        readonly number: number;
        readonly base?: number;
        readonly sha256: string;
      };
      // It was overtaken three times, and the client gets an answer that says so.
      if (status === 409) return;
      assert.equal(status, 200, JSON.stringify(body));
      const name = `${number} ${base === undefined ? 'full' : 'delta'}`;
      assert.ok([undefined, sha256].includes(lists.get(name)), `${name} is two lists`);
      lists.set(name, sha256);
    };
    for (let round = 0; round < 5; round += 1)
      await Promise.all(officers.flatMap((officer) => [ask(officer, 'full'), ask(officer, 'delta')]));
    for (const officer of officers) await officer.close();
    assert.ok(lists.size >= 5, `${lists.size} lists`);
  });

  it('give out the lists that the other has made, the same octets under the same tag', async function lists() {
    const [first, second] = services;
    assert.ok(first && second);
    const officer = clientOf(first, 'officer-1', { connectionsMax: 1 });
    await officer.expect('POST', '/v1/cas/aci-fo-org/crl');
    await officer.close();
    const ask = ({ urls }: Service) => fetch(`${urls.publication}/CRL/ACI-FO-ORG.crl`);
    const made = await ask(first);
    const list = Buffer.from(await made.arrayBuffer());
    for (const end = performance.now() + SETTLE_MS_MAX; ; await sleep(200)) {
      const given = await ask(second);
      const isSame = Buffer.from(await given.arrayBuffer()).equals(list);
      if (isSame) assert.equal(given.headers.get('etag'), made.headers.get('etag'));
      if (isSame) break;
      assert.ok(performance.now() < end, 'the other service has the list too');
    }
  });

  it('what one revokes it reports at once, and the other as soon as it has polled', async function reported() {
    const parties = services.map(({ urls }) => createRelyingParty(urls.publication));
    try {
      for (const party of parties) await party.fetchAll();
      const issued = await one().expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
      });
      const statusesNow = (): Promise<readonly string[]> =>
        Promise.all(
          parties.map(async (party) => {
            const { output } = await party.ocsp(writeIssued(party, issued), issued.ca, '-no_nonce');
            return /: (good|revoked)$/m.exec(output)?.[1] ?? output;
          }),
        );
      // Twice, so that both have it in memory.
      for (let time = 0; time < 2; time += 1) assert.deepEqual(await statusesNow(), ['good', 'good']);
      const revocation = { body: { reason: 'superseded' } };
      await one().expect('POST', `/v1/certificates/${issued.id}/revocation`, revocation);
      assert.equal((await statusesNow())[0], 'revoked');
      // Without the poller the other service would answer `good` for hours.
      await until('the other has polled', async () => (await statusesNow())[1] === 'revoked');
      assert.deepEqual(await statusesNow(), ['revoked', 'revoked']);
    } finally {
      for (const party of parties) party.remove();
    }
  });

  it('of which one is killed: the other goes on, and finishes what the dead one had begun', async function oneDies() {
    // More than its connections, so that some are in progress when it dies, even if several share a
    // transaction.
    const [dying, living] = [
      storm(one(), makeAttempts(3 * CONCURRENT)),
      storm(other(), makeAttempts(CONCURRENT), sendUntilTaken),
    ];
    await dying.answered(CONCURRENT);
    await services[0]?.killService();
    const [broken, served] = [await dying.outcomes, await living.outcomes];
    ledger.add([...broken, ...served]);
    for (const { answer } of served) assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
    const cutOff = broken.filter(({ answer, attempt }) => answer === null && attempt.key !== null);
    assert.ok(cutOff.length > 0, 'no request was cut off');

    const end = performance.now() + SETTLE_MS_MAX;
    const [at] = homes;
    assert.ok(at);
    while ((await openIntents(at)).length > 0) {
      assert.ok(performance.now() < end, 'intents of the dead one are left open');
      await sleep(250);
    }
    const again = await Promise.all(cutOff.map(({ attempt }) => sendUntilTaken(other(), attempt)));
    for (const { answer } of again) assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
    ledger.add(again);
  });

  it('that is started again gives what the other finished, and all records are whole', async function afterwards() {
    await services[0]?.start();
    await assertPromisesKept(ledger, one());
    const [at] = homes;
    assert.ok(at);
    await assertRecordsWhole(at);
  });
});
