/**
 * The file for browsers that a development home has, and the commands that `npm start` prints.
 * Without this test a new user could not open the console.
 */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describeConsole } from '../../support/browser/describe-console.js';
import { runProgram } from '../../support/machine/programs.js';
import { until } from '../../support/until.js';

describeConsole('a start of a development home', (console) => {
  it('prints the address of the console, and commands that give a browser the certificate of an officer', async () => {
    const { service } = console.running.shared;
    await until('the commands are printed', async () => service.said().includes('\nServing.'));
    const lines = service.said().split('\n');
    assert.ok(lines.includes(`Console: https://localhost:${service.at.ports.api}/console/`), service.said());
    const commands = lines.filter((line) => /^ {4}(mkdir|certutil|pk12util) /.test(line));
    assert.equal(commands.length, 4);
    const typed = await runProgram({ program: 'bash', args: ['-euc', commands.join('\n')] });
    assert.equal(typed.status, 0, typed.stderr.toString('utf8'));
    const database = `sql:${join(service.at.home, 'browser', '.pki', 'nssdb')}`;
    const listed = await runProgram({ program: 'certutil', args: ['-d', database, '-L'] });
    assert.match(
      listed.stdout.toString('utf8'),
      /PFCNG officer-1\s+u,u,u[\s\S]*pfcng-root\s+C,,|pfcng-root\s+C,,[\s\S]*PFCNG officer-1\s+u,u,u/,
    );
  });

  it('keeps the file and its password to the user who has started it', () => {
    const { home } = console.running.shared.service.at;
    for (const name of ['officer-1.p12', 'officer-1.p12.password'])
      assert.equal(statSync(join(home, 'credentials', name)).mode & 0o777, 0o600, name);
  });
});
