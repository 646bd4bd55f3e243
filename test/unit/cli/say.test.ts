import assert from 'node:assert/strict';
import { escapeForTerminal, fail } from '../../../src/terminal/say.js';

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
