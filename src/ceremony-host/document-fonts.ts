/**
 * The fonts that are embedded in papers: DejaVu, whose licence allows redistribution and which
 * covers the alphabets of Europe. A text that its font cannot show is set in the font with the
 * largest coverage; a character that is missing there too is replaced by its code point.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create } from 'fontkit';

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
