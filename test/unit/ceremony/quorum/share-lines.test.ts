/** Shares on paper: the printed text reads back as it was, and a typing mistake is located. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { documentsHtml } from '../../../../src/ceremony/minutes/html.js';
import {
  checkCodeOf,
  encodeShare,
  readShare,
  readShareLines,
  type ShareFile,
  shareLines,
} from '../../../../src/ceremony/quorum/share-file.js';
import { sharePapers } from '../../../../src/ceremony/quorum/share-paper.js';
import { documentsPdf } from '../../../../src/ceremony-host/documents-pdf.js';

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
    const lines = shareLines(file);
    assert.deepEqual(readShare(file), share);
    const read = readShareLines([...lines].reverse());
    assert.ok(read.ok);
    assert.deepEqual(read.value, file);
    const spaced = readShareLines(lines.map((line) => `  ${line.replaceAll(' ', '   ').toString()}\r`));
    assert.ok(spaced.ok);
    assert.deepEqual(spaced.value, file);
    for (const line of lines) assert.ok(line.length <= 70, line);
  });

  it('reports the line of any mistyped character, and a missing line', () => {
    const lines = shareLines(file);
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(200), fc.constantFrom('x', 'Q', '7'), (at, place, typed) => {
        const line = lines[at] ?? '';
        const where = place % line.length;
        if (line[where] === typed || line[where] === ' ') return;
        const mistyped = lines.map((one, index) =>
          index === at ? `${one.slice(0, where)}${typed}${one.slice(where + 1)}` : one,
        );
        const read = readShareLines(mistyped);
        assert.ok(!read.ok);
        assert.deepEqual(read.error, { kind: 'line-mistyped', line: at + 1 });
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(readShareLines(lines.filter((_, at) => at !== 2)), {
      ok: false,
      error: { kind: 'line-missing', line: 3 },
    });
    assert.deepEqual(readShareLines(lines.slice(0, -1)), {
      ok: false,
      error: { kind: 'not-a-share', line: lines.length - 1 },
    });
    assert.ok(!readShareLines(['']).ok);
  });

  const papers = sharePapers({ file, share, setSha256: 'ab'.repeat(32) });

  it('names its holder in both languages, with check code and QR code, and runs or fetches nothing', () => {
    const page = documentsHtml(papers);
    assert.match(page, /Élise &lt;Porteuse&gt;, ANS/);
    assert.match(page, /Part de secret d'un jeton hors ligne <span class="en" lang="en">Share of the secret/);
    assert.ok(page.includes(checkCodeOf(file)));
    assert.match(page, /<svg /);
    assert.doesNotMatch(page, /<script|<img|href=|src=|@import/);
    for (const line of shareLines(file)) assert.ok(page.includes(line));
  });

  it('is one A4 page as PDF, and the receipt another, also for the longest share', async () => {
    const long: ShareFile = {
      ...share,
      holder: 'Marie-Élisabeth de La Rochefoucauld-Montmorency-Laval',
      organisation: 'Agence du Numérique en Santé, direction de la production',
      encrypted: { kind: 'certificate', certificateSha256: 'cd'.repeat(32), cms: base64(1_000) },
    };
    for (const [one, setSha256] of [
      [share, 'ab'.repeat(32)],
      [long, null],
    ] as const) {
      const content = encodeShare(one);
      const pdf = await documentsPdf(sharePapers({ file: content, share: one, setSha256 }), 0);
      const pages = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString().split('\f');
      assert.equal(pages.length, 3, pages.join('\n=====\n'));
      for (const line of shareLines(content)) assert.ok(pages[0]?.includes(line), line);
      assert.match(pages[1] ?? '', /Reçu d'une part de secret/);
      assert.match(pages[1] ?? '', /Numéro de l'enveloppe inviolable/);
      assert.match(pages[1] ?? '', setSha256 === null ? /SHA-256 du jeu/ : new RegExp(setSha256));
    }
  });
});
