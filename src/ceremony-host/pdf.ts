/**
 * The fonts that are embedded in papers: DejaVu, whose licence allows redistribution and which
 * covers the alphabets of Europe. A text that its font cannot show is set in the font with the
 * largest coverage; a character that is missing there too is replaced by its code point.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create } from 'fontkit';
import type PDFDocument from 'pdfkit';
import type { Block, Cell } from '../ceremony/minutes/document.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';

export type Face = 'plain' | 'bold' | 'italic' | 'mono' | 'widest';

const FILES = {
  plain: 'DejaVuSerifCondensed.ttf',
  bold: 'DejaVuSerifCondensed-Bold.ttf',
  italic: 'DejaVuSerifCondensed-Italic.ttf',
  mono: 'DejaVuSansMono.ttf',
  widest: 'DejaVuSansCondensed.ttf',
} as const satisfies Record<Face, string>;
const FACES = Object.keys(FILES) as readonly Face[];

export type Fonts = {
  readonly register: (add: (name: Face, file: Buffer) => void) => void;
  /** The face for a text, and the text as that face can show it. */
  readonly set: (face: Face, text: string) => { readonly face: Face; readonly text: string };
};

export function loadFonts(): Fonts {
  const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const files = new Map(FACES.map((face) => [face, readFileSync(join(folder, FILES[face]))]));
  const glyphs = new Map([...files].map(([face, file]) => [face, glyphTest(file)]));
  const shows = (face: Face, character: string): boolean =>
    character === '\n' || glyphs.get(face)?.(character.codePointAt(0) ?? 0) === true;
  return {
    register(add) {
      for (const [face, file] of files) add(face, file);
    },
    set(wanted, given) {
      const characters = [...given.normalize('NFC')];
      if (characters.every((character) => shows(wanted, character))) return { face: wanted, text: characters.join('') };
      const text = characters.map((one) => (shows('widest', one) ? one : codePointText(one))).join('');
      return { face: 'widest', text };
    },
  };
}

/** Tells whether a font file has a glyph for a code point. A collection of fonts has none. */
function glyphTest(file: Buffer): (codePoint: number) => boolean {
  const font = create(file);
  return (codePoint) => 'hasGlyphForCodePoint' in font && font.hasGlyphForCodePoint(codePoint);
}

function codePointText(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** A page of a PDF: its fonts, margins and sizes, and the room that is left on it. */

/** A PDF document with the fonts that are embedded in it. */
export type Pdf = InstanceType<typeof PDFDocument> & { readonly fonts: Fonts };

/** Selects a font that can show the text, and returns the text as that font shows it. */
export function inFont(pdf: Pdf, face: Face, text: string): string {
  const set = pdf.fonts.set(face, text);
  pdf.font(set.face);
  return set.text;
}

export const MARGIN = 56;

export const GREY = '#666666';

export const SIZES = { body: 10, small: 8.5, heading: 13, title: 20, mono: 7.6, foot: 7 } as const;

export function widthOf(pdf: Pdf): number {
  return pdf.page.width - 2 * MARGIN;
}

/** Begins a new page when `height` points do not fit on this one. Returns whether it did. */
export function makeRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= pdf.page.height - MARGIN) return false;
  pdf.addPage();
  return true;
}

export function rule(pdf: Pdf, { width, left }: { readonly width: number; readonly left: number }, y: number): void {
  pdf
    .moveTo(left, y)
    .lineTo(pdf.page.width - MARGIN, y)
    .lineWidth(width)
    .strokeColor('#999999')
    .stroke();
}

export function drawSubheading(pdf: Pdf, { fr, en }: Bilingual): void {
  pdf
    .moveDown(0.4)
    .fontSize(SIZES.body)
    .fillColor('black')
    .text(inFont(pdf, 'bold', fr), MARGIN, pdf.y);
  if (en !== fr)
    pdf
      .fontSize(SIZES.small)
      .fillColor(GREY)
      .text(inFont(pdf, 'italic', en));
}

/** Tables of a PDF, whose heads are repeated on each page. */
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

/** The parts of a PDF that people scan, type, fill in and sign. */
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
