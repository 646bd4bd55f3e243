/** The input and result types of the verification of a transcript. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
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
  /** Whether the ceremony was a rehearsal, whose tokens were deleted afterwards. */
  readonly rehearsal: boolean;
} & SignatureResult & {
    /** The hash of the last entry, which the people present wrote down or signed. */
    readonly head: string;
  };

/**
 * Returns the content of an artefact by its path relative to the home folder. `null`: it does not
 * exist.
 */
export type Artefacts = (path: string) => Bytes | null;

export type SignatureResult = {
  /** Whether the plan has a transcript key, whose signature was then verified. */
  readonly isSigned: boolean;
  /**
   * The number of entries that the signature does not cover: those of a resumption after the key
   * was destroyed.
   */
  readonly linesAfterSignature: number;
  /** The names of the people whose signatures were verified, in the order of the plan. */
  readonly signedBy: readonly string[];
  /**
   * In a rehearsal, the people who will sign the real ceremony. Otherwise empty, because their
   * signatures are required.
   */
  readonly toSign: readonly string[];
};

/** A file that an entry of the transcript records. `others` are all files of that entry. */
export type CheckedFile = {
  readonly path: string;
  readonly content: Bytes;
  readonly entry: Entry;
  readonly others: readonly { readonly path: string; readonly content: Bytes }[];
};
