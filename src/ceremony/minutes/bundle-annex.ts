/** Bundles that went out, with the words of their sheets, and those that came in, with where they are from. */
import type { Json } from '../../kernel/json.js';
import { same } from '../bilingual.js';
import { labelled } from '../sitting/read-aloud.js';
import type { Entry } from '../transcript/transcript.js';
import type { Block } from './document.js';

const WORDS_OF_LINE = 6;
const NUMBERED_WIDTH = 15;

export function bundleBlocks(entries: readonly Entry[]): readonly Block[] {
  return entries.flatMap(({ action, result }): readonly Block[] => {
    const title = same(text(result.artefact));
    if (action === 'export-bundle') return [{ kind: 'verbatim', title, lines: wordLines(text(result.words)) }];
    return action === 'import-bundle' ? [{ kind: 'verbatim', title, lines: originLines(result.from) }] : [];
  });
}

/** As on the sheet: numbered, some in a line. */
function wordLines(words: string): readonly string[] {
  const numbered = words.split(' ').map((word, at) => `${`${at + 1}`.padStart(2)} ${word}`.padEnd(NUMBERED_WIDTH));
  const lines = Math.ceil(numbered.length / WORDS_OF_LINE);
  return Array.from({ length: lines }, (_, line) =>
    numbered
      .slice(line * WORDS_OF_LINE, (line + 1) * WORDS_OF_LINE)
      .join('')
      .trimEnd(),
  );
}

function originLines(from: Json | undefined): readonly string[] {
  if (typeof from !== 'object' || from === null || Array.isArray(from)) return [];
  const { ceremony, planSha256, publicKeySha256 } = from as Readonly<Record<string, Json>>;
  return [
    labelled('cérémonie', 'ceremony', text(ceremony)),
    labelled('plan (SHA-256)', 'plan (SHA-256)', text(planSha256)),
    labelled('signé par la clé', 'signed by key', text(publicKeySha256)),
  ];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '-';
}
