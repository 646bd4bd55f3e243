/**
 * scripts/ceremony/README.md as followed by somebody who has nothing else. Commands are taken from
 * its text, with the words in capitals filled in. A command that the guide does not have, in French
 * and in English alike, fails.
 */
import assert from 'node:assert/strict';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../../src/kernel/bilingual.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { PROGRAM } from '../service/home.js';
import type { Rule } from './typist.js';

/** The placeholders, by their English name, with the French name where it differs. */
const FRENCH = {
  FOLDER: 'DOSSIER',
  FILE: 'FICHIER',
  TRANSCRIPT: 'TRANSCRIPTION',
  NAME: 'NOM',
  CERTIFICATE: 'CERTIFICAT',
  KEY: 'CLÉ',
  REQUEST: 'DEMANDE',
} as const;
const BLANKS = /\b(PLAN|ID|SIGNATURE|FOLDER|FILE|TRANSCRIPT|NAME|CERTIFICATE|KEY|REQUEST)\b/g;

export type Guide = {
  /**
   * Where the archive was unpacked, as far as the guide mentions it: `ceremony` and `policies`.
   * pack.test.ts tests the archive itself.
   */
  readonly machine: string;
  /** The words of a command of the guide; a command with a pipe is given to a shell. */
  readonly command: (command: string, given?: Readonly<Record<string, string>>) => readonly string[];
  /** Something that the guide only mentions: an option, a path. */
  readonly says: (words: string, french?: string) => string;
  /** The rows of the table of rehearsals: names of plans below `policies/ceremonies`. */
  readonly rehearsals: () => readonly (readonly string[])[];
};

export async function openGuide(machine: string): Promise<Guide> {
  await writeFile(join(machine, 'ceremony'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} ceremony "$@"\n`);
  await chmod(join(machine, 'ceremony'), 0o755);
  await symlink(join(packageRoot(), 'policies'), join(machine, 'policies'));
  const text = await readFile(join(packageRoot(), 'scripts/ceremony/README.md'), 'utf8');
  const [french = '', english = ''] = text.split('\n---\n');
  const says = (words: string, translated = words): string => {
    const has = (half: string, text: string): boolean => half.replace(/\s+/g, ' ').includes(text);
    assert.ok(has(english, words), `the guide does not say in English: ${words}`);
    assert.ok(has(french, translated), `the guide does not say in French: ${translated}`);
    return words;
  };
  return {
    machine,
    says,
    command(command, given = {}) {
      says(
        command,
        command.replace(BLANKS, (name) => FRENCH[name as keyof typeof FRENCH] ?? name),
      );
      const filled = (word: string) => word.replace(BLANKS, (name) => given[name] ?? name);
      if (command.includes('|')) return ['sh', '-c', command.replace(BLANKS, (name) => `'${given[name] ?? name}'`)];
      const words = command.split(' ').map((word) => filled(word).replace(/\.\.\.$/, ''));
      return words.map((word) => (word === './ceremony' ? join(machine, 'ceremony') : word));
    },
    rehearsals: () => rowsOf(english),
  };
}

/** A folder is named once for the plans that follow it. */
function rowsOf(english: string): readonly (readonly string[])[] {
  const [, table = ''] = /\| what is rehearsed .*\n\|[- |]+\n((?:\|.*\n)+)/.exec(english) ?? [];
  return table
    .trimEnd()
    .split('\n')
    .map((row) => {
      let under = '';
      return [...row.matchAll(/`([a-z-]+\/)?([a-z-]+)\.json`/g)].map(([, given = under, name = '']) => {
        under = given;
        return `${given}${name}`;
      });
    });
}

export function passphraseOf(name: string): string {
  return `phrase secrète de ${name}, à elle`;
}

export type Answers = {
  /** The numbers of the shares of those who come, in their order. */
  readonly shares?: readonly string[];
  /** The words that came on paper. */
  readonly sheet?: readonly string[];
  /** The path of the key of an officer whose share is encrypted to a certificate. */
  readonly keyFile?: string;
};

export const CTRL_C = '\x03';

type QuestionKind =
  | 'begin'
  | 'present'
  | 'roll'
  | 'code'
  | 'words'
  | 'choose'
  | 'again'
  | 'passphrase'
  | 'key'
  | 'keyPhrase'
  | 'share';

/** How the screen asks in each language. The prompt follows the question. */
export const ASKED = {
  fr: {
    begin: /puis tapez « continuer ».*\n> $/,
    present: /présent\(e\) \?.*\n> $/,
    roll: /Tapez « oui » si l'appel est exact.*\n> $/,
    code: /puis le tape : ([0-9a-f]{4} [0-9a-f]{4}) .*\n> $/,
    words: /tapez les 4 derniers mots de la fiche.*\n> $/,
    choose: /(\S+ \d), choisissez votre phrase.*\n> $/,
    again: /(\S+ \d), une seconde fois.*\n> $/,
    passphrase: /(\S+ \d), votre phrase secrète.*\n> $/,
    key: /le chemin de votre clé de chiffrement .*\n> $/,
    keyPhrase: /(\S+ \d), la phrase secrète de cette clé .*\n> $/,
    share: /numéro de sa part, .*\n> $/,
  },
  en: {
    begin: /then type "continue".*\n> $/,
    present: /^Is .* present\?.*\n> $/m,
    roll: /Type "yes" if the roll call is correct.*\n> $/,
    code: /then types it: ([0-9a-f]{4} [0-9a-f]{4}) .*\n> $/,
    words: /then type the last 4 words of the sheet.*\n> $/,
    choose: /(\S+ \d), choose your passphrase.*\n> $/,
    again: /(\S+ \d), a second time.*\n> $/,
    passphrase: /(\S+ \d), your passphrase.*\n> $/,
    key: /the path of your encryption key .*\n> $/,
    keyPhrase: /(\S+ \d), the passphrase of this key .*\n> $/,
    share: /number of the share, .*\n> $/,
  },
} as const satisfies Record<Language, Record<QuestionKind, RegExp>>;

/** Answers as the screen asks. A person who has no share left types Ctrl-C. */
export function people(
  { shares = [], sheet = [], keyFile = '' }: Answers = {},
  language: Language = 'fr',
): readonly Rule[] {
  const coming = [...shares];
  const asked = ASKED[language];
  const [carryOn, yes] = language === 'fr' ? ['continuer\r', 'oui\r'] : ['continue\r', 'yes\r'];
  const passphrase = ([, name = '']: RegExpMatchArray) => `${passphraseOf(name)}\r`;
  return [
    { when: asked.begin, type: () => carryOn },
    { when: asked.present, type: () => yes },
    { when: asked.roll, type: () => yes },
    { when: asked.code, type: ([, code]) => `${code}\r` },
    { when: asked.words, type: () => `${sheet.slice(-4).join(' ')}\r` },
    { when: asked.choose, type: passphrase },
    { when: asked.again, type: passphrase },
    { when: asked.passphrase, type: passphrase },
    { when: asked.key, type: () => `${keyFile}\r` },
    { when: asked.keyPhrase, type: passphrase },
    { when: asked.share, type: () => (coming.length > 0 ? `${coming.shift()}\r` : CTRL_C) },
  ];
}

/** The sheet that goes with a bundle, as somebody copied it from the screen. */
export function sheetOn(screen: string): readonly string[] {
  const from = Math.max(screen.lastIndexOf('à noter sur la fiche'), screen.lastIndexOf('written on the sheet'));
  assert.ok(from >= 0, screen);
  const numbered = [...screen.slice(from).matchAll(/(?:^|\s)(\d{1,2}) (\p{L}+)(?=\s)/gu)];
  const words = Array.from({ length: 24 }, (_, at) => numbered.find(([, number]) => Number(number) === at + 1)?.[2]);
  return words.map((word, at) => word ?? assert.fail(`word ${at + 1}`));
}
