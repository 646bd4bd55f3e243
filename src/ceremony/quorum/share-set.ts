/**
 * The public description of the shares of one PIN: their holders, and commitments to each share and
 * to the PIN. With it, a share is detected that was altered, belongs to another set or is presented
 * twice, and a wrong PIN is detected before it is tried on the token.
 */
import { utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson } from '../../kernel/json.js';
import type { Sharing, TokenUse } from '../plan/model.js';
import { type MemberType, parseCanonical } from './share-file.js';

export type ShareEntry = {
  /** Counts from 1, in the order of the holders in the plan. */
  readonly number: number;
  readonly holder: string;
  readonly organisation: string;
  readonly encryption: 'passphrase' | 'certificate';
  /** The name of the share file, in the folder of the set. */
  readonly file: string;
  readonly fileSha256: string;
  readonly commitment: string;
};

export type ShareSet = {
  readonly form: 1;
  readonly kind: 'quorum-set';
  /** The random id of the set: 16 bytes in hex. */
  readonly set: string;
  readonly ceremony: string;
  readonly token: string;
  readonly generation: number;
  readonly shares: number;
  readonly threshold: number;
  readonly pinCommitment: string;
  readonly members: readonly ShareEntry[];
  /**
   * SHA-256 of the canonical text without this member. It detects damage. A forger could compute it
   * again; the transcript, which records the hash of the file, detects that.
   */
  readonly digest: string;
};

export function encodeSet(set: Omit<ShareSet, 'digest'>): Uint8Array {
  return utf8(`${canonicalJson({ ...set, digest: digestOf(set) })}\n`);
}

function digestOf(set: Omit<ShareSet, 'digest'>): string {
  return sha256Hex(utf8(canonicalJson(set)));
}

const SHARE_ENTRY: Readonly<Record<keyof ShareEntry, MemberType>> = {
  number: 'number',
  holder: 'string',
  organisation: 'string',
  encryption: 'string',
  file: 'file',
  fileSha256: 'digest',
  commitment: 'digest',
};
const SET: Readonly<Record<keyof ShareSet, MemberType>> = {
  form: 'number',
  kind: 'string',
  set: 'string',
  ceremony: 'string',
  token: 'string',
  generation: 'number',
  shares: 'number',
  threshold: 'number',
  pinCommitment: 'digest',
  members: { listOf: SHARE_ENTRY },
  digest: 'digest',
};

/** Reads a set file. `null`: the bytes are not exactly a set file as this version writes it. */
export function readSet(bytes: Uint8Array): ShareSet | null {
  const value = parseCanonical<ShareSet>(bytes, SET);
  if (value === null || value.form !== 1 || value.kind !== 'quorum-set') return null;
  const { digest, ...content } = value;
  const { members, shares, threshold } = content;
  const isConsistent =
    digest === digestOf(content) && members.length === shares && threshold <= shares && threshold >= 2;
  return isConsistent && members.every(({ number }, at) => number === at + 1) ? value : null;
}

/**
 * Returns the folder of the shares of a generation, below the path that the plan states for the
 * PIN.
 */
export function setFolder(use: TokenUse, generation: number): string {
  return `${'path' in use.pin ? use.pin.path : use.folder}/${generation}`;
}
export function setPath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/set.json`;
}
/** Returns the path of the marker that is written before the token gets the PIN of this set. */
export function changingPath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/changing.json`;
}
/** Returns the path of the marker that is written when the token has the PIN of this set. */
export function inForcePath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/in-force.json`;
}

/**
 * Returns the paths of the set file and its markers, but not those of the shares, whose names are
 * random.
 */
export function sharingFiles(use: TokenUse, generation: number): readonly string[] {
  return [setPath(use, generation), changingPath(use, generation), inForcePath(use, generation)];
}

/**
 * Whether the set corresponds to the plan: it has the number of shares, the threshold and the
 * holders that the plan states.
 */
export function isSharedAs(set: ShareSet, { shares, threshold, holders }: Sharing): boolean {
  return (
    set.shares === shares &&
    set.threshold === threshold &&
    holders.length === set.members.length &&
    set.members.every(({ holder, organisation }, at) => {
      const planned = holders[at];
      return planned?.name === holder && planned.organisation === organisation;
    })
  );
}
