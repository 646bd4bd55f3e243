/**
 * The papers of a ceremony as a PDF of A4 pages with embedded fonts, so that they look the same on
 * every machine.
 */
import PDFDocument from 'pdfkit';
import type { Block, Cell, Document } from '../ceremony/minutes/document.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import { concat } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { type Face, type Fonts, loadFonts } from './document-fonts.js';

/** A PDF document with the fonts that are embedded in it. */
type Pdf = InstanceType<typeof PDFDocument> & { readonly fonts: Fonts };

/** Selects a font that can show the text, and returns the text as that font shows it. */
function type(pdf: Pdf, face: Face, text: string): string {
  const set = pdf.fonts.set(face, text);
  pdf.font(set.face);
  return set.text;
}

const MARGIN = 56;
const CELL_PAD = 4;
const GREY = '#666666';
const SIZES = { body: 10, small: 8.5, heading: 13, title: 20, mono: 7.6, foot: 7 } as const;
const SIGNATURE_HEIGHT = 62;

/**
 * Each document begins a page. `at` becomes the date of the file, so that the same documents give
 * the same bytes.
 */
export function documentsPdf(documents: readonly Document[], at: Instant): Promise<Bytes> {
  const fonts = loadFonts();
  const paper = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'fr',
    info: { Title: documents[0]?.title.fr ?? '', CreationDate: new Date(at), ModDate: new Date(at) },
  });
  fonts.register((face, file) => paper.registerFont(face, file));
  const pdf: Pdf = Object.assign(paper, { fonts });
  const chunks: Bytes[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(new Uint8Array(chunk)));
  const whole = new Promise<Bytes>((resolve, reject) => {
    pdf.once('end', () => resolve(concat(chunks)));
    pdf.once('error', reject);
  });
  for (const [number, document] of documents.entries()) {
    if (number > 0) pdf.addPage();
    const from = pdf.bufferedPageRange().count - 1;
    drawTitle(pdf, document);
    for (const block of document.blocks) drawBlock(pdf, block);
    drawFeet(pdf, document.foot, from);
  }
  pdf.end();
  return whole;
}

function drawTitle(pdf: Pdf, { title, subtitle, mark }: Document): void {
  if (mark !== null) {
    pdf
      .fontSize(SIZES.body)
      .fillColor('#aa0000')
      .text(type(pdf, 'bold', mark.fr), { characterSpacing: 0.6 });
    pdf
      .fontSize(SIZES.small)
      .text(type(pdf, 'italic', mark.en))
      .moveDown(1);
  }
  pdf
    .fontSize(SIZES.title)
    .fillColor('black')
    .text(type(pdf, 'bold', title.fr));
  pdf
    .fontSize(SIZES.heading)
    .fillColor(GREY)
    .text(type(pdf, 'italic', title.en))
    .moveDown(0.6);
  drawWords(pdf, subtitle, { size: SIZES.heading, width: widthOf(pdf) });
  pdf.moveDown(0.5);
}

function drawBlock(pdf: Pdf, block: Block): void {
  switch (block.kind) {
    case 'heading':
      drawHeading(pdf, block.words);
      return;
    case 'paragraph':
      drawWords(pdf, block.words, { size: SIZES.body, width: widthOf(pdf) });
      pdf.moveDown(0.5);
      return;
    case 'facts':
      drawRows(
        pdf,
        { shares: [0.26, 0.74], isHead: false },
        block.facts.map(({ name, value }) => [name, value]),
      );
      return;
    case 'table': {
      const widths = block.columns.map(({ width }) => width);
      const heads = block.columns.map(({ name }) => name);
      drawRows(pdf, { shares: widths, isHead: true }, [heads]);
      drawRows(pdf, { shares: widths, isHead: false, heads }, block.rows);
      pdf.moveDown(0.8);
      return;
    }
    case 'code':
      drawCode(pdf, block);
      return;
    case 'fields':
      for (const name of block.fields) drawField(pdf, name);
      pdf.moveDown(1);
      return;
    case 'verbatim':
      drawVerbatim(pdf, block.title, block.lines);
      return;
    case 'lines':
      drawLines(pdf, block);
      return;
    case 'signatures':
      for (const { name, role } of block.people) drawSignature(pdf, name, role);
      return;
    case 'page-break':
      pdf.addPage();
  }
}

function widthOf(pdf: Pdf): number {
  return pdf.page.width - 2 * MARGIN;
}

/** Begins a new page when `height` points do not fit on this one. Returns whether it did. */
function makeRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= pdf.page.height - MARGIN) return false;
  pdf.addPage();
  return true;
}

function drawHeading(pdf: Pdf, { fr, en }: Bilingual): void {
  // Room for the heading and some lines below it, so that no heading stands alone at the foot of a
  // page.
  makeRoom(pdf, 90);
  pdf.moveDown(0.8);
  const continued = { continued: true };
  pdf
    .fontSize(SIZES.heading)
    .fillColor('black')
    .text(type(pdf, 'bold', fr), MARGIN, pdf.y, continued);
  pdf
    .fontSize(SIZES.body)
    .fillColor(GREY)
    .text(`   ${type(pdf, 'italic', en)}`);
  pdf.moveDown(0.3);
}

function rule(pdf: Pdf, { width, left }: { readonly width: number; readonly left: number }, y: number): void {
  pdf
    .moveTo(left, y)
    .lineTo(pdf.page.width - MARGIN, y)
    .lineWidth(width)
    .strokeColor('#999999')
    .stroke();
}

/** Writes the French text and, in a smaller size below it, the English. */
function drawWords(
  pdf: Pdf,
  { fr, en }: Bilingual,
  { size, width }: { readonly size: number; readonly width: number },
): void {
  pdf
    .fontSize(size)
    .fillColor('black')
    .text(type(pdf, 'plain', fr), MARGIN, pdf.y, { width });
  if (en !== fr)
    pdf
      .fontSize(size - 1.5)
      .fillColor(GREY)
      .text(type(pdf, 'italic', en), { width });
  pdf.fillColor('black');
}

type Layout = {
  /** The left edge; without it, the margin. */
  readonly left?: number;
  readonly shares: readonly number[];
  readonly isHead: boolean;
  /** The headings that are repeated on each page that the table continues on. */
  readonly heads?: readonly Cell[];
};

function drawRows(
  pdf: Pdf,
  { left: edge = MARGIN, shares, isHead, heads }: Layout,
  rows: readonly (readonly Cell[])[],
): void {
  const total = pdf.page.width - MARGIN - edge;
  for (const row of rows) {
    const cells = row.map((cell, at) => ({
      words: typeof cell === 'string' ? untranslated(cell) : cell,
      width: (shares[at] ?? 0) * total,
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
  return type(pdf, isHead ? 'bold' : isHash ? 'mono' : 'plain', text) || ' ';
}

function cellHeight(pdf: Pdf, { fr, en }: Bilingual, { width, isHead }: Pick<CellBox, 'width' | 'isHead'>): number {
  const inner = { width: width - CELL_PAD };
  const french = pdf.heightOfString(folded(pdf, typeCell(pdf, fr, isHead), inner.width), inner);
  const beside = (): number => {
    const text = type(pdf.fontSize(SIZES.small), 'italic', en);
    return pdf.heightOfString(folded(pdf, text, inner.width), inner);
  };
  return french + (en === fr ? 0 : beside()) + 2 * CELL_PAD;
}

function drawCell(pdf: Pdf, { fr, en }: Bilingual, { left, top, width, isHead }: CellBox): void {
  const inner = { width: width - CELL_PAD };
  pdf.fillColor('black').text(folded(pdf, typeCell(pdf, fr, isHead), inner.width), left, top + CELL_PAD, inner);
  if (en === fr) return;
  const text = type(pdf.fontSize(SIZES.small).fillColor(GREY), 'italic', en);
  pdf.text(folded(pdf, text, inner.width), inner);
}

/** Breaks a path that is too long after one of its slashes, never after a hyphen in a name. */
function folded(pdf: Pdf, text: string, width: number): string {
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

function drawVerbatim(pdf: Pdf, title: Bilingual, lines: readonly string[]): void {
  const shown = lines.flatMap(wrapped);
  // A text that fits on one page is not split over two.
  const height = 44 + shown.length * LINE_HEIGHT;
  makeRoom(pdf, height < pdf.page.height - 2 * MARGIN ? height : 60);
  drawSubheading(pdf, title);
  pdf.moveDown(0.2).fontSize(SIZES.mono).fillColor('black');
  for (const line of shown) pdf.text(type(pdf, 'mono', line) || ' ', { width: widthOf(pdf) + 20 });
  pdf.moveDown(0.5);
}

function drawSubheading(pdf: Pdf, { fr, en }: Bilingual): void {
  pdf
    .moveDown(0.4)
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(type(pdf, 'bold', fr), MARGIN, pdf.y);
  if (en !== fr)
    pdf
      .fontSize(SIZES.small)
      .fillColor(GREY)
      .text(type(pdf, 'italic', en));
}

/** The advance of a character of the monospaced font, and the height of a line, by its size. */
const MONO_ADVANCE = 0.602;
const LINE_RATIO = 1.3;
const COLUMN_GAP = 18;
const LINES_SIZE = { most: 10, leastInOneColumn: 7.6 } as const;

/** In one column if the lines are then large enough to be read well, otherwise in two. */
function drawLines(pdf: Pdf, { title, lines }: Extract<Block, { kind: 'lines' }>): void {
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
  for (const [at, line] of lines.entries()) {
    const left = MARGIN + Math.floor(at / rows) * ((widthOf(pdf) + COLUMN_GAP) / columns);
    const y = top + (at % rows) * size * LINE_RATIO;
    pdf.text(type(pdf, 'mono', line), left, y, { lineBreak: false });
  }
  pdf.x = MARGIN;
  pdf.y = top + rows * size * LINE_RATIO;
}

/**
 * Characters in a line of the monospaced font. The rest of a line is indented to below its value.
 */
const LINE_CHARACTERS = 104;
const CONTINUED_AT = 39;
const LINE_HEIGHT = 9;

function wrapped(line: string): readonly string[] {
  const text = line.normalize('NFC');
  if (text.length <= LINE_CHARACTERS) return [text];
  // Breaks between words where there are any; a hash has none.
  const head = text.slice(0, LINE_CHARACTERS);
  const word = Math.max(head.lastIndexOf(' '), head.lastIndexOf(',')) + 1;
  const end = word > CONTINUED_AT + 1 ? word : LINE_CHARACTERS;
  return [text.slice(0, end), ...wrapped(`${' '.repeat(CONTINUED_AT)}${text.slice(end)}`)];
}

const CODE_WIDTH = 210;

/** The QR code on the left, the facts on the right. */
function drawCode(pdf: Pdf, { modules, facts }: Extract<Block, { kind: 'code' }>): void {
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

function drawField(pdf: Pdf, { fr, en }: Bilingual): void {
  makeRoom(pdf, FIELD_HEIGHT);
  const top = pdf.y + 6;
  const width = 0.42 * widthOf(pdf);
  pdf
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(type(pdf, 'plain', fr), MARGIN, top, { width });
  pdf
    .fontSize(SIZES.small)
    .fillColor(GREY)
    .text(type(pdf, 'italic', en), { width });
  rule(pdf, { width: 0.6, left: MARGIN + width }, top + FIELD_HEIGHT - 8);
  pdf.x = MARGIN;
  pdf.y = top + FIELD_HEIGHT - 6;
}

function drawSignature(pdf: Pdf, name: string, role: Bilingual): void {
  makeRoom(pdf, SIGNATURE_HEIGHT);
  const top = pdf.y + 6;
  pdf
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(type(pdf, 'plain', name), MARGIN, top, { width: 220 });
  const roles = type(pdf, 'italic', `${role.fr} / ${role.en}`);
  pdf.fontSize(SIZES.small).fillColor(GREY).text(roles, { width: 220 });
  const foot = top + SIGNATURE_HEIGHT - 14;
  const box = { left: MARGIN + 235, right: pdf.page.width - MARGIN };
  pdf.moveTo(box.left, foot).lineTo(box.right, foot).lineWidth(0.6).strokeColor('black').stroke();
  pdf.fontSize(SIZES.foot).text(type(pdf, 'italic', 'date, signature'), box.left, foot + 2, { lineBreak: false });
  pdf.x = MARGIN;
  pdf.y = top + SIGNATURE_HEIGHT - 4;
}

/** Draws the feet of the pages of one document, which begin with the page `from`. */
function drawFeet(pdf: Pdf, foot: string, from: number): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = from; page < count; page += 1) {
    pdf.switchToPage(page);
    // Without this, text below the margin would begin a new page.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - MARGIN + 18;
    pdf
      .fontSize(SIZES.foot)
      .fillColor(GREY)
      .text(type(pdf, 'plain', foot), MARGIN, y, { lineBreak: false });
    const place = `${page - from + 1} / ${count - from}`;
    pdf.text(place, pdf.page.width - MARGIN - 60, y, { width: 60, align: 'right', lineBreak: false });
  }
}
