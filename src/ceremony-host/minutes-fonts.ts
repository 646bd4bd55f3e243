/**
 * The fonts of the minutes, embedded in them: DejaVu, whose licence lets everybody ship it, for names of any alphabet that Europe writes.
 * What a face lacks is set in the one that has most; what that lacks too is told by its number, and never by another sign.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Coverage, coverageOf } from './font-coverage.js';

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
  const coverages = new Map([...files].map(([face, file]): [Face, Coverage] => [face, coverageOf(file)]));
  const shows = (face: Face, character: string): boolean =>
    character === '\n' || coverages.get(face)?.(character.codePointAt(0) ?? 0) === true;
  return {
    register(add) {
      for (const [face, file] of files) add(face, file);
    },
    set(wanted, given) {
      const characters = [...given.normalize('NFC')];
      if (characters.every((character) => shows(wanted, character))) return { face: wanted, text: characters.join('') };
      const text = characters.map((one) => (shows('widest', one) ? one : numberOf(one))).join('');
      return { face: 'widest', text };
    },
  };
}

function numberOf(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
