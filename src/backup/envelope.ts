/**
 * The encryption of a backup: a CMS EnvelopedData (RFC 5652 section 6) in BER with indefinite
 * lengths (X.690 8.1.3.6), so that it is written and read as a stream. The encrypted content is a
 * constructed OCTET STRING with one OCTET STRING for each chunk. `openssl cms -decrypt -inform DER
 * -binary` opens it.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { header, octetString, oid } from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, concat, equalBytes } from '../kernel/bytes.js';
import { type ContentKey, type KeyEnvelope, unwrapContentKey, wrapContentKey } from '../x509/content-key.js';
import { BackupFaultError, damaged } from './fault.js';
import type { BackupKey } from './key.js';
import type { Octets } from './octets.js';

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
