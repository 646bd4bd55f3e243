/**
 * What officers, auditors and operators see of the nodes. Without it, nobody could tell which
 * process of which machine serves on a database.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { unwrap } from '../../../support/db/fixture.js';
import { nodeOf, runFacts, runOf } from '../../../support/db/runs.js';
import { assertProblem } from '../../../support/service/client.js';
import { openServiceStore } from '../../../support/service/database.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';
import { until } from '../../../support/until.js';

const DEADLINE_MS = 60_000;

type DriftReport = {
  readonly state: string;
  readonly parts: { readonly runs: string; readonly drift: unknown };
};

type Nodes = {
  readonly nodes: readonly {
    readonly id: string;
    readonly name: string;
    readonly runs: readonly { readonly run: string; readonly state: string; readonly roles: readonly string[] }[];
  }[];
};

describe('the nodes', () => {
  let shared: SharedService;
  before(async () => {
    shared = await sharedService('p-256');
  });

  const read = (account: 'officer-1' | 'auditor') => shared.as(account).expect<Nodes>('GET', '/v1/nodes');

  it('are listed for officers and auditors, with the live run first', async () => {
    const { nodes } = await read('officer-1');
    assert.equal(nodes.length, 1);
    const [run, ...earlier] = nodes[0]?.runs ?? [];
    assert.deepEqual([run?.state, run?.roles], ['live', ['api', 'responder', 'worker']]);
    assert.ok(earlier.every(({ state }) => state !== 'live'));
    assert.equal((await read('auditor')).nodes[0]?.id, nodes[0]?.id);
    const refused = await shared.as('card-management').call('GET', '/v1/nodes');
    assertProblem(refused, { status: 403, code: 'not-permitted' });
  });

  it('are listed by the command, as a table and as JSON', async () => {
    const [node] = (await read('auditor')).nodes;
    const json = await runPfcng(shared.service.at, 'nodes', '--json');
    assert.equal(json.status, 0, json.stderr);
    const [listed] = (JSON.parse(json.stdout) as Nodes).nodes;
    assert.deepEqual([listed?.id, listed?.runs.map(({ run }) => run)], [node?.id, node?.runs.map(({ run }) => run)]);
    const table = await runPfcng(shared.service.at, 'nodes');
    const [head, first] = table.stdout.split('\n');
    assert.match(head ?? '', /^NODE +STATE +ROLES +HOST +VERSION +STARTED +LAST HEARTBEAT +CLOCK OFFSET$/);
    assert.match(first ?? '', /^\S+ +live +api,responder,worker +\S+ +\S+ +\S+Z +\S+Z +-?\d+\.\d s$/);
  });

  it('are a part of the readiness, and a metric', async () => {
    const { operators } = shared.service.urls;
    const { parts } = (await (await fetch(`${operators}/readyz`)).json()) as {
      readonly parts: { readonly runs: string };
    };
    assert.equal(parts.runs, 'ready');
    const metrics = await (await fetch(`${operators}/metrics`)).text();
    assert.match(metrics, /^pfcng_run_live\{node="[^"]+",role="worker"\} 1$/m);
  });

  it('with different policies are degraded after five minutes, and until they are equal', async () => {
    const { at, urls } = shared.service;
    const { transaction, heartbeat, close } = await openServiceStore(at);
    const others = [runFacts({ run: runOf(1), node: nodeOf(1), name: 'lyon', policyDigest: 'b'.repeat(64) })];
    others.push(runFacts({ run: runOf(2), node: nodeOf(2), name: 'paris', policyDigest: 'a'.repeat(64) }));
    const startedAt = Date.now() - 5 * MINUTE_MS;
    unwrap(
      await transaction(async (tx) => {
        for (const facts of others) await tx.insertRun(facts, { at: startedAt, clockOffsetMs: 0 });
      }),
    );
    const untilReported = async (holds: (report: DriftReport) => boolean): Promise<DriftReport> => {
      for (const end = performance.now() + DEADLINE_MS; ; await sleep(200)) {
        for (const { run } of others) await heartbeat(run, Date.now());
        const report = (await (await fetch(`${urls.operators}/readyz`)).json()) as DriftReport;
        if (holds(report)) return report;
        assert.ok(performance.now() < end, JSON.stringify(report));
      }
    };
    try {
      const { state, parts } = await untilReported((now) => now.parts.drift !== 'ready' && now.parts.runs === 'ready');
      assert.equal(state, 'degraded');
      assert.match((parts.drift as { readonly policy: string }).policy, /\blyon bbbbbbbb, paris aaaaaaaa\b/);
      // The metrics are up to a second older than the readiness.
      const metrics = async () => (await fetch(`${urls.operators}/metrics`)).text();
      const isCounted = async () => /^pfcng_node_drift\{what="policy"\} 1$/m.test(await metrics());
      await until('the difference is a metric', isCounted);
    } finally {
      await transaction(async (tx) => {
        for (const { run } of others) await tx.endRun(run, { at: Date.now(), reason: 'stopped' });
      });
      await close();
    }
    await untilReported(({ parts }) => parts.drift === 'ready');
  });
});
