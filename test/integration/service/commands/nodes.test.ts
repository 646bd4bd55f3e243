/**
 * What officers, auditors and operators see of the nodes. Without it, nobody could tell which
 * process of which machine serves on a database.
 */
import assert from 'node:assert/strict';
import { assertProblem } from '../../../support/service/client.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

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
    assert.deepEqual([run?.state, run?.roles], ['live', ['all']]);
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
    assert.match(first ?? '', /^\S+ +live +all +\S+ +\S+ +\S+Z +\S+Z +-?0\.\d s$/);
  });

  it('are a part of the readiness, and a metric', async () => {
    const { operators } = shared.service.urls;
    const { parts } = (await (await fetch(`${operators}/readyz`)).json()) as {
      readonly parts: { readonly runs: string };
    };
    assert.equal(parts.runs, 'ready');
    const metrics = await (await fetch(`${operators}/metrics`)).text();
    assert.match(metrics, /^pfcng_run_live\{node="[^"]+",role="all"\} 1$/m);
  });
});
