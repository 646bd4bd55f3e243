/**
 * The papers of a ceremony as a PDF of A4 pages with embedded fonts, so that they look the same on
 * every machine.
 */
import PDFDocument from 'pdfkit';
import type { Block, Document } from '../ceremony/minutes/document.js';
import { typeset } from '../ceremony/minutes/html.js';
import type { Bilingual } from '../kernel/bilingual.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import {
  drawCode,
  drawField,
  drawLines,
  drawRows,
  drawSignature,
  drawSubheading,
  GREY,
  inFont,
  loadFonts,
  MARGIN,
  makeRoom,
  type Pdf,
  SIZES,
  widthOf,
} from './pdf.js';

/**
 * Each document begins a page. `date` becomes the date of the file, so that the same documents give
 * the same bytes.
 */
export function documentsPdf(documents: readonly Document[], date: Instant): Promise<Bytes> {
  const fonts = loadFonts();
  const paper = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'fr',
    info: { Title: documents[0]?.title.fr ?? '', CreationDate: new Date(date), ModDate: new Date(date) },
  });
  fonts.register((face, file) => paper.registerFont(face, file));
  const pdf: Pdf = Object.assign(paper, { fonts });
  const chunks: Bytes[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(new Uint8Array(chunk)));
  const whole = new Promise<Bytes>((resolve, reject) => {
    pdf.once('end', () => resolve(concat(chunks)));
    pdf.once('error', reject);
  });
  for (const [number, document] of documents.map(typeset).entries()) {
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
      .text(inFont(pdf, 'bold', mark.fr), { characterSpacing: 0.6 });
    pdf
      .fontSize(SIZES.small)
      .text(inFont(pdf, 'italic', mark.en))
      .moveDown(1);
  }
  pdf
    .fontSize(SIZES.title)
    .fillColor('black')
    .text(inFont(pdf, 'bold', title.fr));
  pdf
    .fontSize(SIZES.heading)
    .fillColor(GREY)
    .text(inFont(pdf, 'italic', title.en))
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
      if (block.title !== null) {
        // A subheading does not stand alone at the foot of a page.
        makeRoom(pdf, 90);
        drawSubheading(pdf, block.title);
      }
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

function drawHeading(pdf: Pdf, { fr, en }: Bilingual): void {
  // Room for the heading and some lines below it, so that no heading stands alone at the foot of a
  // page.
  makeRoom(pdf, 90);
  pdf.moveDown(0.8);
  const continued = en !== fr;
  pdf
    .fontSize(SIZES.heading)
    .fillColor('black')
    .text(inFont(pdf, 'bold', fr), MARGIN, pdf.y, { continued });
  if (continued)
    pdf
      .fontSize(SIZES.body)
      .fillColor(GREY)
      .text(`   ${inFont(pdf, 'italic', en)}`);
  pdf.moveDown(0.5);
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
    .text(inFont(pdf, 'plain', fr), MARGIN, pdf.y, { width });
  if (en !== fr)
    pdf
      .fontSize(size - 1.5)
      .fillColor(GREY)
      .text(inFont(pdf, 'italic', en), { width });
  pdf.fillColor('black');
}

function drawVerbatim(pdf: Pdf, title: Bilingual, lines: readonly string[]): void {
  const shown = lines.flatMap(wrapLine);
  // A text that fits on one page is not split over two.
  const height = 44 + shown.length * LINE_HEIGHT;
  makeRoom(pdf, height < pdf.page.height - 2 * MARGIN ? height : 60);
  drawSubheading(pdf, title);
  pdf.moveDown(0.2).fontSize(SIZES.mono).fillColor('black');
  for (const line of shown) pdf.text(inFont(pdf, 'mono', line) || ' ', { width: widthOf(pdf) + 20 });
  pdf.moveDown(0.5);
}

/**
 * Characters in a line of the monospaced font. The rest of a line is indented to below its value.
 */
const LINE_CHARACTERS = 104;

const CONTINUED_AT = 39;

const LINE_HEIGHT = 9;

function wrapLine(line: string): readonly string[] {
  const text = line.normalize('NFC');
  if (text.length <= LINE_CHARACTERS) return [text];
  // Breaks between words where there are any; a hash has none.
  const head = text.slice(0, LINE_CHARACTERS);
  const word = Math.max(head.lastIndexOf(' '), head.lastIndexOf(',')) + 1;
  const end = word > CONTINUED_AT + 1 ? word : LINE_CHARACTERS;
  return [text.slice(0, end), ...wrapLine(`${' '.repeat(CONTINUED_AT)}${text.slice(end)}`)];
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
      .text(inFont(pdf, 'plain', foot), MARGIN, y, { lineBreak: false });
    const pageNumber = `${page - from + 1} / ${count - from}`;
    pdf.text(pageNumber, pdf.page.width - MARGIN - 60, y, { width: 60, align: 'right', lineBreak: false });
  }
}
