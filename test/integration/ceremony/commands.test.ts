/** `pfcng ceremony` as people type it and as the guide of the ceremonies describes it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/package/package-root.js';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { unwrapped } from '../../support/ceremony/typist.js';
import { PROGRAM } from '../../support/service/home.js';

const run = promisify(execFile);

type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

function pfcng(...args: readonly string[]): Promise<CommandResult> {
  return pfcngWith({}, ...args);
}

function pfcngWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...variables };
    execFile(process.execPath, [PROGRAM, ...args], { cwd: packageRoot(), env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The files of a folder; locks and the configuration of SoftHSM are left out. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files
    .map((file) => file.slice(folder.length + 1))
    .filter((path) => !/lock/.test(path))
    .sort();
}

describe('pfcng ceremony', () => {
  const guide = join(packageRoot(), 'scripts/ceremony/README.md');
  const plans = join(packageRoot(), 'policies/ceremonies/development');

  it('rehearse makes a hierarchy, reports it in French, and leaves no files behind', async () => {
    const command = /npx pfcng (ceremony rehearse \S+)/.exec(await readFile(guide, 'utf8'))?.[1] ?? assert.fail();
    const temporary = await temporaryFolder('pfcng-left-');
    const { code, stdout, stderr } = await pfcngWith({ TMPDIR: temporary }, ...command.split(' '));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^== Certificat à signer : authorities\/acr-fo\.cer ==$/m);
    assert.match(stdout, /^\[fort {2}5\/18\] génération de la bi-clé acr-fo /m);
    assert.match(
      stdout,
      /^36 lignes, 12 fichiers conformes\n(?:[0-9a-f]{4}[ \n]){16}c'est une répétition : [^\n]*\n$/m,
    );
    assert.deepEqual(await readdir(temporary), []);
  });

  it('verify checks every ceremony of a home, and exits with 1 and the name of an altered file', async () => {
    const home = await developmentHome();
    const sound = await pfcng('ceremony', 'verify', home);
    assert.equal(sound.code, 0, sound.stderr);
    assert.equal(sound.stdout.trimEnd().split('\n').length, 4);
    await appendFile(join(home, 'ceremony/standard/crl/ACI-ST-PP.crl'), 'x');
    const altered = await pfcng('ceremony', 'verify', home);
    assert.equal(altered.code, 1);
    assert.match(
      altered.stderr,
      /standard\/transcript\.ndjson: ceremony\/standard\/crl\/ACI-ST-PP\.crl : son empreinte .* \/ .*: its SHA-256 differs from line \d+/,
    );
    const { code, stdout } = await pfcng(
      'ceremony',
      'verify',
      join(home, 'ceremony/standard/transcript.ndjson'),
      '--json',
    );
    assert.equal(code, 1);
    const { verified, kind, artefact, rule } = JSON.parse(stdout);
    assert.deepEqual([verified, kind, artefact], [false, 'artefact-altered', 'ceremony/standard/crl/ACI-ST-PP.crl']);
    assert.match(rule, /^its SHA-256 differs from line \d+$/);
  });

  it('verify without an argument checks every ceremony of the home folder', async () => {
    const home = await developmentHome();
    const sound = await pfcngWith({ PFCNG_HOME: home }, 'ceremony', 'verify');
    assert.equal(sound.code, 0, sound.stderr);
    assert.equal(sound.stdout.trimEnd().split('\n').length, 4);
    await appendFile(join(home, 'ceremony/fort/crl/ACR-FO.crl'), 'x');
    const altered = await pfcngWith({ PFCNG_HOME: home }, 'ceremony', 'verify');
    assert.equal(altered.code, 1);
    assert.match(altered.stderr, /ceremony\/fort\/crl\/ACR-FO\.crl: its SHA-256/);
  });

  it('verify reports a missing transcript, and one that was swapped with another', async () => {
    const home = await developmentHome();
    const [fort, standard] = ['fort', 'standard'].map((id) => join(home, 'ceremony', id, 'transcript.ndjson'));
    assert.ok(fort !== undefined && standard !== undefined);
    const own = await readFile(standard);
    await cp(fort, standard);
    const rule = /line 1: the transcript of ceremony fort, in the folder of standard\n/;
    for (const command of [['verify', home] as const, ['minutes', standard] as const]) {
      const swapped = await pfcng('ceremony', ...command);
      assert.deepEqual([swapped.code, rule.test(swapped.stderr)], [1, true], swapped.stderr);
    }
    await rm(standard);
    const gone = await pfcng('ceremony', 'verify', home);
    assert.deepEqual([gone.code, gone.stdout.trimEnd().split('\n').length], [1, 3]);
    assert.match(gone.stderr, /ceremony\/standard\/transcript\.ndjson does not exist\n$/);
    await writeFile(standard, own);
    assert.equal((await pfcng('ceremony', 'verify', home)).code, 0);
  });

  it('verify reads only plain files of the folder: no link out of it, pipe, folder or endless device', async () => {
    const home = await developmentHome();
    const file = join(home, 'authorities/acr-fo.cer');
    const content = await readFile(file);
    const elsewhere = join(await temporaryFolder('pfcng-elsewhere-'), 'acr-fo.cer');
    await writeFile(elsewhere, content);
    const places: Readonly<Record<string, () => Promise<unknown>>> = {
      'a link out of it': () => symlink(elsewhere, file),
      'a link to itself': () => symlink(file, file),
      'a device': () => symlink('/dev/zero', file),
      'a pipe': () => run('mkfifo', [file]),
      'a folder': () => mkdir(file),
      'more than there is memory': async () => {
        await writeFile(file, '');
        await truncate(file, 2 ** 40);
      },
    };
    for (const [what, lay] of Object.entries(places)) {
      await rm(file, { recursive: true });
      await lay();
      const { code, stderr } = await pfcng('ceremony', 'verify', join(home, 'ceremony/fort/transcript.ndjson'));
      assert.equal(code, 1, what);
      assert.match(stderr, / authorities\/acr-fo\.cer does not exist\n$/, what);
    }
    await rm(file);
    await writeFile(join(home, 'within.cer'), content);
    await symlink(join(home, 'within.cer'), file);
    assert.equal((await pfcng('ceremony', 'verify', home)).code, 0);
  });

  it('verify accepts a home that has served, whose published lists are newer than the ceremony', async () => {
    const home = await developmentHome();
    for (const name of await readdir(join(home, 'crl'))) await writeFile(join(home, 'crl', name), 'a later list');
    const served = await pfcng('ceremony', 'verify', home);
    assert.deepEqual([served.code, served.stderr], [0, '']);
  });

  it('check names every fault of plan and machine at once, in one language, and changes nothing', async () => {
    const home = await developmentHome();
    const before = await filesBelow(home);
    const yearly = JSON.parse(await readFile(join(plans, '../examples/yearly-crl.json'), 'utf8'));
    const folder = await temporaryFolder('pfcng-check-');
    const file = join(folder, 'plan.json');
    const check = (...options: readonly string[]) => pfcng('ceremony', 'check', file, '--home', home, ...options);
    await writeFile(file, JSON.stringify(yearly));
    const ready = await check('--json');
    assert.deepEqual([ready.code, ready.stderr, JSON.parse(ready.stdout).ready], [0, '', true], ready.stdout);
    const about = JSON.parse(ready.stdout).checks.map((one: { about: string }) => one.about);
    assert.deepEqual(
      [...new Set(about)],
      [
        'plan',
        'home',
        'module',
        'window',
        'version',
        'policy',
        'output',
        'file',
        'memory',
        'token',
        'shares',
        'program',
      ],
    );
    await rm(join(home, 'ceremony/fort/root-token'), { recursive: true });
    const window = { notBefore: '2025-01-01T00:00:00Z', notAfter: '2025-01-02T00:00:00Z' };
    await writeFile(file, JSON.stringify({ ...yearly, window }));
    const faulty = await check('--lang', 'en');
    assert.equal(faulty.code, 1);
    assert.match(faulty.stdout, /^FAULT {7}time of the machine .*\n {12}it is .*; the plan allows 2025-01-01/m);
    assert.match(faulty.stdout, /^FAULT {7}token root-fort .*\n {12}token root-fort: /m);
    assert.match(faulty.stdout, /^2 fault\(s\) to correct; nothing was changed\.$/m);
    await writeFile(
      file,
      JSON.stringify({ ...yearly, environment: 'production', steps: [{ do: 'destroy-key' }], outputs: [] }),
    );
    const malformed = await check();
    assert.equal(malformed.code, 1);
    for (const member of ['token', 'key', 'reason', 'output'])
      assert.match(malformed.stdout, new RegExp(`#/steps/0/${member} : manque`), malformed.stdout);
    assert.match(malformed.stdout, /^conforme {4}OpenSSL /m);
    const after = await filesBelow(home);
    assert.deepEqual(
      after,
      before.filter((path) => !path.startsWith('ceremony/fort/root-token/')),
    );
  });

  it('system errors are explained in French and English, with what to do', async () => {
    const home = await temporaryFolder('pfcng-words-');
    const nothing = await pfcng('ceremony', 'verify', home);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /: aucune transcription .* \/ .*: no transcript .*name the home folder/);
    for (const command of [
      ['perform', '--played', join(home, 'none.json'), '--home', home],
      ['rehearse', join(home, 'none.json')],
    ]) {
      const missing = await pfcng('ceremony', ...command);
      assert.equal(missing.code, 1);
      assert.match(unwrapped(missing.stderr), /none\.json : n'existe pas : vérifiez le chemin/);
      assert.doesNotMatch(missing.stderr, /ENOENT/);
    }
    const folder = await pfcng('ceremony', 'perform', '--played', plans, '--home', home);
    assert.match(unwrapped(folder.stderr), /est un dossier : indiquez un fichier/);
    await writeFile(join(home, 'file'), '');
    const below = await pfcng(
      'ceremony',
      'perform',
      '--played',
      join(plans, 'platform.json'),
      '--home',
      join(home, 'file', 'home'),
    );
    assert.equal(below.code, 1);
    assert.match(unwrapped(below.stderr), /un élément du chemin est un fichier/);
  });

  it('audit verify and hsm reconcile do not create a missing database: an empty one would verify', async () => {
    const home = await developmentHome();
    for (const command of [
      ['audit', 'verify'],
      ['hsm', 'reconcile'],
    ]) {
      const { code, stderr } = await pfcngWith({ PFCNG_HOME: home }, ...command);
      assert.equal(code, 1);
      assert.match(stderr, /pas de base de données : .* \/ no database: /);
    }
    assert.equal((await readdir(home)).includes('pfcng.sqlite'), false);
  });

  it('verify on another machine needs the transcript and its files only: no token, no PIN', async () => {
    const home = await developmentHome();
    const elsewhere = await temporaryFolder('pfcng-elsewhere-');
    for (const part of [
      'ceremony/fort/transcript.ndjson',
      'ceremony/fort/plan.json',
      'ceremony/fort/transcript.sig',
      'ceremony/fort/crl',
      'ceremony/fort/authorities',
      'ceremony/fort/root-shares/1/set.json',
      'authorities',
      'requests',
    ])
      await cp(join(home, part), join(elsewhere, part), { recursive: true });
    assert.equal((await pfcng('ceremony', 'verify', elsewhere)).code, 0);
  });

  it('perform refuses a plan with an unknown member or kind of step, naming file and place', async () => {
    const home = await temporaryFolder('pfcng-plan-');
    const plan = JSON.parse(await readFile(join(plans, 'platform.json'), 'utf8'));
    const file = join(home, 'plan.json');
    await writeFile(file, JSON.stringify({ ...plan, hurry: true }));
    const [french, english] = [
      ['pfcng: le plan est refusé ; à corriger :', `pfcng: ${file}#/hurry : membre inconnu`, ''],
      ['pfcng: the plan is refused; correct this:', `pfcng: ${file}#/hurry: is not a known member`, ''],
    ];
    for (const [lang, lines] of [
      ['fr', french],
      ['en', english],
    ] as const) {
      const unknown = await pfcng('ceremony', 'perform', '--played', file, '--home', home, '--lang', lang);
      assert.equal(unknown.code, 1);
      assert.deepEqual(unknown.stderr.split('\n'), lines);
    }
    await writeFile(file, JSON.stringify({ ...plan, steps: [{ do: 'export-private-key' }] }));
    const unknown = await pfcng('ceremony', 'perform', '--played', file, '--home', home);
    assert.match(unwrapped(unknown.stderr), /#\/steps\/0\/do : il n'y a pas d'étape export-private-key/);
    assert.equal((await pfcng('ceremony', 'perform')).code, 2);
    assert.deepEqual(await readdir(home), ['plan.json']);
  });

  it('add-signature stores next to the transcript what a person signed with OpenSSL, and only that', async () => {
    const home = await temporaryFolder('pfcng-signed-');
    const at = (name: string) => join(home, name);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Officer', '-days', '30'];
    await run('openssl', [...request, '-keyout', at('key.pem'), '-out', at('officer.pem')]);
    await run('openssl', ['x509', '-in', at('officer.pem'), '-outform', 'DER', '-out', at('officer.cer')]);
    const certificateSha256 = createHash('sha256')
      .update(await readFile(at('officer.cer')))
      .digest('hex');
    const plan = JSON.parse(await readFile(join(plans, 'platform.json'), 'utf8'));
    const [person] = plan.people;
    Object.assign(person, { certificateSha256 });
    // This person has a second role, and somebody else has the same name.
    plan.people.push({ ...person, role: 'recorder' });
    plan.people.unshift({ ...person, organisation: 'Elsewhere', certificateSha256: undefined });
    await writeFile(at('plan.json'), JSON.stringify(plan));
    const performed = await pfcng('ceremony', 'perform', '--played', at('plan.json'), '--home', home);
    assert.equal(performed.code, 0, performed.stderr);
    const transcript = at('ceremony/platform/transcript.ndjson');
    const unsigned = await pfcng('ceremony', 'verify', home);
    assert.match(unsigned.stderr, /ceremony\/platform\/signatures\/2\.cer does not exist/);
    await run('openssl', ['dgst', '-sha256', '-sign', at('key.pem'), '-out', at('good.sig'), transcript]);
    await run('openssl', ['dgst', '-sha256', '-sign', at('key.pem'), '-out', at('bad.sig'), at('plan.json')]);
    const add = (name: string, signature: string) =>
      pfcng(
        'ceremony',
        'add-signature',
        transcript,
        '--person',
        name,
        '--certificate',
        at('officer.pem'),
        '--signature',
        at(signature),
      );
    assert.match(
      (await add('Nobody', 'good.sig')).stderr,
      /the plan names no certificate for Nobody; it names one for: /,
    );
    assert.match((await add(person.name, 'bad.sig')).stderr, /bad\.sig: .* \/ does not verify over this transcript/);
    const planCopy = at('ceremony/platform/plan.json');
    const whole = await readFile(planCopy);
    await writeFile(planCopy, '{');
    assert.match((await add(person.name, 'good.sig')).stderr, /plan\.json: .* \/ this is not a plan/);
    await writeFile(planCopy, whole);
    await mkdir(at('ceremony/platform/signatures'));
    await writeFile(at('ceremony/platform/signatures/2.sig'), 'damaged');
    assert.equal((await add(person.name, 'good.sig')).code, 0);
    assert.equal((await pfcng('ceremony', 'verify', home)).code, 0);
  });

  it('perform makes what the plan says; a second run reports the first one and its final hash', async () => {
    const home = await temporaryFolder('pfcng-perform-');
    const performed = await pfcng('ceremony', 'perform', '--played', join(plans, 'platform.json'), '--home', home);
    assert.equal(performed.code, 0, performed.stderr);
    const again = await pfcng('ceremony', 'perform', '--played', join(plans, 'platform.json'), '--home', home);
    const [report, ...closing] = again.stdout.split('\n');
    assert.match(report ?? '', /^déjà tenue le 20[-0-9]{8}T[:0-9]{8}Z ; rien n'a été fait$/);
    assert.ok(closing.some((line) => /^ {2}empreinte finale +[0-9a-f]{4} /.test(line)));
    assert.ok(performed.stdout.endsWith(closing.join('\n')), 'the closing screen is shown again');
  });
});
