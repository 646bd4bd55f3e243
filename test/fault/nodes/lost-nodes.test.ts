/**
 * Nodes that die, are paused, are copied, or differ. Without the table of runs, nobody would know
 * which node is dead or has another policy, and a paused node or a copied home folder would go on
 * with what others have taken.
 */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '../../../src/config/paths.js';
import { auditOf } from '../../support/service/audit-of.js';
import { type Client, clientOf } from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { configure, removeServiceHome, secondServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { isAlive } from '../../support/service/processes.js';
import { createService } from '../../support/service/service.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

const WAIT_MS_MAX = 120_000;

type Report = {
  readonly state: string;
  readonly parts: { readonly drift: 'ready' | { readonly policy?: string } };
};

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(250))
    assert.ok(performance.now() < end, what);
}

describe('two nodes, one of which is lost', () => {
  let nodes: TwoNodes;
  let auditor: Client;
  let cards: Client;

  before(async () => {
    nodes = await startTwoNodes();
    auditor = clientOf(nodes.services[0], 'auditor');
    cards = clientOf(nodes.services[0], 'card-management');
  });
  after(async () => {
    for (const client of [auditor, cards]) await client.close();
    await nodes.stop();
  });

  const entries = async (type: string) => (await auditOf(auditor)).filter((entry) => entry.type === type);
  const isLost = (count: number) =>
    until('the node is named', async () => (await entries('node.lost')).length === count);

  it('a copied home folder does not start beside the original, on the same host', async () => {
    const [first] = nodes.homes;
    const copy = await secondServiceHome(first);
    cpSync(homePaths(first.home).node, homePaths(copy.home).node);
    await assert.rejects(createService(copy).start(), /node-already-runs: node [0-9a-f]{16} runs on .*another home/);
    removeServiceHome(copy);
    assert.deepEqual(await entries('node.lost'), []);
  });

  it('a killed node is named, and starts again as another run', async () => {
    const [, second] = nodes.services;
    await second.killService();
    await isLost(1);
    const [lost] = await entries('node.lost');
    const started = await entries('node.started');
    assert.ok(started.some(({ details }) => details.run === lost?.details.run));
    assert.match(nodes.services[0].said(), /"event":"node\.lost"/);
    await second.start();
    assert.equal((await entries('node.started')).length, started.length + 1);
  });

  it('nodes are degraded when their policies have differed for five minutes, until these are equal again', async () => {
    const [first, second] = nodes.homes;
    const shared = join(first.folder, 'policies');
    const own = join(second.folder, 'policies');
    cpSync(shared, own, { recursive: true });
    const file = join(own, 'environments/development.json');
    const stated = JSON.parse(readFileSync(file, 'utf8')) as { readonly ocspAnswers: object };
    writeFileSync(file, JSON.stringify({ ...stated, ocspAnswers: { ...stated.ocspAnswers, staleMax: 'PT4M' } }));
    const restartWith = async (policies: string): Promise<void> => {
      await nodes.services[1].stop();
      configure(second, { policies });
      await nodes.services[1].start();
    };
    const reports = () =>
      Promise.all(
        nodes.services.map(async ({ urls }) => (await (await fetch(`${urls.operators}/readyz`)).json()) as Report),
      );
    const isPolicyNamed = ({ state, parts: { drift } }: Report): boolean =>
      state === 'degraded' && typeof drift === 'object' && /( [0-9a-f]{8}\b.*){2}/.test(drift.policy ?? '');
    const areEqual = async () => (await reports()).every(({ parts }) => parts.drift === 'ready');

    await restartWith(own);
    assert.ok(await areEqual(), 'they differ for less than five minutes');
    const database = await openDatabase(first);
    await database.all('update runs set started_at = started_at - 300000 where ended_at is null');
    await database.close();
    await until('each node names the difference', async () => (await reports()).every(isPolicyNamed));
    await restartWith(shared);
    await until('they are equal again', areEqual);
  });

  it('a paused node is named, and stops when it goes on; the others serve meanwhile', async () => {
    const [, second] = nodes.services;
    const pid = second.pid();
    process.kill(pid, 'SIGSTOP');
    try {
      await isLost(2);
      const issued = await cards.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
      assert.equal(issued.status, 201, JSON.stringify(issued.body));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until('the process stops', async () => !isAlive(pid));
    assert.match(second.said(), /run-ended: other nodes have ended this run/);
  });
});
