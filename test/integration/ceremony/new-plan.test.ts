/**
 * `pfcng ceremony new` and `share print` as people use them. Without these tests, a plan that was
 * written from answers could fail its rehearsal, and a holder could get a sheet of a damaged share.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { sit } from '../../support/ceremony/typist.js';
import { PROGRAM } from '../../support/service/home.js';

const run = promisify(execFile);
const PEOPLE = ['maître de cérémonie ; Anne Martin ; Agence', 'témoin ; Émile Roux ; Auditeur'];

/** The end of a screen that asks, with the control sequence that readline writes after a prompt. */
const PROMPT = new RegExp(`([\\s\\S]*)> (?:${String.fromCharCode(0x1b)}\\[\\d+G)?$`);

describe('pfcng ceremony new', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder('pfcng-new-');
  });

  /** Types the lines into the command, one after the other. */
  const pfcng = (args: readonly string[], typed: readonly string[] = []) =>
    new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [PROGRAM, 'ceremony', ...args], { cwd: folder });
      const [stdout, stderr]: string[][] = [[], []];
      child.stdout.setEncoding('utf8').on('data', (text: string) => stdout?.push(text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => stderr?.push(text));
      child.once('close', (code) =>
        resolve({ code, stdout: (stdout ?? []).join(''), stderr: (stderr ?? []).join('') }),
      );
      child.stdin.end(typed.map((line) => `${line}\n`).join(''));
    });
  const answersFile = async (name: string, answers: object): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(answers));
    return file;
  };

  it('writes from a file of answers a plan that is ready and can be rehearsed, and says what comes next', async () => {
    const answers = await answersFile('platform.json', { ceremony: 'platform', id: 'platform-7', people: PEOPLE });
    const home = join(folder, 'home');
    const made = await pfcng(['new', '--answers', answers, '--home', home]);
    assert.equal(made.code, 0, made.stderr);
    const { stdout: sum } = await run('sha256sum', [join(folder, 'platform-7.json')]);
    assert.ok(made.stdout.startsWith(`platform-7.json: SHA-256 ${sum.slice(0, 64)}\nEnsuite :\n1. faire relire`));
    const plan = JSON.parse(await readFile(join(folder, 'platform-7.json'), 'utf8'));
    assert.deepEqual(plan.presence, [
      { role: 'master-of-ceremonies', atLeast: 1 },
      { role: 'witness', atLeast: 1 },
    ]);
    assert.doesNotMatch(JSON.stringify(plan), /"\*"|"why"/);
    const ready = await pfcng(['check', 'platform-7.json', '--home', home]);
    assert.equal(ready.code, 0, ready.stdout);
    const rehearsed = await pfcng(['rehearse', 'platform-7.json']);
    assert.equal(rehearsed.code, 0, rehearsed.stderr);
    const again = await pfcng(['new', '--answers', answers, '--home', home]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /#\/id: platform-7\.json : un fichier porte déjà ce nom.* \/ .*exists already/);
  });

  it('refuses before the first question a file that exists, and an id whose file exists when it is typed', async () => {
    await writeFile(join(folder, 'here.json'), 'mine');
    for (const option of ['--output', '--save-answers']) {
      const { code, stderr } = await pfcng(['new', option, 'here.json', '--home', folder], ['platform']);
      assert.equal(code, 1);
      assert.match(stderr, /^pfcng: here\.json: un fichier porte déjà ce nom[^\n]*\n$/);
    }
    const typed = ['platform', 'here', 'there', '', '', '', '', PEOPLE[0] ?? '', '', ''];
    const { code, stderr } = await pfcng(['new', '--home', folder, '--lang', 'en'], typed);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /here\.json: a file with this name exists already/);
    await writeFile(join(folder, 'platform.json'), '{}');
    const proposed = await pfcng(['new', '--home', folder, '--lang', 'en'], ['platform', '', '<']);
    assert.match(proposed.stderr, /platform\.json: a file with this name exists already/);
    assert.equal(await readFile(join(folder, 'here.json'), 'utf8'), 'mine');
    assert.equal(JSON.parse(await readFile(join(folder, 'there.json'), 'utf8')).id, 'there');
  });

  it('quotes the file and the folder in the commands that come next', async () => {
    const answers = await answersFile('quoted.json', { ceremony: 'platform', id: 'quoted-1', people: PEOPLE });
    const options = ['--answers', answers, '--output', "l'essai.json", '--home', join(folder, 'my home')];
    const { code, stdout, stderr } = await pfcng(['new', ...options]);
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes(`sha256sum 'l'\\''essai.json'\n`), stdout);
    assert.ok(stdout.includes(`--home '${join(folder, 'my home')}'`), stdout);
  });

  describe('at a terminal, with a file of answers', () => {
    /** Types the answers to the prompts in their order, and Enter to all others. */
    const atTerminal = (args: readonly string[], typed: readonly (readonly [RegExp, string])[]) => {
      const left = [...typed];
      return sit([process.execPath, PROGRAM, 'ceremony', 'new', '--lang', 'en', '--home', folder, ...args], {
        env: { ...process.env, PWD: folder },
        rules: [
          {
            when: PROMPT,
            type: ([, screen = '']) => {
              const [next] = left;
              if (next === undefined || !next[0].test(screen)) return '\r';
              left.shift();
              return `${next[1]}\r`;
            },
          },
        ],
      });
    };

    it('asks again what the file answers wrongly for the policy, and proposes the other answers of the file', async () => {
      const officer = {
        account: 'officer-1',
        accountName: 'Anne Martin',
        idNat: '810000000017',
        givenName: 'ANNE',
        surname: 'MARTIN',
        profession: '99',
        title: 'Médecin',
        tokenId: '8025000001/9000000001',
        source: 'PSI',
        reference: 'dossier 12',
        verifiedAt: '2024-12-01',
        publicKeySha256: 'd'.repeat(64),
      };
      const founding = Object.entries(officer).map(([name, text]) => [`founding-1-${name}`, text]);
      const answers = await answersFile('refused.json', {
        ceremony: 'regain-access',
        hierarchy: 'fort',
        id: 'corrected',
        people: PEOPLE,
        'founding-1': 'officer',
        ...Object.fromEntries(founding),
      });
      const output = join(folder, 'corrected.json');
      const back = Array.from({ length: 8 }, (_, at) => [at === 0 ? /holder\/profession: / : /^/, '<'] as const);
      const { code, seen } = await atTerminal(
        ['--answers', answers, '--output', output],
        [...back, [/code of the profession/, '10']],
      );
      assert.equal(code, 0, seen);
      assert.match(seen, /corrected\.json#\/steps\/2\/holder\/profession: /);
      const plan = JSON.parse(await readFile(output, 'utf8'));
      const holder = plan.steps.find(
        (step: { readonly do: string }) => step.do === 'create-founding-certificate',
      ).holder;
      assert.deepEqual([holder.profession, holder.surname], ['10', 'MARTIN']);
    });

    it('names a member that answers no question, writes no plan, and saves what was typed', async () => {
      const answers = await answersFile('typo.json', { ceremony: 'platform', id: 'typo', persons: PEOPLE });
      const [output, saved] = [join(folder, 'typo-plan.json'), join(folder, 'typo-saved.json')];
      const { code, seen } = await atTerminal(
        ['--answers', answers, '--output', output, '--save-answers', saved],
        // Lines that are pasted together are all read.
        [[/the people, one on each line/, PEOPLE.join('\r')]],
      );
      assert.equal(code, 1, seen);
      assert.match(seen, /typo\.json#\/persons: .* \/ is no question of this ceremony/);
      assert.equal(existsSync(output), false);
      assert.deepEqual(JSON.parse(await readFile(saved, 'utf8')).people, [
        'master-of-ceremonies ; Anne Martin ; Agence',
        'witness ; Émile Roux ; Auditeur',
      ]);
    });
  });

  it('asks again after each wrong answer, goes back, and saves the answers for another plan', async () => {
    const dates = ['2026-13-01', '2026-03-01', '<', '2026-04-01', ''];
    const people = ['chef ; Anne ; Agence', '2 ; Bruno Petit ; Agence', '-', PEOPLE[0] ?? '', '', '0', '1'];
    const typed = ['quarterly-list', 'platform', 'Not An Id', 'by-hand', '', ''].concat(dates, people);
    const { code, stdout, stderr } = await pfcng(
      ['new', '--output', 'by-hand.json', '--save-answers', 'answers.json', '--lang', 'en', '--home', folder],
      typed,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^by-hand\.json: SHA-256 [0-9a-f]{64}\nNext:\n/);
    for (const words of [
      /possible answers: hierarchy, regain-access/,
      /2 to 40 characters of/,
      /a valid date is expected/,
      /unknown role chef/,
    ])
      assert.match(stderr, words);
    assert.match(stderr, /a number from 1 to 1/);
    const shown = stderr.split('\n').map((line) => line.replace(/^(?:\[[^\]]*\] )?\d*> /, ''));
    for (const line of shown) assert.ok([...line].length <= 100, line);
    const plan = JSON.parse(await readFile(join(folder, 'by-hand.json'), 'utf8'));
    assert.equal(plan.window.notBefore, '2026-04-01T00:00:00Z');
    assert.equal(plan.people.length, 1);
    const saved = JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8'));
    const other = await answersFile('other.json', { ...saved, id: 'by-hand-2' });
    const second = await pfcng(['new', '--answers', other, '--home', folder]);
    assert.equal(second.code, 0, second.stderr);
    const { id, ...rest } = JSON.parse(await readFile(join(folder, 'by-hand-2.json'), 'utf8'));
    assert.equal(id, 'by-hand-2');
    assert.deepEqual(rest.people, plan.people);
    assert.equal((await pfcng(['new', '--home', folder], ['platform'])).code, 1);
  });

  it('returns to the questions when the policy refuses the plan, instead of losing the answers', async () => {
    const officer = ['officer-1', 'Anne Martin', '810000000017', 'ANNE', 'MARTIN', '99', 'Médecin'];
    const rest = ['8025000001/9000000001', 'PSI', 'dossier 12', '2024-12-01', '', 'd'.repeat(64), ''];
    const people = [PEOPLE[0] ?? '', '', ''];
    const typed = ['regain-access', 'fort', 'again', '', '', '', ''].concat(people, 'officer', officer, rest);
    const back = Array.from({ length: rest.length + 1 }, () => '<');
    const corrected = typed.concat(back, '10', 'Médecin', rest);
    const { code, stdout, stderr } = await pfcng(['new', '--home', folder], corrected);
    assert.match(stderr, /again\.json#\/steps\/2\/holder\/profession: /);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^again\.json: SHA-256 /);
  });

  it('names the member of a file of answers that is wrong, missing or unknown, with what is expected', async () => {
    for (const [answers, expected] of [
      [{ ceremony: 'dance' }, /#\/ceremony: .* \/ possible answers: hierarchy, regain-access, /],
      [
        { ceremony: 'platform', id: 'named' },
        /#\/people: une réponse est nécessaire \/ an answer is needed \(.*role ; name ; org/,
      ],
      [
        { ceremony: 'platform', id: 'named', people: PEOPLE, hurry: 'yes' },
        /#\/hurry: .* \/ is no question of this ceremony/,
      ],
      [{ ceremony: { of: 'keys' } }, /#\/ceremony: .*a text, a number or a list of texts/],
    ] as const) {
      const { code, stderr } = await pfcng([
        'new',
        '--answers',
        await answersFile('wrong.json', answers),
        '--home',
        folder,
      ]);
      assert.equal(code, 1);
      assert.match(stderr, expected);
    }
    await writeFile(join(folder, 'wrong.json'), '{');
    const withFile = async (file: string) => (await pfcng(['new', '--answers', file, '--home', folder])).stderr;
    assert.match(await withFile('wrong.json'), /wrong\.json: ce n'est pas du JSON/);
    await writeFile(join(folder, 'wrong.json'), '{"ceremony": "platform", "id": "one", "id": "two"}');
    assert.match(await withFile('wrong.json'), /wrong\.json#\/id: membre en double.* \/ duplicate key/);
    await writeFile(join(folder, 'wrong.json'), ' '.repeat(256 * 1024 + 1));
    assert.match(await withFile('wrong.json'), /wrong\.json : dépasse la taille/);
    await run('mkfifo', [join(folder, 'pipe')]);
    assert.match(await withFile('pipe'), /pipe : n'est pas un fichier ordinaire/);
  });

  it('share print makes sheet and receipt of each share as PDF, and none of a damaged share', async () => {
    const home = await developmentHome();
    const shares = join(home, 'ceremony/fort/root-shares/1');
    const files = (await readdir(shares)).filter((name) => /^[0-9a-f]{8}-\d\.json$/.test(name)).sort();
    const [first = '', second = ''] = files.map((name) => join(shares, name));
    const printed = await pfcng(['share', 'print', first, '--pdf']);
    assert.equal(printed.code, 0, printed.stderr);
    const { stdout: text } = await run('pdftotext', ['-layout', first.replace('.json', '.pdf'), '-']);
    const { stdout: set } = await run('sha256sum', [join(shares, 'set.json')]);
    for (const words of [set.slice(0, 64), "Reçu d'une part de secret", 'Development officer 1', 'Lignes à taper'])
      assert.ok(text.includes(words), words);
    await appendFile(second, ' ');
    const damaged = await pfcng(['share', 'print', second, '--pdf']);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stderr, /ce n'est pas le fichier d'une part|jeu de parts/);
    await writeFile(join(shares, 'set.json'), '{');
    const unchecked = await pfcng(['share', 'print', first]);
    assert.equal(unchecked.code, 1);
    assert.match(unchecked.stderr, /the share set \(set\.json\) in the same folder is damaged/);
  });
});
