/** Rehearsals have the time of the plan's day and say so; ceremonies have the machine's, and do not begin before that day. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import { temporaryFolder } from '../../support/hierarchy.js';
import { PROGRAM } from '../../support/service-home.js';

const PLANS = join(packageRoot(), 'policies/ceremonies');
const DAY = { notBefore: '2041-03-04T08:00:00Z', notAfter: '2041-03-04T18:00:00Z' };

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

describe('the clock of a rehearsal', function () {
  this.timeout(240_000);
  let folder: string;
  before(async () => {
    folder = await temporaryFolder('pfcng-day-');
  });
  const ceremony = (...args: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const env = { ...process.env, TMPDIR: folder };
      execFile(process.execPath, [PROGRAM, 'ceremony', ...args], { cwd: packageRoot(), env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  /** The platform's ceremony, of this id, on this day. */
  const planFor = async (window: typeof DAY): Promise<string> => {
    const plan = JSON.parse(await readFile(join(PLANS, 'development/platform.json'), 'utf8'));
    const file = join(folder, 'plan.json');
    await writeFile(file, JSON.stringify({ ...plan, window }));
    return file;
  };

  it('is set to the day of the plan, which the screen and the transcript say', async () => {
    const { code, stdout, stderr } = await ceremony('rehearse', '--keep', await planFor(DAY));
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^Répétition ; horloge mise au jour du plan : 2041-03-04T08:00:00Z \(la machine dit 20.*\) \/ rehearsal; clock set to/m,
    );
    const home = /dossier de la répétition \/ folder of the rehearsal: (\S+)/.exec(stdout)?.[1] ?? assert.fail();
    const transcript = join(home, 'ceremony/platform/transcript.ndjson');
    const [begin = '', ...others] = (await readFile(transcript, 'utf8')).trimEnd().split('\n');
    assert.match(begin, /"rehearsal":true/);
    for (const line of [begin, ...others]) assert.match(JSON.parse(line).at, /^2041-03-04T08:0/);
    await rm(home, { recursive: true });
  });

  it('is the machine’s where the plan may be held today, and goes on from one plan to the next', async () => {
    const plans = ['development/fort', 'examples/back-up-root', 'examples/restore-root', 'examples/yearly-list'];
    const { code, stdout, stderr } = await ceremony('rehearse', ...plans.map((name) => join(PLANS, `${name}.json`)));
    assert.equal(code, 0, stderr);
    const times = [...stdout.matchAll(/^Répétition ; l'horloge est celle de la machine, .* : (\S+) \//gm)];
    assert.equal(times.length, plans.length);
    assert.match(stdout, /^Répétition ; le jeton root-fort est perdu, .* \/ rehearsal; token root-fort is lost/m);
    assert.match(stdout, /fort-restore\/transcript\.ndjson: \d+ lignes/);
  });

  it('perform has none of it: before the day of its plan, or after it, nothing is touched', async () => {
    const home = join(folder, 'home');
    for (const window of [DAY, { notBefore: '2024-03-04T08:00:00Z', notAfter: '2024-03-04T18:00:00Z' }]) {
      const { code, stderr } = await ceremony('perform', '--played', await planFor(window), '--home', home);
      assert.equal(code, 1);
      assert.match(stderr, /il est 20\d\d-.* ; le plan autorise de .* \/ it is 20\d\d-.*; the plan allows /);
      assert.ok(stderr.includes(`${window.notBefore} à ${window.notAfter}`));
      await assert.rejects(readFile(join(home, 'ceremony/platform/transcript.ndjson')));
    }
  });
});
