/**
 * Plans from answers. Without these tests, somebody would answer thirty questions for a plan that
 * `perform` refuses, or have to edit JSON to hold a ceremony of production.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DraftContext, nextQuestion, planFrom, questionsFor } from '../../../src/ceremony/draft/draft.js';
import { type DraftAnswers, readAnswerTo } from '../../../src/ceremony/draft/question.js';
import { TEMPLATES } from '../../../src/ceremony/draft/templates.js';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../src/ceremony/plan/read.js';
import { loadPolicy } from '../../../src/config/policy.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { HIERARCHIES, type Policy } from '../../../src/policy/model.js';
import { emptyDisk, NOW, testPlan, testPolicy } from '../../support/ceremony/fake-world.js';
import { fileOf, inMemory } from '../../support/ceremony/in-memory.js';
import { makeProduction } from '../../support/ceremony/production.js';

const PEOPLE = [
  'maître de cérémonie ; Anne Martin ; Agence',
  '2 ; Bruno Petit ; Agence',
  'porteur de part ; Chloé Durand ; Agence',
  'officer ; David Moreau ; Hébergeur',
  'témoin externe ; Émile Roux ; Auditeur',
];

/** What has no proposed answer, for any ceremony. */
const NEEDED: DraftAnswers = {
  people: PEOPLE,
  previousNumber: ['4'],
  previousSha256: ['a'.repeat(64)],
  authority: ['1'],
  reason: ['keyCompromise'],
  instructionsFr: ['copier la partition sur la carte B'],
  instructionsEn: ['copy the partition to card B'],
  recordSha256: ['b'.repeat(64)],
  commonName: ['OFFICIER DE SECOURS 7'],
  publicKeySha256: ['c'.repeat(64)],
};

const OFFICER = {
  account: 'officer-1',
  accountName: 'Anne Martin',
  idNat: '810000000017',
  givenName: 'ANNE',
  surname: 'MARTIN',
  profession: '10',
  title: 'Médecin',
  tokenId: '8025000001/9000000001',
  source: 'PSI',
  reference: 'dossier 12',
  verifiedAt: '2026-02-01',
  publicKeySha256: 'd'.repeat(64),
};
const SERVER = {
  names: 'api.example.fr',
  structureId: '2187512751',
  structureName: 'AGENCE DU NUMERIQUE EN SANTE',
  department: 'Paris (75)',
  publicKeySha256: 'd'.repeat(64),
};
/** The structure is that of the first certificate. */
const CLIENT = {
  account: 'card-management',
  accountName: 'Gestion des cartes',
  application: 'CARTES',
  publicKeySha256: 'e'.repeat(64),
};

/** The first certificates of the API, where the hierarchy has profiles for them. */
const FOUNDING: Readonly<Record<string, DraftAnswers>> = {
  fort: {
    'founding-1': ['officer'],
    ...founding(1, OFFICER),
  },
  elementaire: {
    'founding-1': ['server'],
    ...founding(1, SERVER),
    'founding-2': ['client'],
    ...founding(2, CLIENT),
  },
};

function founding(number: number, fields: Readonly<Record<string, string>>): DraftAnswers {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [`founding-${number}-${name}`, [text]]));
}

describe('plans from answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-draft-'));
  after(() => rmSync(folder, { recursive: true }));
  const development = testPolicy();
  let production: Policy;
  before(async () => {
    production = await productionPolicy(folder);
  });

  const contextOf = (policy: Policy, disk = emptyDisk(), folder = ''): DraftContext => ({
    policy,
    softwareVersion: '0.1.0',
    now: NOW,
    files: {
      async read(path) {
        if (path === folder) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', syscall: 'read', path });
        return disk.files.get(path) ?? null;
      },
    },
    example: (name) => JSON.parse(readFileSync(join(packageRoot(), `policies/ceremonies/${name}.json`), 'utf8')),
  });

  /** DraftAnswers every question with what is given, or what is proposed. */
  const answered = async (context: DraftContext, given: DraftAnswers): Promise<Record<string, readonly string[]>> => {
    const answers: Record<string, readonly string[]> = {};
    for (;;) {
      const question = await nextQuestion(context, answers);
      if (question === null) return answers;
      const read = await readAnswerTo(question, given[question.name] ?? []);
      assert.ok(read.ok, read.ok ? '' : `${question.name}: ${read.error.en}`);
      answers[question.name] = read.value;
    }
  };
  const planOf = async (context: DraftContext, given: DraftAnswers): Promise<PlanFile> =>
    planFrom(context, await answered(context, given));
  const faultsOf = (plan: PlanFile, policy: Policy) => {
    const read = readPlan(utf8(JSON.stringify(plan)), { file: 'plan', policy });
    return read.ok ? [] : read.error.faults.map(({ pointer, message }) => `${pointer} ${message}`);
  };

  for (const [ceremony, { hasHierarchy }] of Object.entries(TEMPLATES))
    it(`are right for ${ceremony}, in development and in production, and name every hash there`, async () => {
      for (const policy of [development, production])
        for (const hierarchy of hasHierarchy ? HIERARCHIES : [null]) {
          if (ceremony === 'regain-access' && hierarchy === 'standard') continue;
          const given = hierarchy === null ? {} : { hierarchy: [hierarchy], ...FOUNDING[hierarchy] };
          const context = contextOf(policy);
          const plan = await planOf(context, { ...NEEDED, ...given, ceremony: [ceremony] });
          assert.deepEqual(faultsOf(plan, policy), [], `${hierarchy} ${policy.environment.mark}`);
          assert.equal(plan.hierarchy, hierarchy);
          const certified = plan.steps.filter((step) => step.do === 'create-founding-certificate').length;
          const isFounding = ceremony === 'hierarchy' || ceremony === 'regain-access';
          const expected = hierarchy === 'fort' ? 1 : hierarchy === 'elementaire' ? 2 : 0;
          assert.equal(certified, isFounding ? expected : 0);
          assert.deepEqual(plan.software, { name: 'pfcng', version: '0.1.0', policyDigest: policy.digest });
          const anything = JSON.stringify(plan.steps).match(/"[A-Za-z0-9]+":"\*"/g) ?? [];
          // The words of a bundle are compared in the ceremony, and prove the keys in it.
          const isCompared = plan.steps.some(({ do: kind }) => kind === 'import-bundle');
          assert.deepEqual(isCompared ? [] : anything, []);
        }
    });

  it('can leave the PIN to the quorum of an HSM', async () => {
    const given = { ceremony: ['hierarchy'], hierarchy: ['standard'], quorum: ['hsm'], shares: ['7'] };
    const plan = await planOf(contextOf(production), { ...NEEDED, ...given });
    assert.deepEqual(faultsOf(plan, production), []);
    assert.deepEqual(plan.quorum, { kind: 'hsm', shares: 7, threshold: 4 });
  });

  it('take hashes, numbers, holders and threshold from the home folder of the ceremony', async () => {
    const disk = emptyDisk();
    await inMemory(development).done(disk, testPlan('fort', development));
    const people = [1, 2, 3, 4, 5].map((at) => `officer ; Development officer ${at} ; PFCNG (development)`);
    const given = { ceremony: ['yearly-crl'], hierarchy: ['fort'], people: [PEOPLE[0] ?? '', ...people] };
    const plan = await planOf(contextOf(development, disk), given);
    const [list] = plan.steps.flatMap((step) => (step.do === 'sign-crl' ? [step] : []));
    assert.deepEqual(list?.previous, { number: 1, sha256: sha256Hex(fileOf(disk, 'crl/ACR-FO.crl')) });
    assert.equal(list?.number, 2);
    assert.ok(plan.quorum.kind === 'shares' && plan.quorum.threshold === 3 && plan.quorum.shares === 5);
    await inMemory(development).done(disk, { ...plan, quorum: { ...plan.quorum, swap: 'allowed' } });
    const used =
      (await nextQuestion(contextOf(development, disk), {
        ...(await answered(contextOf(development), { ...NEEDED, ...given })),
        id: undefined as never,
      })) ?? assert.fail();
    const refused = await readAnswerTo(used, ['fort-crl-2']);
    assert.ok(!refused.ok && refused.error.en === 'ceremony fort-crl-2 was held already');
    assert.deepEqual(used.suggestion, ['fort-crl-2']);
    assert.deepEqual(await readAnswerTo(used, []), refused, 'the suggestion is checked too');
  });

  it('are refused answer by answer, with the rule and what is expected', async () => {
    const context = contextOf(production, emptyDisk(), 'certificates');
    const questions = await questionsFor(
      context,
      await answered(context, { ...NEEDED, ceremony: ['yearly-crl'], hierarchy: ['fort'] }),
    );
    const refusal = async (name: string, ...texts: readonly string[]) => {
      const question = questions.find((one) => one.name === name) ?? assert.fail(name);
      const read = await readAnswerTo(question, texts);
      return read.ok ? `accepted: ${read.value.join(' | ')}` : read.error.en;
    };
    for (const [name, texts, expected] of [
      ['ceremony', ['weekly-list'], /^possible answers: hierarchy, regain-access, /],
      ['id', ['Fort List'], /^2 to 40 characters of a-z, 0-9 and -/],
      ['titleFr', ['x'.repeat(201)], /^too long: at most 200 characters$/],
      ['titleFr', ['a\u202eb'], /has an invisible character \(U\+202E\)/],
      ['notBefore', ['2026-02-30'], /^a valid date is expected/],
      ['notAfter', ['2020-01-01'], /^the window must end after it begins$/],
      ['notAfter', ['2026-12-01'], /^accepted: 2026-12-01T23:59:59Z$/],
      [
        'people',
        ['boss ; Anne ; Agence'],
        /^unknown role boss; possible roles: 1 master of ceremonies, 2 share holder, /,
      ],
      ['people', ['officer ; Anne'], /^expected form: role ; name ; organisation/],
      ['people', ['officer ; Anne ; Agence'], /^a master of ceremonies is needed$/],
      ['people', [PEOPLE[0] ?? '', PEOPLE[0] ?? ''], /^Anne Martin is named twice$/],
      ['holders', ['Bruno Petit'], /^2 to 15 share holders are needed$/],
      ['holders', ['Bruno Petit', 'bruno  petit'], /^Bruno Petit would hold two shares$/],
      ['holders', ['Nobody', 'Bruno Petit'], /^expected form: name ; organisation \(the name alone/],
      ['holders', ['Bruno Petit ; Agence ; /etc/x.cer', 'David Moreau'], /^a path in the home folder/],
      ['holders', ['Bruno Petit ; Agence ; certificates', 'David Moreau'], /^certificates: no readable file with this/],
      ['holders', ['Bruno Petit ; Agence ; none.cer', 'David Moreau'], /^none\.cer: no readable file with this name/],
      [
        'holders',
        ['chloe durand', 'DAVID  MOREAU ; hebergeur'],
        /^accepted: Chloé Durand ; Agence \| David Moreau ; H/,
      ],
      ['threshold', ['4'], /^a number from 2 to 3 is expected$/],
      ['previousSha256', ['*'], /^64 hexadecimal digits/],
      ['previousNumber', ['1', '2'], /^only one answer is expected$/],
    ] as const)
      assert.match(await refusal(name, ...texts), expected, name);
  });
});

async function productionPolicy(folder: string): Promise<Policy> {
  const policy = loadPolicy((await makeProduction(folder)).policies, 'production');
  assert.ok(policy.ok, policy.ok ? '' : JSON.stringify(policy.error));
  return policy.value;
}
