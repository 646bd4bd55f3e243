/**
 * `pfcng ceremony share`: prints encrypted shares on paper, and makes share files from paper again.
 * Neither decrypts a share.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readShare } from '../../ceremony/quorum/share-file.js';
import { checkCodeOf, readSheet, type SheetFault, shareSheetHtml } from '../../ceremony/quorum/sheet.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { fail, say } from '../../terminal/say.js';

const HELP = {
  print: {
    fr: 'écrit à côté de chaque part une page à imprimer (.html) : code QR, lignes à retaper, code de contrôle',
    en: 'writes a printable page (.html) next to each share file: QR code, lines to be typed, check code',
  },
  read: {
    fr: "refait le fichier d'une part des lignes de sa page, telles que tapées",
    en: 'makes the share file from the typed lines of its page',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function registerShare(ceremony: Command, withSystemErrors: ErrorWrapper): void {
  const share = ceremony.command('share').description(
    inBothLanguages({
      fr: "parts chiffrées d'un quorum, sur papier et retour",
      en: 'encrypted shares, to paper and back',
    }),
  );
  share
    .command('print')
    .description(inBothLanguages(HELP.print))
    .argument('<share...>', inBothLanguages({ fr: 'fichiers de parts', en: 'share files' }))
    .action(withSystemErrors(print));
  share
    .command('read')
    .description(inBothLanguages(HELP.read))
    .argument('<lines>', inBothLanguages({ fr: 'fichier texte des lignes', en: 'text file with the lines' }))
    .argument(
      '<share>',
      inBothLanguages({
        fr: 'part à refaire ; elle ne doit pas exister',
        en: 'share file to be made; it must not exist',
      }),
    )
    .action(withSystemErrors(read));
}

type ErrorWrapper = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<void>,
) => (...args: Args) => Promise<void>;

const NOT_A_SHARE = { fr: "ce n'est pas le fichier d'une part", en: 'not a share file' };

async function print(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const bytes = new Uint8Array(await readFile(file));
    const share = readShare(bytes);
    if (share === null) return fail([`${file}: ${inBothLanguages(NOT_A_SHARE)}`]);
    const page = `${file.replace(/\.json$/, '')}.html`;
    await writeFile(page, shareSheetHtml(bytes, share), { mode: 0o600, flag: 'wx' });
    say(`${page}: ${checkCodeOf(bytes)}`);
  }
}

async function read(lines: string, file: string): Promise<void> {
  const found = readSheet((await readFile(lines, 'utf8')).split('\n'));
  if (!found.ok) return fail([`${lines}: ${inBothLanguages(faultWords(found.error))}`]);
  await writeFile(file, found.value, { mode: 0o600, flag: 'wx' });
  say(`${file}: ${checkCodeOf(found.value)}`);
}

function faultWords({ kind, line }: SheetFault): Bilingual {
  switch (kind) {
    case 'line-mistyped':
      return {
        fr: `la ligne ${line} n'a pas son code de contrôle : comparez-la avec la feuille`,
        en: `line ${line} does not have its check code: compare it with the sheet`,
      };
    case 'line-missing':
      return { fr: `la ligne ${line} manque`, en: `line ${line} is missing` };
    case 'not-a-share':
      return {
        fr: `les ${line} lignes ne font pas une part entière`,
        en: `the ${line} lines are not a complete share`,
      };
  }
}
