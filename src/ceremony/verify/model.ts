/** What verifying a transcript takes and returns. */
import type { Bytes } from '../../kernel/bytes.js';
import type { Bilingual } from '../bilingual.js';
import type { Entry, LineFault } from '../transcript/transcript.js';

export type VerifyFault =
  | LineFault
  | { readonly kind: 'transcript-incomplete'; readonly rule: Bilingual }
  | { readonly kind: 'transcript-too-large'; readonly rule: Bilingual }
  | { readonly kind: 'artefact-missing'; readonly artefact: string }
  | { readonly kind: 'artefact-altered'; readonly artefact: string; readonly rule: Bilingual };

export type VerifiedTranscript = {
  readonly ceremony: string;
  readonly begunAt: string;
  readonly endedAt: string;
  readonly lines: number;
  readonly artefacts: number;
  /** What it tells of was made on tokens that were thrown away. */
  readonly rehearsal: boolean;
} & SignatureResult & {
    /** What those present wrote down, or signed. */
    readonly head: string;
  };

/** Content of an artefact by its path relative to the home folder; null: not there. */
export type Artefacts = (path: string) => Bytes | null;

export type SignatureResult = {
  /** Whether a ceremony key has signed it; a plan of before may have none. */
  readonly isSigned: boolean;
  /** Lines after those that the ceremony key has signed: who came once more, when it was gone. */
  readonly linesAfterSignature: number;
  /** Names, in the order of the plan. */
  readonly signedBy: readonly string[];
  /** Of a rehearsal: who will sign on the day, and has not signed this. Of a ceremony nobody: their signatures are asked for. */
  readonly toSign: readonly string[];
};

/** A file that a line of the transcript tells of. `others`: the files of the same line. */
export type CheckedFile = {
  readonly path: string;
  readonly content: Bytes;
  readonly entry: Entry;
  readonly others: readonly { readonly path: string; readonly content: Bytes }[];
};
