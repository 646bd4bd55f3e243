/**
 * Tables that people open in a spreadsheet. Without these tests, the name of a server could be a
 * formula that runs at whoever opens the export.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvLine } from '../../../src/kernel/csv.js';

describe('a cell of a CSV export', () => {
  it('that could be a formula begins with an apostrophe', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r']) {
      const line = csvLine([`${start}cmd|'/c calc'!A1`]);
      assert.match(line, /^"?'/, JSON.stringify(line));
    }
    assert.equal(csvLine(['=1,2']), `"'=1,2"`);
  });

  it('is quoted where it has a comma, a quote or the end of a line, and reads back as it was', () => {
    assert.equal(csvLine(['a', null, 'b,c', 'd"e', 'f\ng']), 'a,,"b,c","d""e","f\ng"');
    const cell = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        assert.deepEqual(parsed(csvLine(cells)), cells);
      }),
    );
  });
});

/** Reads one line as RFC 4180 says. */
function parsed(line: string): readonly string[] {
  const cells = [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return cells.map(([, quoted, plain = '']) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')));
}
