/** A page of a PDF: its fonts, margins and sizes, and the room that is left on it. */
import type PDFDocument from 'pdfkit';
import type { Bilingual } from '../kernel/bilingual.js';
import type { Face, Fonts } from './document-fonts.js';

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
