/**
 * The rest of the guide, typed at a terminal as it says: a rehearsal that asks the people, the
 * access CA and its officers, a share that is encrypted to a certificate, a transcript that is
 * signed with a card, and a new token of OCSP responders.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Holder, PlanFile } from '../../../src/ceremony/plan/model.js';
import { type Answers, type Guide, openGuide, passphraseOf, people, sheetOn } from '../../support/ceremony/guide.js';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { type Rule, type Sitting, sit, unwrapped } from '../../support/ceremony/typist.js';

/**
 * The certificate of the officer whose share is not under a passphrase, in the folder of the
 * ceremony.
 */
const CERTIFICATE = 'officers/officer-2.pem';
const SIGNATORY = 'Development officer 1';

describe('the guide of ceremonies that add somebody', () => {
  let guide: Guide;
  let machine: string;
  const at = (...path: readonly string[]): string => join(machine, ...path);
  const run = async (command: readonly string[], rules: readonly Rule[]): Promise<Sitting> =>
    sit(command, { rules, env: { ...process.env, TMPDIR: machine } });
  /** The output of a command of the guide; `rules`: the answers to its questions. */
  const outputOf = async (
    command: string,
    given: Readonly<Record<string, string>>,
    rules: readonly Rule[] = [],
  ): Promise<string> => {
    const { code, seen } = await run(guide.command(command, given), rules);
    assert.equal(code, 0, seen);
    return seen;
  };
  const hashIn = (text: string): string => /\b[0-9a-f]{64}\b/.exec(text)?.[0] ?? assert.fail(text);
  const perform = (file: string, home: string, answers: Answers = {}): Promise<string> =>
    outputOf('./ceremony perform PLAN --home FOLDER', { PLAN: file, FOLDER: home }, people(answers));
  const example = async (name: string): Promise<PlanFile> =>
    JSON.parse(await readFile(at('policies/ceremonies', `${name}.json`), 'utf8'));
  const write = async (plan: PlanFile): Promise<string> => {
    await writeFile(at(`${plan.id}.json`), JSON.stringify(plan));
    return at(`${plan.id}.json`);
  };

  before(async () => {
    machine = await temporaryFolder('pfcng-guide-access-');
    guide = await openGuide(machine);
    await mkdir(at('carried/requests'), { recursive: true });
    await mkdir(at('carried/officers'));
  });

  describe('the access CA', () => {
    let plans: readonly string[];
    let signs: { readonly KEY: string; readonly CERTIFICATE: string };
    const home = (): string => at('access');

    before(async () => {
      const typed: Rule = { when: /PEM pass phrase:/, type: () => `${passphraseOf('officer 2')}\r` };
      const dedicated =
        'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -days 7300 -subj /CN=NAME -keyout KEY -out CERTIFICATE';
      const holder2 = { NAME: 'officer 2', KEY: at('officer-2.key'), CERTIFICATE: at('carried', CERTIFICATE) };
      await outputOf(dedicated, holder2, [typed]);
      signs = { KEY: at('card.key'), CERTIFICATE: at('card.pem') };
      await outputOf(dedicated, { NAME: SIGNATORY, ...signs }, [typed]);
      const keys: string[] = [];
      for (const account of ['break-glass-1', 'break-glass-2']) {
        const REQUEST = at(`carried/requests/${account}.csr.pem`);
        const KEY = at(`${account}.key`);
        await outputOf(
          'openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=NAME -keyout KEY -out REQUEST',
          { NAME: account, KEY, REQUEST },
        );
        const hash = 'openssl req -in REQUEST -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum';
        keys.push(hashIn(await outputOf(hash, { REQUEST })));
      }
      const certificateSha256 = hashIn(await outputOf('openssl x509 -in CERTIFICATE -outform DER | sha256sum', signs));
      const sha256 = hashIn(await outputOf('sha256sum CERTIFICATE', holder2));
      const filled = async (name: string): Promise<PlanFile> => {
        const plan = await example(name);
        assert.ok(plan.quorum.kind === 'shares');
        const encrypted = ({ name: holder, ...rest }: Holder): Holder =>
          holder === 'Development officer 2'
            ? { ...rest, name: holder, encryption: { certificate: CERTIFICATE, sha256 } }
            : { ...rest, name: holder };
        return {
          ...plan,
          people: plan.people.map((one) => (one.name === SIGNATORY ? { ...one, certificateSha256 } : one)),
          quorum: { ...plan.quorum, holders: plan.quorum.holders.map(encrypted) },
          steps: plan.steps.map((step) =>
            step.do === 'create-break-glass-account'
              ? { ...step, publicKeySha256: keys[step.account === 'break-glass-1' ? 0 : 1] ?? '' }
              : step,
          ),
        };
      };
      const [row = []] = guide.rehearsals().filter((names) => names.includes('examples/access-authority'));
      plans = await Promise.all(row.map(async (name) => write(await filled(name))));
    });

    it('is rehearsed with its people at the terminal, on the machine and with the requests of the day', async () => {
      const [first = '', ...others] = guide.command('./ceremony rehearse PLAN');
      const options = [guide.says('`--interactive`'), guide.says('`--copy-from FOLDER`', '`--copy-from DOSSIER`')];
      const [interactive = '', bring = ''] = options.map((one) => one.replaceAll('`', '').split(' ')[0]);
      const command = [first, ...others.filter((word) => word !== 'PLAN'), interactive, bring, at('carried'), ...plans];
      const rules = people({ shares: ['1', '2', '5'], keyFile: at('officer-2.key') });
      const { code, seen } = await run(command, rules);
      assert.equal(code, 0, seen);
      for (const id of ['access', 'break-glass'])
        assert.match(seen, new RegExp(`/${id}/transcript\\.ndjson\r\n\\d+ lignes, \\d+ fichiers conformes`));
      assert.equal(
        unwrapped(seen).match(
          new RegExp(
            `répétition ; à la vraie cérémonie, la transcription est aussi à signer \\(add-signature\\) par : ${SIGNATORY}`,
            'g',
          ),
        )?.length,
        2,
      );
      assert.doesNotMatch(seen, /le programme établit la demande/);
      assert.ok(!seen.includes('phrase secrète de officer'), 'nothing typed is shown');
    });

    it('is created and its transcript signed with a card; before, verify names the missing signature', async () => {
      await cp(at('carried'), home(), { recursive: true });
      const [plan = ''] = plans;
      const seen = await perform(plan, home());
      assert.match(seen, /Certificat à signer : access\/break-glass-1\.cer/);
      const unsigned = await run(guide.command('./ceremony verify FOLDER', { FOLDER: home() }), []);
      assert.equal(unsigned.code, 1);
      assert.match(unsigned.seen, /ceremony\/access\/signatures\/\d\.cer .*does not exist/);
      const TRANSCRIPT = join(home(), 'ceremony/access/transcript.ndjson');
      const typed: Rule = { when: /pass phrase for .*:/, type: () => `${passphraseOf('officer 2')}\r` };
      const given = { ...signs, TRANSCRIPT, SIGNATURE: at('card.sig') };
      await outputOf('openssl dgst -sha256 -sign KEY -out SIGNATURE TRANSCRIPT', given, [typed]);
      await outputOf(
        './ceremony add-signature TRANSCRIPT --person NAME --certificate CERTIFICATE --signature SIGNATURE',
        {
          ...given,
          NAME: SIGNATORY,
        },
      );
      await outputOf('./ceremony verify FOLDER', { FOLDER: home() });
      await outputOf('./ceremony minutes FOLDER/ceremony/ID/transcript.ndjson', { FOLDER: home(), ID: 'access' });
      const minutes = await readFile(join(home(), 'ceremony/access/minutes.html'), 'utf8');
      assert.match(minutes, new RegExp(`Signataires .*<td class="value">${SIGNATORY}</td>`));
    });

    it('is opened later for another officer by three of five, of whom one uses a certificate', async () => {
      const [, plan = ''] = plans;
      const seen = await perform(plan, home(), { shares: ['4', '2', '3'], keyFile: at('officer-2.key') });
      assert.match(seen, /Certificat à signer : access\/break-glass-2\.cer/);
    });
  });

  it('a new token of OCSP responders is made, and its keys approved elsewhere by the words of a sheet', async () => {
    const home = await developmentHome();
    const [[, asking = '', approving = ''] = []] = guide
      .rehearsals()
      .filter((names) => names.includes('examples/approve-ocsp-keys'));
    const asked = await perform(await write(await example(asking)), at('elsewhere'));
    await mkdir(join(home, 'incoming'));
    guide.says('`incoming/ocsp-request.json`');
    await cp(at('elsewhere/bundles/ocsp-ask.json'), join(home, 'incoming/ocsp-request.json'));
    const approved = await perform(await write(await example(approving)), home, { sheet: sheetOn(asked) });
    assert.equal(approved.match(/Certificat à signer : authorities\/aci-el-(pp|org)\.ocsp-key-\d\.cer/g)?.length, 3);
    await outputOf('./ceremony verify FOLDER', { FOLDER: home });
  });
});
