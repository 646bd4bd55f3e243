/** The port through which a ceremony shows texts to people and asks them questions. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Person } from '../plan/model.js';
import type { ScreenLine } from './screen.js';

/**
 * A question to people. `about` and its members are for programs that answer: rehearsals and
 * tests.
 */
export type Question = Bilingual &
  /** `isReady`: nothing that the plan needs is missing. */
  (
    | { readonly about: 'begin'; readonly isReady: boolean }
    | { readonly about: 'present'; readonly person: Person }
    /** Whether the roll call is correct. `isComplete`: nobody that the plan requires is missing. */
    | { readonly about: 'roll-call'; readonly isComplete: boolean }
    /** The code that the master of ceremonies reads aloud and types. */
    | { readonly about: 'code'; readonly code: string }
    /**
     * Asks for the number of a share or the path of its file. `given` are the numbers of accepted
     * shares.
     */
    | { readonly about: 'share'; readonly shares: number; readonly given: readonly number[] }
    /** Asks for the path of the private key that decrypts the share of this holder. */
    | { readonly about: 'key-file'; readonly holder: string }
    /** The word `done` means that the HSM's own quorum has opened the token. */
    | { readonly about: 'hsm'; readonly token: string }
    /** The word `done` means that the operator has followed the instructions. */
    | { readonly about: 'operate'; readonly token: string }
    /** Whether the person who typed the word of refusal means it. */
    | { readonly about: 'refusal' }
  );

export type SecretQuestion = Bilingual & {
  readonly about: 'new-passphrase' | 'passphrase' | 'key-passphrase';
  readonly token: string;
  /** The number of the share. */
  readonly number: number;
  readonly holder: string;
};

export type Terminal = {
  readonly show: (lines: readonly ScreenLine[]) => void;
  /** Asks for one line. `null`: the person interrupted the ceremony. */
  readonly ask: (question: Question) => Promise<string | null>;
  /**
   * Asks for a secret without echo, as bytes that the caller overwrites. `null`: the person
   * interrupted the ceremony.
   */
  readonly askSecret: (question: SecretQuestion) => Promise<Bytes | null>;
};
