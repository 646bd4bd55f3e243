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
import { combineShares, derivePin, openWithPassphrase } from '../../../src/ceremony/quorum/share-encryption.js';
import { readShare } from '../../../src/ceremony/quorum/share-file.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { loadConfig } from '../../../src/config/load.js';
import { programPath } from '../../../src/package/program-path.js';
import { CTRL_C, passphraseOf, people } from '../../support/ceremony/guide.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { resharingPlan, rootAlonePlan, SHARES } from '../../support/ceremony/root-alone-plans.js';
import { type Rule, type Sitting, type SittingOptions, sit, unwrapped } from '../../support/ceremony/typist.js';

describe('a ceremony at a terminal', () => {
  let home: string;
  let plan: PlanFile;
  before(async () => {
    home = await temporaryFolder('pfcng-terminal-');
    plan = await rootAlonePlan();
  });

  const perform = async (
    of: PlanFile,
    rules: readonly Rule[],
    options: Pick<SittingOptions, 'kill'> = {},
  ): Promise<Sitting> => {
    const file = join(home, `${of.id}.json`);
    await writeFile(file, JSON.stringify(of));
    const main = programPath('src/cli/main');
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
    return Buffer.from(derivePin(await combineShares(opened))).toString('latin1');
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
    const stopped = await perform(plan, [{ when: /puis le tape : .*\n> $/, type: () => CTRL_C }, ...people()]);
    assert.equal(stopped.code, 1, stopped.seen);
    assert.match(unwrapped(stopped.seen), /la signature de authorities\/acr-el\.cer : interruption ;/);
    const killed = await perform(plan, people({ shares: ['1', '2', '3'] }), {
      kill: (question) => question.includes('puis le tape : '),
    });
    assert.equal(killed.code, null, killed.seen);
    const done = await perform(plan, people({ shares: ['4', '4', '2', '5'] }));
    assert.equal(done.code, 0, done.seen);
    assert.match(unwrapped(done.seen), /part 4 \(Porteuse 4\) a déjà été donnée/);
    assert.match(done.seen, /Certificat à signer : authorities\/acr-el\.cer/);
    assert.match(done.seen, /contrôles +aucune anomalie/);
    for (const { seen } of [stopped, killed, done])
      assert.ok(!seen.includes('phrase secrète de'), 'nothing typed is shown');
    const verified = await verifyFile(join(home, 'ceremony/root/transcript.ndjson'));
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    const text = await transcript('root');
    for (const action of ['roll-call', 'open-quorum', 'confirm', 'try-again', 'stop', 'resume'])
      assert.ok(text.includes(`"action":"${action}"`), action);
    assert.ok(!text.includes('"action":"refuse"'), 'an interruption is no refusal');
  });

  it('does not open the token with two officers, and tries no PIN', async () => {
    const refused = await perform(resharingPlan(plan), people({ shares: ['1', '3'] }));
    assert.equal(refused.code, 1);
    assert.match(unwrapped(refused.seen), /parts acceptées 2, nécessaires 3/);
  });

  it('makes the token refuse the PIN of the old shares after a re-sharing, and accept the new one', async () => {
    const old = await pinFrom(1, ['Porteuse 1', 'Porteuse 3', 'Porteuse 5']);
    assert.equal(await openWith(old), 'opened');
    const done = await perform(resharingPlan(plan), people({ shares: ['5', '1', '3'] }));
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
    const main = programPath('src/cli/main');
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
    const main = programPath('src/cli/main');
    const command = [process.execPath, main, 'ceremony', 'rehearse', '--interactive', join(home, 'root.json')];
    const absent: Rule = { when: /maître de cérémonie\) : présent\(e\) \?.*\n> $/, type: () => 'non\r' };
    const waiting: Rule = { when: /Tapez le numéro d'une personne .*\n> $/, type: () => CTRL_C };
    const { code, seen } = await sit(command, { rules: [absent, waiting, ...people()], env: process.env });
    assert.equal(code, 1);
    assert.match(seen, /maître de cérémonie : requis 1, présents 0/);
  });

  it('fails without a terminal, and says why', async () => {
    const file = join(home, 'root.json');
    const main = programPath('src/cli/main');
    const command = `exec ${process.execPath} ${main} ceremony perform ${file} --home ${home} < /dev/null`;
    const { code, seen } = await sit(['sh', '-c', command], { rules: [], env: process.env });
    assert.equal(code, 1);
    assert.match(unwrapped(seen), /aucun terminal où poser les questions/);
  });
});
