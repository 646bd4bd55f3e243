/**
 * The ports of a ceremony. `src/ceremony-host` implements them; tests use implementations that fail
 * on purpose.
 */
import { type Bilingual, inBothLanguages } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Json } from '../kernel/json.js';
import type { Policy } from '../policy/model.js';
import type { Clock, Random } from '../ports/world.js';
import type { KeyType } from '../x509/model.js';
import type { StepFailure } from './failures.js';
import type { TokenUse } from './plan/model.js';
import type { Terminal } from './sitting/terminal.js';
import type { TokenFiles } from './steps/shared/token-records.js';

type TokenFacts = {
  readonly label: string;
  readonly serialNumber: string;
  readonly model: string;
  readonly manufacturer: string;
  /** Version of the token's hardware, as `major.minor`. */
  readonly hardware: string;
  readonly firmware: string;
};

/**
 * A token that is logged in. Methods reject with `CeremonyTokenError` when the token refuses or
 * fails.
 */
export type CeremonyToken = {
  /**
   * Makes a key pair with the attributes of a CA key and returns its SubjectPublicKeyInfo (DER).
   * Rejects if the label is taken.
   */
  readonly generateKey: (label: string, keyType: KeyType) => Promise<Bytes>;
  /**
   * Returns the public key (SubjectPublicKeyInfo, DER) of the only key pair with this label; null:
   * there is no pair, only half of one, or several. Rejects if the private key lacks an attribute
   * of a CA key, for example if it can be extracted.
   */
  readonly publicKey: (label: string) => Promise<Bytes | null>;
  /**
   * Whether anything has this label: a key pair, half of one, or several, which `publicKey` does
   * not find.
   */
  readonly isTaken: (label: string) => Promise<boolean>;
  /** Attributes of the private key by their PKCS#11 names, as the token reports them. */
  readonly attributes: (label: string) => Promise<Readonly<Record<string, boolean | string>>>;
  /**
   * Hashes and signs to-be-signed bytes; returns the content of the BIT STRING for the signature.
   */
  readonly sign: (label: string, keyType: KeyType, tbs: Bytes) => Promise<Bytes>;
  /**
   * Changes the PIN; the caller overwrites `pin`. When the promise resolves, only the new PIN is
   * valid.
   */
  readonly changePin: (pin: Bytes) => Promise<void>;
  /**
   * Removes a key pair or half of one; it is no failure if there is none. When the promise
   * resolves, the key is no longer on disk.
   */
  readonly discardKey: (label: string) => Promise<void>;
  readonly info: () => Promise<TokenFacts>;
  /** Returns the sorted labels of all private keys, whatever their attributes are. */
  readonly keys: () => Promise<readonly string[]>;
  /**
   * Returns the files of a software token, in which its keys are encrypted. They are read while no
   * module has the token open. Rejects with `CeremonyTokenError` where the token has no files.
   */
  readonly copy: () => Promise<TokenFiles>;
};

/**
 * A token refused an operation or failed: the ceremony stops, records it, and can be resumed. The
 * error never contains a PIN.
 */
export class CeremonyTokenError extends Error {
  override readonly name = 'CeremonyTokenError';
  readonly words: Bilingual;
  readonly reason: 'pin-refused' | 'other';
  constructor(words: Bilingual, reason: 'pin-refused' | 'other' = 'other') {
    super(inBothLanguages(words));
    this.words = words;
    this.reason = reason;
  }
}

/** Carries a failure out of a function that returns no result: the ceremony stops with it. */
export class StepStopped extends Error {
  override readonly name = 'StepStopped';
  readonly failure: StepFailure;
  constructor(failure: StepFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/**
 * The tokens of the machine, before they are logged in. `pin` is a PIN from shares, which the
 * caller overwrites; null: the implementation reads the PIN from its file, or the HSM asks for it.
 */
export type CeremonyTokens = {
  readonly exists: (use: TokenUse) => Promise<boolean>;
  /**
   * Finds the token and, if its PIN is in a file, the PIN, without a login. Rejects with
   * `CeremonyTokenError` where a later `open` would fail.
   */
  readonly probe: (use: TokenUse) => Promise<void>;
  /**
   * Makes the token with these PINs, completely or not at all. For `soPin`, null: a random PIN is
   * used and not stored.
   */
  readonly create: (use: TokenUse, pin: Bytes | null, soPin: Bytes | null) => Promise<void>;
  /**
   * Sets the user's PIN with the security officer's PIN, whatever the old PIN was, while the token
   * is not open. The new PIN is valid when the promise resolves.
   */
  readonly resetPin: (use: TokenUse, soPin: Bytes, pin: Bytes) => Promise<void>;
  /**
   * Changes the security officer's PIN of a token that is not open. `soPins` are tried in their
   * order, and the first that the token accepts is the old one.
   */
  readonly changeSoPin: (use: TokenUse, soPins: readonly Bytes[], next: Bytes) => Promise<void>;
  /** Tries the PIN once; a refusal is a `CeremonyTokenError` with its reason. */
  readonly open: (use: TokenUse, pin: Bytes | null) => Promise<CeremonyToken>;
  /** Makes the token from what `copy` returned, completely or not at all. No token may be there. */
  readonly restore: (use: TokenUse, files: TokenFiles) => Promise<void>;
};

/**
 * The files of a home folder, by paths relative to it. When a write resolves, its content is on
 * disk.
 */
export type CeremonyFiles = {
  /** Reads a file; null: there is no such file. */
  readonly read: (path: string) => Promise<Bytes | null>;
  /**
   * Reads a file of at most 64 KiB at a path that somebody typed, anywhere on this machine; null:
   * it cannot be read.
   */
  readonly readTypedPath: (path: string) => Promise<Bytes | null>;
  /** Creates the complete file or nothing. Rejects if the file exists. */
  readonly create: (path: string, content: Bytes) => Promise<void>;
  /** Like `create`, for a file that its owner may read and nobody may write (mode 0400). */
  readonly createSecret: (path: string, content: Bytes) => Promise<void>;
  /**
   * Like `create`, for an encrypted secret that only its owner may read and overwrite (mode 0600).
   */
  readonly createPrivate: (path: string, content: Bytes) => Promise<void>;
  /**
   * Whether other users than its owner may read a file. `home`: the path is relative to the home
   * folder. `typed`: somebody typed the path.
   */
  readonly isOpenToOthers: (path: string, from: 'home' | 'typed') => Promise<boolean>;
  /**
   * Like `create`, but replaces an existing file. It is for published lists, which later lists
   * follow, and for the draft of a signature.
   */
  readonly replace: (path: string, content: Bytes) => Promise<void>;
  /** Renames a file within its folder, where no file may have the new name yet. */
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly append: (path: string, content: Bytes) => Promise<void>;
  readonly truncate: (path: string, length: number) => Promise<void>;
};

/** One line of progress, which is shown to people while the ceremony runs. */
export type ProgressEvent = {
  /** Id of the plan. */
  readonly ceremony: string;
  readonly kind: 'begins' | 'resumes' | 'starts' | 'made' | 'found' | 'skipped' | 'ends';
  /** The number of the step, from 1; 0: the event is about the whole ceremony. */
  readonly step: number;
  readonly of: number;
} & Bilingual;
export type Progress = (event: ProgressEvent) => void;

/** Where the ceremony is held, as its screens show it. */
export type CeremonyPlace = {
  /** The home folder, as an absolute path. */
  readonly home: string;
  readonly planFile: string;
  /** How people start the commands of ceremonies here: `./ceremony`. */
  readonly command: string;
};

export type CeremonyWorld = {
  readonly policy: Policy;
  readonly tokens: CeremonyTokens;
  readonly files: CeremonyFiles;
  readonly clock: Clock;
  /**
   * Whether this is a rehearsal: its results are deleted, and the clock may be set to the day of
   * the plan. The transcript says so.
   */
  readonly isRehearsal?: boolean;
  readonly random: Random;
  readonly progress: Progress;
  readonly terminal: Terminal;
  readonly place: CeremonyPlace;
  /**
   * Whether memory may be written to a disk or read by others, as the first line of the transcript
   * records it.
   */
  readonly machine: { readonly swap: boolean; readonly coreDumps: boolean; readonly debugging: boolean };
  /** The running program, as the first line of the transcript records it. */
  readonly software: { readonly version: string; readonly details: Readonly<Record<string, Json>> };
};
