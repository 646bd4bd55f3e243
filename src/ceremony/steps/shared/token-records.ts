/**
 * The records of the back-up of a token and of its restoration: canonical JSON that anybody may
 * read. The copy itself is a separate file, which leaves the machine; the record of the back-up has
 * its hash.
 */

import type { Bilingual } from '../../../kernel/bilingual.js';
import { type Bytes, fromBase64, toBase64, utf8 } from '../../../kernel/bytes.js';
import { canonicalJson } from '../../../kernel/json.js';
import type { CheckContext, Fault } from '../../plan/model.js';
import { type JsonSchema, part } from '../../plan/schema-parts.js';
import { type MemberType, parseCanonical } from '../../quorum/share-file.js';

export type BackUpKey = {
  readonly key: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
};

/**
 * The share set of a PIN of the token when it was copied. `set`: the bytes of its `set.json`, in
 * base64.
 */
export type BackUpSharing = { readonly of: 'pin' | 'so-pin'; readonly generation: number; readonly set: string };

export type BackUpRecord = {
  readonly form: 1;
  readonly kind: 'token-back-up';
  readonly ceremony: string;
  readonly token: string;
  readonly label: string;
  readonly serialNumber: string;
  readonly by: 'files' | 'vendor';
  readonly keys: readonly BackUpKey[];
  /** The share sets of the PINs of the token; empty if none of its PINs is split into shares. */
  readonly sharing: readonly BackUpSharing[];
  /** SHA-256 of the copy; empty if the copy is kept by the tools of the HSM's vendor. */
  readonly copies: readonly { readonly sha256: string }[];
};

const BACK_UP: Readonly<Record<keyof BackUpRecord, MemberType>> = {
  form: 'number',
  kind: 'string',
  ceremony: 'string',
  token: 'string',
  label: 'string',
  serialNumber: 'string',
  by: 'string',
  keys: {
    listOf: { key: 'string', publicKey: 'string', attributes: { listOf: { name: 'string', value: 'string' } } },
  },
  sharing: { listOf: { of: 'string', generation: 'number', set: 'string' } },
  copies: { listOf: { sha256: 'digest' } },
};

export function encodeBackUp(record: BackUpRecord): Bytes {
  return utf8(`${canonicalJson(record)}\n`);
}

/** Reads the record of a back-up; null: the bytes are not exactly such a record. */
export function readBackUp(bytes: Bytes): BackUpRecord | null {
  const record = parseCanonical<BackUpRecord>(bytes, BACK_UP);
  if (record === null || record.form !== 1 || record.kind !== 'token-back-up') return null;
  const isWhole =
    (record.by === 'files' || record.by === 'vendor') &&
    record.copies.length === (record.by === 'files' ? 1 : 0) &&
    record.sharing.length <= 2;
  return isWhole ? record : null;
}

/**
 * The proof that the restored token has a key: its signature over random bytes, which the public
 * key verifies. All members except `key`, the label, are base64.
 */
export type ProvenKey = {
  readonly key: string;
  readonly publicKey: string;
  readonly challenge: string;
  readonly signature: string;
};

type RestoredRecord = {
  readonly form: 1;
  readonly kind: 'token-restored';
  readonly ceremony: string;
  readonly token: string;
  readonly label: string;
  readonly serialNumber: string;
  /** SHA-256 of the record of the back-up. */
  readonly backUp: string;
  readonly keys: readonly ProvenKey[];
};

const RESTORED: Readonly<Record<keyof RestoredRecord, MemberType>> = {
  form: 'number',
  kind: 'string',
  ceremony: 'string',
  token: 'string',
  label: 'string',
  serialNumber: 'string',
  backUp: 'digest',
  keys: { listOf: { key: 'string', publicKey: 'string', challenge: 'string', signature: 'string' } },
};

export function encodeRestored(record: RestoredRecord): Bytes {
  return utf8(`${canonicalJson(record)}\n`);
}

export function readRestored(bytes: Bytes): RestoredRecord | null {
  const record = parseCanonical<RestoredRecord>(bytes, RESTORED);
  return record !== null && record.form === 1 && record.kind === 'token-restored' ? record : null;
}

/**
 * Maps the path of each file of a software token, relative to the folder of its objects, to the
 * content of the file.
 */
export type TokenFiles = ReadonlyMap<string, Bytes>;

type Copy = {
  readonly form: 1;
  readonly kind: 'token-files';
  readonly token: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
};
const COPY: Readonly<Record<keyof Copy, MemberType>> = {
  form: 'number',
  kind: 'string',
  token: 'string',
  files: { listOf: { path: 'string', content: 'string' } },
};

export function encodeCopy(token: string, files: TokenFiles): Bytes {
  const listed = [...files].map(([path, content]) => ({ path, content: toBase64(content) }));
  const copy: Copy = { form: 1, kind: 'token-files', token, files: listed };
  return utf8(`${canonicalJson(copy)}\n`);
}

/** Matches a relative path that cannot lead out of its folder. */
const RELATIVE_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Whether the bytes are the copy of a token, whichever it is. */
export function isTokenCopy(bytes: Bytes): boolean {
  const copy = parseCanonical<Copy>(bytes, COPY);
  return copy !== null && copy.kind === 'token-files';
}

/** Reads the files in the copy of this token; null: the bytes are not its copy. */
export function readCopy(bytes: Bytes, token: string): TokenFiles | null {
  const copy = parseCanonical<Copy>(bytes, COPY);
  if (copy === null || copy.form !== 1 || copy.kind !== 'token-files' || copy.token !== token) return null;
  const files = new Map<string, Bytes>();
  for (const { path, content } of copy.files) {
    const octets = fromBase64(content);
    if (octets === null || !RELATIVE_PATH.test(path) || files.has(path)) return null;
    files.set(path, octets);
  }
  return files.size === 0 ? null : files;
}

/**
 * How a token is copied. `files`: the ceremony copies the files of a software token, in which keys
 * are encrypted under its PINs. `vendor`: the operator copies with the tools of the HSM, as the
 * instructions say, and the ceremony waits.
 */
export type TokenCopyMethod<ByFiles> =
  | ({ readonly by: 'files' } & ByFiles)
  | { readonly by: 'vendor'; readonly instructions: Bilingual };

/** Returns the schema of a `TokenCopyMethod`. `path` is its member with the file of the copy. */
export function copyMethodSchema(path: 'output' | 'from'): JsonSchema {
  const byFiles = {
    type: 'object',
    additionalProperties: false,
    required: ['by', path],
    properties: { by: { const: 'files' }, [path]: part('path') },
  };
  return { oneOf: [byFiles, part('byVendor')] };
}

const NO_FILES: Bilingual = {
  fr: "un HSM n'a pas de fichiers à copier : `vendor`, avec les instructions pour son opérateur",
  en: 'an HSM has no files to be copied: `vendor`, with the instructions for its operator',
};

export function copyFaults(
  { token, copy }: { readonly token: string; readonly copy: { readonly by: 'files' | 'vendor' } },
  { plan }: CheckContext,
): readonly Fault[] {
  const pinKind = plan.tokens.find(({ name }) => name === token)?.pin.kind;
  return copy.by === 'files' && pinKind === 'hsm' ? [{ pointer: '/copy/by', message: NO_FILES }] : [];
}
