/** A start while one token cannot be opened: everything that does not need this token works. */
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertProblem,
  type Client,
  clientOf,
  type IssuedCertificate,
  type RefusedAnswer,
} from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createPreparedService, type Service } from '../../support/service/service.js';
import { assertTraced } from '../../support/service/traces.js';

describe('a start while a token cannot be opened', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  const refused: RefusedAnswer[] = [];
  const pin = (): string => join(at.home, 'pins', 'ca-fort.pin');

  before(async function startTwice() {
    at = await makeServiceHome('p-256');
    service = await createPreparedService(at);
    chmodSync(pin(), 0o644);
    await service.start();
    cards = clientOf(service, 'card-management', { onRefused: (answer) => refused.push(answer) });
  });
  after(async function stopIt() {
    await cards.close();
    await service.stop();
    await assertTraced(at, refused);
    removeServiceHome(at);
  });

  it('reports the unavailable signer, and serves', () => {
    assert.match(service.said(), /although some signers are down.*ca-fort/);
  });

  it('issues and revokes with the other tokens', async () => {
    const { id } = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    await cards.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  });

  it('spends no serial number for most requests that the token cannot sign', async () => {
    const spent = async (): Promise<number> => {
      const database = await openDatabase(at);
      const rows = await database.all(`select id from certificates where issuer = 'aci-fo-pp' and signature is null`);
      await database.close();
      return rows.length;
    };
    const before = await spent();
    const began = performance.now();
    for (let request = 0; request < 20; request += 1) {
      const answer = await cards.call('POST', '/v1/certificates', { body: bodyOf('fort/cps-signature') });
      assertProblem(answer, { status: 503, code: 'signer-unavailable' });
    }
    // The first request detects the failure. On a busy machine others are sent before, or so much
    // later that the signer is tried again: once a second.
    const seconds = (performance.now() - began) / 1_000;
    assert.ok((await spent()) - before <= 10 + seconds, `${(await spent()) - before} of 20`);
  });

  it('answers 503 for what this token would sign, and issues it when the token is back', async function comesBack() {
    const order = { body: bodyOf('fort/cps-signature'), headers: { 'idempotency-key': 'while-the-token-is-away' } };
    assertProblem(await cards.call('POST', '/v1/certificates', order), { status: 503, code: 'signer-unavailable' });
    await sleep(2_500);
    // The first request may have tried the signer again. Its intent then waits for the signer.
    const repeated = await cards.call('POST', '/v1/certificates', order);
    if (repeated.status === 409) assertProblem(repeated, { status: 409, code: 'in-progress' });
    else assertProblem(repeated, { status: 503, code: 'signer-unavailable' });
    chmodSync(pin(), 0o400);
    for (let second = 0; second < 600; second += 1) {
      if ((await cards.call('POST', '/v1/certificates', order)).status === 201) return;
      await sleep(1_000);
    }
    assert.fail('not issued when the token was back');
  });
});
