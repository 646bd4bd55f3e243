/** The parts of a PDF that people scan, type, fill in and sign. */
import type { Block } from '../ceremony/minutes/document.js';
import type { Bilingual } from '../kernel/bilingual.js';
import { drawSubheading, GREY, inFont, MARGIN, makeRoom, type Pdf, rule, SIZES, widthOf } from './pdf-page.js';
import { drawRows } from './pdf-table.js';

const CODE_WIDTH = 210;

/** Draws the QR code on the left and the facts on the right. */
export function drawCode(pdf: Pdf, { modules, facts }: Extract<Block, { kind: 'code' }>): void {
  makeRoom(pdf, CODE_WIDTH);
  const top = pdf.y;
  const size = CODE_WIDTH / modules.length;
  // Neighbours overlap by a hair, so that no white line shows between them.
  for (const [y, row] of modules.entries())
    for (const [x, isDark] of row.entries())
      if (isDark) pdf.rect(MARGIN + x * size, top + y * size, size + 0.05, size + 0.05);
  pdf.fill('black');
  const rows = facts.map(({ name, value }) => [name, value]);
  drawRows(pdf, { left: MARGIN + CODE_WIDTH + 14, shares: [0.36, 0.64], isHead: false }, rows);
  pdf.x = MARGIN;
  pdf.y = Math.max(pdf.y, top + CODE_WIDTH) + 6;
}

const FIELD_HEIGHT = 28;

export function drawField(pdf: Pdf, { fr, en }: Bilingual): void {
  makeRoom(pdf, FIELD_HEIGHT);
  const top = pdf.y + 6;
  const width = 0.42 * widthOf(pdf);
  pdf
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(inFont(pdf, 'plain', fr), MARGIN, top, { width });
  pdf
    .fontSize(SIZES.small)
    .fillColor(GREY)
    .text(inFont(pdf, 'italic', en), { width });
  rule(pdf, { width: 0.6, left: MARGIN + width }, top + FIELD_HEIGHT - 8);
  pdf.x = MARGIN;
  pdf.y = top + FIELD_HEIGHT - 6;
}

/** The advance of a character of the monospaced font, and the height of a line, by its size. */
const MONO_ADVANCE = 0.602;

const LINE_RATIO = 1.3;

const COLUMN_GAP = 18;

const LINES_SIZE = { most: 10, leastInOneColumn: 7.6 } as const;

/**
 * Draws the lines in one column if they are then large enough to be read well, otherwise in two.
 */
export function drawLines(pdf: Pdf, { title, lines }: Extract<Block, { kind: 'lines' }>): void {
  drawSubheading(pdf, title);
  const top = pdf.y + 4;
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const room = pdf.page.height - MARGIN - top;
  const sizeIn = (columns: number): number => {
    const width = (widthOf(pdf) - (columns - 1) * COLUMN_GAP) / columns;
    const height = room / Math.ceil(lines.length / columns) / LINE_RATIO;
    return Math.min(LINES_SIZE.most, width / longest / MONO_ADVANCE, height);
  };
  const columns = sizeIn(1) >= LINES_SIZE.leastInOneColumn ? 1 : 2;
  const size = sizeIn(columns);
  const rows = Math.ceil(lines.length / columns);
  pdf.fontSize(size).fillColor('black');
  for (const [index, line] of lines.entries()) {
    const left = MARGIN + Math.floor(index / rows) * ((widthOf(pdf) + COLUMN_GAP) / columns);
    const y = top + (index % rows) * size * LINE_RATIO;
    pdf.text(inFont(pdf, 'mono', line), left, y, { lineBreak: false });
  }
  pdf.x = MARGIN;
  pdf.y = top + rows * size * LINE_RATIO;
}

const SIGNATURE_HEIGHT = 62;

export function drawSignature(pdf: Pdf, name: string, role: Bilingual): void {
  makeRoom(pdf, SIGNATURE_HEIGHT);
  const top = pdf.y + 6;
  pdf
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(inFont(pdf, 'plain', name), MARGIN, top, { width: 220 });
  const roles = inFont(pdf, 'italic', `${role.fr} / ${role.en}`);
  pdf.fontSize(SIZES.small).fillColor(GREY).text(roles, { width: 220 });
  const foot = top + SIGNATURE_HEIGHT - 14;
  const box = { left: MARGIN + 235, right: pdf.page.width - MARGIN };
  pdf.moveTo(box.left, foot).lineTo(box.right, foot).lineWidth(0.6).strokeColor('black').stroke();
  pdf.fontSize(SIZES.foot).text(inFont(pdf, 'italic', 'date, signature'), box.left, foot + 2, { lineBreak: false });
  pdf.x = MARGIN;
  pdf.y = top + SIGNATURE_HEIGHT - 4;
}
