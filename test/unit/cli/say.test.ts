import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { escapeForTerminal, fail } from '../../../src/terminal/say.js';
import { runProgram } from '../../support/machine/programs.js';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

/** Runs `pfcng completion bash` with its output where a redirection of the shell says. */
const completionInto = (redirection: string) =>
  runProgram({
    program: '/bin/bash',
    args: ['-c', `"$0" "$1" completion bash ${redirection}; exit "\${PIPESTATUS[0]}"`, process.execPath, MAIN],
  });

describe('what others have written, shown at a terminal', () => {
  it('has no control, no format character and no line of its own', () => {
    assert.equal(escapeForTerminal('upn \u001b]0;x\u0007a\r\nb\u009b2J'), 'upn U+001b]0;xU+0007aU+000dU+000abU+009b2J');
    assert.equal(escapeForTerminal('a\u202eb\u2028c\u200b'), 'aU+202ebU+2028cU+200b');
    assert.equal(escapeForTerminal('Médecin, 10 €'), 'Médecin, 10 €');
  });

  it('why a command failed has none either: a file that is refused writes no line of its own', () => {
    const { write } = process.stderr;
    const { exitCode } = process;
    let said = '';
    process.stderr.write = ((text: string) => {
      said += text;
      return true;
    }) as typeof write;
    try {
      fail(['x.ndjson: \u001b[2J\npfcng: 31 lines hold']);
    } finally {
      process.stderr.write = write;
      process.exitCode = exitCode;
    }
    assert.equal(said, 'pfcng: x.ndjson: U+001b[2JU+000apfcng: 31 lines hold\n');
  });
});

describe('output that cannot be written', () => {
  it('ends the command as a failure on a full disk, because a part of a file must not look whole', async () => {
    const { status, stderr } = await completionInto('> /dev/full');
    assert.equal(status, 1, stderr.toString());
    assert.match(stderr.toString(), /^pfcng: .*(disk|disque)/);
  });

  it('ends the command quietly when the reader has closed the pipe', async () => {
    const { status, stderr } = await completionInto('| true');
    assert.deepEqual([status, stderr.toString()], [0, '']);
  });
});
