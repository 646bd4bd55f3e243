import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Entry,
  entryAfter,
  entryLine,
  NO_HASH,
  readEntries,
  splitLines,
} from '../../../../src/ceremony/transcript/transcript.js';

function chain(count: number): readonly string[] {
  const lines: string[] = [];
  let last: Entry | null = null;
  for (let step = 0; step < count; step += 1) {
    last = entryAfter(last, {
      at: step * 1000,
      step,
      action: 'generate-key',
      result: { key: `k${step}`, nested: [1, { a: 'é' }] },
    });
    lines.push(entryLine(last).trimEnd());
  }
  return lines;
}

describe('transcripts', () => {
  it('read back as they were written, from a first line without a previous hash', () => {
    const read = readEntries(chain(5));
    assert.ok(read.ok);
    assert.deepEqual(
      read.value.map(({ seq }) => seq),
      [1, 2, 3, 4, 5],
    );
    assert.equal(read.value[0]?.prev, NO_HASH);
  });

  it('show any changed byte, with its line', () => {
    const lines = chain(4);
    const lineAndChange = fc.record({
      line: fc.integer({ min: 0, max: 3 }),
      at: fc.nat(),
      to: fc.integer({ min: 0x20, max: 0x7e }),
    });
    fc.assert(
      fc.property(lineAndChange, ({ line, at, to }) => {
        const original = lines[line] ?? '';
        const place = at % original.length;
        const altered = `${original.slice(0, place)}${String.fromCharCode(to)}${original.slice(place + 1)}`;
        fc.pre(altered !== original);
        const read = readEntries(lines.with(line, altered));
        assert.ok(!read.ok);
        assert.equal(read.error.line, line + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('show a line that was removed, doubled, swapped or invented', () => {
    const lines = chain(5);
    const [a = '', b = '', c = '', d = '', e = ''] = lines;
    for (const [altered, line] of [
      [[a, c, d, e], 2],
      [[a, b, b, c], 3],
      [[a, c, b, d, e], 2],
      [[b, c], 1],
      [[a, b, '{}', d], 3],
      [[a, '', b], 2],
    ] as const) {
      const read = readEntries(altered);
      assert.ok(!read.ok);
      assert.equal(read.error.line, line);
    }
  });

  it('reject a line with equal content in another encoding', () => {
    const [line = ''] = chain(1);
    const spaced = line.replace('{', '{ ');
    const escaped = line.replace('é', '\\u00e9');
    assert.notEqual(escaped, line);
    for (const altered of [spaced, escaped, ` ${line}`, `${line} `, `\ufeff${line}`])
      assert.ok(!readEntries([altered]).ok);
  });

  it('separate an incomplete last line from the complete ones', () => {
    assert.deepEqual(splitLines(''), { lines: [], torn: '' });
    assert.deepEqual(splitLines('a\nb\n'), { lines: ['a', 'b'], torn: '' });
    assert.deepEqual(splitLines('a\nb'), { lines: ['a'], torn: 'b' });
  });
});
