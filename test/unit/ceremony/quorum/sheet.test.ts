/** Shares on paper: the printed text reads back as it was, and a typing mistake is located. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { encodeShare, readShare, type ShareFile } from '../../../../src/ceremony/quorum/share-file.js';
import { checkCodeOf, readSheet, shareSheetHtml, sheetLines } from '../../../../src/ceremony/quorum/sheet.js';

const base64 = (length: number): string => randomBytes(length).toString('base64');
const share: ShareFile = {
  form: 1,
  kind: 'quorum-share',
  set: randomBytes(16).toString('hex'),
  ceremony: 'fort',
  token: 'root-fort',
  generation: 1,
  number: 3,
  shares: 5,
  threshold: 3,
  holder: 'Élise <Porteuse>',
  organisation: 'ANS',
  encrypted: {
    kind: 'passphrase',
    scrypt: { n: 2 ** 18, r: 8, p: 1 },
    salt: base64(16),
    nonce: base64(12),
    box: base64(37),
  },
};
const file = encodeShare(share);

describe('the page of a share', () => {
  it('has every byte of the share in lines that can be read in any order and spacing', () => {
    const lines = sheetLines(file);
    assert.deepEqual(readShare(file), share);
    const read = readSheet([...lines].reverse());
    assert.ok(read.ok);
    assert.deepEqual(read.value, file);
    const spaced = readSheet(lines.map((line) => `  ${line.replaceAll(' ', '   ').toString()}\r`));
    assert.ok(spaced.ok);
    assert.deepEqual(spaced.value, file);
    for (const line of lines) assert.ok(line.length <= 70, line);
  });

  it('reports the line of any mistyped character, and a missing line', () => {
    const lines = sheetLines(file);
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(200), fc.constantFrom('x', 'Q', '7'), (at, place, typed) => {
        const line = lines[at] ?? '';
        const where = place % line.length;
        if (line[where] === typed || line[where] === ' ') return;
        const mistyped = lines.map((one, index) =>
          index === at ? `${one.slice(0, where)}${typed}${one.slice(where + 1)}` : one,
        );
        const read = readSheet(mistyped);
        assert.ok(!read.ok);
        assert.deepEqual(read.error, { kind: 'line-mistyped', line: at + 1 });
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(readSheet(lines.filter((_, at) => at !== 2)), {
      ok: false,
      error: { kind: 'line-missing', line: 3 },
    });
    assert.deepEqual(readSheet(lines.slice(0, -1)), {
      ok: false,
      error: { kind: 'not-a-share', line: lines.length - 1 },
    });
    assert.ok(!readSheet(['']).ok);
  });

  it('names its holder in both languages, with check code and QR code, and runs or fetches nothing', () => {
    const page = shareSheetHtml(file, share);
    assert.match(page, /Élise &#60;Porteuse&#62;, ANS/);
    assert.match(page, /Part d'un jeton racine <i>\/ share of a root token<\/i>/);
    assert.ok(page.includes(checkCodeOf(file)));
    assert.match(page, /<svg /);
    assert.doesNotMatch(page, /<script|<img|href=|src=|@import/);
    for (const line of sheetLines(file)) assert.ok(page.includes(line));
  });
});
