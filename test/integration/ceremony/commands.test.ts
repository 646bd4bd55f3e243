/** `pfcng ceremony` as people type it, and as the guide of the ceremonies says. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import { developmentHome, temporaryFolder } from '../../support/hierarchy.js';

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function pfcng(...args: readonly string[]): Promise<Ended> {
  const main = join(packageRoot(), 'dist/src/cli/main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: packageRoot() }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('pfcng ceremony', function () {
  this.timeout(120_000);
  const guide = join(packageRoot(), 'scripts/ceremony/README.md');
  const plans = join(packageRoot(), 'policies/ceremonies/development');

  it('rehearse, as the guide says: makes a hierarchy, tells it in French and English, and leaves nothing behind', async () => {
    const command = /npx pfcng (ceremony rehearse \S+)/.exec(await readFile(guide, 'utf8'))?.[1] ?? assert.fail();
    const { code, stdout, stderr } = await pfcng(...command.split(' '));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\[fort {2}4\/16\] génération de la clé acr-fo .* \/ generating key acr-fo/m);
    assert.match(stdout, /18 lignes, 9 fichiers conformes \/ 18 lines, 9 files hold; [0-9a-f]{64}\n$/);
    assert.deepEqual(
      (await readdir(tmpdir())).filter((name) => name.startsWith('pfcng-rehearsal-')),
      [],
    );
  });

  it('verify of a home checks every ceremony of it, and exits with 1 and the name of what was altered', async () => {
    const home = await developmentHome();
    const sound = await pfcng('ceremony', 'verify', home);
    assert.equal(sound.code, 0, sound.stderr);
    assert.equal(sound.stdout.trimEnd().split('\n').length, 4);
    await appendFile(join(home, 'crl/ACI-ST-PP.crl'), 'x');
    const altered = await pfcng('ceremony', 'verify', home);
    assert.equal(altered.code, 1);
    assert.match(
      altered.stderr,
      /standard\/transcript\.ndjson: crl\/ACI-ST-PP\.crl: its SHA-256 is not that of line \d+/,
    );
    const { code, stdout } = await pfcng(
      'ceremony',
      'verify',
      join(home, 'ceremony/standard/transcript.ndjson'),
      '--json',
    );
    assert.equal(code, 1);
    assert.deepEqual([JSON.parse(stdout).holds, JSON.parse(stdout).artefact], [false, 'crl/ACI-ST-PP.crl']);
    assert.equal((await pfcng('ceremony', 'verify', join(home, 'crl'))).code, 1);
  });

  it('a transcript needs nothing but itself and its files, on another machine: no token, no PIN', async () => {
    const home = await developmentHome();
    const elsewhere = await temporaryFolder('pfcng-elsewhere-');
    for (const part of ['ceremony/fort/transcript.ndjson', 'ceremony/fort/plan.json', 'authorities', 'crl'])
      await cp(join(home, part), join(elsewhere, part), { recursive: true });
    assert.equal((await pfcng('ceremony', 'verify', elsewhere)).code, 0);
  });

  it('perform refuses a plan with a member it does not know, and one of a later version, with file and place', async () => {
    const home = await temporaryFolder('pfcng-plan-');
    const plan = JSON.parse(await readFile(join(plans, 'platform.json'), 'utf8'));
    const file = join(home, 'plan.json');
    await writeFile(file, JSON.stringify({ ...plan, hurry: true }));
    const unknown = await pfcng('ceremony', 'perform', file, '--home', home);
    assert.deepEqual([unknown.code, unknown.stderr], [1, `pfcng: ${file}#/hurry: is not a known member\n`]);
    await writeFile(file, JSON.stringify({ ...plan, steps: [{ do: 'destroy-key' }] }));
    const later = await pfcng('ceremony', 'perform', file, '--home', home);
    assert.match(later.stderr, /#\/steps\/0\/do: this version does not perform the step destroy-key/);
    assert.equal((await pfcng('ceremony', 'perform')).code, 2);
    assert.deepEqual(await readdir(home), ['plan.json']);
  });

  it('perform makes what the plan says, and performed again says the same final hash', async () => {
    const home = await temporaryFolder('pfcng-perform-');
    const performed = await pfcng('ceremony', 'perform', join(plans, 'platform.json'), '--home', home);
    assert.equal(performed.code, 0, performed.stderr);
    const again = await pfcng('ceremony', 'perform', join(plans, 'platform.json'), '--home', home);
    assert.equal(again.stdout, `${performed.stdout.trimEnd().split('\n').at(-1)}\n`);
  });
});
