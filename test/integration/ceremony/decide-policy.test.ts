/**
 * Officers decide the policy of production with `pfcng policy decide`, as they type: with errors,
 * stray Enters, Ctrl-C and a day in between. Without these guarantees a slip of the hand could
 * decide a value, or an interruption could lose what was decided.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { loadPolicy } from '../../../src/config/policy.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { PRODUCTION } from '../../support/ceremony/production.js';
import { type Rule, type Sitting, sit } from '../../support/ceremony/typist.js';
import { PACKAGE_ROOT, PROGRAM } from '../../support/service/home.js';

const SHIPPED = join(PACKAGE_ROOT, 'policies');
const NAME = 'Anne Martin, comité de la PC';
const REASON = 'comme proposé, séance 12';
const OID = '1.2.250.1.213.1.7.1.1';
const TOTAL = 38;
const CTRL_C = '\x03';

const PROMPTS = {
  who: 'Who decides?',
  menu: 'quit',
  value: 'new value (empty: go back)',
  why: 'why? (empty: go back)',
} as const;
type Prompt = keyof typeof PROMPTS;

/** Every way to be wrong, then one decision, then Ctrl-C in the middle of another. */
const FIRST_SITTING: readonly (readonly [Prompt, string])[] = [
  ['who', ''],
  ['who', NAME],
  ['menu', ''],
  ['menu', 'gg'],
  // Only an example is there: it cannot be kept.
  ['menu', 'g'],
  ['menu', 'changer'],
  ['value', '2.999.7'],
  ['value', OID],
  ['why', ''],
  ['menu', 'o'],
  ['menu', 'c'],
  ['value', ''],
  ['menu', 'c'],
  ['value', OID],
  ['why', 'oui'],
  ['why', REASON],
  ['menu', 'g'],
  ['why', CTRL_C],
];

/** One rule for each prompt; `answer` gets what is on the screen since the last answer. */
function rulesOf(answer: (prompt: Prompt, screen: string) => string): readonly Rule[] {
  return (Object.keys(PROMPTS) as Prompt[]).map((prompt) => ({
    // Without ^, a screen without the prompt would be searched again from each of its characters.
    when: new RegExp(`^([\\s\\S]*)${PROMPTS[prompt].replace(/[?()]/g, '\\$&')} : `),
    type: ([, screen = '']) => answer(prompt, screen),
  }));
}

/** More answers than the last sitting needs: a refusal that comes again and again ends it. */
const ANSWERS_MAX = 500;

/** Keeps everything but the validity of responders, which is in two files that must agree. */
function lastSitting(): readonly Rule[] {
  const menus: Record<string, string[]> = {
    'authority/ocspSigner': ['c'],
    'profile/validity': ['g', 'o', 'g', 'c', 'g'],
    'profile/assurance': ['o'],
  };
  const values: Record<string, string> = {
    'authority/ocspSigner': '{ "keyType": "p-256", "validityDays": 30 }',
    'profile/validity': '{"days":30}',
  };
  let kind = '';
  let answered = 0;
  return rulesOf((prompt, screen) => {
    answered += 1;
    if (answered > ANSWERS_MAX) return CTRL_C;
    kind = /\r\n((?:environment|hierarchy|authority|profile)\/[a-zA-Z/]+)\r\n/.exec(screen)?.[1] ?? kind;
    if (prompt === 'menu') return `${menus[kind]?.shift() ?? 'k'}\r`;
    return `${prompt === 'value' ? (values[kind] ?? '') : REASON}\r`;
  });
}

describe('pfcng policy decide', () => {
  let folder: string;
  let policies: string;
  const environment = (): NodeJS.ProcessEnv => ({ ...process.env, PFCNG_CONFIG: '' });

  beforeEach(async () => {
    folder = await temporaryFolder('pfcng-decide-');
    policies = join(folder, 'policies');
  });

  const pfcng = (args: readonly string[], input = '') =>
    new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [PROGRAM, 'policy', ...args], { env: environment() });
      const read = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        read.stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        read.stderr += text;
      });
      child.once('close', (code) => resolve({ code, ...read }));
      child.stdin.end(input);
    });
  const atTerminal = (args: readonly string[], rules: readonly Rule[]): Promise<Sitting> =>
    sit([process.execPath, PROGRAM, 'policy', 'decide', policies, ...args], { rules, env: environment() });
  const bodyOf = (file: string) => JSON.parse(readFileSync(join(policies, file), 'utf8'));
  const productionIs = () => loadPolicy(policies, 'production').ok;

  /** Types these answers in this order; another prompt than expected ends the sitting. */
  async function typing(args: readonly string[], answers: readonly (readonly [Prompt, string])[]): Promise<Sitting> {
    const left = [...answers];
    const wrong: string[] = [];
    const rules = rulesOf((prompt) => {
      const [expected, line] = left.shift() ?? ['nothing', ''];
      if (expected === prompt) return line === CTRL_C ? line : `${line}\r`;
      wrong.push(`${prompt} instead of ${expected}`);
      return CTRL_C;
    });
    const sitting = await atTerminal(args, rules);
    assert.deepEqual([wrong, left], [[], []], sitting.seen);
    return sitting;
  }
  it('survives typing errors, stray Enters, Ctrl-C and a day in between, and ends in a policy that production loads', async () => {
    cpSync(SHIPPED, policies, { recursive: true });
    const first = await typing([], FIRST_SITTING);
    assert.equal(first.code, 1, first.seen);
    assert.match(first.seen, /2\.999\.7 is an example \(ITU-T X\.660\), not a policy/);
    assert.match(first.seen, /arrêté : les décisions sont enregistrées/);
    const { policyOid, sources, notes } = bodyOf(PRODUCTION);
    assert.equal(policyOid, OID);
    assert.equal(sources['/policyOid'], 'decision');
    assert.match(
      notes['/policyOid'],
      /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ, Anne Martin, comité de la PC: comme proposé, séance 12$/,
    );
    assert.equal(sources['/nameScripts'], 'assumption');

    const second = await typing(
      ['--by', NAME],
      [
        ['menu', 'p'],
        ['menu', 'p'],
        ['menu', 'c'],
        ['value', '0'],
        ['value', '5000'],
        ['why', REASON],
        ['menu', 'quitter'],
      ],
    );
    assert.equal(second.code, 0, second.seen);
    assert.match(second.seen, /must be >= 1/);
    assert.match(second.seen, new RegExp(`questions décidées : 2 sur ${TOTAL} / 2 of ${TOTAL} decided`));
    assert.equal(productionIs(), false);
    const midway = await pfcng(['diff', SHIPPED, policies, '--environment', 'production']);
    assert.equal(midway.code, 0, midway.stderr);
    assert.match(
      midway.stdout,
      /environments\/production\.json#\/certificatesPerHourMax\n[\s\S]*?20000\n[\s\S]*?5000\n/,
    );
    assert.match(
      midway.stdout,
      /décidé \/ decided:\n {4}20\d\d-\d\d-\d\dT[\d:]{8}Z, Anne Martin, comité de la PC: comme proposé/,
    );
    assert.match(midway.stdout, /production\.json#\/nameScripts\n[\s\S]*?reste à décider \/ still to be decided\n/);
    assert.match(midway.stdout, /values changed: 2; kept by decision: 0; still open: \d{3}\n$/);

    const third = await atTerminal(['--by', NAME], lastSitting());
    assert.equal(third.code, 0, third.seen);
    assert.match(third.seen, /rejected: differs from the authority file/);
    assert.match(third.seen, new RegExp(`questions décidées : ${TOTAL} sur ${TOTAL}`));
    assert.match(third.seen, /pfcng policy check \S+ --environment production/);
    const loaded = loadPolicy(policies, 'production');
    assert.ok(loaded.ok, JSON.stringify(loaded));
    assert.equal(loaded.value.environment.certificatesPerHourMax, 5000);
    assert.deepEqual(loaded.value.profiles.get('fort/ocsp-pp')?.validity, { days: 30 });
    assert.deepEqual(loaded.value.profiles.get('elementaire/org-conf')?.validity, { years: 3 });
    for (const { seen } of [first, second, third])
      for (const line of stripVTControlCharacters(seen).split('\r\n')) assert.ok([...line].length <= 140, line);
    const done = await pfcng(['decide', policies, '--by', NAME]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /Tout est décidé/);
    const reviewed = await pfcng(['diff', SHIPPED, policies, '--environment', 'production']);
    assert.match(
      reviewed.stdout,
      /fort\/hierarchy\.json#\/generationSuffix\n[\s\S]*?valeur gardée\n[\s\S]*?value kept\n/,
    );
    assert.match(reviewed.stdout, /values changed: \d+; kept by decision: \d+; still open: 0\n$/);
  });

  it('asks again about a value that was changed while it was decided', async () => {
    cpSync(SHIPPED, policies, { recursive: true });
    const asked: string[] = [];
    const { code, seen } = await atTerminal(
      ['--by', NAME],
      rulesOf((prompt) => {
        asked.push(prompt);
        if (asked.length === 3) {
          const body = bodyOf(PRODUCTION);
          writeFileSync(join(policies, PRODUCTION), JSON.stringify({ ...body, policyOid: '1.2.250.1.9999.1' }));
        }
        if (prompt === 'menu') return asked.length === 1 ? 'c\r' : asked.length === 4 ? 'g\r' : 'q\r';
        return prompt === 'value' ? `${OID}\r` : `${REASON}\r`;
      }),
    );
    assert.equal(code, 0, seen);
    assert.deepEqual(asked, ['menu', 'value', 'why', 'menu', 'why', 'menu']);
    assert.match(seen, /rejected: was changed while you decided; it is shown again/);
    assert.equal(bodyOf(PRODUCTION).policyOid, '1.2.250.1.9999.1');
    assert.equal(bodyOf(PRODUCTION).sources['/policyOid'], 'decision');
  });

  it('works over a pipe, and an input that ends decides nothing', async () => {
    cpSync(SHIPPED, policies, { recursive: true });
    const { code, stdout, stderr } = await pfcng(
      ['decide', policies],
      `${NAME}\nc\n${OID}\n${REASON}\ng\nune raison qui n'est pas finie`,
    );
    assert.equal(code, 1, stderr);
    assert.match(stdout, new RegExp(`questions décidées : 1 sur ${TOTAL}`));
    for (const line of stdout.split('\n')) assert.ok([...line].length <= 100, line);
    const { sources } = bodyOf(PRODUCTION);
    assert.deepEqual([sources['/policyOid'], sources['/nameScripts']], ['decision', 'assumption']);
  });

  it('takes all answers of a file or none, names what is wrong, and accepts them again', async () => {
    const listed = await pfcng(['decide', policies, '--json', '--from-shipped']);
    assert.equal(listed.code, 0, listed.stderr);
    const { questions } = JSON.parse(listed.stdout) as { readonly questions: readonly { readonly question: string }[] };
    const keep = { keep: true, reason: REASON };
    const answers: Record<string, object> = Object.fromEntries(questions.map(({ question }) => [question, keep]));
    const file = join(folder, 'answers.json');
    const decide = (given: object) => {
      writeFileSync(file, JSON.stringify(given));
      return pfcng(['decide', policies, '--answers', file, '--by', NAME]);
    };
    const { 'environment/nameScripts': _, ...some } = answers;
    const incomplete = await decide({ ...some, 'environment/name': keep });
    assert.equal(incomplete.code, 1);
    assert.match(incomplete.stderr, /answers\.json: environment\/name: .*there is no such question/);
    assert.match(incomplete.stderr, /answers\.json: environment\/nameScripts: sans réponse \/ has no answer/);
    const example = await decide(answers);
    assert.equal(example.code, 1);
    assert.match(example.stderr, /production\.json\/policyOid: 2\.999\.1 is an example/);
    assert.equal(readFileSync(join(policies, PRODUCTION), 'utf8'), readFileSync(join(SHIPPED, PRODUCTION), 'utf8'));
    const whole = { ...answers, 'environment/policyOid': { value: OID, reason: REASON } };
    for (const count of ['1\\d\\d', '0']) {
      const { code, stdout, stderr } = await decide(whole);
      assert.equal(code, 0, stderr);
      assert.match(stdout, new RegExp(`^valeurs décidées : ${count} /`, 'm'));
    }
    assert.equal(productionIs(), true);
  });

  it('refuses answers in a pipe or in a large file, and with an option that would ignore them', async () => {
    cpSync(SHIPPED, policies, { recursive: true });
    const file = join(folder, 'answers.json');
    const decide = (...more: readonly string[]) =>
      pfcng(['decide', policies, '--answers', file, '--by', NAME, ...more]);
    const conflict = await decide('--json');
    assert.match(conflict.stderr, /option '--answers <file>' cannot be used with option '--json'/);
    execFileSync('mkfifo', [file]);
    const pipe = await decide();
    assert.match(pipe.stderr, /answers\.json: .*it is not a regular file of at most 1048576 bytes/);
    rmSync(file);
    writeFileSync(file, ' '.repeat(1_048_577));
    assert.match((await decide()).stderr, /it is not a regular file of at most 1048576 bytes/);
  });

  it('says how to copy the shipped policies, and never decides in the software itself', async () => {
    const missing = await pfcng(['decide', policies]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /cp -R \S+\/policies \S+\/policies\n/);
    assert.match(missing.stderr, /--from-shipped/);
    assert.equal(existsSync(policies), false);
    const own = await pfcng(['decide', SHIPPED]);
    assert.equal(own.code, 1);
    assert.match(own.stderr, /decide in a copy/);
  });
});
