/**
 * Lists of two nodes on one database: which node makes them, what becomes of those that are lost
 * with the disk of a node, and lists of roots that one node has.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { ROOT_LIST } from '../../integration/service/accounts/revoke-ca-plan.js';
import { cleanUp } from '../../support/db/fixture.js';
import { type RawDatabase, rawDatabase } from '../../support/db/raw.js';
import { type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { revokingList } from './revoking-list.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

const ISSUER = 'aci-el-org';
/** Longer than any period of a job, also on a busy machine. */
const DEADLINE_MS = 300 * SECOND_MS;

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; !(await isTrue()); await sleep(200))
    assert.ok(performance.now() < end, `${what}, within ${DEADLINE_MS} ms`);
}

describe('two nodes and their lists', () => {
  const clients: Client[] = [];
  let nodes: TwoNodes;
  let raw: RawDatabase;
  const as = (node: 0 | 1, name: string): Client => {
    const client = clientOf(nodes.services[node], name);
    clients.push(client);
    return client;
  };
  const issueAt = (node: 0 | 1, profile: Parameters<typeof bodyOf>[0]) =>
    as(node, 'card-management').call('POST', '/v1/certificates', { body: bodyOf(profile) });
  const issued = async (node: 0 | 1): Promise<IssuedCertificate> => {
    const { status, body } = await issueAt(node, 'elementaire/org-auth-cli');
    assert.equal(status, 201, JSON.stringify(body));
    return body as IssuedCertificate;
  };
  const revoke = (node: 0 | 1, { id }: IssuedCertificate) =>
    as(node, 'card-management').expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  /** Published full lists after a number, in their order. */
  const listsAfter = async (number: number) =>
    (await raw.all(
      `select number, seen_change as seen from crls
        where issuer = '${ISSUER}' and scope = 'full' and state = 'published' and number > ? order by number`,
      number,
    )) as readonly { readonly number: number; readonly seen: number }[];
  const lastList = async () => (await listsAfter(0)).at(-1) ?? assert.fail('there is a list');
  /** Whether a node serves a list with this certificate. */
  const lists = async (node: 0 | 1, { serialNumber }: IssuedCertificate): Promise<boolean> => {
    const answer = await fetch(`${nodes.services[node].urls.publication}/CRL/${ISSUER.toUpperCase()}.crl`);
    const list = Buffer.from(await answer.arrayBuffer());
    return answer.status === 200 && list.includes(Buffer.from(serialNumber, 'hex'));
  };

  before(async () => {
    nodes = await startTwoNodes();
    raw = await rawDatabase(nodes.homes[0].database);
  });
  after(async () => {
    for (const client of clients) await client.close();
    await raw.close();
    await nodes.stop();
    await cleanUp();
  });

  it('a revocation on each of them at once is in one list, which both serve', async () => {
    const [one, other] = [await issued(0), await issued(1)];
    const before = await lastList();
    await Promise.all([revoke(0, one), revoke(1, other)]);
    await until('both serve both', async () => {
      const served = await Promise.all(([0, 1] as const).flatMap((node) => [lists(node, one), lists(node, other)]));
      return !served.includes(false);
    });
    // A node that made a list of its own did so as soon as the other one had made its list.
    await sleep(2 * SECOND_MS);
    // Each list has a change that the one before lacks. On a slow machine, these are two lists.
    const seen = [before, ...(await listsAfter(before.number))].map((list) => list.seen);
    assert.deepEqual([...new Set(seen)], seen);
  });

  it('the last list is lost with the disk of the node that made it: the other one makes another at once', async () => {
    const certificate = await issued(0);
    const before = await lastList();
    // It cannot fetch the list while it is stopped.
    process.kill(nodes.services[1].pid(), 'SIGSTOP');
    try {
      await revoke(0, certificate);
      await until('the first node makes a list', async () => (await listsAfter(before.number)).length > 0);
      await nodes.services[0].killEverything();
    } finally {
      process.kill(nodes.services[1].pid(), 'SIGCONT');
    }
    const folder = join(nodes.homes[0].home, 'crl');
    for (const name of readdirSync(folder)) if (name.startsWith('ACI-')) rmSync(join(folder, name));
    assert.equal(await lists(1, certificate), false);
    await until('the second node serves a list with it', () => lists(1, certificate));
    await nodes.services[0].start();
    await until('and the first one as well', () => lists(0, certificate));
  });

  it('a list of a root in the folder of one node revokes a CA on the other one, for good', async () => {
    const published = join(nodes.homes[0].home, ROOT_LIST);
    const before = readFileSync(published);
    for (const node of [0, 1] as const) assert.equal((await issueAt(node, 'fort/cps-authentication')).status, 201);
    writeFileSync(published, await revokingList(nodes.homes[0]));
    // The first node polls its folder; until then, the second one issues.
    await until('it does not issue', async () => (await issueAt(1, 'fort/cps-authentication')).status !== 201);
    const { status, body } = await issueAt(1, 'fort/cps-authentication');
    assert.equal(status, 409);
    assert.match(JSON.stringify(body), /aci-fo-pp was revoked by its root \(keyCompromise\)/);
    assert.equal((await issueAt(0, 'fort/cps-authentication')).status, 409);
    assert.equal((await as(1, 'officer-1').call('GET', '/v1/cas')).status, 403);
    // Neither the previous list nor a restart takes it back.
    writeFileSync(published, before);
    await nodes.services[1].stop();
    await nodes.services[1].start();
    assert.equal((await issueAt(1, 'fort/cps-authentication')).status, 409);
  });
});
