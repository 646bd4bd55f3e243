/**
 * What all commands have in common. Without these checks, a command could lack an example, print
 * data that no program can read, answer wrong usage as a failure, or end with a stack trace.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { wordsOf } from '../../../src/cli/common/command.js';
import { EXAMPLES } from '../../../src/cli/examples.js';
import { createProgram } from '../../../src/cli/main.js';
import {
  type CommandOutcome,
  type CommandPlace,
  makeEmptyPlace,
  runInProcess,
} from '../../support/machine/in-process.js';
import { argumentsOf } from '../../support/machine/shell-words.js';

function withAllBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** Commands that act themselves: those without sub-commands, `signer`, `backup` and `lint`. */
async function allCommands(): Promise<readonly Command[]> {
  const all = withAllBelow(await createProgram());
  return all.filter(
    (command) => command.commands.length === 0 || ['signer', 'backup', 'lint'].includes(command.name()),
  );
}

const SERVES = 'it runs until it is stopped';
const DIALOGUE = 'people read it and answer, or it makes a document for them';
const LINES = 'what it prints is JSON';
const DOES = 'it prints nothing but what it has done';

/** Commands without `--json`, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  start: SERVES,
  serve: SERVES,
  signer: SERVES,
  play: DIALOGUE,
  'ceremony rehearse': DIALOGUE,
  'ceremony perform': DIALOGUE,
  'ceremony new': DIALOGUE,
  'ceremony minutes': DIALOGUE,
  'ceremony add-signature': DOES,
  'ceremony share print': DIALOGUE,
  'ceremony share read': DIALOGUE,
  'policy preview': DIALOGUE,
  'signer unlock': DIALOGUE,
  'order results': LINES,
  'order receipt': LINES,
  'order bundle': LINES,
  'order acknowledge': LINES,
  'campaign cards': LINES,
  'campaign upload': LINES,
  'campaign notices': LINES,
  'campaign desk': LINES,
  'revocation results': LINES,
  'card duplicates': LINES,
  'account add': DOES,
  'account disable': DOES,
  'account enable': DOES,
  'account change': DOES,
  'account rotate': DOES,
  'audit tag-key make': DOES,
  'registration-key make': DOES,
  'key block': DOES,
  'clock reset': DOES,
  'database create': DOES,
  'database migrate': DOES,
  'database accept': DOES,
  'card simulate make': DOES,
  'card simulate write': DOES,
  'card simulate update': DOES,
  'client renew': DOES,
};

/** Commands that need no installation. */
const NEED_NOTHING: readonly string[] = [
  'start',
  'completion',
  'card simulate make',
  'policy decide',
  'lint list',
  'metrics list',
  'limits',
];

describe('every command', () => {
  let place: CommandPlace & { readonly remove: () => void };
  before(() => {
    place = makeEmptyPlace();
  });
  after(() => place.remove());

  const run = (...argv: readonly string[]) => runInProcess(place, argv);

  it('has an example in its help, and each example is that of a command', async () => {
    const commands = await allCommands();
    assert.deepEqual(commands.map(wordsOf).sort(), Object.keys(EXAMPLES).sort());
    for (const command of commands) {
      const words = wordsOf(command);
      const { status, stdout } = await run(...words.split(' '), '--help');
      assert.equal(status, 0, words);
      assert.ok(stdout.endsWith(`\nExample:\n  ${EXAMPLES[words]}\n`), stdout);
      assert.notEqual(command.description(), '', words);
    }
  });

  it('accepts its example: the options and arguments in it exist, and none is missing', async () => {
    for (const [words, example] of Object.entries(EXAMPLES)) {
      const program = await createProgram();
      const command = withAllBelow(program).find((one) => wordsOf(one) === words) ?? assert.fail(words);
      let called = 0;
      command.action(() => {
        called += 1;
      });
      assert.ok(example.startsWith(`pfcng ${words}`), example);
      await program.parseAsync(argumentsOf(example), { from: 'user' });
      assert.equal(called, 1, example);
    }
  });

  it('prints its data as JSON when it is asked to, or is a row of the table that says why not', async () => {
    const commands = await allCommands();
    const without = commands.filter(({ options }) => !options.some(({ long }) => long === '--json')).map(wordsOf);
    assert.deepEqual(without.sort(), Object.keys(WITHOUT_JSON).sort());
  });

  it('ends with exit code 2 and its usage when it is called wrongly', async () => {
    for (const command of await allCommands()) {
      const words = wordsOf(command).split(' ');
      const unknown = await run(...words, '--no-such-option');
      assert.deepEqual([unknown.status, unknown.stdout], [2, ''], words.join(' '));
      assert.match(unknown.stderr, /^error: .*(no-such-option|required)/, words.join(' '));
      if (!command.registeredArguments.some(({ required }) => required)) continue;
      const alone = await run(...words);
      assert.equal(alone.status, 2, words.join(' '));
      assert.match(alone.stderr, /^error: (missing required argument|required option)/);
    }
  });

  /** What a command says of a failure: no stack, no code of the system alone; or its JSON. */
  function assertForPeople(example: string, { stdout, stderr }: CommandOutcome): void {
    const said = `${stderr}${stdout}`;
    if (stderr === '' && example.includes(' --json')) JSON.parse(stdout);
    else assert.match(stderr, /^pfcng: /, `${example}\n${said}`);
    assert.doesNotMatch(said, /^\s+at .*:\d+/m, `${example}\n${said}`);
    assert.doesNotMatch(said, /\b(ENOENT|EACCES|EISDIR|ENOTDIR|ECONNREFUSED)\b(?!\))/, `${example}\n${said}`);
    assert.doesNotMatch(said, /undefined|\[object /, `${example}\n${said}`);
  }

  it('without an installation and without its files ends with exit code 1, and says so to people', async () => {
    for (const [words, example] of Object.entries(EXAMPLES)) {
      if (NEED_NOTHING.includes(words)) continue;
      const outcome = await run(...argumentsOf(example));
      assert.equal(outcome.status, 1, `${example}\n${outcome.stderr}`);
      assertForPeople(example, outcome);
      for (const name of readdirSync(place.folder)) rmSync(join(place.folder, name), { recursive: true });
    }
  });

  it('with files that cannot be read ends with exit code 1, and names one of them', async () => {
    let tried = 0;
    for (const [words, example] of Object.entries(EXAMPLES)) {
      const files = argumentsOf(example).filter((one) => /^[\w-]+\.(json|ndjson|pem|txt|spki|sig|state)$/.test(one));
      if (files.length === 0 || NEED_NOTHING.includes(words)) continue;
      tried += 1;
      // A folder cannot be read as a file by anybody, root included.
      for (const file of files) mkdirSync(join(place.folder, file));
      const outcome = await run(...argumentsOf(example));
      assert.equal(outcome.status, 1, `${example}\n${outcome.stderr}`);
      assertForPeople(example, outcome);
      for (const name of readdirSync(place.folder)) rmSync(join(place.folder, name), { recursive: true });
    }
    assert.ok(tried > 15, String(tried));
  });
});
