/**
 * Every kind of ceremony of the guide, performed at a terminal by people who type only what
 * scripts/ceremony/README.md tells them to type and what the screen asks for. There is one root in
 * one home and one issuing CA in another, from the first ceremony to the destruction of the root's
 * key.
 */
import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { type FortPlan, rootPlan } from '../../support/ceremony/bundle-plans.js';
import { type Answers, type Guide, openGuide, people, sheetOn } from '../../support/ceremony/guide.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { resetPlan, resharedSoPlan, sharing, withSharedSoPin } from '../../support/ceremony/so-pin-plans.js';
import { type Sitting, sit, unwrapped } from '../../support/ceremony/typist.js';

const SO = sharing('Responsable', 3, 2);
const SO_LATER = sharing('Relève', 3, 2);
const SECOND = sharing('Suivante', 3, 2);
const THIRD = sharing('Dernière', 3, 2);
type SharingMembers = typeof SO;

describe('the guide of the ceremonies', () => {
  let guide: Guide;
  let machine: string;
  let root: string;
  let online: string;
  let plan: PlanFile;

  before(async () => {
    machine = await temporaryFolder('pfcng-guide-');
    root = join(machine, 'root');
    online = join(machine, 'online');
    guide = await openGuide(machine);
    const fort: FortPlan = JSON.parse(
      await readFile(join(machine, 'policies/ceremonies/development/fort.json'), 'utf8'),
    );
    plan = withSharedSoPin(rootPlan(fort) as PlanFile, SO);
  });

  /** The output of a command of the guide that asks nothing. */
  const outputOf = async (command: string, given: Readonly<Record<string, string>>): Promise<string> => {
    const { code, seen } = await sit(guide.command(command, given), { rules: [], env: process.env });
    assert.equal(code, 0, seen);
    return seen;
  };
  const perform = async (
    of: PlanFile,
    { home = root, ...answers }: Answers & { home?: string } = {},
  ): Promise<Sitting> => {
    const file = join(machine, `${of.id}.json`);
    await writeFile(file, JSON.stringify(of));
    const command = guide.command('./ceremony perform PLAN --home FOLDER', { PLAN: file, FOLDER: home });
    const sitting = await sit(command, { rules: people(answers), env: process.env });
    assert.equal(sitting.code, 0, sitting.seen);
    return sitting;
  };
  const example = async (name: string, members: object = {}): Promise<PlanFile> => {
    const file = join(machine, 'policies/ceremonies/examples', `${name}.json`);
    return { ...JSON.parse(await readFile(file, 'utf8')), ...members };
  };
  const quorum = (of: SharingMembers): Pick<PlanFile, 'quorum'> => ({
    quorum: { kind: 'shares', swap: 'allowed', ...of },
  });

  it('creates a root, verifies its transcript, writes its minutes and prints its shares', async () => {
    const { seen } = await perform(plan);
    assert.match(seen, /empreinte finale +(?:[0-9a-f]{4}\s+){16}/);
    await outputOf('./ceremony verify FOLDER', { FOLDER: root });
    await outputOf('./ceremony minutes FOLDER/ceremony/ID/transcript.ndjson', { FOLDER: root, ID: plan.id });
    assert.ok((await stat(join(root, 'ceremony/fort/minutes.pdf'))).size > 10_000);
    const folder = join(root, 'ceremony/fort/root-shares/1');
    const [share = '', ...others] = (await readdir(folder)).filter((name) => name !== 'set.json');
    assert.equal(others.length, 4);
    for (const name of [share, ...others]) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    await outputOf('./ceremony share print FILE...', { FILE: join(folder, share) });
    // A share that was copied back by hand has a mode that is reported at the next opening.
    await chmod(join(folder, share), 0o644);
  });

  it('backs up the root token, restores it after a loss, and signs the yearly list', async () => {
    const { seen } = await perform(await example('back-up-root'), { shares: ['1', '2', '3'] });
    assert.equal(
      unwrapped(seen).match(/ATTENTION : d'autres comptes de cette machine peuvent lire \S+-1\.json/g)?.length,
      1,
    );
    // The copy goes to the safe and is erased here. The record stays, and its hash is on paper.
    const { steps, ...others } = await example('restore-root');
    const [restoring] = steps;
    assert.ok(restoring?.do === 'restore-token' && restoring.copy.by === 'files');
    const [copy, safe] = [join(root, restoring.copy.from), join(machine, 'safe.copy.json')];
    await rename(copy, safe);
    const [recordSha256 = ''] = (await outputOf('sha256sum FILE', { FILE: join(root, restoring.record) })).split(' ');
    await rm(join(root, 'ceremony/fort/root-token'), { recursive: true });
    await rename(safe, copy);
    const restored: PlanFile = { ...others, steps: [{ ...restoring, recordSha256 }, ...steps.slice(1)] };
    await perform(restored, { shares: ['5', '4', '3'] });
    await perform(await example('yearly-crl'), { shares: ['1', '3', '5'] });
  });

  it('certifies an issuing CA on two machines, with a sheet of words between them', async () => {
    const carry = async (from: string, to: string): Promise<void> => {
      await mkdir(join(to, '..'), { recursive: true });
      await cp(from, to);
    };
    const asked = await perform(await example('offline-ask'), { home: online });
    await carry(join(online, 'bundles/ask.json'), join(root, 'incoming/request.json'));
    const answered = await perform(await example('offline-answer'), {
      shares: ['2', '3', '4'],
      sheet: sheetOn(asked.seen),
    });
    await carry(join(root, 'bundles/answer.json'), join(online, 'incoming/answer.json'));
    await perform(await example('offline-take'), { home: online, sheet: sheetOn(answered.seen) });
  });

  it('revokes the issuing CA with a plan copied from the example', async () => {
    const { steps, outputs, ...others } = await example('revoke-issuing-authority');
    const output = 'ceremony/fort-revoke/revoked/aci-fo-pp.json';
    const copied = steps.map((step): PlanFile['steps'][number] => {
      if (step.do === 'revoke-issuing-authority') return { ...step, authority: 'aci-fo-pp', output };
      return step.do === 'sign-crl' ? { ...step, number: 3, previous: { number: 2, sha256: '*' } } : step;
    });
    const revoked = outputs.map((path) => (path.startsWith('ceremony/') ? output : path));
    await perform({ ...others, steps: copied, outputs: revoked }, { shares: ['1', '2', '3'] });
  });

  it('has the root’s PIN shared again by its holders, and later by the security officer’s', async () => {
    const { transcriptKey: _, ...unsigned } = plan;
    const officers = [...SO.holders, ...SO_LATER.holders, ...SECOND.holders, ...THIRD.holders].map(
      ({ name, organisation }) => ({
        role: 'officer' as const,
        name,
        organisation,
      }),
    );
    const shared: PlanFile = {
      ...unsigned,
      id: 'reshare',
      people: [...plan.people, ...officers],
      outputs: [],
      tokens: plan.tokens.filter(({ kind }) => kind === 'root'),
      steps: [{ do: 'reshare-quorum', token: 'root-fort', generation: 2, quorum: SECOND }],
    };
    await perform(shared, { shares: ['1', '2', '3'] });
    // A holder of the security officer's PIN has left.
    const renewed = resharedSoPlan({ ...unsigned, ...quorum(SECOND) }, { soQuorum: SO, quorum: SO_LATER });
    const once = await perform({ ...renewed, people: shared.people }, { shares: ['2', '3'] });
    assert.match(once.seen, /Jeton root-fort-so : 2 parts sur 3 sont nécessaires/);
    const reset = resetPlan({ ...shared, ...quorum(SECOND) }, { soQuorum: SO_LATER, quorum: THIRD });
    const steps = reset.steps.map((step) => ({ ...step, generation: 3 }) as PlanFile['steps'][number]);
    const { seen } = await perform({ ...reset, steps }, { shares: ['3', '1'] });
    assert.match(seen, /Jeton root-fort-so : 2 parts sur 3 sont nécessaires/);
  });

  it('destroys the root’s key at the end, with the present officers', async () => {
    const { steps, transcriptKey, ...others } = await example('yearly-crl', quorum(THIRD));
    const output = 'ceremony/fort-crl-2-end/destroyed/root-fort.acr-fo.json';
    const officers = THIRD.holders.map(({ name, organisation }) => ({ role: 'officer' as const, name, organisation }));
    const end: PlanFile = {
      ...others,
      id: 'fort-crl-2-end',
      people: [...others.people, ...officers],
      outputs: [output],
      steps: [
        {
          do: 'destroy-key',
          token: 'root-fort',
          key: 'acr-fo',
          reason: 'end of the root',
          despite: 'a test of the guide',
          output,
        },
      ],
    };
    await perform(end, { shares: ['1', '3'] });
    await outputOf('./ceremony verify FOLDER', { FOLDER: root });
  });
});
