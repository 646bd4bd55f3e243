/** The file of one share, encrypted for its holder, who keeps the file and a printed copy. */
import { type Bytes, concat, fromBase64, fromUtf8, toBase64, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json, parseJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';

export type Scrypt = { readonly n: number; readonly r: number; readonly p: number };

/** An encrypted share. All binary members are base64. */
export type EncryptedShare =
  /**
   * AES-256-GCM with a key that scrypt (RFC 7914) derives from the passphrase. `box` is
   * ciphertext and tag.
   */
  | {
      readonly kind: 'passphrase';
      readonly scrypt: Scrypt;
      readonly salt: string;
      readonly nonce: string;
      readonly box: string;
    }
  /** CMS EnvelopedData (RFC 5652 section 6), DER, for the certificate with this SHA-256. */
  | { readonly kind: 'certificate'; readonly certificateSha256: string; readonly cms: string };

/**
 * The part of the file that is not encrypted. The encryption authenticates it, so that a share
 * cannot be presented as another one.
 */
export type ShareHeader = {
  readonly form: 1;
  readonly kind: 'quorum-share';
  readonly set: string;
  readonly ceremony: string;
  readonly token: string;
  readonly generation: number;
  readonly number: number;
  readonly shares: number;
  readonly threshold: number;
  readonly holder: string;
  readonly organisation: string;
};
export type ShareFile = ShareHeader & { readonly encrypted: EncryptedShare };

export function encodeShare(share: ShareFile): Bytes {
  return utf8(`${canonicalJson(share)}\n`);
}

/** Returns the bytes of the header, which the encryption authenticates. */
export function headerBytes({ encrypted: _, ...header }: ShareHeader & { readonly encrypted?: EncryptedShare }): Bytes {
  return utf8(canonicalJson(header));
}

const PASSPHRASE_MEMBERS: MemberTypes = {
  kind: 'string',
  scrypt: { oneOf: [{ n: 'number', r: 'number', p: 'number' }] },
  salt: 'string',
  nonce: 'string',
  box: 'string',
};
const CERTIFICATE_MEMBERS: MemberTypes = { kind: 'string', certificateSha256: 'digest', cms: 'string' };
const SHARE: Readonly<Record<keyof ShareFile, MemberType>> = {
  form: 'number',
  kind: 'string',
  set: 'string',
  ceremony: 'string',
  token: 'string',
  generation: 'number',
  number: 'number',
  shares: 'number',
  threshold: 'number',
  holder: 'string',
  organisation: 'string',
  encrypted: { oneOf: [PASSPHRASE_MEMBERS, CERTIFICATE_MEMBERS] },
};

/**
 * Limit of a share file. One for a passphrase has about one kilobyte; one for an RSA-4096 key, two.
 */
const SHARE_FILE_BYTES_MAX = 16 * 1024;

/** Reads a share file. `null`: the bytes are not exactly a share file as this version writes it. */
export function readShare(bytes: Bytes): ShareFile | null {
  if (bytes.length > SHARE_FILE_BYTES_MAX) return null;
  const share = parseCanonical<ShareFile>(bytes, SHARE);
  if (share === null || share.form !== 1 || share.kind !== 'quorum-share') return null;
  const { encrypted } = share;
  const encoded = encrypted.kind === 'passphrase' ? [encrypted.salt, encrypted.nonce, encrypted.box] : [encrypted.cms];
  const isKnown =
    encrypted.kind === 'passphrase' ? 'box' in encrypted : encrypted.kind === 'certificate' && 'cms' in encrypted;
  return isKnown && encoded.every((text) => fromBase64(text) !== null) ? share : null;
}

/**
 * Parses the files of ceremonies that are canonical JSON: shares, share sets, and the records and
 * copies of tokens. They have known members only, so that every changed byte is detected.
 */

/**
 * The type of a member of an object. `digest`: a SHA-256 in hexadecimal. `file`: a file name
 * without a folder. `listOf` and `oneOf` state the members of objects: of each one in a list, or of
 * one object in one of several forms.
 */
export type MemberType =
  | 'string'
  | 'number'
  | 'digest'
  | 'file'
  | { readonly listOf: MemberTypes }
  | { readonly oneOf: readonly MemberTypes[] };
export type MemberTypes = Readonly<Record<string, MemberType>>;

/**
 * Parses canonical JSON that ends with a newline and has exactly these members. The caller states
 * the type `Value` that corresponds to `members`. `null`: the bytes have another form.
 */
export function parseCanonical<Value>(bytes: Uint8Array, members: MemberTypes): Value | null {
  const json = fromUtf8(bytes);
  const value = json === null ? undefined : parseJson(json);
  if (value === undefined || !hasMembers(value, members)) return null;
  const text = `${canonicalJson(value)}\n`;
  return Buffer.from(text).equals(bytes) ? (value as Value) : null;
}

function hasMembers(value: Json | undefined, members: MemberTypes): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as { readonly [key: string]: Json };
  const names = Object.keys(object);
  return (
    names.length === Object.keys(members).length &&
    Object.entries(members).every(([name, member]) => Object.hasOwn(object, name) && is(object[name], member))
  );
}

const DIGEST = /^[0-9a-f]{64}$/;
/** Matches a file name in the folder of the set, which cannot lead out of that folder. */
const FILE = /^[a-z0-9][a-z0-9.-]{0,99}$/;

function is(value: Json | undefined, member: MemberType): boolean {
  if (typeof member === 'object') {
    if ('oneOf' in member) return member.oneOf.some((members) => hasMembers(value, members));
    return Array.isArray(value) && value.every((item) => hasMembers(item, member.listOf));
  }
  if (member === 'number') return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string') return false;
  return member === 'string' || (member === 'digest' ? DIGEST : FILE).test(value);
}

/**
 * Writes a share file as lines that somebody can type from paper, each with a check code, and reads
 * them again. The share is encrypted: it opens nothing without the passphrase or key of its holder.
 */

/** The number of bytes on a line. They are 48 characters of base64, in four groups. */
const LINE_BYTES = 36;
const GROUP = 12;
const CHECK_CHARACTERS = 4;

/**
 * Returns lines of the form `07 aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc dddddddddddd 3f9a`: number,
 * content in base64, check code of both.
 */
export function shareLines(file: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < file.length; at += LINE_BYTES) {
    const number = String(lines.length + 1).padStart(2, '0');
    const content = toBase64(file.subarray(at, at + LINE_BYTES));
    lines.push([number, ...groupsOf(content), checkOf(number, content)].join(' '));
  }
  return lines;
}

function groupsOf(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
}

function checkOf(number: string, content: string): string {
  return sha256Hex(new TextEncoder().encode(`${number} ${content}`)).slice(0, CHECK_CHARACTERS);
}

/**
 * Returns the check code of a share file, 16 hexadecimal digits in groups of four. The printed
 * papers of the share have it too, so that people can compare file and paper.
 */
export function checkCodeOf(file: Bytes): string {
  return groupsOf4(sha256Hex(file).slice(0, 16)).join(' ');
}

function groupsOf4(text: string): readonly string[] {
  return text.match(/.{4}/g) ?? [];
}

/**
 * `line`: for `line-mistyped`, the place in the typed text, from 1; for `line-missing`, the number
 * that the sheet gives to the line; for `not-a-share`, the number of lines.
 */
export type ShareLineFault = { readonly kind: 'line-mistyped' | 'line-missing' | 'not-a-share'; readonly line: number };

/**
 * Reads the share file from typed lines, in any order. The error is the first mistyped line, else
 * the first missing line, else that the lines do not make a share file.
 */
export function readShareLines(typed: readonly string[]): Result<Bytes, ShareLineFault> {
  const parts = new Map<number, Bytes>();
  for (const [at, text] of typed.entries()) {
    const words = text.trim().split(/\s+/u);
    if (words.length < 3) {
      if (text.trim() === '') continue;
      return err({ kind: 'line-mistyped', line: at + 1 });
    }
    const [number = '', ...rest] = words;
    const check = rest.pop() ?? '';
    const content = rest.join('');
    const decoded = fromBase64(content);
    if (decoded === null || check.toLowerCase() !== checkOf(number, content))
      return err({ kind: 'line-mistyped', line: at + 1 });
    parts.set(Number(number), decoded);
  }
  for (let number = 1; number <= parts.size; number += 1)
    if (!parts.has(number)) return err({ kind: 'line-missing', line: number });
  const file = concat([...parts.entries()].sort(([one], [other]) => one - other).map(([, part]) => part));
  return readShare(file) === null ? err({ kind: 'not-a-share', line: parts.size }) : ok(file);
}
