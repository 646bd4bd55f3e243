/**
 * Production, from the configuration of an installation whose officers have decided. Its ceremonies
 * are performed, and what is for rehearsals and development only is refused. SoftHSM takes the
 * place of the HSM.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../../src/config/policy.js';
import { people } from '../../support/ceremony/guide.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { makeProduction } from '../../support/ceremony/production.js';
import { sit, unwrapped } from '../../support/ceremony/typist.js';
import { PACKAGE_ROOT, PROGRAM } from '../../support/service/home.js';

const PLANS = join(PACKAGE_ROOT, 'policies/ceremonies');

describe('an installation of production', () => {
  let folder: string;
  let config: string;
  let software: object;
  const at = (...path: readonly string[]): string => join(folder, ...path);
  const envOf = (file: string) => ({ ...process.env, PFCNG_CONFIG: file, PFCNG_HOME: at('home') });
  const pfcngWith = (file: string, ...args: readonly string[]) =>
    new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], { env: envOf(file) }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const pfcng = (...args: readonly string[]) => pfcngWith(config, ...args);
  const planFrom = (name: string, members: object): string => {
    const plan = JSON.parse(readFileSync(join(PLANS, `${name}.json`), 'utf8'));
    const file = at(`${name.replace('/', '-')}.json`);
    writeFileSync(file, JSON.stringify({ ...plan, environment: 'production', ...members }));
    return file;
  };

  before(async () => {
    folder = await temporaryFolder('pfcng-production-');
    const made = await makeProduction(folder);
    config = made.config;
    const policy = loadPolicy(made.policies, 'production');
    assert.ok(policy.ok, policy.ok ? '' : JSON.stringify(policy.error));
    const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
    software = { name: 'pfcng', version, policyDigest: policy.value.digest };
  });

  it('learns which values are undecided, how many, and which page explains them', async () => {
    const undecided = at('undecided.json');
    writeFileSync(undecided, JSON.stringify({ environment: 'production' }));
    const plan = planFrom('development/platform', { software });
    const { code, stderr } = await pfcngWith(undecided, 'ceremony', 'perform', '--played', plan);
    assert.equal(code, 1);
    const lines = unwrapped(stderr).trimEnd().split('\n');
    const left = lines.filter((line) => line.includes('is an assumption that an officer must decide')).length;
    assert.ok(left > 100);
    const count =
      `${left} valeurs restent à décider par un officier, ` +
      `dans une copie des politiques (pfcng policy decide) : ops/production-policy.md / ` +
      `${left} values are left for an officer to decide, in a copy of the policies (pfcng policy decide): ops/production-policy.md`;
    assert.equal(lines.at(-1), `pfcng: ${count}`);
    // The start names the command that lists them, and what else is missing.
    const served = await pfcngWith(undecided, 'serve');
    assert.equal(served.code, 1);
    assert.ok(served.stderr.includes(count), served.stderr);
    assert.match(served.stderr, /pfcng policy check \S+\/policies --environment production/);
    assert.match(served.stderr, /environment\.json: fichier absent/);
  });

  it('gets the digest for its plans from the command that checks its policy', async () => {
    const { code, stdout, stderr } = await pfcng('policy', 'check');
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes((software as { policyDigest: string }).policyDigest), stdout);
  });

  it('refuses plans with members for rehearsals, and reports all of them at once', async () => {
    // One plan with all the faults, because they are reported together.
    const stepsOf = (name: string): readonly object[] =>
      JSON.parse(readFileSync(join(PLANS, `examples/${name}.json`), 'utf8')).steps;
    const steps = ['yearly-crl', 'restore-root', 'access-authority'].flatMap(stepsOf);
    const plan = planFrom('examples/yearly-crl', { steps, transcriptKey: undefined });
    const { code, stderr } = await pfcng('ceremony', 'perform', '--played', '--lang', 'en', plan);
    assert.equal(code, 1);
    for (const [place, words] of [
      ['/software', /`\*` is for rehearsals: name the version and the policy/],
      ['', /transcriptKey is missing: name the key that signs the transcript/],
      ['/steps/\\d+/previous/sha256', /`\*` is for rehearsals: name the hash of the last list/],
      ['/steps/\\d+/recordSha256', /`\*` is for rehearsals/],
      ['/steps/\\d+/publicKeySha256', /`\*`: name the hash of the key, or import the request in a bundle/],
    ] as const) {
      const at = new RegExp(`\\.json#${place}: `);
      assert.ok(
        unwrapped(stderr)
          .split('\n')
          .some((line) => at.test(line) && words.test(line)),
        `${place}: ${stderr}`,
      );
    }
    const development = await pfcng(
      'ceremony',
      'perform',
      '--played',
      '--lang',
      'en',
      join(PLANS, 'development/platform.json'),
    );
    assert.match(unwrapped(development.stderr), /#\/environment: the policy is of the production environment/);
    assert.deepEqual(readdirSync(folder).includes('home'), false);
  });

  it('performs a ceremony only with people at the terminal, and marks its home as production', async () => {
    const plan = planFrom('development/platform', { software });
    const played = await pfcng('ceremony', 'perform', '--played', '--lang', 'en', plan);
    assert.equal(played.code, 1);
    assert.match(
      unwrapped(played.stderr),
      /the program simulates people in the development environment only, or in a rehearsal/,
    );
    const command = [process.execPath, PROGRAM, 'ceremony', 'perform', plan];
    const { code, seen } = await sit(command, { rules: people(), env: envOf(config) });
    assert.equal(code, 0, seen);
    assert.equal((await pfcng('ceremony', 'verify')).code, 0);
    assert.deepEqual(JSON.parse(readFileSync(at('home/environment.json'), 'utf8')), { mark: 'production' });
    await pfcng('ceremony', 'minutes', at('home/ceremony/platform/transcript.ndjson'));
    assert.doesNotMatch(readFileSync(at('home/ceremony/platform/minutes.html'), 'utf8'), /RÉPÉTITION OU ESSAI/);
    // The service accepts configuration, policy and mark. It lacks the CAs, which other ceremonies
    // make, and its database, which `pfcng database create` makes.
    const served = await pfcng('serve', '--roles', 'responder');
    assert.equal(served.code, 1);
    assert.doesNotMatch(served.stderr, /environment\.json|production\.json/);
    assert.match(served.stderr, /authorities\/acr-fo\.cer: fichier absent/);
    assert.match(served.stderr, /pfcng\.sqlite: there is no such file; .*pfcng database create/);
    const development = at('development.json');
    writeFileSync(development, '{}');
    assert.match(
      (await pfcngWith(development, 'serve')).stderr,
      /belongs to the environment production, not development/,
    );
  });
});
