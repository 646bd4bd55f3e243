/** What a ceremony asks of the world. Real ones are made where the command is; tests give their own, and break them. */
import type { Bytes } from '../kernel/bytes.js';
import type { Json } from '../kernel/json.js';
import type { Policy } from '../policy/model.js';
import type { Clock, Random } from '../ports/world.js';
import type { KeyType } from '../x509/model.js';
import { type Bilingual, both } from './bilingual.js';
import type { StepFailure } from './failures.js';
import type { TokenUse } from './plan/model.js';
import type { Terminal } from './sitting/terminal.js';
import type { TokenFiles } from './steps/shared/token-records.js';

export type TokenFacts = {
  readonly label: string;
  readonly serialNumber: string;
  readonly model: string;
  readonly manufacturer: string;
  /** `major.minor`. */
  readonly hardware: string;
  readonly firmware: string;
};

/** A token in the reader, logged in. Methods reject with `TokenTrouble`. */
export type CeremonyToken = {
  /** Makes a key pair whose attributes are those asked for; SubjectPublicKeyInfo, DER. Refuses a label that is taken. */
  readonly generateKey: (label: string, keyType: KeyType) => Promise<Bytes>;
  /** null: no such key pair, half of one, or several. */
  readonly publicKey: (label: string) => Promise<Bytes | null>;
  /** Whether anything of this label is there: a key pair, half of one, several. What `publicKey` does not find may be there. */
  readonly isTaken: (label: string) => Promise<boolean>;
  /** Attributes of the private key under their PKCS#11 names, as the token tells them. */
  readonly attributes: (label: string) => Promise<Readonly<Record<string, boolean | string>>>;
  /** Signature over the whole to-be-signed bytes, as it stands in the BIT STRING. */
  readonly sign: (label: string, keyType: KeyType, tbs: Bytes) => Promise<Bytes>;
  /** Octets of the new PIN, which the caller overwrites. On the token when it resolves, and the old one is nothing any more. */
  readonly changePin: (pin: Bytes) => Promise<void>;
  /** Removes what is there of a key pair; nothing is no failure. Gone from the disk as well when it resolves. */
  readonly discardKey: (label: string) => Promise<void>;
  readonly info: () => Promise<TokenFacts>;
  /** Labels of all private keys, fit or not, in their order. */
  readonly keys: () => Promise<readonly string[]>;
  /** What a software token keeps of itself, read while no module has it open; keys are enciphered in it. `TokenTrouble`: no files. */
  readonly copy: () => Promise<TokenFiles>;
};

/** Why a token would not; the ceremony stops, says so in the transcript, and can be resumed. Never holds a PIN. */
export class TokenTrouble extends Error {
  override readonly name = 'TokenTrouble';
  readonly words: Bilingual;
  readonly reason: 'pin-refused' | 'other';
  constructor(words: Bilingual, reason: 'pin-refused' | 'other' = 'other') {
    super(both(words));
    this.words = words;
    this.reason = reason;
  }
}

/** Carries a failure out of where no result can: the ceremony stops with it. */
export class StepStopped extends Error {
  override readonly name = 'StepStopped';
  readonly failure: StepFailure;
  constructor(failure: StepFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/**
 * `pin`: octets of a PIN that a quorum has opened, which the caller overwrites. null: PINs in files and those that an HSM asks
 * for itself are the business of whoever implements this.
 */
export type CeremonyTokens = {
  readonly exists: (use: TokenUse) => Promise<boolean>;
  /** Makes the token with these PINs, all or nothing; `soPin` is null: one that nobody keeps. */
  readonly create: (use: TokenUse, pin: Bytes | null, soPin: Bytes | null) => Promise<void>;
  /** The security officer sets the PIN, whatever it was; of a token that is not open. On the token when it resolves. */
  readonly resetPin: (use: TokenUse, soPin: Bytes, pin: Bytes) => Promise<void>;
  /** The security officer gets another PIN in the place of the first of `soPins` that the token takes; of a token that is not open. */
  readonly changeSoPin: (use: TokenUse, soPins: readonly Bytes[], next: Bytes) => Promise<void>;
  /** Tries the PIN once; a refusal is `TokenTrouble` with its reason. */
  readonly open: (use: TokenUse, pin: Bytes | null) => Promise<CeremonyToken>;
  /** Makes the token of what `copy` gave, all or nothing, where there is none. */
  readonly restore: (use: TokenUse, files: TokenFiles) => Promise<void>;
};

/** Paths are relative to the home folder. What these write is on disk when they resolve. */
export type CeremonyFiles = {
  /** null: no such file. */
  readonly read: (path: string) => Promise<Bytes | null>;
  /** A path that somebody in the room typed: anywhere on this machine. */
  readonly readGiven: (path: string) => Promise<Bytes | null>;
  /** The whole file or nothing of it; replaces none: rejects where one exists. */
  readonly create: (path: string, content: Bytes) => Promise<void>;
  /** The same, for its owner alone. */
  readonly createSecret: (path: string, content: Bytes) => Promise<void>;
  /** As `createSecret`, of what is sealed: a wrong passphrase costs whoever has it nothing but time. Its owner may erase it. */
  readonly createPrivate: (path: string, content: Bytes) => Promise<void>;
  /** That others than its owner may read: of a file of the home folder, or one that somebody typed and that lies on the same disk. */
  readonly isOpenToOthers: (path: string, from: 'home' | 'given') => Promise<boolean>;
  /** As `create`, in the place of a file that is there: of published lists, which later ones follow, and of the draft of a signature. */
  readonly replace: (path: string, content: Bytes) => Promise<void>;
  /** In one folder, and where nothing has the new name. */
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly append: (path: string, content: Bytes) => Promise<void>;
  readonly truncate: (path: string, length: number) => Promise<void>;
};

/** What is going on, for people. */
export type ProgressEvent = {
  /** Id of the plan. */
  readonly ceremony: string;
  readonly kind: 'begins' | 'resumes' | 'starts' | 'made' | 'found' | 'skipped' | 'ends';
  /** From 1; 0 for the ceremony as a whole. */
  readonly step: number;
  readonly of: number;
} & Bilingual;
export type Progress = (event: ProgressEvent) => void;

export type CeremonyWorld = {
  readonly policy: Policy;
  readonly tokens: CeremonyTokens;
  readonly files: CeremonyFiles;
  readonly clock: Clock;
  /** What is made is thrown away, and the clock may be set to the plan's day: the transcript says so. */
  readonly isRehearsal?: boolean;
  readonly random: Random;
  readonly progress: Progress;
  readonly terminal: Terminal;
  /** For the transcript: whether what is in memory can come to lie on a disk, or to whoever asks this process for it. */
  readonly machine: { readonly swap: boolean; readonly coreDumps: boolean; readonly debugging: boolean };
  /** Of the running program, for the transcript. */
  readonly software: { readonly version: string; readonly details: Readonly<Record<string, Json>> };
};
