/**
 * `pfcng ceremony share`: prints encrypted shares on paper, and makes share files from paper again.
 * Neither decrypts a share.
 */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Document } from '../../ceremony/minutes/document.js';
import { documentsHtml } from '../../ceremony/minutes/html.js';
import { checkCodeOf, readShare, readShareLines, type ShareLineFault } from '../../ceremony/quorum/share-file.js';
import { sharePapers } from '../../ceremony/quorum/share-paper.js';
import { readSet } from '../../ceremony/quorum/share-set.js';
import { systemClock } from '../../compose/world.js';
import { readRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { hasCode } from '../../kernel/errors.js';
import { fail, say } from '../../terminal/say.js';

const HELP = {
  print: {
    fr: 'écrit à côté de chaque part sa feuille (code QR, lignes à taper, code de contrôle) et le reçu à signer par son porteur',
    en: 'writes next to each share file its sheet (QR code, lines to type, check code) and the receipt for its holder',
  },
  pdf: { fr: 'en PDF (A4), au lieu de HTML', en: 'as PDF (A4) instead of HTML' },
  read: {
    fr: "reconstitue le fichier d'une part à partir des lignes de sa feuille",
    en: 'makes the share file from the typed lines of its page',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function registerShare(ceremony: Command, withSystemErrors: ErrorWrapper): void {
  const share = ceremony.command('share').description(
    inBothLanguages({
      fr: "parts chiffrées d'un quorum : impression, et reconstitution depuis le papier",
      en: 'encrypted shares, to paper and back',
    }),
  );
  share
    .command('print')
    .description(inBothLanguages(HELP.print))
    .argument('<share...>', inBothLanguages({ fr: 'fichiers de parts', en: 'share files' }))
    .option('--pdf', inBothLanguages(HELP.pdf))
    .action(withSystemErrors(print));
  share
    .command('read')
    .description(inBothLanguages(HELP.read))
    .argument('<lines>', inBothLanguages({ fr: 'fichier texte des lignes', en: 'text file with the lines' }))
    .argument(
      '<share>',
      inBothLanguages({
        fr: 'fichier de la part à reconstituer ; il ne doit pas exister',
        en: 'share file to be made; it must not exist',
      }),
    )
    .action(withSystemErrors(read));
}

type ErrorWrapper = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<void>,
) => (...args: Args) => Promise<void>;

const NOT_A_SHARE = { fr: "ce n'est pas le fichier d'une part", en: 'not a share file' };

const NOT_OF_SET = {
  fr: "le jeu de parts (set.json) du même dossier ne la contient pas : elle est abîmée, ou d'un autre jeu de parts",
  en: 'the share set (set.json) in the same folder does not have it: it is damaged, or of another set',
};

const NOT_A_SET = {
  fr: 'le jeu de parts (set.json) du même dossier est abîmé : restaurez-le, ou placez la part dans un autre dossier',
  en: 'the share set (set.json) in the same folder is damaged: restore it, or put the share into another folder',
};

/**
 * Reads the set next to a share. `null`: there is none, so the share is printed without the check
 * that it belongs to the set.
 */
function readSetFile(share: string): Bytes | null {
  try {
    return new Uint8Array(readRegularFile(join(dirname(share), 'set.json')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function print(files: readonly string[], { pdf }: { readonly pdf?: boolean }): Promise<void> {
  for (const file of files) {
    const bytes = new Uint8Array(readRegularFile(file));
    const share = readShare(bytes);
    if (share === null) return fail([`${file}: ${inBothLanguages(NOT_A_SHARE)}`]);
    const setFile = readSetFile(file);
    const set = setFile === null ? null : readSet(setFile);
    if (setFile !== null && set === null) return fail([`${file}: ${inBothLanguages(NOT_A_SET)}`]);
    if (set !== null && !set.members.some(({ fileSha256 }) => fileSha256 === sha256Hex(bytes)))
      return fail([`${file}: ${inBothLanguages(NOT_OF_SET)}`]);
    const setSha256 = setFile === null ? null : sha256Hex(setFile);
    const papers = sharePapers({ file: bytes, share, setSha256 });
    const page = `${file.replace(/\.json$/, '')}.${pdf === true ? 'pdf' : 'html'}`;
    await writeFile(page, pdf === true ? await asPdf(papers) : documentsHtml(papers), { mode: 0o600, flag: 'wx' });
    say(`${page}: ${checkCodeOf(bytes)}`);
  }
}

/** The PDF library takes long to load, so it is loaded only here. */
async function asPdf(papers: readonly Document[]): Promise<Uint8Array> {
  const { documentsPdf } = await import('../../ceremony-host/documents-pdf.js');
  return documentsPdf(papers, systemClock());
}

async function read(lines: string, file: string): Promise<void> {
  const found = readShareLines(readRegularFile(lines).toString('utf8').split('\n'));
  if (!found.ok) return fail([`${lines}: ${inBothLanguages(faultWords(found.error))}`]);
  await writeFile(file, found.value, { mode: 0o600, flag: 'wx' });
  say(`${file}: ${checkCodeOf(found.value)}`);
}

function faultWords({ kind, line }: ShareLineFault): Bilingual {
  switch (kind) {
    case 'line-mistyped':
      return {
        fr: `la ligne ${line} ne correspond pas à son code de contrôle : comparez-la avec la feuille`,
        en: `line ${line} does not have its check code: compare it with the sheet`,
      };
    case 'line-missing':
      return { fr: `la ligne ${line} manque`, en: `line ${line} is missing` };
    case 'not-a-share':
      return {
        fr: `les ${line} lignes ne forment pas une part complète`,
        en: `the ${line} lines are not a complete share`,
      };
  }
}
