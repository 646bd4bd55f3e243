/** The rate cap of a profile as a card management system and an operator see it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openIntents } from '../../fault/ledger.js';
import { type Answer, type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, type Service } from '../../support/service/service.js';

const PROFILE = 'elementaire/cpe-signature';
const OTHER = 'elementaire/cpe-authentication';
const PER_HOUR_MAX = 2;
const METRICS_MS_MAX = 60_000;

describe('a profile that has reached its rate cap', () => {
  let at: ServiceHome;
  let service: Service;
  let client: Client;

  function setCap(certificatesPerHourMax: number): void {
    const file = join(at.folder, 'policies', `${PROFILE.replace('/', '/profiles/')}.json`);
    const { sources, ...body } = JSON.parse(readFileSync(file, 'utf8')) as { readonly sources: object };
    const sourced = { ...sources, '/certificatesPerHourMax': 'assumption' };
    writeFileSync(file, JSON.stringify({ ...body, certificatesPerHourMax, sources: sourced }));
  }
  const issue = (profile: typeof PROFILE | typeof OTHER, key: string = randomUUID(), body = bodyOf(profile)) =>
    client.call('POST', '/v1/certificates', { headers: { 'idempotency-key': key }, body });
  function assertOver({ status, headers, body }: Answer): void {
    assert.equal(status, 503, JSON.stringify(body));
    assert.equal((body as { readonly code?: unknown }).code, 'signer-unavailable');
    const seconds = Number(headers['retry-after']);
    assert.ok(seconds > 3_000 && seconds <= 3_660, `${seconds} s`);
  }
  async function restart(): Promise<void> {
    await service.killEverything();
    await service.start();
  }

  before(async function prepare() {
    at = await makeServiceHome('p-256');
    setCap(PER_HOUR_MAX);
    service = createService(at);
    await service.start();
    client = clientOf(service, 'card-management');
  });
  after(async function end() {
    await client?.close();
    await service?.stop();
    if (at) removeServiceHome(at);
  });

  const waiting = { key: randomUUID(), body: bodyOf(PROFILE) };

  it('gets the time of the next certificate, whatever is killed; other profiles continue; the operator has the alarm', async () => {
    for (let count = 0; count < PER_HOUR_MAX; count += 1) assert.equal((await issue(PROFILE)).status, 201);
    assertOver(await issue(PROFILE, waiting.key, waiting.body));
    assert.equal((await openIntents(at)).length, 1);
    assertOver(await issue(PROFILE));
    assert.equal((await openIntents(at)).length, 1, 'no serial number is spent to hear it again');
    assert.equal((await issue(OTHER)).status, 201);
    const labels = `token="ca-elementaire",alarm="rate-cap",subject="${PROFILE}"`;
    const alarm = new RegExp(`^pfcng_signer_alarms_total\\{${labels}\\} 1$`, 'm');
    const metrics = async (): Promise<string> => (await fetch(`${service.urls.operators}/metrics`)).text();
    // Metrics are computed at most once a second.
    const until = performance.now() + METRICS_MS_MAX;
    while (!alarm.test(await metrics())) {
      assert.ok(performance.now() < until, await metrics());
      await sleep(100);
    }
    assert.match(
      service.said(),
      /"event":"signer-alarm".*elementaire\/cpe-signature has reached its cap of 2 certificates an hour/,
    );
    await restart();
    assertOver(await issue(PROFILE));
  });

  it('has its open requests completed automatically when the cap allows it', async () => {
    setCap(100);
    await restart();
    assert.deepEqual(await openIntents(at), []);
    const { status, body } = await issue(PROFILE, waiting.key, waiting.body);
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal((body as IssuedCertificate).status, 'issued');
  });
});
