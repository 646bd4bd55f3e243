/**
 * scripts/ceremony/README.md as followed by somebody who has nothing else. Commands are taken from
 * its text, with the words in capitals filled in. A command that the guide does not have, in French
 * and in English alike, fails.
 */
import assert from 'node:assert/strict';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Answers as the screen asks. */
export function people({ shares = [], sheet = [], keyFile = '' }: Answers = {}): readonly Rule[] {
  const coming = [...shares];
  const passphrase = ([, name = '']: RegExpMatchArray) => `${passphraseOf(name)}\r`;
  return [
    { when: /est-il ou elle là \? \[o\/n\].*\[y\/n\] : /, type: () => 'o\r' },
    { when: /tape : ([0-9a-f]{4} [0-9a-f]{4}) \(rien.* : /, type: ([, code]) => `${code}\r` },
    { when: /tapez les 4 derniers mots de la fiche.* : /, type: () => `${sheet.slice(-4).join(' ')}\r` },
    { when: /(\S+ \d), choisissez votre phrase.* : /, type: passphrase },
    { when: /(\S+ \d), une seconde fois.* : /, type: passphrase },
    { when: /(\S+ \d), votre phrase secrète.* : /, type: passphrase },
    { when: /le chemin de votre clé de chiffrement .* : /, type: () => `${keyFile}\r` },
    { when: /(\S+ \d), la phrase secrète de cette clé .* : /, type: passphrase },
    { when: /numéro de sa part, .* leave empty to cancel : /, type: () => `${coming.shift() ?? ''}\r` },
  ];
}

/** The sheet that goes with a bundle, as somebody copied it from the screen. */
export function sheetOn(screen: string): readonly string[] {
  const from = screen.indexOf('à noter sur la fiche');
  assert.ok(from >= 0, screen);
  const numbered = [...screen.slice(from).matchAll(/(?:^|\s)(\d{1,2}) (\p{L}+)(?=\s)/gu)];
  const words = Array.from({ length: 24 }, (_, at) => numbered.find(([, number]) => Number(number) === at + 1)?.[2]);
  return words.map((word, at) => word ?? assert.fail(`word ${at + 1}`));
}
