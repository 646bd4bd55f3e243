/**
 * Every kind of ceremony of the guide, held at a terminal by people who type what scripts/ceremony/README.md tells them to type, and what
 * the screen asks for: nothing else. One root in one home, one issuing CA in another, from the first ceremony to the end of the root's key.
 */
import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanFile } from '../../../src/ceremony/plan.js';
import { packageRoot } from '../../../src/config/paths.js';
import { type FortPlan, rootPlan } from '../../support/bundle-plans.js';
import { temporaryFolder } from '../../support/hierarchy.js';
import { PROGRAM } from '../../support/service-home.js';
import { resetPlan, sharing, withSharedSoPin } from '../../support/so-pin-plans.js';
import { type Rule, type Sitting, sit } from '../../support/typist.js';

const SO = sharing('Responsable', 3, 2);
const SECOND = sharing('Suivante', 3, 2);
const THIRD = sharing('Dernière', 3, 2);
type Sharing = typeof SO;

function passphraseOf(name: string): string {
  return `phrase secrète de ${name}, à elle`;
}

/** Whoever does as the screen says. `shares`: numbers that are brought; `sheet`: words that came on paper. */
function people(shares: readonly string[], sheet: readonly string[]): readonly Rule[] {
  const coming = [...shares];
  const passphrase = ([, name = '']: RegExpMatchArray) => `${passphraseOf(name)}\r`;
  return [
    { when: /est-il ou elle là \? \[o\/n\].*\[y\/n\] : /, type: () => 'o\r' },
    { when: /tape : ([0-9a-f]{4} [0-9a-f]{4}) \(rien.* : /, type: ([, code]) => `${code}\r` },
    { when: /tapez les 4 derniers mots de la fiche.* : /, type: () => `${sheet.slice(-4).join(' ')}\r` },
    { when: /(\S+ \d), choisissez votre phrase.* : /, type: passphrase },
    { when: /(\S+ \d), une seconde fois.* : /, type: passphrase },
    { when: /(\S+ \d), votre phrase secrète.* : /, type: passphrase },
    { when: /numéro de sa part, .* nothing to give up : /, type: () => `${coming.shift() ?? ''}\r` },
  ];
}

/** The sheet that goes with a bundle, as somebody copied it from the screen. */
function sheetOn(screen: string): readonly string[] {
  const from = screen.indexOf('à noter sur la fiche');
  assert.ok(from >= 0, screen);
  const numbered = [...screen.slice(from).matchAll(/(?:^|\s)(\d{1,2}) (\p{L}+)(?=\s)/gu)];
  const words = Array.from({ length: 24 }, (_, at) => numbered.find(([, number]) => Number(number) === at + 1)?.[2]);
  return words.map((word, at) => word ?? assert.fail(`word ${at + 1}`));
}

describe('the guide of the ceremonies', function () {
  this.timeout(600_000);
  const guide = join(packageRoot(), 'scripts/ceremony/README.md');
  let machine: string;
  let root: string;
  let online: string;
  let text: string;
  let plan: PlanFile;

  before(async () => {
    machine = await temporaryFolder('pfcng-guide-');
    root = join(machine, 'root');
    online = join(machine, 'online');
    // What unpacking the archive leaves, as far as the guide speaks of it; pack.test.ts has the archive itself.
    await writeFile(join(machine, 'ceremony'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} ceremony "$@"\n`);
    await chmod(join(machine, 'ceremony'), 0o755);
    await symlink(join(packageRoot(), 'policies'), join(machine, 'policies'));
    text = await readFile(guide, 'utf8');
    const fort: FortPlan = JSON.parse(
      await readFile(join(machine, 'policies/ceremonies/development/fort.json'), 'utf8'),
    );
    plan = withSharedSoPin(rootPlan(fort) as PlanFile, SO);
  });

  /** A command of the guide with its words in capitals filled in; one that the guide has not in both languages fails. */
  const type = (command: string, given: Readonly<Record<string, string>>): readonly string[] => {
    const french = command
      .replace('PLAN --home FOLDER', 'PLAN --home DOSSIER')
      .replaceAll('FOLDER', 'DOSSIER')
      .replace('FILE', 'FICHIER');
    assert.ok(text.includes(command) && text.includes(french), `the guide does not say: ${command}, or ${french}`);
    const words = command
      .split(' ')
      .map((word) => word.replace(/\b(FOLDER|PLAN|ID|FILE)\b/g, (name) => given[name] ?? name));
    return words.map((word) => (word === './ceremony' ? join(machine, 'ceremony') : word.replace(/\.\.\.$/, '')));
  };
  const held = async (
    of: PlanFile,
    {
      home = root,
      shares = [],
      sheet = [],
    }: { home?: string; shares?: readonly string[]; sheet?: readonly string[] } = {},
  ): Promise<Sitting> => {
    const file = join(machine, `${of.id}.json`);
    await writeFile(file, JSON.stringify(of));
    const command = type('./ceremony perform PLAN --home FOLDER', { PLAN: file, FOLDER: home });
    const sitting = await sit(command, { rules: people(shares, sheet), env: process.env });
    assert.equal(sitting.code, 0, sitting.seen);
    return sitting;
  };
  const example = async (name: string, members: object = {}): Promise<PlanFile> => {
    const file = join(machine, 'policies/ceremonies/examples', `${name}.json`);
    return { ...JSON.parse(await readFile(file, 'utf8')), ...members };
  };
  const quorum = (of: Sharing): Pick<PlanFile, 'quorum'> => ({ quorum: { kind: 'shares', swap: 'allowed', ...of } });

  it('a root is created, its transcript verified, its minutes written, its shares printed', async () => {
    const { seen } = await held(plan);
    assert.match(seen, /empreinte finale \/ final hash: [0-9a-f]{64}/);
    const verified = await sit(type('./ceremony verify FOLDER', { FOLDER: root }), { rules: [], env: process.env });
    assert.equal(verified.code, 0, verified.seen);
    const transcript = './ceremony minutes FOLDER/ceremony/ID/transcript.ndjson';
    const minutes = await sit(type(transcript, { FOLDER: root, ID: plan.id }), { rules: [], env: process.env });
    assert.equal(minutes.code, 0, minutes.seen);
    assert.ok((await stat(join(root, 'ceremony/fort/minutes.pdf'))).size > 10_000);
    const folder = join(root, 'ceremony/fort/root-shares/1');
    const share = (await readdir(folder)).find((name) => name.endsWith('-1.json')) ?? assert.fail();
    const printing = type('./ceremony share print FILE...', { FILE: join(folder, share) });
    const printed = await sit(printing, { rules: [], env: process.env });
    assert.equal(printed.code, 0, printed.seen);
  });

  it('its token is backed up, lost, restored, and signs the yearly list', async () => {
    await held(await example('back-up-root'), { shares: ['1', '2', '3'] });
    await rm(join(root, 'ceremony/fort/root-token'), { recursive: true });
    await held(await example('restore-root'), { shares: ['5', '4', '3'] });
    await held(await example('yearly-list'), { shares: ['1', '3', '5'] });
  });

  it('an issuing CA is certified on two machines, with a sheet of words between them', async () => {
    const carry = async (from: string, to: string): Promise<void> => {
      await mkdir(join(to, '..'), { recursive: true });
      await cp(from, to);
    };
    const asked = await held(await example('offline-ask'), { home: online });
    await carry(join(online, 'bundles/ask.json'), join(root, 'incoming/request.json'));
    const answered = await held(await example('offline-answer'), {
      shares: ['2', '3', '4'],
      sheet: sheetOn(asked.seen),
    });
    await carry(join(root, 'bundles/answer.json'), join(online, 'incoming/answer.json'));
    await held(await example('offline-take'), { home: online, sheet: sheetOn(answered.seen) });
  });

  it('it is revoked, in a plan copied from the example', async () => {
    const { steps, outputs, ...others } = await example('revoke-issuing-authority');
    const output = 'ceremony/fort-revoke/revoked/aci-fo-pp.json';
    const copied = steps.map((step): PlanFile['steps'][number] => {
      if (step.do === 'revoke-issuing-authority') return { ...step, authority: 'aci-fo-pp', output };
      return step.do === 'sign-crl' ? { ...step, number: 3, previous: { number: 2, sha256: '*' } } : step;
    });
    const revoked = outputs.map((path) => (path.startsWith('ceremony/') ? output : path));
    await held({ ...others, steps: copied, outputs: revoked }, { shares: ['1', '2', '3'] });
  });

  it('its PIN is shared anew by its holders, and later by those of the security officer’s PIN', async () => {
    const { seal: _, ...unsealed } = plan;
    const officers = [...SO.holders, ...SECOND.holders, ...THIRD.holders].map(({ name, organisation }) => ({
      ...{ role: 'officer' as const, name, organisation },
    }));
    const shared: PlanFile = {
      ...unsealed,
      ...{ id: 'reshare', people: [...plan.people, ...officers], outputs: [] },
      tokens: plan.tokens.filter(({ kind }) => kind === 'root'),
      steps: [{ do: 'reshare-quorum', token: 'root-fort', generation: 2, quorum: SECOND }],
    };
    await held(shared, { shares: ['1', '2', '3'] });
    const reset = resetPlan({ ...shared, ...quorum(SECOND) }, { soQuorum: SO, quorum: THIRD });
    const steps = reset.steps.map((step) => ({ ...step, generation: 3 }) as PlanFile['steps'][number]);
    const { seen } = await held({ ...reset, steps }, { shares: ['3', '1'] });
    assert.match(seen, /Jeton root-fort-so : il faut 2 des 3 parts/);
  });

  it('its key is destroyed at the end, by the officers of today', async () => {
    const { steps, seal, ...others } = await example('yearly-list', quorum(THIRD));
    const output = 'ceremony/fort-list-2-end/destroyed/root-fort.acr-fo.json';
    const officers = THIRD.holders.map(({ name, organisation }) => ({ role: 'officer' as const, name, organisation }));
    const end: PlanFile = {
      ...others,
      ...{ id: 'fort-list-2-end', people: [...others.people, ...officers], outputs: [output] },
      steps: [
        {
          ...{ do: 'destroy-key', token: 'root-fort', key: 'acr-fo', reason: 'end of the root' },
          ...{ despite: 'a test of the guide', output },
        },
      ],
    };
    await held(end, { shares: ['1', '3'] });
    const verified = await sit(type('./ceremony verify FOLDER', { FOLDER: root }), { rules: [], env: process.env });
    assert.equal(verified.code, 0, verified.seen);
  });
});
