/**
 * The commands of `ops/runbooks.md`, run as they are written against a service. Without this test
 * somebody would find out at night that the command of a runbook does not work any more.
 */
import assert from 'node:assert/strict';
import { describeService } from '../../support/service/describe-service.js';
import { openPageShell, type PageShell } from '../../support/service/page-shell.js';

/** Tests that share the service may have left what these commands report. */
const REPORTS = ['pfcng doctor', 'pfcng hsm reconcile'];

describeService('the runbooks', { on: 'sqlite' }, (running) => {
  let shell: PageShell;
  before(async () => {
    shell = await openPageShell(running.shared.service);
  });
  after(() => shell.close());

  it('have commands that work', async () => {
    const blocks = await shell.blocksOf('ops/runbooks.md');
    assert.ok(blocks.length > 40, String(blocks.length));
    const commands = new Set(blocks.flatMap((block) => block.trimEnd().split('\n')));
    for (const command of commands) {
      const { status, output } = await shell.run(command);
      const isReport = REPORTS.some((report) => command.includes(report)) && status === 1;
      assert.ok(status === 0 || isReport, `${command}\n${output}`);
    }
  });

  it('are checked by the command of ops/metrics.md before they are loaded', async () => {
    const [check = '', ...others] = await shell.blocksOf('ops/metrics.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const { status, output } = await shell.run(check);
    assert.equal(status, 0, output);
  });
});
