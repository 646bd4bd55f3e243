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

/** A token that is logged in. Methods reject with `CeremonyTokenError`. */
export type CeremonyToken = {
  /**
   * Makes a key pair with the attributes of an authority's key and returns its SubjectPublicKeyInfo
   * (DER). Refuses a label that is taken.
   */
  readonly generateKey: (label: string, keyType: KeyType) => Promise<Bytes>;
  /** The public key of a key pair; null: there is no such pair, only half of one, or several. */
  readonly publicKey: (label: string) => Promise<Bytes | null>;
  /**
   * Whether anything has this label: a key pair, half of one, or several, which `publicKey` does
   * not find.
   */
  readonly isTaken: (label: string) => Promise<boolean>;
  /** Attributes of the private key by their PKCS#11 names, as the token reports them. */
  readonly attributes: (label: string) => Promise<Readonly<Record<string, boolean | string>>>;
  /** Signs the whole to-be-signed bytes; returns the content of the BIT STRING. */
  readonly sign: (label: string, keyType: KeyType, tbs: Bytes) => Promise<Bytes>;
  /**
   * Changes the PIN; the caller overwrites `pin`. When the promise resolves, only the new PIN is
   * valid.
   */
  readonly changePin: (pin: Bytes) => Promise<void>;
  /**
   * Removes a key pair or half of one. It is no failure if there is none. When the promise
   * resolves, the key is no longer on disk.
   */
  readonly discardKey: (label: string) => Promise<void>;
  readonly info: () => Promise<TokenFacts>;
  /** Sorted labels of all private keys, with any attributes. */
  readonly keys: () => Promise<readonly string[]>;
  /**
   * The files of a software token, read while no module has it open; keys are encrypted in them.
   * Rejects with `CeremonyTokenError` where the token has no files.
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
 * `pin`: a PIN that a quorum has opened, which the caller overwrites; null: the implementation
 * reads the PIN from its file, or the HSM asks for it.
 */
export type CeremonyTokens = {
  readonly exists: (use: TokenUse) => Promise<boolean>;
  /**
   * Finds the token and, if its PIN is in a file, the PIN, without a login. Rejects with
   * `CeremonyTokenError` where a later `open` would fail.
   */
  readonly probe: (use: TokenUse) => Promise<void>;
  /**
   * Makes the token with these PINs, or nothing. `soPin` is null: a random one is used and not
   * stored.
   */
  readonly create: (use: TokenUse, pin: Bytes | null, soPin: Bytes | null) => Promise<void>;
  /**
   * Sets the PIN of a token that is not open, as the security officer and whatever the PIN was. The
   * PIN is valid when the promise resolves.
   */
  readonly resetPin: (use: TokenUse, soPin: Bytes, pin: Bytes) => Promise<void>;
  /**
   * Changes the security officer's PIN of a token that is not open; the old one is the first of
   * `soPins` that the token accepts.
   */
  readonly changeSoPin: (use: TokenUse, soPins: readonly Bytes[], next: Bytes) => Promise<void>;
  /** Tries the PIN once; a refusal is a `CeremonyTokenError` with its reason. */
  readonly open: (use: TokenUse, pin: Bytes | null) => Promise<CeremonyToken>;
  /** Makes the token from what `copy` returned, all or nothing, where there is none. */
  readonly restore: (use: TokenUse, files: TokenFiles) => Promise<void>;
};

/** Paths are relative to the home folder. When a write resolves, its content is on disk. */
export type CeremonyFiles = {
  /** Reads a file; null: there is no such file. */
  readonly read: (path: string) => Promise<Bytes | null>;
  /** Reads a path that somebody typed, anywhere on this machine. */
  readonly readGiven: (path: string) => Promise<Bytes | null>;
  /** Creates the complete file or nothing. Rejects if the file exists. */
  readonly create: (path: string, content: Bytes) => Promise<void>;
  /** As `create`, readable by its owner only. */
  readonly createSecret: (path: string, content: Bytes) => Promise<void>;
  /** As `createSecret`, for encrypted content: its owner may erase it. */
  readonly createPrivate: (path: string, content: Bytes) => Promise<void>;
  /**
   * Whether users other than its owner may read a file of the home folder, or one that somebody
   * typed.
   */
  readonly isOpenToOthers: (path: string, from: 'home' | 'given') => Promise<boolean>;
  /**
   * As `create`, but replaces an existing file: a published list, which later ones follow, or the
   * draft of a signature.
   */
  readonly replace: (path: string, content: Bytes) => Promise<void>;
  /** Renames a file within a folder. No file has the new name yet. */
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly append: (path: string, content: Bytes) => Promise<void>;
  readonly truncate: (path: string, length: number) => Promise<void>;
};

/** Progress of a ceremony, for people. */
export type ProgressEvent = {
  /** Id of the plan. */
  readonly ceremony: string;
  readonly kind: 'begins' | 'resumes' | 'starts' | 'made' | 'found' | 'skipped' | 'ends';
  /** From 1; 0: the ceremony as a whole. */
  readonly step: number;
  readonly of: number;
} & Bilingual;
export type Progress = (event: ProgressEvent) => void;

/** Where the ceremony is held, for its screens. */
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
  /** Whether memory may be written to a disk or read by others, for the transcript. */
  readonly machine: { readonly swap: boolean; readonly coreDumps: boolean; readonly debugging: boolean };
  /** The running program, for the transcript. */
  readonly software: { readonly version: string; readonly details: Readonly<Record<string, Json>> };
};
