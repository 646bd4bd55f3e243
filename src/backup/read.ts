/**
 * Reads a backup as a stream and checks all of it: the final block, the order of the pieces, and
 * the manifest, which names each part with its length and hash.
 */

import { createTarDecoder } from 'modern-tar';
import { type Bytes, concat, equalBytes, toHex } from '../kernel/bytes.js';
import { createSha256, sha256Hex } from '../kernel/digest.js';
import { errorMessage } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type BackupKey, createOctets, ENVELOPE_START, type OpenedEnvelope, openEnvelope } from './envelope.js';
import { type BackupFault, BackupFaultError, damaged, withoutFinalBlock } from './fault.js';
import { type BackupManifest, isPartName, MANIFEST_NAME, type PartDigest, parseManifest, pieceOf } from './manifest.js';
import type { BackupPart } from './write.js';

export type ReadBackup = {
  readonly manifest: BackupManifest;
  /** SHA-256 of the octets of `manifest.json`, lower-case hex. */
  readonly manifestSha256: string;
  readonly isEncrypted: boolean;
};

type BackupReading = {
  readonly key: BackupKey;
  /**
   * Called for each part, in the order of the archive. Content that it leaves unread is read
   * afterwards. The content may throw `BackupFaultError`, which must get through to `readBackup`.
   * That the parts are genuine is known only when `readBackup` returns: a reader that acts on them
   * reads the backup twice, or discards what it has made.
   */
  readonly onPart?: (part: BackupPart) => Promise<void>;
};

/**
 * Rejects with an error of the source or of `onPart`. Every fault of the backup is a value.
 * `source` is read once, to its end unless there is a fault.
 */
export async function readBackup(
  source: AsyncIterable<Bytes>,
  { key, onPart = async () => undefined }: BackupReading,
): Promise<Result<ReadBackup, BackupFault>> {
  const input = createOctets(source);
  try {
    const isEncrypted = equalBytes(await input.peek(ENVELOPE_START.length), ENVELOPE_START);
    const opened = isEncrypted ? await openEnvelope(input, key) : { head: new Uint8Array(0), content: input.rest() };
    const { manifest, octets } = await readArchive(opened, onPart);
    return ok({ manifest, manifestSha256: sha256Hex(octets), isEncrypted });
  } catch (error) {
    if (error instanceof BackupFaultError) return err(error.fault);
    throw error;
  }
}

/** The manifest names all files of the home folder and all scopes of CRLs. */
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

type Archive = { readonly manifest: BackupManifest; readonly octets: Bytes };

async function readArchive({ head, content }: OpenedEnvelope, onPart: (part: BackupPart) => Promise<void>) {
  const entries = createEntries(withoutFinalBlock(content, head));
  const digests = new Map<string, PartDigest>();
  let archive: Archive | null = null;
  try {
    for (let first = await entries.next(); first !== null; first = await entries.next()) {
      if (archive !== null) throw damaged('its manifest is not its last entry');
      if (first.part === MANIFEST_NAME) {
        archive = await readManifest(first);
        continue;
      }
      if (!isPartName(first.part)) throw damaged('the name of a part is not valid');
      if (digests.has(first.part)) throw damaged(`it has the part ${first.part} twice`);
      digests.set(first.part, await readPart(first, entries, onPart));
    }
  } finally {
    await entries.close();
  }
  if (archive === null) throw damaged('it has no manifest');
  compareParts(archive.manifest, [...digests.values()]);
  return archive;
}

async function readPart(
  first: Entry,
  entries: Entries,
  onPart: (part: BackupPart) => Promise<void>,
): Promise<PartDigest> {
  const digest = createSha256();
  let bytes = 0;
  async function* readPieces(): AsyncGenerator<Bytes> {
    let piece: Entry | null = first;
    for (let expected = 1; piece !== null; expected += 1) {
      if (piece.number !== null && piece.number !== expected) throw damaged(`a piece of ${first.part} is missing`);
      for await (const chunk of piece.body) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      piece = piece.number === null ? null : await entries.nextOf(first.part);
    }
  }
  const pieces = readPieces();
  // The loop of `onPart` may end early, which would end the generator too.
  const content = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
  await onPart({ name: first.part, content });
  for await (const _ of pieces);
  return { name: first.part, bytes, sha256: toHex(digest.digest()) };
}

async function readManifest({ body }: Entry): Promise<Archive> {
  const chunks: Bytes[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MANIFEST_BYTES_MAX) throw damaged('its manifest is too long');
    chunks.push(chunk);
  }
  const octets = concat(chunks);
  const manifest = parseManifest(octets);
  if (typeof manifest === 'string') throw damaged(`its manifest cannot be used: ${manifest}`);
  return { manifest, octets };
}

function compareParts({ parts }: BackupManifest, found: readonly PartDigest[]): void {
  for (const [at, { name, bytes, sha256 }] of found.entries()) {
    const expected = parts[at];
    if (expected?.name !== name) throw damaged(`its manifest does not name ${name} at its place`);
    if (expected.bytes !== bytes || expected.sha256 !== sha256) throw damaged(`${name} is not what its manifest says`);
  }
  const [missing] = parts.slice(found.length);
  if (missing !== undefined) throw damaged(`the part ${missing.name} is missing`);
}

/** The entries of a tar archive, one after the other, as they arrive. */

/** `number`: that of a piece of `part`; null: the entry is the whole part. */
export type Entry = {
  readonly part: string;
  readonly number: number | null;
  /** Must be read to its end before the next entry is taken. */
  readonly body: AsyncIterable<Bytes>;
};

export type Entries = {
  /** null: the archive is complete. */
  readonly next: () => Promise<Entry | null>;
  /** The next entry if it is a piece of this part; null: it is not, and `next` returns it. */
  readonly nextOf: (part: string) => Promise<Entry | null>;
  /** Reads no more of the archive. */
  readonly close: () => Promise<void>;
};

/** Each function rejects with `BackupFaultError`, or with the error of the source. */
export function createEntries(archive: AsyncGenerator<Bytes>): Entries {
  const { readable, writable } = createTarDecoder({ strict: true });
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let sourceFailure: { readonly error: unknown } | null = null;

  async function* source(): AsyncGenerator<Bytes> {
    try {
      yield* archive;
    } catch (error) {
      sourceFailure = { error };
      throw error;
    }
  }

  async function decode(): Promise<void> {
    try {
      for await (const chunk of source()) await writer.write(chunk);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
    }
  }
  const decoded = decode();

  /** The decoder reports an error of the source as its own. */
  function explained(error: unknown): unknown {
    if (sourceFailure !== null) return sourceFailure.error;
    return damaged(`its archive cannot be read (${errorMessage(error)})`);
  }

  let waiting: Entry | null = null;

  async function* bodyOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Bytes> {
    try {
      yield* body;
    } catch (error) {
      throw explained(error);
    }
  }

  async function take(): Promise<Entry | null> {
    const taken = await reader.read().catch((error: unknown) => {
      throw explained(error);
    });
    if (taken.done) return null;
    const { header, body } = taken.value;
    if (header.type !== 'file') throw damaged('an entry of its archive is no file');
    return { ...pieceOf(header.name), body: bodyOf(body) };
  }

  return {
    next: async () => {
      const entry = waiting ?? (await take());
      waiting = null;
      return entry;
    },
    nextOf: async (part) => {
      waiting ??= await take();
      if (waiting === null || waiting.part !== part || waiting.number === null) return null;
      const entry = waiting;
      waiting = null;
      return entry;
    },
    close: async () => {
      await reader.cancel().catch(() => undefined);
      await decoded;
    },
  };
}
