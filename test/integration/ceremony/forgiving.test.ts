/**
 * People who mistype, press Enter too early and forget a file still end their ceremony, and the
 * minutes show no refusal that nobody meant. Without these tests a slip of the hand could end a
 * ceremony, and nobody would read its screen before the day.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { ASKED, CTRL_C, passphraseOf, people, sheetOn } from '../../support/ceremony/guide.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { resharingPlan, rootAlonePlan } from '../../support/ceremony/root-alone-plans.js';
import {
  printed,
  type Rule,
  type Sitting,
  type SittingOptions,
  sit,
  unwrapped,
} from '../../support/ceremony/typist.js';
import { PROGRAM, policiesWith } from '../../support/service/home.js';

const COLUMNS_MAX = 100;
const CERTIFICATE = 'officers/officer-2.pem';
const CONFIRM_REFUSAL = /^(?:Refuser|Refuse) .*\n> $/m;

/** Only the words of one language are on the screen. */
const FRENCH_WORDS = / (?:le|la|les|du|des|est|une|puis|tapez) /;
const ENGLISH_WORDS = / (?:the|is|and|which|then|type) /;

describe('a ceremony of people who mistype', () => {
  let folder: string;
  let home: string;
  let root: PlanFile;
  let slips = 0;

  /** Types these one after the other, before the people answer this question correctly. */
  const slip = (when: RegExp, ...typed: readonly string[]): Rule => {
    const waiting = [...typed];
    return {
      when,
      type() {
        const next = waiting.shift();
        if (next !== undefined) slips += 1;
        return next ?? null;
      },
    };
  };
  const pfcng = (...args: readonly string[]): readonly string[] => [process.execPath, PROGRAM, 'ceremony', ...args];
  const performAs = (plan: PlanFile, rules: readonly Rule[], options: Pick<SittingOptions, 'kill'> = {}) => {
    const file = join(folder, `${plan.id}.json`);
    writeFileSync(file, JSON.stringify(plan));
    return sit(pfcng('perform', file, '--home', home), { rules, env: process.env, ...options });
  };
  const transcriptOf = (id: string): string => readFileSync(join(home, 'ceremony', id, 'transcript.ndjson'), 'utf8');
  const minutesOf = async (id: string): Promise<string> => {
    const written = await sit(pfcng('minutes', join(home, 'ceremony', id, 'transcript.ndjson')), {
      rules: [],
      env: process.env,
    });
    assert.equal(written.code, 0, written.seen);
    return readFileSync(join(home, 'ceremony', id, 'minutes.html'), 'utf8');
  };
  const isReadable = ({ seen }: Sitting): void => {
    const wide = printed(seen)
      .split('\n')
      .filter((line) => [...line].length > COLUMNS_MAX);
    assert.deepEqual(wide, []);
  };

  before(async () => {
    folder = await temporaryFolder('pfcng-forgiving-');
    home = join(folder, 'home');
    const [key, certificate] = [join(folder, 'officer-2.key'), join(folder, 'officer-2.pem')];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-days', '30'];
    const phrase = ['-passout', `pass:${passphraseOf('Porteuse 2')}`];
    execFileSync('openssl', [...request, '-subj', '/CN=Porteuse 2', ...phrase, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const sha256 = createHash('sha256').update(readFileSync(certificate)).digest('hex');
    const plan = await rootAlonePlan();
    assert.ok(plan.quorum.kind === 'shares');
    const holders = plan.quorum.holders.map((holder) =>
      holder.name === 'Porteuse 2' ? { ...holder, encryption: { certificate: CERTIFICATE, sha256 } } : holder,
    );
    root = { ...plan, quorum: { ...plan.quorum, holders } };
  });

  it('ends well after many slips and a file that came late, and the minutes show no refusal', async () => {
    const { fr } = ASKED;
    const missing = /Apportez ce qui manque.*\n> $/;
    const brought: Rule = {
      when: missing,
      type() {
        mkdirSync(join(home, 'officers'), { recursive: true });
        copyFileSync(join(folder, 'officer-2.pem'), join(home, CERTIFICATE));
        return 'check\r';
      },
    };
    const first = await performAs(
      root,
      [
        slip(missing, '\r', 'continuer\r', 'verfier\r', 'vérifier\r'),
        brought,
        slip(fr.begin, '\r', 'continué\r', CTRL_C),
        slip(fr.present, '\r', 'oiu\r', 'non\r'),
        slip(/Tapez le numéro d'une personne.*\n> $/, '\r', '0\r', 'une\r', '1\r'),
        slip(fr.roll, '\r', 'ok\r'),
        slip(fr.choose, '\r', 'court\r'),
        slip(fr.again, 'une autre phrase que la première\r', '\r'),
        ...people(),
      ],
      // The power fails when the code is asked for, so that holders open the token afterwards.
      { kill: (question) => fr.code.test(question) },
    );
    assert.equal(first.code, null, first.seen);
    assert.match(
      unwrapped(first.seen),
      /MANQUE +officers\/officer-2\.pem : apportez celui que nomme le plan, à cet emplacement : \S+\/officers/,
    );
    assert.match(unwrapped(first.seen), /au moins 12 caractères/);
    const second = await performAs(root, [
      slip(fr.begin, 'oui\r'),
      slip(fr.share, '\r', '9\r', '/nulle/part\r', `${home}\r`),
      slip(fr.passphrase, '\r', 'une fausse phrase secrète\r'),
      slip(fr.key, '\r', '/nulle/part\r'),
      slip(fr.keyPhrase, 'pas la bonne phrase\r'),
      slip(fr.code, '\r', '0000 0000\r', 'refuser\r', CTRL_C),
      slip(CONFIRM_REFUSAL, '\r', 'peut-être\r', 'non\r'),
      ...people({ shares: ['1', '2', '3'], keyFile: join(folder, 'officer-2.key') }),
    ]);
    assert.equal(second.code, 0, second.seen);
    assert.match(unwrapped(second.seen), /rien n'a été tapé : tapez le code affiché, ou « refuser » pour refuser/);
    assert.match(printed(second.seen), /^ {2}empreinte finale +(?:[0-9a-f]{4}\s+){16}/m);
    assert.match(unwrapped(second.seen), /éteindre cette machine/);
    assert.ok(slips >= 30, `${slips} slips`);
    for (const sitting of [first, second]) {
      isReadable(sitting);
      assert.doesNotMatch(printed(sitting.seen), ENGLISH_WORDS);
      assert.ok(!sitting.seen.includes(', à elle'), 'no passphrase is shown');
    }
    const verified = await verifyFile(join(home, 'ceremony/root/transcript.ndjson'));
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    const transcript = transcriptOf('root');
    assert.doesNotMatch(transcript, /"action":"(?:refuse|stop)"/);
    // Wrong tries are recorded as tries: a number, two paths, a passphrase, a key and a code.
    assert.equal(transcript.match(/"action":"try-again"/g)?.length, 6);
    const minutes = await minutesOf('root');
    assert.match(minutes, /nouvelle tentative\s: /);
    assert.doesNotMatch(minutes, /(?:refus|arrêt)\s: /);
  });

  it('records a refusal that people mean and confirm, and ends when they come back', async () => {
    const plan = resharingPlan(root);
    const answers = { shares: ['1', '4', '5'] };
    const refused = await performAs(plan, [
      slip(ASKED.fr.share, 'refuser\r'),
      slip(CONFIRM_REFUSAL, 'oui\r'),
      ...people(answers),
    ]);
    assert.equal(refused.code, 1, refused.seen);
    assert.match(unwrapped(refused.seen), /parts acceptées 0, nécessaires 3 : refus des personnes présentes/);
    assert.match(transcriptOf('reshare'), /"action":"refuse"[^\n]*"kind":"refused"/);
    const done = await performAs(plan, people(answers));
    assert.equal(done.code, 0, done.seen);
    assert.match(unwrapped(done.seen), /recueillir et détruire les parts du partage 1 du jeton root-elementaire/);
    assert.match(await minutesOf('reshare'), /refus\s: l(?:'|&#39;)ouverture du jeton root-elementaire/);
  });

  it('is rehearsed in English by people who misread a sheet', async () => {
    const { en } = ASKED;
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ policies: policiesWith('p-256', folder) }));
    const plans = ['offline-root', 'offline-ask', 'offline-answer'].map((name) =>
      join(packageRoot(), 'policies/ceremonies/examples', `${name}.json`),
    );
    const sheet = (change: (words: readonly string[]) => readonly string[]): Rule => {
      let isTyped = false;
      return {
        when: en.words,
        type(_, __, seen) {
          if (isTyped) return null;
          isTyped = true;
          return `${change(sheetOn(printed(seen)).slice(-4)).join(' ')}\r`;
        },
      };
    };
    const rules = [
      slip(en.begin, '\r', 'continu\r'),
      slip(en.present, '\r', 'yess\r'),
      slip(en.code, '\r', 'abcd\r'),
      slip(en.words, '\r'),
      sheet((words) => words.slice(1)),
      sheet(([, ...words]) => ['xxxxxxxxxx', ...words]),
      sheet(([first = '', ...words]) => [first === 'zoologie' ? 'abaisser' : 'zoologie', ...words]),
      sheet((words) => words),
      ...people({ shares: ['1', '2', '3'] }, 'en'),
    ];
    const env = { ...process.env, TMPDIR: folder, PFCNG_CONFIG: config };
    const done = await sit(pfcng('rehearse', '--interactive', '--lang', 'en', ...plans), { rules, env });
    assert.equal(done.code, 0, done.seen);
    const said = unwrapped(done.seen);
    for (const words of [
      /words expected: the last 4 of the sheet; words typed: 3/,
      /word 21 is not in the list\. Read the sheet/,
      /word 21 differs from that of the file/,
      /carry bundles\/answer\.json to the other machine/,
    ])
      assert.match(said, words);
    isReadable(done);
    assert.doesNotMatch(printed(done.seen), FRENCH_WORDS);
  });
});
