/**
 * The encryption of a backup: a CMS EnvelopedData (RFC 5652 section 6) in BER with indefinite
 * lengths (X.690 8.1.3.6), so that it is written and read as a stream. The encrypted content is a
 * constructed OCTET STRING with one OCTET STRING for each chunk. `openssl cms -decrypt -inform DER
 * -binary` opens it.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { readHeader } from '../asn1/der-element.js';
import { header, octetString, oid } from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, concat, equalBytes } from '../kernel/bytes.js';
import { type ContentKey, type KeyEnvelope, unwrapContentKey, wrapContentKey } from '../x509/content-key.js';
import { BackupFaultError, damaged } from './fault.js';

const CIPHER = 'aes-256-cbc';

const SEQUENCE = Uint8Array.of(0x30, 0x80);
/** `[0]`, constructed. */
const CONTEXT = Uint8Array.of(0xa0, 0x80);
const END = Uint8Array.of(0, 0);

/** Before the version: ContentInfo, its content, EnvelopedData. */
const OPENING = concat([SEQUENCE, oid(OID.cmsEnvelopedData), CONTEXT, SEQUENCE]);
/** Between the recipients and the algorithm: EncryptedContentInfo. */
const CONTENT_OPENING = concat([SEQUENCE, oid(OID.cmsData)]);
/** The encrypted content, and what was opened above: EncryptedContentInfo, EnvelopedData, ... */
const CLOSING = concat([END, END, END, END, END]);

/** The first octets of each encrypted backup. */
export const ENVELOPE_START = SEQUENCE;

export type Envelope = {
  /** Everything before the encrypted content. */
  readonly head: Bytes;
  readonly contentKey: ContentKey;
};

/** `certificates`: PEM or DER; each can be a recipient. */
export async function createEnvelope(certificates: readonly Bytes[]): Promise<Envelope> {
  const { envelope, contentKey } = await wrapContentKey(certificates);
  const { version, recipientInfos, algorithm } = envelope;
  return { head: concat([OPENING, version, recipientInfos, CONTENT_OPENING, algorithm, CONTEXT]), contentKey };
}

/** Encrypts what follows the head. */
export function createContentWriter({ key, iv }: ContentKey) {
  const cipher = createCipheriv(CIPHER, key, iv);
  return {
    /** Empty while a block is not complete. */
    write: (octets: Bytes): Bytes => inString(cipher.update(octets)),
    end: (): Bytes => concat([inString(cipher.final()), CLOSING]),
  };
}

function inString(octets: Buffer): Bytes {
  return octets.length === 0 ? octets : octetString(octets);
}

export type OpenedEnvelope = { readonly head: Bytes; readonly content: AsyncGenerator<Bytes> };

/**
 * Reads the head and finds the key; the content is decrypted while it is read. Throws
 * `BackupFaultError`, also from the content.
 */
export async function openEnvelope(octets: Octets, key: BackupKey): Promise<OpenedEnvelope> {
  const { head, envelope } = await readMembers(octets);
  return { head, content: decrypted(octets, await findKey(envelope, key)) };
}

/** An encrypted key needs about 600 octets for each recipient. */
const HEAD_BYTES_MAX = 64 * 1024;

async function readMembers(octets: Octets): Promise<{ readonly head: Bytes; readonly envelope: KeyEnvelope }> {
  await expect(octets, OPENING);
  const version = await element(octets, 0x02);
  const recipientInfos = await element(octets, 0x31);
  await expect(octets, CONTENT_OPENING);
  const algorithm = await element(octets, 0x30);
  await expect(octets, CONTEXT);
  const head = concat([OPENING, version, recipientInfos, CONTENT_OPENING, algorithm, CONTEXT]);
  return { head, envelope: { version, recipientInfos, algorithm } };
}

async function expect(octets: Octets, expected: Bytes): Promise<void> {
  if (!equalBytes(await octets.take(expected.length), expected)) throw unknownForm();
}

async function element(octets: Octets, tag: number): Promise<Bytes> {
  const head = await octets.takeHeader();
  if (head.tag !== tag || head.contentLength > HEAD_BYTES_MAX) throw unknownForm();
  return concat([header(tag, head.contentLength), await octets.take(head.contentLength)]);
}

function unknownForm(): BackupFaultError {
  return new BackupFaultError({ kind: 'no-backup', detail: 'it is not encrypted as pfcng encrypts' });
}

async function findKey(envelope: KeyEnvelope, key: BackupKey): Promise<ContentKey> {
  if (key === null) throw new BackupFaultError({ kind: 'key-missing' });
  if (key.kind === 'content-key') return key.key;
  const found = await unwrapContentKey(envelope, key.key);
  if (found === null) throw new BackupFaultError({ kind: 'wrong-key' });
  return found;
}

async function* decrypted(octets: Octets, { key, iv }: ContentKey): AsyncGenerator<Bytes> {
  const decipher = createDecipheriv(CIPHER, key, iv);
  while (!equalBytes(await octets.peek(END.length), END)) {
    const { tag, contentLength } = await octets.takeHeader();
    if (tag !== 0x04) throw damaged('its encrypted content is not well-formed');
    for await (const chunk of octets.stream(contentLength)) {
      const opened = decipher.update(chunk);
      if (opened.length > 0) yield opened;
    }
  }
  await expect(octets, CLOSING);
  await octets.expectEnd();
  yield* lastOf(decipher);
}

function* lastOf(decipher: ReturnType<typeof createDecipheriv>): Generator<Bytes> {
  try {
    yield decipher.final();
  } catch {
    throw damaged('its encryption is not that of its key');
  }
}

/** A stream of which a given number of octets is taken at a time. */

/** Each function rejects with `BackupFaultError` if the stream ends too early. */
export type Octets = {
  readonly peek: (length: number) => Promise<Bytes>;
  readonly take: (length: number) => Promise<Bytes>;
  /** Identifier and length octets of an element with a definite length. */
  readonly takeHeader: () => Promise<{ readonly tag: number; readonly contentLength: number }>;
  /** The next octets in the chunks in which they arrive. */
  readonly stream: (length: number) => AsyncGenerator<Bytes>;
  /** Rejects if there is more. */
  readonly expectEnd: () => Promise<void>;
  /** Everything that was not taken yet. */
  readonly rest: () => AsyncGenerator<Bytes>;
};

/** One identifier octet and at most five length octets (X.690 8.1). */
const HEADER_BYTES_MAX = 6;

export function createOctets(source: AsyncIterable<Bytes>): Octets {
  const chunks = source[Symbol.asyncIterator]();
  let waiting: Bytes = new Uint8Array(0);

  /** Reads one more chunk into `waiting`. Returns false at the end of the stream. */
  async function more(): Promise<boolean> {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    waiting = waiting.length === 0 ? value : concat([waiting, value]);
    return true;
  }

  async function fill(length: number): Promise<void> {
    while (waiting.length < length) if (!(await more())) throw new BackupFaultError({ kind: 'truncated' });
  }

  function cut(length: number): Bytes {
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length);
    return taken;
  }

  async function peek(length: number): Promise<Bytes> {
    await fill(length);
    return waiting.subarray(0, length);
  }

  return {
    peek,
    take: async (length) => {
      await fill(length);
      return cut(length);
    },
    takeHeader: async () => {
      for (let length = 2; ; length += 1) {
        const read = readHeader(await peek(length), 0);
        if (read.ok) {
          cut(read.value.headerLength);
          return read.value;
        }
        if (read.error !== 'incomplete' || length === HEADER_BYTES_MAX)
          throw damaged(`its encryption is not well-formed (${read.error})`);
      }
    },
    stream: async function* (length) {
      for (let left = length; left > 0; ) {
        if (waiting.length === 0) await fill(1);
        const taken = cut(Math.min(left, waiting.length));
        left -= taken.length;
        yield taken;
      }
    },
    expectEnd: async () => {
      if (waiting.length > 0 || (await more())) throw damaged('something follows its end');
    },
    rest: async function* () {
      while (waiting.length > 0 || (await more())) yield cut(waiting.length);
    },
  };
}

/** How the content is decrypted. null: no key is at hand, and the backup must be plain. */
export type BackupKey =
  | { readonly kind: 'private-key'; readonly key: KeyObject }
  /** The key of the content itself; only the process that has just written the backup has it. */
  | { readonly kind: 'content-key'; readonly key: ContentKey }
  | null;
