/**
 * A service with the keys of its platform token, and receivers of its events. Without this test the
 * parts of webhooks could each be right and no event arrive, a receiver could not verify one with
 * the commands of ops/webhooks.md, or an officer could not repair what has failed.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, clientOf, type IssuedCertificate, type Problem } from '../../support/service/client.js';
import {
  configure,
  makeServiceHome,
  PACKAGE_ROOT,
  removeServiceHome,
  type ServiceHome,
} from '../../support/service/home.js';
import { bodyOf as requestOf } from '../../support/service/orders.js';
import { openPageShell, type PageShell } from '../../support/service/page-shell.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import { bodyOf, openReceiver, type Receiver } from '../../support/webhooks/receiver.js';
import { type ReceivedRequest, signatureFault } from '../../support/webhooks/verifier.js';

type Delivery = {
  readonly id: string;
  readonly state: string;
  readonly event: { readonly id: string; readonly type: string };
};
type Jobs = { readonly jobs: readonly { readonly job: string; readonly lastSuccessAt: string | null }[] };
type Page = { readonly deliveries: readonly Delivery[]; readonly nextCursor: string | null };

describe('a service with webhooks', () => {
  let at: ServiceHome;
  let service: Service;
  let receiver: Receiver;
  let shell: PageShell;
  let cards: Client;
  let officer: Client;

  before(async () => {
    receiver = await openReceiver();
    at = await makeServiceHome('p-256');
    const place = { ca: receiver.ca, networks: ['127.0.0.1/32'] };
    configure(at, {
      webhooks: [
        {
          name: 'card-management',
          url: receiver.url,
          topics: ['certificate.*'],
          accounts: ['card-management'],
          ...place,
        },
        { name: 'gone', url: `${receiver.url}/gone`, topics: ['certificate.issued'], ...place },
      ],
    });
    receiver.answer = ({ targetUri }, response) =>
      void response.writeHead(targetUri.endsWith('/gone') ? 410 : 204).end();
    service = createService(at);
    await service.start();
    shell = await openPageShell(service);
    cards = clientOf(service, 'card-management');
    officer = clientOf(service, 'officer-1');
  });
  after(async () => {
    for (const client of [cards, officer]) await client?.close();
    await shell?.close();
    await service?.stop();
    await receiver.close();
    removeServiceHome(at);
  });

  const receivedBy = (url: string) => receiver.received.filter(({ targetUri }) => targetUri === url);
  const pageOf = (endpoint: string, query = '') =>
    officer.expect<Page>('GET', `/v1/webhooks/${endpoint}/deliveries${query}`);
  const spki = async () =>
    new Uint8Array(await (await fetch(`${service.urls.publication}/AC/platform.spki`)).arrayBuffer());

  /** An endpoint gets the events that follow the first run of the job. */
  async function untilAnnounced(): Promise<void> {
    await until('the endpoints have begun', async () => {
      const { jobs } = await officer.expect<Jobs>('GET', '/v1/jobs');
      return jobs.some(({ job, lastSuccessAt }) => job === 'webhook-fan-out' && lastSuccessAt !== null);
    });
  }

  it('sends the events of a certificate in order, and OpenSSL and Python accept them', async () => {
    await untilAnnounced();
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: requestOf('elementaire/org-auth-cli'),
    });
    const body = { reason: 'keyCompromise' };
    await officer.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body });
    const ofCertificate = () => receivedBy(receiver.url).filter((request) => bodyOf(request).subject === issued.id);
    await until('both events came', async () => ofCertificate().length >= 2);
    const events = ofCertificate().map(bodyOf);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['certificate.issued', 'certificate.revoked'],
    );
    assert.ok(
      events.every(({ account, data }) => account === 'card-management' && data.serialNumber === issued.serialNumber),
    );
    const key = await spki();
    for (const request of receiver.received) assert.equal(signatureFault(request, key), null);
    const [request] = ofCertificate();
    assert.ok(request);
    assert.deepEqual(await checkedByPage(request, key), { status: 0, output: 'accepted\n' });
    const altered = { ...request, body: Buffer.from(request.body.toString().replace('issued', 'abused')) };
    assert.match((await checkedByPage(altered, key)).output, /refused: another body/);
    const elsewhere = { ...request, targetUri: 'https://other.example.org/' };
    assert.match((await checkedByPage(elsewhere, key)).output, /refused: the signature does not verify/);
  });

  /** What the program of ops/webhooks.md says. */
  async function checkedByPage({ targetUri, headers, body }: ReceivedRequest, key: Uint8Array) {
    const page = await readFile(join(PACKAGE_ROOT, 'ops/webhooks.md'), 'utf8');
    const [, program = ''] = /^```python\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const files = { 'verify.py': program, 'headers.json': JSON.stringify(headers), body, 'platform.spki': key };
    for (const [name, content] of Object.entries(files)) await writeFile(join(shell.folder, name), content);
    return shell.run(`python3 verify.py '${targetUri}' platform.spki headers.json body`);
  }

  it('lets officers see what is dead, send it again and drop it', async () => {
    await cards.expect('POST', '/v1/certificates', { body: requestOf('elementaire/org-auth-cli') });
    await until('one is dead', async () => (await pageOf('gone', '?state=dead')).deliveries.length > 0);
    const [dead] = (await pageOf('gone', '?state=dead')).deliveries;
    assert.ok(dead);
    const path = `/v1/webhooks/gone/deliveries/${dead.id}`;
    const before = receivedBy(`${receiver.url}/gone`).length;
    await officer.expect('POST', `${path}/replay`, { body: {} });
    await until('it came again', async () => receivedBy(`${receiver.url}/gone`).length > before);
    await until('it is dead again', async () => (await pageOf('gone', '?state=dead')).deliveries.length > 0);

    const page = (await shell.blocksOf('ops/webhooks.md')).join('').replaceAll('4711', dead.id);
    const commands = page.split('\n').map((line) => line.replace('card-management', 'gone'));
    assert.equal(commands.filter((line) => line !== '').length, 5, 'a new command needs a test');
    const [list = '', show = '', test = '', replay = '', drop = ''] = commands;
    assert.match((await shell.run(list)).output, /^ENDPOINT[\s\S]*card-management[\s\S]*gone +https:\/\/127\.0\.0\.1/);
    assert.match(
      (await shell.run(show)).output,
      new RegExp(`${dead.id} +${dead.event.id} +certificate\\.issued.* HTTP 410`),
    );
    assert.equal((await shell.run(test)).status, 0);
    assert.match((await shell.run(replay)).output, new RegExp(`delivery ${dead.id}, event ${dead.event.id}: waiting`));
    await until('it is dead again', async () =>
      (await pageOf('gone', '?state=dead')).deliveries.some(({ id }) => id === dead.id),
    );
    assert.match((await shell.run(drop)).output, new RegExp(`delivery ${dead.id}, event ${dead.event.id}: dropped`));
    const again = await officer.call('POST', `${path}/drop`, { body: {} });
    assert.equal(again.status, 409, 'it is dropped already');
    const found = await runPfcng(at, 'audit', 'search', '--id', dead.event.id);
    for (const type of ['webhook.dead', 'webhook.replayed', 'webhook.dropped'])
      assert.match(found.stdout, new RegExp(type));
  });

  it('sends one test event for a repeated Idempotency-Key', async () => {
    const test = () =>
      officer.expect<Delivery>('POST', '/v1/webhooks/card-management/test', {
        body: {},
        headers: { 'idempotency-key': 'one-test' },
      });
    const first = await test();
    assert.equal((await test()).id, first.id);
  });

  it('refuses what is not there, not known or not permitted', async () => {
    const refused = async (client: Client, method: 'GET' | 'POST', path: string) => {
      const { status, body } = await client.call(method, path, method === 'POST' ? { body: {} } : {});
      return [status, (body as Problem).code];
    };
    assert.deepEqual(await refused(cards, 'GET', '/v1/webhooks'), [403, 'not-permitted']);
    assert.deepEqual(await refused(cards, 'POST', '/v1/webhooks/gone/test'), [403, 'not-permitted']);
    assert.deepEqual(await refused(officer, 'GET', '/v1/webhooks/nobody/deliveries'), [404, 'not-found']);
    const unknown = (await officer.call('POST', '/v1/webhooks/nobody/test', { body: {} })).body as Problem;
    assert.equal(unknown.code, 'not-found');
    assert.match(unknown.detail ?? '', /nobody ?: pfcng webhook list/);
    for (const id of ['0', '999999', '1x', '%00'])
      assert.deepEqual(await refused(officer, 'POST', `/v1/webhooks/gone/deliveries/${id}/drop`), [404, 'not-found']);
    const wrong = '/v1/webhooks/gone/deliveries?state=lost';
    assert.deepEqual(await refused(officer, 'GET', wrong), [400, 'invalid-request']);
    const [delivered] = (await pageOf('card-management', '?state=delivered')).deliveries;
    const path = `/v1/webhooks/card-management/deliveries/${delivered?.id}/drop`;
    assert.deepEqual(await refused(officer, 'POST', path), [409, 'state-conflict']);
  });

  it('shows deliveries page by page, and counts them', async () => {
    const all = (await pageOf('card-management', '?limit=200')).deliveries.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await pageOf('card-management', `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.deliveries.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    assert.deepEqual(paged, all);
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    assert.match(metrics, /pfcng_webhook_deliveries_total\{endpoint="card-management",result="delivered"\} \d/);
    assert.match(metrics, /pfcng_webhook_oldest_seconds\{endpoint="card-management"\} 0/);
    assert.match(metrics, /pfcng_webhook_dead \d/);
  });
});
