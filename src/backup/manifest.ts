/**
 * The manifest of a backup: what it is a backup of, and the length and SHA-256 of each part. It is
 * the last entry of the archive, `manifest.json`, so that it can name all parts.
 */
import { type Bytes, concat, fromUtf8, utf8 } from '../kernel/bytes.js';
import { isObject, parseJson } from '../kernel/json.js';

export const MANIFEST_FORM = 1;

/** The name of its entry in the archive. */
export const MANIFEST_NAME = 'manifest.json';

/**
 * The names of parts. `database` is one part, a file of SQLite or a dump in the custom format of
 * pg_dump; the others are folders, in which the files have the paths that they have in the home
 * folder and in the folder of the policies.
 */
export const PART = {
  sqlite: 'database/pfcng.sqlite',
  dump: 'database/pfcng.dump',
  configuration: 'configuration/pfcng.json',
  home: 'home/',
  policies: 'policies/',
} as const;

const PART_NAME_BYTES_MAX = 255;

/** What is known before the first part is written: all of it is of one snapshot of the database. */
export type BackupFacts = {
  /** The mark of the environment, as `environment.json` of the home folder has it. */
  readonly environment: string;
  /** The id of the database, which tells installations apart. */
  readonly installation: string;
  /** The id of the node whose home folder this is. */
  readonly node: string;
  /** The version of the software. */
  readonly software: string;
  /** The time of the database at its snapshot, ISO 8601 in UTC. */
  readonly takenAt: string;
  readonly database: {
    readonly kind: 'sqlite' | 'postgresql';
    /** Level of the schema. */
    readonly level: number;
    /** Number of rows by table, in the order of their names. */
    readonly rows: Readonly<Record<string, number>>;
  };
  /** The newest entry of the audit log; number 0: there is none. The hash is hexadecimal. */
  readonly audit: { readonly seq: number; readonly chainHash: string };
  /** The highest number of a CRL of each issuer and scope. */
  readonly crls: readonly { readonly issuer: string; readonly scope: string; readonly number: number }[];
};

export type PartDigest = {
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
};

export type BackupManifest = BackupFacts & {
  readonly form: typeof MANIFEST_FORM;
  /** In the order of the archive. */
  readonly parts: readonly PartDigest[];
};

export function manifestBytes(manifest: BackupManifest): Bytes {
  return utf8(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** The manifest, or what is wrong with it. */
export function parseManifest(bytes: Bytes): BackupManifest | string {
  const value: unknown = parseJson(fromUtf8(bytes) ?? '');
  if (value === undefined) return 'it is not JSON';
  if (!isObject(value)) return 'it is not an object';
  if (value.form !== MANIFEST_FORM) return `its form is ${JSON.stringify(value.form)}, and this version knows 1`;
  const wrong = Object.entries(MEMBERS).find(([name, isValid]) => !isValid(value[name]));
  return wrong === undefined ? (value as BackupManifest) : `its member ${wrong[0]} is missing or not valid`;
}

type Check = (value: unknown) => boolean;

/** The check of each member; a member without one does not compile. */
const MEMBERS = {
  form: (value) => value === MANIFEST_FORM,
  environment: isText,
  installation: isText,
  node: isText,
  software: isText,
  takenAt: (value) => isText(value) && !Number.isNaN(Date.parse(value as string)),
  database: (value) =>
    isObject(value) &&
    (value.kind === 'sqlite' || value.kind === 'postgresql') &&
    isCount(value.level) &&
    isObject(value.rows) &&
    Object.values(value.rows).every(isCount),
  audit: (value) => isObject(value) && isCount(value.seq) && isSha256(value.chainHash),
  crls: isListOf((one) => isText(one.issuer) && isText(one.scope) && isCount(one.number)),
  parts: isListOf((one) => isPartName(one.name) && isCount(one.bytes) && isSha256(one.sha256)),
} satisfies Readonly<Record<keyof BackupManifest, Check>>;

/**
 * A relative path without control characters that stays in the folder in which it is unpacked, and
 * that is no piece of a part.
 */
export function isPartName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    Buffer.byteLength(name) <= PART_NAME_BYTES_MAX &&
    !/[\p{Cc}\\]/u.test(name) &&
    name.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..') &&
    pieceOf(name).number === null
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isSha256(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isListOf(isItem: (item: Readonly<Record<string, unknown>>) => boolean): Check {
  return (value) => Array.isArray(value) && value.every((item) => isObject(item) && isItem(item));
}

/**
 * Long parts are numbered pieces: `database/pfcng.dump.piece-000001` and so on. The size of an
 * entry of a tar archive stands before it, so that a piece is in memory until it is complete.
 */
const PIECE_BYTES = 4 * 1024 * 1024;

const PIECE_NAME = /^(.+)\.piece-(\d{6})$/;

/** `number`: null for the only piece of a part, otherwise from 1 on. */
type Piece = { readonly octets: Bytes; readonly number: number | null };

export function pieceName(part: string, number: number | null): string {
  return number === null ? part : `${part}.piece-${String(number).padStart(6, '0')}`;
}

/** The part to which an entry of the archive belongs, and its number in it. */
export function pieceOf(entry: string): { readonly part: string; readonly number: number | null } {
  const [, part, digits] = PIECE_NAME.exec(entry) ?? [];
  return part === undefined ? { part: entry, number: null } : { part, number: Number(digits) };
}

/** Cuts a content into pieces; an empty one is one empty piece. */
export async function* inPieces(content: AsyncIterable<Bytes>): AsyncGenerator<Piece> {
  let waiting: Bytes[] = [];
  let length = 0;
  let written = 0;
  for await (const chunk of content) {
    let rest = chunk;
    // A complete piece is kept until more follows, because an only piece has no number.
    while (length + rest.length > PIECE_BYTES) {
      const head = rest.subarray(0, PIECE_BYTES - length);
      written += 1;
      yield { octets: concat([...waiting, head]), number: written };
      rest = rest.subarray(head.length);
      waiting = [];
      length = 0;
    }
    waiting.push(new Uint8Array(rest));
    length += rest.length;
  }
  yield { octets: concat(waiting), number: written === 0 ? null : written + 1 };
}
