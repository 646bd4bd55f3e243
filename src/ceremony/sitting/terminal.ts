/** What a ceremony says to the people in the room and asks of them. The keyboard and the screen are made where the command is. */
import type { Bytes } from '../../kernel/bytes.js';
import { type Bilingual, both } from '../bilingual.js';
import type { Person } from '../plan/model.js';

/** `about` and what comes with it are for whoever answers without reading: a rehearsal's officers, tests. */
export type Question = Bilingual &
  (
    | { readonly about: 'present'; readonly person: Person }
    /** The code that the master of ceremonies reads aloud and types. */
    | { readonly about: 'code'; readonly code: string }
    /** A share's number, or the path of its file. `given`: numbers of those that were accepted. */
    | { readonly about: 'share'; readonly shares: number; readonly given: readonly number[] }
    /** Path of the private key that opens the share of this holder. */
    | { readonly about: 'key-file'; readonly holder: string }
    /** Any answer: the HSM's own quorum has opened it. */
    | { readonly about: 'hsm'; readonly token: string }
    /** Any answer: the operator has done what was shown. */
    | { readonly about: 'operate'; readonly token: string }
  );

export type SecretQuestion = Bilingual & {
  readonly about: 'new-passphrase' | 'passphrase' | 'key-passphrase';
  readonly token: string;
  /** Number of the share, and who holds it. */
  readonly number: number;
  readonly holder: string;
};

export type Terminal = {
  readonly show: (lines: readonly string[]) => void;
  /** One line; null: whoever was asked gives up, and the ceremony stops where it is. */
  readonly ask: (question: Question) => Promise<string | null>;
  /** Typed without an echo, in octets that the one who asked overwrites; null: given up. */
  readonly askSecret: (question: SecretQuestion) => Promise<Bytes | null>;
};

const YES = ['o', 'oui', 'y', 'yes'];
const NO = ['n', 'non', 'no', ''];

/** Asks until it is yes or no; null: given up. */
export async function askYesNo(terminal: Terminal, question: Question): Promise<boolean | null> {
  for (;;) {
    const answer = (await terminal.ask(question))?.trim().toLowerCase();
    if (answer === undefined) return null;
    if (YES.includes(answer)) return true;
    if (NO.includes(answer)) return false;
    terminal.show([both({ fr: 'répondez oui ou non', en: 'answer yes or no' })]);
  }
}
