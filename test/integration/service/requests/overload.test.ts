/**
 * Overload and shutdown: accepted requests are answered, and the others get an error.
 */
import assert from 'node:assert/strict';
import { Agent, request } from 'undici';
import { describeOnEach } from '../../../support/db/fixture.js';
import { type Client, clientOf, credentialOf, PATIENT_CONNECTIONS, trustOf } from '../../../support/service/client.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { bodyOf } from '../../../support/service/orders.js';
import { createService, type Service } from '../../../support/service/service.js';

/** More than an account may have at once (`src/http/api/api.ts`). */
const CROWD = 300;
const SIGNER_MS_MAX = 60_000;

describeOnEach('a crowd', ({ kind }) => {
  let at: ServiceHome;
  let service: Service;

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: kind });
    // On a busy machine, signers may need more than the usual 3 s.
    configure(at, { pkcs11: { requestDeadlineMs: SIGNER_MS_MAX } });
    service = createService(at);
    await service.start();
  });
  after(async function stopIt() {
    await service.stop();
    removeServiceHome(at);
  });

  const client = (): Client => clientOf(service, 'card-management');

  it('of three hundred simultaneous requests each is served or gets 503, and the service continues', async function crowd() {
    const { certificate, key } = credentialOf(at, 'card-management') ?? assert.fail('a credential');
    const connect = { ca: trustOf(at), cert: certificate, key };
    const dispatcher = new Agent({ ...PATIENT_CONNECTIONS, connections: CROWD, connect });
    const statuses = new Map<number, number>();
    await Promise.all(
      Array.from({ length: CROWD }, async () => {
        const answer = await request(`${service.urls.api}/v1/certificates?limit=1`, { dispatcher });
        await answer.body.dump();
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        if (answer.statusCode === 503) assert.ok(Number(answer.headers['retry-after']) >= 1);
      }),
    );
    await dispatcher.destroy();
    const refused = statuses.get(503) ?? 0;
    assert.equal((statuses.get(200) ?? 0) + refused, CROWD, JSON.stringify([...statuses]));
    const after = client();
    await after.expect('GET', '/v1/certificates?limit=1');
    await after.close();
  });

  it('SIGTERM during requests: accepted requests are answered, and their results are stored', async function drains() {
    const clients = Array.from({ length: 24 }, client);
    const issued: string[] = [];
    const others: string[] = [];
    let broken = 0;
    const work = clients.map(async (one, number) => {
      for (let at = 0; ; at += 1) {
        const headers = { 'idempotency-key': `drain-${number}-${at}` };
        try {
          const answer = await one.call('POST', '/v1/certificates', {
            body: bodyOf('elementaire/org-auth-cli'),
            headers,
          });
          if (answer.status === 201) issued.push((answer.body as { readonly id: string }).id);
          else others.push(`${answer.status} ${JSON.stringify(answer.body)}`);
        } catch {
          // Its connection was closed between two requests, or nobody listens any more.
          broken += 1;
          return;
        }
      }
    });
    while (issued.length < 100) await new Promise((resolve) => setTimeout(resolve, 20));
    await service.stop();
    await Promise.all(work);
    assert.equal(broken, clients.length);
    assert.deepEqual(others, [], 'no request on an open connection was refused');
    await Promise.all(clients.map((one) => one.close()));

    await service.start();
    assert.doesNotMatch(service.said(), /intents.recovered/, 'nothing was left open');
    const reader = client();
    for (const id of issued) await reader.expect('GET', `/v1/certificates/${id}`);
    await reader.close();
  });
});
