/**
 * Nodes whose clocks differ. If the clock of a process decided, a node with a wrong clock would
 * stop issuance on the others, or would take their leases.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Home } from '../../../src/compose/home.js';
import { openHomeStore } from '../../../src/compose/store.js';
import { homePaths } from '../../../src/config/paths.js';
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { cleanUp, freshDatabase, opened, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { auditOf } from '../../support/service/audit-of.js';
import { assertProblem, type Client, clientOf } from '../../support/service/client.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { runPfcng } from '../../support/service/service.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

const WRONG = { status: 503, code: 'clock-wrong' };

describe('two nodes, one with a wrong clock', () => {
  let nodes: TwoNodes;
  let right: Client;
  let wrong: Client;
  let clockFile: string;
  const setClock = (ms: number): void => writeFileSync(clockFile, String(ms));

  before(async () => {
    clockFile = join(temporaryFolder(), 'clock-ms');
    setClock(0);
    const preload = pathToFileURL(join(PACKAGE_ROOT, 'dist/test/support/machine/clock-preload.js'));
    preload.search = encodeURIComponent(clockFile);
    nodes = await startTwoNodes([[], ['--import', preload.href]]);
    [right, wrong] = [clientOf(nodes.services[0], 'card-management'), clientOf(nodes.services[1], 'card-management')];
  });
  after(async () => {
    for (const client of [right, wrong]) await client.close();
    await nodes.stop();
    await cleanUp();
  });

  const issueAt = (client: Client) =>
    client.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });

  // The certificates of the clients are too young for a clock that is behind; the sign of the
  // difference is tried in `clock-watch.test.ts`.
  it('ahead of the others by more than a minute issues nothing, and the others go on', async () => {
    setClock(90 * SECOND_MS);
    const { detail } = assertProblem(await issueAt(wrong), WRONG);
    assert.match(detail ?? '', /^The clock of this node differs by (89|90|91) s from the database's/);
    assert.equal((await issueAt(right)).status, 201);
    setClock(0);
    assert.equal((await issueAt(wrong)).status, 201);
  });

  it('is off by less than a minute: both issue', async () => {
    setClock(50 * SECOND_MS);
    for (const client of [wrong, right]) assert.equal((await issueAt(client)).status, 201);
    setClock(0);
  });

  it('of the database behind the last issuance: nobody issues until two officers reset the mark', async () => {
    const [{ database }] = nodes.homes;
    assert.ok(database.kind === 'postgresql');
    const raw = await rawDatabase(database);
    await raw.all(`update meta set value = '${Date.now() + 5 * MINUTE_MS}' where key = 'mark:clock'`);
    await raw.close();
    for (const client of [right, wrong]) {
      const { detail } = assertProblem(await issueAt(client), WRONG);
      assert.match(detail ?? '', /^The clock is (29\d|300) s behind/);
    }
    const reset = await runPfcng(nodes.homes[0], 'clock', 'reset', '--officers', 'officer-1', 'officer-2');
    assert.equal(reset.status, 0, reset.stderr);
    for (const client of [right, wrong]) assert.equal((await issueAt(client)).status, 201);
    const auditor = clientOf(nodes.services[0], 'auditor');
    const resets = (await auditOf(auditor)).filter(({ type }) => type === 'clock.reset');
    await auditor.close();
    assert.equal(resets.length, 1);
  });
});

describe('a process with a wrong clock', () => {
  const machine = Date.now;
  afterEach(async () => {
    Date.now = machine;
    await cleanUp();
  });

  it('does not take a lease that is still held: the clock of the database decides', async () => {
    const database = await freshDatabase('postgresql');
    assert.ok(database.kind === 'postgresql');
    const holder = await opened({ database, clock: null });
    const folder = temporaryFolder();
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, database.password?.() ?? '', { mode: 0o400 });
    const config = {
      database: { ...database, passwordFile, tls: undefined },
      paths: homePaths(folder),
      credentials: null,
    };
    const home = { config, policy: { environment: { mark: 'development' } } } as unknown as Home;
    const other = unwrap(await openHomeStore(home));
    try {
      const request = { name: 'crl/aci-fo-pp', durationMs: 30 * SECOND_MS };
      assert.ok(unwrap(await holder.transaction((tx) => tx.takeLease({ ...request, holder: 'a' }))) !== null);
      Date.now = () => machine() + 40 * SECOND_MS;
      assert.equal(unwrap(await other.transaction((tx) => tx.takeLease({ ...request, holder: 'b' }))), null);
    } finally {
      await other.close();
    }
  });
});
