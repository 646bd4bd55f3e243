/**
 * What officers, auditors and operators see of the jobs. Without it, nobody could tell which work
 * of the installation fails, or which node does it.
 */
import assert from 'node:assert/strict';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { unwrap } from '../../../support/db/fixture.js';
import { assertProblem } from '../../../support/service/client.js';
import { openServiceStore } from '../../../support/service/database.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

type Jobs = { readonly jobs: readonly { readonly job: string; readonly item: string }[] };
type Nodes = {
  readonly nodes: readonly { readonly name: string; readonly runs: readonly { readonly run: string }[] }[];
};

/** An outlet that the service does not have, so that it leaves the item alone. */
const FAILING = { job: 'outlet', item: 'annuaire' } as const;
const AT = Date.UTC(2026, 2, 1);

describe('the jobs', () => {
  let shared: SharedService;
  let expected: unknown;
  before(async () => {
    shared = await sharedService('p-256');
    const [node] = (await shared.as('auditor').expect<Nodes>('GET', '/v1/nodes')).nodes;
    const run = node?.runs[0]?.run ?? assert.fail('the run of the service');
    const { transaction, close } = await openServiceStore(shared.service.at);
    const times = { nextAt: AT + 1_000, lastStartedAt: AT, lastSuccessAt: null };
    unwrap(
      await transaction(async (tx) => {
        await tx.setJobSchedule({ ...FAILING, ...times, failures: 3, lastError: 'down: ECONNREFUSED' });
        await tx.takeLease({ name: 'outlet/annuaire', holder: run, durationMs: 30 * MINUTE_MS });
      }),
    );
    await close();
    expected = {
      ...FAILING,
      nextAt: '2026-03-01T00:00:01Z',
      failures: 3,
      lastStartedAt: '2026-03-01T00:00:00Z',
      lastSuccessAt: null,
      lastError: 'down: ECONNREFUSED',
      holder: { run, node: node?.name },
    };
  });

  const failingIn = ({ jobs }: Jobs) => jobs.find(({ job, item }) => job === FAILING.job && item === FAILING.item);

  it('are listed for officers and auditors, with failures and the node that works on an item', async () => {
    for (const account of ['officer-1', 'auditor'] as const)
      assert.deepEqual(failingIn(await shared.as(account).expect<Jobs>('GET', '/v1/jobs')), expected);
    const refused = await shared.as('card-management').call('GET', '/v1/jobs');
    assertProblem(refused, { status: 403, code: 'not-permitted' });
  });

  it('are listed by the command, as a table and as JSON', async () => {
    const json = await runPfcng(shared.service.at, 'jobs', '--json');
    assert.equal(json.status, 0, json.stderr);
    assert.deepEqual(failingIn(JSON.parse(json.stdout) as Jobs), expected);
    const table = await runPfcng(shared.service.at, 'jobs');
    const lines = table.stdout.split('\n');
    assert.match(lines[0] ?? '', /^JOB +ITEM +NEXT +LAST SUCCESS +FAILURES +NODE AT WORK +LAST ERROR$/);
    const line = lines.find((one) => one.includes(FAILING.item)) ?? '';
    assert.match(line, /^outlet +annuaire +2026-03-01T00:00:01Z +- +3 +\S+ +down: ECONNREFUSED$/);
  });
});
