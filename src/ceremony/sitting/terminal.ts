/** The port through which a ceremony shows texts to people and asks them questions. */

import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Person } from '../plan/model.js';

/**
 * A question to people. `about` and its members are for programs that answer: rehearsals and
 * tests.
 */
export type Question = Bilingual &
  (
    | { readonly about: 'present'; readonly person: Person }
    /** The code that the master of ceremonies reads aloud and types. */
    | { readonly about: 'code'; readonly code: string }
    /**
     * Asks for the number of a share or the path of its file. `given` are the numbers of accepted
     * shares.
     */
    | { readonly about: 'share'; readonly shares: number; readonly given: readonly number[] }
    /** Asks for the path of the private key that decrypts the share of this holder. */
    | { readonly about: 'key-file'; readonly holder: string }
    /** Any answer means that the HSM's own quorum has opened the token. */
    | { readonly about: 'hsm'; readonly token: string }
    /** Any answer means that the operator has followed the instructions. */
    | { readonly about: 'operate'; readonly token: string }
  );

export type SecretQuestion = Bilingual & {
  readonly about: 'new-passphrase' | 'passphrase' | 'key-passphrase';
  readonly token: string;
  /** The number of the share. */
  readonly number: number;
  readonly holder: string;
};

export type Terminal = {
  readonly show: (lines: readonly string[]) => void;
  /** Asks for one line. `null`: the person cancelled, and the ceremony stops. */
  readonly ask: (question: Question) => Promise<string | null>;
  /**
   * Asks for a secret without echo, as bytes that the caller overwrites. `null`: the person
   * cancelled.
   */
  readonly askSecret: (question: SecretQuestion) => Promise<Bytes | null>;
};

const YES = ['o', 'oui', 'y', 'yes'];
const NO = ['n', 'non', 'no', ''];

/** Asks until the answer is yes or no. `null`: the person cancelled. */
export async function askYesNo(terminal: Terminal, question: Question): Promise<boolean | null> {
  for (;;) {
    const answer = (await terminal.ask(question))?.trim().toLowerCase();
    if (answer === undefined) return null;
    if (YES.includes(answer)) return true;
    if (NO.includes(answer)) return false;
    terminal.show([inBothLanguages({ fr: 'répondez oui ou non', en: 'answer yes or no' })]);
  }
}
