/** Tables of a PDF, whose heads are repeated on each page. */
import type { Cell } from '../ceremony/minutes/document.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import { GREY, inFont, MARGIN, makeRoom, type Pdf, rule, SIZES } from './pdf-page.js';

const CELL_PAD = 4;

type Layout = {
  /** The left edge; without it, the margin. */
  readonly left?: number;
  readonly shares: readonly number[];
  readonly isHead: boolean;
  /** The headings that are repeated on each page that the table continues on. */
  readonly heads?: readonly Cell[];
};

export function drawRows(
  pdf: Pdf,
  { left: edge = MARGIN, shares, isHead, heads }: Layout,
  rows: readonly (readonly Cell[])[],
): void {
  const total = pdf.page.width - MARGIN - edge;
  for (const row of rows) {
    const cells = row.map((cell, index) => ({
      words: typeof cell === 'string' ? untranslated(cell) : cell,
      width: (shares[index] ?? 0) * total,
    }));
    const height = Math.max(...cells.map(({ words, width }) => cellHeight(pdf, words, { width, isHead })));
    const isContinued = makeRoom(pdf, height + (isHead ? 40 : 0));
    if (isContinued && heads !== undefined) drawRows(pdf, { shares, isHead: true }, [heads]);
    const top = pdf.y;
    rule(pdf, { width: isHead ? 0.8 : 0.3, left: edge }, top);
    let left = edge;
    for (const { words, width } of cells) {
      drawCell(pdf, words, { left, top, width, isHead });
      left += width;
    }
    pdf.x = MARGIN;
    pdf.y = top + height;
  }
}

type CellBox = { readonly left: number; readonly top: number; readonly width: number; readonly isHead: boolean };

/** Sets hashes in a monospaced font, because people compare them character by character. */
function typeCell(pdf: Pdf, text: string, isHead: boolean): string {
  const isHash = /^[0-9a-f]{64}$/.test(text);
  pdf.fontSize(isHead ? SIZES.small : isHash ? SIZES.mono : SIZES.body);
  return inFont(pdf, isHead ? 'bold' : isHash ? 'mono' : 'plain', text) || ' ';
}

function cellHeight(pdf: Pdf, { fr, en }: Bilingual, { width, isHead }: Pick<CellBox, 'width' | 'isHead'>): number {
  const inner = { width: width - CELL_PAD };
  const french = pdf.heightOfString(breakPath(pdf, typeCell(pdf, fr, isHead), inner.width), inner);
  const englishHeight = (): number => {
    const text = inFont(pdf.fontSize(SIZES.small), 'italic', en);
    return pdf.heightOfString(breakPath(pdf, text, inner.width), inner);
  };
  return french + (en === fr ? 0 : englishHeight()) + 2 * CELL_PAD;
}

function drawCell(pdf: Pdf, { fr, en }: Bilingual, { left, top, width, isHead }: CellBox): void {
  const inner = { width: width - CELL_PAD };
  pdf.fillColor('black').text(breakPath(pdf, typeCell(pdf, fr, isHead), inner.width), left, top + CELL_PAD, inner);
  if (en === fr) return;
  const text = inFont(pdf.fontSize(SIZES.small).fillColor(GREY), 'italic', en);
  pdf.text(breakPath(pdf, text, inner.width), inner);
}

/** Breaks a path that is too long after one of its slashes, never after a hyphen in a name. */
function breakPath(pdf: Pdf, text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (/\s/.test(line) || !line.includes('/') || pdf.widthOfString(line) <= width) return [line];
      const lines: string[] = [''];
      for (const part of line.split(/(?<=\/)/)) {
        const last = lines.at(-1) ?? '';
        if (pdf.widthOfString(last + part) <= width) lines[lines.length - 1] = last + part;
        else lines.push(part);
      }
      return lines.filter((one) => one !== '');
    })
    .join('\n');
}
