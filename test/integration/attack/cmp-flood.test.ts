/**
 * Messages with wrong MACs from one address, each of which costs as many iterations as may be
 * asked for. Without these tests one stranger could stop the enrolment of all others, or slow down
 * the API.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeMessage } from '../../../src/cmp/message.js';
import { outcomeOf } from '../../support/cmp/client.js';
import { postCmp } from '../../support/cmp/post.js';
import { certificateRequest } from '../../support/cmp/request.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

const PATH = '/p/elementaire~org-auth-cli';
const FLOOD_AT_ONCE = 10;
const PAUSE_MS = 10;
const CLIENTS = 5;

describeService('a flood of wrong MACs from one address', { on: 'sqlite' }, (running) => {
  it('leaves work for clients with PasswordBasedMac at other addresses, and the API answers', async function flood() {
    this.timeout(120_000);
    const { service } = running.shared;
    const agentAt = (localAddress: string) => new Agent({ keepAlive: true, maxSockets: FLOOD_AT_ONCE, localAddress });
    const [stranger, own] = [agentAt('127.0.0.1'), agentAt('127.0.0.2')];
    const secretFile = join(service.at.home, 'credentials', 'card-management.secret.txt');
    const proof = {
      kind: 'pbm',
      reference: 'card-management',
      secret: readFileSync(secretFile, 'utf8').trim(),
    } as const;
    const statuses = new Map<number, number>();
    let isOver = false;
    const wanted = (name: string) => ({ key: makeKey(), name, at: Date.now() });
    const wrong = certificateRequest(
      { ...proof, salt: randomBytes(16), iterations: 100_000, isWrong: true },
      wanted('FLOOD'),
    );
    const attack = async () => {
      while (!isOver) {
        const { status } = await postCmp(service, { path: PATH, body: wrong, agent: stranger });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(PAUSE_MS);
      }
    };
    const floods = Array.from({ length: FLOOD_AT_ONCE }, attack);
    try {
      for (let client = 0; client < CLIENTS; client += 1) {
        const { status, octets, text } = await postCmp(service, {
          path: PATH,
          body: certificateRequest({ ...proof, salt: randomBytes(16) }, wanted(`BESIDE-${client}`)),
          agent: own,
        });
        assert.equal(status, 200, text);
        const answer = decodeMessage(new Uint8Array(octets));
        assert.ok(answer.ok);
        assert.notEqual(outcomeOf(answer.value).certificate, null);
        const body = bodyOf('elementaire/org-auth-cli', makeCsr(makeKey()));
        await running.cards.expect('POST', '/v1/certificates', { body });
      }
    } finally {
      isOver = true;
      await Promise.all(floods);
      for (const agent of [stranger, own]) agent.destroy();
    }
    assert.ok((statuses.get(503) ?? 0) > 0, `the share was used up: ${JSON.stringify([...statuses])}`);
  });
});
