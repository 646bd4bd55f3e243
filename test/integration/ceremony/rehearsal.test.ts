/**
 * Rehearsals use the day of the plan as their time and say so. Ceremonies use the machine's time
 * and do not begin before that day. What comes from other machines is carried, made or asked for.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';
import { openGuide } from '../../support/ceremony/guide.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { unwrapped } from '../../support/ceremony/typist.js';
import { PROGRAM, policiesWith } from '../../support/service/home.js';

const PLANS = join(packageRoot(), 'policies/ceremonies');
const DAY = { notBefore: '2041-03-04T08:00:00Z', notAfter: '2041-03-04T18:00:00Z' };

type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

describe('a rehearsal', () => {
  let folder: string;
  let config: string;
  before(async () => {
    folder = await temporaryFolder('pfcng-day-');
    // The keys are fast ones; `commands.test.ts` uses those of the policies that ship.
    config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify({ policies: policiesWith('p-256', folder) }));
  });
  const ceremony = (...args: readonly string[]): Promise<CommandResult> =>
    new Promise((resolve) => {
      const env = { ...process.env, TMPDIR: folder, PFCNG_CONFIG: config };
      execFile(process.execPath, [PROGRAM, 'ceremony', ...args], { cwd: packageRoot(), env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  /** The platform's ceremony, with this id, on this day. */
  const planFor = async (window: typeof DAY): Promise<string> => {
    const plan = JSON.parse(await readFile(join(PLANS, 'development/platform.json'), 'utf8'));
    const file = join(folder, 'plan.json');
    await writeFile(file, JSON.stringify({ ...plan, window }));
    return file;
  };

  it('sets its clock to the day of the plan, and says so on the screen and in the transcript', async () => {
    const { code, stdout, stderr } = await ceremony('rehearse', '--keep', await planFor(DAY));
    assert.equal(code, 0, stderr);
    const said = unwrapped(stdout);
    assert.match(
      said,
      /^Répétition ; horloge réglée au jour du plan : 2041-03-04T08:00:00Z \(horloge de la machine : 20.*\)/m,
    );
    const home = /dossier de la répétition : (\S+)/.exec(said)?.[1] ?? assert.fail();
    const transcript = join(home, 'ceremony/platform/transcript.ndjson');
    const [begin = '', ...others] = (await readFile(transcript, 'utf8')).trimEnd().split('\n');
    assert.match(begin, /"rehearsal":true/);
    for (const line of [begin, ...others]) assert.match(JSON.parse(line).at, /^2041-03-04T08:0/);
    await rm(home, { recursive: true });
  });

  const files = (...names: readonly string[]) => names.map((name) => join(PLANS, `${name}.json`));
  it('runs every row of the guide, today, with carried bundles and requests made for absent officers', async () => {
    const guide = await openGuide(await temporaryFolder('pfcng-guide-'));
    const rows = guide.rehearsals();
    assert.equal(rows.length, 10);
    // A plan that continues another one is rehearsed after it.
    const isBegun = (plans: readonly string[]) =>
      rows.some((other) => other !== plans && plans.every((name, at) => other[at] === name));
    for (const plans of rows.filter((one) => !isBegun(one))) {
      const { code, stdout, stderr } = await ceremony('rehearse', '--lang', 'en', ...files(...plans));
      assert.equal(code, 0, `${plans.join(' ')}: ${stderr}`);
      const said = unwrapped(stdout);
      const homes = [...said.matchAll(/^(\S+)\/ceremony\/[a-z0-9-]+\/transcript\.ndjson$/gm)].map(([, home]) => home);
      const carried = [...said.matchAll(/is carried from one machine to another: (\S+)$/gm)].map(([, path]) => path);
      assert.equal(homes.length, plans.length);
      assert.equal(new Set(homes).size, carried.length > 0 ? 2 : 1);
      // The plan may be performed today, and the time advances from one plan to the next.
      const times = [...said.matchAll(/^Rehearsal; the machine's clock is used, .*: \S+$/gm)];
      assert.equal(times.length, plans.length);
      if (plans.includes('examples/restore-root')) {
        assert.match(said, /^Rehearsal; token root-fort is deleted/m);
        for (const id of ['fort-restore', 'fort-reshare', 'fort-end'])
          assert.match(said, new RegExp(`/${id}/transcript\\.ndjson\n\\d+ lines`));
      }
      const requests = /Rehearsal; the program makes the request requests\/break-glass-\d\.csr\.pem/g;
      if (plans.includes('examples/break-glass-account')) assert.equal(said.match(requests)?.length, 2);
      const founding = /Rehearsal; the program makes the request requests\/(officer|api|card)\S+\.csr\.pem/g;
      if (plans.includes('examples/regain-access')) assert.equal(said.match(founding)?.length, 3);
      if (plans.includes('examples/offline-take'))
        assert.deepEqual(carried, ['incoming/request.json', 'incoming/answer.json']);
      if (plans.includes('examples/approve-ocsp-keys')) assert.deepEqual(carried, ['incoming/ocsp-request.json']);
    }
  });

  it('needs the request of an officer whose key the plan names', async () => {
    const plan = JSON.parse(await readFile(join(PLANS, 'examples/access-authority.json'), 'utf8'));
    for (const step of plan.steps)
      if (step.do === 'create-break-glass-account') Object.assign(step, { publicKeySha256: '0'.repeat(64) });
    const named = join(folder, 'named.json');
    await writeFile(named, JSON.stringify(plan));
    const without = await ceremony('rehearse', '--lang', 'en', named);
    assert.equal(without.code, 1);
    assert.match(unwrapped(without.stderr), /requests\/break-glass-1\.csr\.pem is needed first: /);
    // guide-access.test.ts provides the request.
  });

  it('refuses a plan that needs earlier ones, and names them', async () => {
    const alone = await ceremony('rehearse', '--lang', 'en', ...files('examples/yearly-crl'));
    assert.deepEqual([alone.code, alone.stdout], [1, '']);
    assert.match(
      unwrapped(alone.stderr),
      /fort-crl-2: token root-fort is from an earlier ceremony: name the plan of that ceremony before this one/,
    );
    const taking = await ceremony(
      'rehearse',
      '--lang',
      'en',
      ...files('examples/offline-ask', 'examples/offline-take'),
    );
    assert.equal(taking.code, 1);
    assert.match(
      unwrapped(taking.stderr),
      /take: incoming\/answer\.json is from another ceremony \(.*crl\/ACR-FO\.crl\): name its plan before/,
    );
    const refused = await ceremony('rehearse', ...files('development/platform'), join(folder, 'none.json'));
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
  });

  it('differs from perform, which touches nothing before or after the days of its plan', async () => {
    const home = join(folder, 'home');
    for (const window of [DAY, { notBefore: '2024-03-04T08:00:00Z', notAfter: '2024-03-04T18:00:00Z' }]) {
      const { code, stderr } = await ceremony('perform', '--played', await planFor(window), '--home', home);
      assert.equal(code, 1);
      assert.match(unwrapped(stderr), /il est 20\d\d-.* ; la fenêtre du plan va du /);
      assert.ok(unwrapped(stderr).includes(`${window.notBefore} au ${window.notAfter}`));
      await assert.rejects(readFile(join(home, 'ceremony/platform/transcript.ndjson')));
    }
  });
});
