/**
 * The set that the shares of one PIN make, as a file that anybody may read: whose they are, and digests by which each share
 * and the PIN are known. A share that was altered, belongs to another set or was given twice is found by it, and so is a PIN
 * that is not the token's: before the token is asked.
 */
import { utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson } from '../../kernel/json.js';
import type { Sharing, TokenUse } from '../plan/model.js';
import { type Member, parseCanonical } from './canonical.js';

export type ShareOf = {
  /** From 1, in the order of the plan's holders. */
  readonly number: number;
  readonly holder: string;
  readonly organisation: string;
  readonly seal: 'passphrase' | 'certificate';
  /** Of the share file, in the folder of the set. */
  readonly file: string;
  readonly fileSha256: string;
  readonly commitment: string;
};

export type ShareSet = {
  readonly form: 1;
  readonly kind: 'quorum-set';
  /** 16 octets of chance, hex: no two sets have the same. */
  readonly set: string;
  readonly ceremony: string;
  readonly token: string;
  readonly generation: number;
  readonly shares: number;
  readonly threshold: number;
  readonly pinCommitment: string;
  readonly members: readonly ShareOf[];
  /** Of the canonical text without this member: a set that was damaged is told. One that was forged, the transcript tells. */
  readonly digest: string;
};

export function encodeSet(set: Omit<ShareSet, 'digest'>): Uint8Array {
  return utf8(`${canonicalJson({ ...set, digest: digestOf(set) })}\n`);
}

function digestOf(set: Omit<ShareSet, 'digest'>): string {
  return sha256Hex(utf8(canonicalJson(set)));
}

const SHARE_OF: Readonly<Record<keyof ShareOf, Member>> = {
  number: 'number',
  holder: 'string',
  organisation: 'string',
  seal: 'string',
  file: 'file',
  fileSha256: 'digest',
  commitment: 'digest',
};
const SET: Readonly<Record<keyof ShareSet, Member>> = {
  form: 'number',
  kind: 'string',
  set: 'string',
  ceremony: 'string',
  token: 'string',
  generation: 'number',
  shares: 'number',
  threshold: 'number',
  pinCommitment: 'digest',
  members: { listOf: SHARE_OF },
  digest: 'digest',
};

/** null: not a set of ours, octet for octet. */
export function readSet(bytes: Uint8Array): ShareSet | null {
  const value = parseCanonical<ShareSet>(bytes, SET);
  if (value === null || value.form !== 1 || value.kind !== 'quorum-set') return null;
  const { digest, ...content } = value;
  const { members, shares, threshold } = content;
  const isWhole = digest === digestOf(content) && members.length === shares && threshold <= shares && threshold >= 2;
  return isWhole && members.every(({ number }, at) => number === at + 1) ? value : null;
}

/** Folder of the shares of a generation, where the plan says that the token's shares are. */
export function setFolder(use: TokenUse, generation: number): string {
  return `${'path' in use.pin ? use.pin.path : use.folder}/${generation}`;
}
export function setPath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/set.json`;
}
/** Written when the PIN of this set is about to become the token's, and when it is. */
export function changingPath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/changing.json`;
}
export function inForcePath(use: TokenUse, generation: number): string {
  return `${setFolder(use, generation)}/in-force.json`;
}

/** Every file of a generation of shares but the shares themselves, whose names are random. */
export function sharingFiles(use: TokenUse, generation: number): readonly string[] {
  return [setPath(use, generation), changingPath(use, generation), inForcePath(use, generation)];
}

/** Whether the set is the one that the plan expects: as many shares, as many of them to open, the same people. */
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
