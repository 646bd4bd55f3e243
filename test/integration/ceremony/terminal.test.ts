/**
 * A root ceremony as people perform it: at a terminal, with three officers of five who type. Its
 * token is used again after a re-sharing.
 */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCeremonyToken } from '../../../hsm/pkcs11/ceremony-token.js';
import { TokenError } from '../../../hsm/pkcs11/failures.js';
import { tokenLabel } from '../../../hsm/token-label.js';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { combineShares, pinOf } from '../../../src/ceremony/quorum/secret.js';
import { openWithPassphrase } from '../../../src/ceremony/quorum/share-encryption.js';
import { readShare } from '../../../src/ceremony/quorum/share-file.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { loadConfig } from '../../../src/config/load.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { type Rule, type Sitting, type SittingOptions, sit } from '../../support/ceremony/typist.js';

const ORGANISATION = 'PFCNG (development)';
const SHARES = 'ceremony/root/root-shares';

function officers(word: string, count: number): readonly { readonly name: string; readonly organisation: string }[] {
  return Array.from({ length: count }, (_, at) => ({ name: `${word} ${at + 1}`, organisation: ORGANISATION }));
}

function passphraseOf(name: string): string {
  return `phrase secrète de ${name}, à elle`;
}

/** The root of ELEMENTAIRE alone, with five officers of whom three open it. */
async function rootPlan(): Promise<PlanFile> {
  const file = join(packageRoot(), 'policies/ceremonies/development/elementaire.json');
  const { transcriptKey, ...plan }: PlanFile = JSON.parse(await readFile(file, 'utf8'));
  const holders = officers('Porteuse', 5).map((one) => ({ ...one, encryption: 'passphrase' as const }));
  const isRoots = (step: PlanFile['steps'][number]): boolean => 'token' in step && step.token === 'root-elementaire';
  return {
    ...plan,
    id: 'root',
    people: [
      ...plan.people.filter(({ role }) => role !== 'officer'),
      ...officers('Porteuse', 5).map((one) => ({ role: 'officer' as const, ...one })),
    ],
    quorum: { kind: 'shares', shares: 5, threshold: 3, swap: 'allowed', holders },
    tokens: plan.tokens
      .filter(({ kind }) => kind === 'root')
      .map((token) => ({
        ...token,
        folder: 'ceremony/root/root-token',
        pin: { kind: 'quorum', path: SHARES },
      })),
    steps: plan.steps.filter(
      (step) =>
        isRoots(step) &&
        step.do !== 'create-issuing-authority' &&
        step.do !== 'sign-crl' &&
        !(step.do === 'generate-key' && step.key === transcriptKey?.key),
    ),
    outputs: ['authorities/acr-el.cer'],
  };
}

function resharing(plan: PlanFile): PlanFile {
  const holders = officers('Suivante', 3).map((one) => ({ ...one, encryption: 'passphrase' as const }));
  return {
    ...plan,
    id: 'reshare',
    people: [...plan.people, ...officers('Suivante', 3).map((one) => ({ role: 'officer' as const, ...one }))],
    steps: [
      { do: 'reshare-quorum', token: 'root-elementaire', generation: 2, quorum: { shares: 3, threshold: 2, holders } },
    ],
    outputs: [],
  };
}

/** The answers of people who follow the screen. */
function person(shares: readonly string[]): readonly Rule[] {
  const coming = [...shares];
  return [
    { when: /est-il ou elle là \? \[o\/n\].*\[y\/n\] : /, type: () => 'o\r' },
    { when: /tape : ([0-9a-f]{4} [0-9a-f]{4}) \(rien.* : /, type: ([, code]) => `${code}\r` },
    { when: /(\S+ \d), choisissez votre phrase.* : /, type: ([, name = '']) => `${passphraseOf(name)}\r` },
    { when: /(\S+ \d), une seconde fois.* : /, type: ([, name = '']) => `${passphraseOf(name)}\r` },
    { when: /(\S+ \d), votre phrase secrète.* : /, type: ([, name = '']) => `${passphraseOf(name)}\r` },
    { when: /numéro de sa part, .* leave empty to cancel : /, type: () => `${coming.shift() ?? ''}\r` },
  ];
}

describe('a ceremony at a terminal', function () {
  this.timeout(240_000);
  let home: string;
  let plan: PlanFile;
  before(async () => {
    home = await temporaryFolder('pfcng-terminal-');
    plan = await rootPlan();
  });

  const perform = async (
    of: PlanFile,
    rules: readonly Rule[],
    options: Pick<SittingOptions, 'kill'> = {},
  ): Promise<Sitting> => {
    const file = join(home, `${of.id}.json`);
    await writeFile(file, JSON.stringify(of));
    const main = join(packageRoot(), 'dist/src/cli/main.js');
    const command = [process.execPath, main, 'ceremony', 'perform', file, '--home', home];
    return sit(command, { rules, env: process.env, ...options });
  };
  const transcript = (id: string): Promise<string> => readFile(join(home, 'ceremony', id, 'transcript.ndjson'), 'utf8');
  /** The PIN that these shares of a generation make. */
  const pinFrom = async (generation: number, holders: readonly string[]): Promise<string> => {
    const folder = join(home, SHARES, `${generation}`);
    const opened: Uint8Array[] = [];
    for (const name of await readdir(folder)) {
      const share = readShare(await readFile(join(folder, name)));
      if (share === null || !holders.includes(share.holder)) continue;
      const content = await openWithPassphrase(share, Buffer.from(passphraseOf(share.holder)));
      assert.ok(content.ok, name);
      opened.push(content.value);
    }
    assert.equal(opened.length, holders.length);
    return Buffer.from(pinOf(await combineShares(opened))).toString('latin1');
  };
  const openWith = async (pin: string): Promise<string> => {
    const config = loadConfig({ home });
    assert.ok(config.ok);
    const directory = join(home, 'ceremony/root/root-token');
    const label = tokenLabel('development', 'root-elementaire');
    try {
      const token = await openCeremonyToken({ modulePath: config.value.pkcs11.module, directory, label, pin });
      await token.close();
      return 'opened';
    } catch (thrown) {
      return thrown instanceof TokenError ? thrown.failure.kind : String(thrown);
    }
  };

  it('ends with a valid transcript after Ctrl-C, a kill while it waits, and three officers who resume', async () => {
    const stopped = await perform(plan, [{ when: /tape : .* : /, type: () => '\x03' }, ...person([])]);
    assert.equal(stopped.code, 1, stopped.seen);
    assert.match(stopped.seen, /signature de authorities\/acr-el\.cer : abandon/);
    const killed = await perform(plan, person(['1', '2', '3']), { kill: (question) => question.includes('tape : ') });
    assert.equal(killed.code, null, killed.seen);
    const done = await perform(plan, person(['4', '4', '2', '5']));
    assert.equal(done.code, 0, done.seen);
    assert.match(done.seen, /part 4 \(Porteuse 4\) a déjà été donnée/);
    assert.match(done.seen, /Certificat à signer : authorities\/acr-el\.cer/);
    assert.match(done.seen, /Contrôles avant signature : aucune remarque/);
    for (const { seen } of [stopped, killed, done])
      assert.ok(!seen.includes('phrase secrète de'), 'nothing typed is shown');
    const verified = await verifyFile(join(home, 'ceremony/root/transcript.ndjson'));
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    const text = await transcript('root');
    for (const action of ['roll-call', 'open-quorum', 'confirm', 'try-again', 'refuse', 'resume'])
      assert.ok(text.includes(`"action":"${action}"`), action);
  });

  it('does not open the token with two officers, and tries no PIN', async () => {
    const refused = await perform(resharing(plan), person(['1', '3']));
    assert.equal(refused.code, 1);
    assert.match(refused.seen, /2 part\(s\) sur 3 nécessaires/);
  });

  it('makes the token refuse the PIN of the old shares after a re-sharing, and accept the new one', async () => {
    const old = await pinFrom(1, ['Porteuse 1', 'Porteuse 3', 'Porteuse 5']);
    assert.equal(await openWith(old), 'opened');
    const done = await perform(resharing(plan), person(['5', '1', '3']));
    assert.equal(done.code, 0, done.seen);
    assert.equal(await openWith(old), 'pin-refused');
    const current = await pinFrom(2, ['Suivante 1', 'Suivante 3']);
    assert.equal(await openWith(current), 'opened');
    assert.equal(await pinFrom(2, ['Suivante 2', 'Suivante 3']), current);
  });

  it('leaves no PIN, share or passphrase in any file', async () => {
    const pins = [
      await pinFrom(1, ['Porteuse 1', 'Porteuse 2', 'Porteuse 3']),
      await pinFrom(2, ['Suivante 1', 'Suivante 2']),
    ];
    const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    assert.ok(files.length > 20);
    for (const { parentPath, name } of files) {
      const content = (await readFile(join(parentPath, name))).toString('utf8');
      for (const secret of [...pins, 'phrase secrète de'])
        assert.ok(!content.includes(secret), `${parentPath}/${name}`);
    }
  });

  it('restores a share from the lines of its printed page, and overwrites no file', async () => {
    const folder = join(home, SHARES, '2');
    const name = (await readdir(folder)).find((one) => one.endsWith('-1.json')) ?? assert.fail();
    const main = join(packageRoot(), 'dist/src/cli/main.js');
    const pfcng = (...words: readonly string[]) =>
      sit([process.execPath, main, 'ceremony', 'share', ...words], { rules: [], env: process.env });
    const printed = await pfcng('print', join(folder, name));
    assert.equal(printed.code, 0, printed.seen);
    const page = await readFile(join(folder, name.replace('.json', '.html')), 'utf8');
    await writeFile(join(home, 'lines.txt'), /<pre>([^<]*)<\/pre>/.exec(page)?.[1] ?? assert.fail());
    const read = await pfcng('read', join(home, 'lines.txt'), join(home, 'again.json'));
    assert.equal(read.code, 0, read.seen);
    assert.deepEqual(await readFile(join(home, 'again.json')), await readFile(join(folder, name)));
    assert.equal((await pfcng('read', join(home, 'lines.txt'), join(home, 'again.json'))).code, 1);
  });

  it('is rehearsed with the same questions, and stops when required people are missing', async () => {
    const main = join(packageRoot(), 'dist/src/cli/main.js');
    const command = [process.execPath, main, 'ceremony', 'rehearse', '--interactive', join(home, 'root.json')];
    const absent: Rule = { when: /maître de cérémonie\) est-il ou elle là .*\[y\/n\] : /, type: () => 'non\r' };
    const { code, seen } = await sit(command, { rules: [absent, ...person([])], env: process.env });
    assert.equal(code, 1);
    assert.match(seen, /maître de cérémonie : 1 requis, 0 présent/);
  });

  it('fails without a terminal, and says why', async () => {
    const file = join(home, 'root.json');
    const main = join(packageRoot(), 'dist/src/cli/main.js');
    const command = `exec ${process.execPath} ${main} ceremony perform ${file} --home ${home} < /dev/null`;
    const { code, seen } = await sit(['sh', '-c', command], { rules: [], env: process.env });
    assert.equal(code, 1);
    assert.match(seen, /il n'y a pas de terminal où demander/);
  });
});
