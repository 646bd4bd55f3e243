/**
 * The completion of shells, asked of the shells themselves. Without this test, a script could be
 * printed that a shell refuses, or that lacks a command.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { bashScript } from '../../../src/cli/completion/bash.js';
import { fishScript } from '../../../src/cli/completion/fish.js';
import { completedCommands } from '../../../src/cli/completion/tree.js';
import { zshScript } from '../../../src/cli/completion/zsh.js';
import { createProgram } from '../../../src/cli/main.js';

type Case = readonly [typed: string, offered: readonly string[], notOffered: readonly string[]];

const CASES: readonly Case[] = [
  ['pfcng or', ['order'], ['card']],
  ['pfcng order ', ['submit', 'show', 'verify'], ['find', 'start']],
  ['pfcng order show --f', ['--follow'], ['--limit']],
  ['pfcng audit tag-key ', ['make'], ['search']],
  ['pfcng update list --state ', ['undetermined', 'offered'], ['--json']],
  ['pfcng completion ', ['bash', 'zsh', 'fish'], ['order']],
];

/** Defines what the completion of zsh calls, so that it can be asked without a terminal. */
const ZSH_STUBS = [
  'compdef() { : }',
  '_files() { : }',
  `_describe() { local -a all; all=("\${(@P)4}"); print -l -- \${all%%:*} }`,
  'compadd() { shift; print -l -- "$@" }',
];

const ASK: Readonly<Record<string, (typed: string) => readonly string[]>> = {
  bash: (typed) => [
    `COMP_WORDS=(${typed.endsWith(' ') ? `${typed}''` : typed})`,
    `COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))`,
    '_pfcng',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ],
  zsh: (typed) => [`words=(${typed.endsWith(' ') ? `${typed}''` : typed})`, `CURRENT=\${#words}`, '_pfcng'],
  fish: (typed) => [`complete -C '${typed}'`],
};

describe('the completion of shells', () => {
  const scriptOf = async (shell: string): Promise<readonly string[]> => {
    const commands = completedCommands(await createProgram());
    if (shell === 'zsh') return [...ZSH_STUBS, ...zshScript(commands)];
    return shell === 'bash' ? bashScript(commands) : fishScript(commands);
  };

  for (const [shell, ask] of Object.entries(ASK))
    it(`offers in ${shell} the commands, options and values that fit what was typed`, async () => {
      const script = await scriptOf(shell);
      for (const [typed, offered, notOffered] of CASES) {
        const input = [...script, ...ask(typed)].join('\n');
        const { status, stdout, stderr } = spawnSync(shell, ['-s'].slice(0, shell === 'fish' ? 0 : 1), {
          input,
          encoding: 'utf8',
        });
        assert.equal(stderr, '', `${shell}: ${typed}`);
        assert.equal(status, 0, `${shell}: ${typed}`);
        const words = stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
        // bash and fish leave out what does not begin as the typed word does; zsh does that itself.
        const begun = typed.split(' ').at(-1) ?? '';
        const fitting = words.filter((word) => word.startsWith(begun));
        for (const one of offered) assert.ok(fitting.includes(one), `${shell}: ${typed}: ${stdout}`);
        for (const one of notOffered) assert.ok(!fitting.includes(one), `${shell}: ${typed}: ${stdout}`);
      }
    });

  it('has every command and every option that help shows', async () => {
    const program = await createProgram();
    const commands = completedCommands(program);
    const bash = bashScript(commands).join('\n');
    assert.ok(commands.length > 100, String(commands.length));
    for (const { words, options } of commands) {
      assert.ok(words === '' || bash.includes(`'${words}'`), words);
      for (const { name } of options) assert.ok(bash.includes(name), `${words} ${name}`);
    }
  });
});
