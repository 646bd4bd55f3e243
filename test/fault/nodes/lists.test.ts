/** Lists of two nodes on one database. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { ROOT_LIST, writePlan } from '../../integration/service/accounts/revoke-ca-plan.js';
import { cleanUp } from '../../support/db/fixture.js';
import { type Client, clientOf } from '../../support/service/client.js';
import { isNoSocket, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { runPfcng } from '../../support/service/service.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

/** Longer than any period of a job, also on a busy machine. */
const DEADLINE_MS = 60 * SECOND_MS;

/** The ceremony has a copy of the home folder, because signers use the tokens of the other one. */
async function revokingList(at: ServiceHome): Promise<Buffer> {
  const home = join(at.folder, 'ceremony-home');
  cpSync(at.home, home, { recursive: true, filter: isNoSocket });
  const performed = await runPfcng({ ...at, home }, 'ceremony', 'perform', '--played', writePlan(at));
  assert.equal(performed.status, 0, performed.stderr);
  return readFileSync(join(home, ROOT_LIST));
}

describe('two nodes and their lists', function () {
  this.timeout(300_000);
  let nodes: TwoNodes;
  let clients: Client[];
  const as = (node: 0 | 1, name: string): Client => {
    const client = clientOf(nodes.services[node], name);
    clients.push(client);
    return client;
  };

  before(async () => {
    clients = [];
    nodes = await startTwoNodes();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await nodes.stop();
    await cleanUp();
  });

  it('a list of a root in the folder of one node revokes a CA on the other one, for good', async () => {
    const issueAt = (node: 0 | 1) =>
      as(node, 'card-management').call('POST', '/v1/certificates', { body: bodyOf('fort/cps-authentication') });
    const published = join(nodes.homes[0].home, ROOT_LIST);
    const before = readFileSync(published);
    for (const node of [0, 1] as const) assert.equal((await issueAt(node)).status, 201);
    writeFileSync(published, await revokingList(nodes.homes[0]));
    // The node polls its folder; until then, the other one issues.
    let answer = await issueAt(1);
    for (const until = Date.now() + DEADLINE_MS; answer.status === 201 && Date.now() < until; ) {
      await sleep(100);
      answer = await issueAt(1);
    }
    assert.equal(answer.status, 409);
    assert.match(JSON.stringify(answer.body), /aci-fo-pp was revoked by its root \(keyCompromise\)/);
    assert.equal((await issueAt(0)).status, 409);
    assert.equal((await as(1, 'officer-1').call('GET', '/v1/cas')).status, 403);
    // Neither the previous list nor a restart takes it back.
    writeFileSync(published, before);
    await nodes.services[1].stop();
    await nodes.services[1].start();
    assert.equal((await issueAt(1)).status, 409);
  });
});
