/**
 * The content-encryption key of a CMS EnvelopedData (RFC 5652 section 6), for several certificates,
 * when the content itself is encrypted elsewhere as a stream. The algorithms are those of
 * `enveloped-data.ts`.
 */
import type { KeyObject } from 'node:crypto';
import { Crypto } from '@peculiar/webcrypto';
import { Certificate, ContentInfo, CryptoEngine, EnvelopedData } from 'pkijs';
import { objectIdentifier, octetString, parseDer, sequence, TAG } from '../asn1/der-reader.js';
import { contextPrimitive, explicit, integer, oid, seq, setOf } from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { assert, present } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { extensionOf, readCertificate } from './certificate/certificate-reader.js';
import { enciphers, RECIPIENT_PARAMETERS, readRecipient } from './enveloped-data.js';
import { readKeyUsage } from './extensions/key-usage.js';

/** Members of an EnvelopedData, each a whole encoding. */
export type KeyEnvelope = {
  readonly version: Bytes;
  /** SET OF RecipientInfo. */
  readonly recipientInfos: Bytes;
  /** The algorithm of the content, with the initialization vector. */
  readonly algorithm: Bytes;
};

/** AES-256-CBC (RFC 3565). */
export type ContentKey = { readonly key: Bytes; readonly iv: Bytes };

/** Why nothing can be encrypted for a certificate (PEM or DER); null: it can be a recipient. */
export function recipientFault(certificate: Bytes): string | null {
  const read = readRecipient(certificate);
  if (read === null) return 'it is not a certificate';
  if (!enciphers(read.publicKey)) return 'its key is neither RSA of 2048 bits or more nor EC on P-256, P-384 or P-521';
  const view = readCertificate(new Uint8Array(read.raw));
  if (!view.ok) return 'it is not a well-formed certificate';
  const extension = extensionOf(view.value.tbs, OID.keyUsage);
  if (extension === null) return null;
  const wanted = read.publicKey.asymmetricKeyType === 'rsa' ? 'keyEncipherment' : 'keyAgreement';
  const usage = readKeyUsage(extension.value);
  return usage.ok && usage.value.includes(wanted) ? null : `its keyUsage lacks ${wanted}`;
}

/**
 * Makes a key and encrypts it for each certificate (PEM or DER). The caller has checked with
 * `recipientFault` that each can be a recipient.
 */
export async function wrapContentKey(
  certificates: readonly Bytes[],
): Promise<{ readonly envelope: KeyEnvelope; readonly contentKey: ContentKey }> {
  const engine = new ContentKeyEngine();
  const data = new EnvelopedData({ version: 2 });
  for (const certificate of certificates) {
    const recipient = Certificate.fromBER(new Uint8Array(present(readRecipient(certificate), 'a certificate').raw));
    const isAdded = data.addRecipientByCertificate(recipient, RECIPIENT_PARAMETERS, undefined, engine);
    assert(isAdded, 'pkijs knows the algorithm of the key');
  }
  await data.encrypt({ name: CONTENT_ALGORITHM, length: 256 } as Algorithm, new ArrayBuffer(0), engine);
  const envelope = membersOf(data);
  const iv = present(initializationVector(envelope.algorithm), 'the algorithm of pkijs');
  return { envelope, contentKey: { key: present(engine.contentKey, 'the key of the content'), iv } };
}

/** null: it is for no recipient with this key, or it is malformed. */
export async function unwrapContentKey(envelope: KeyEnvelope, privateKey: KeyObject): Promise<ContentKey | null> {
  const iv = initializationVector(envelope.algorithm);
  const data = readEnvelope(envelope);
  if (iv === null || data === null) return null;
  const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  try {
    for (const at of data.recipientInfos.keys()) {
      const engine = new ContentKeyEngine();
      await data.decrypt(at, { recipientPrivateKey: pkcs8.buffer }, engine).catch(() => null);
      const { contentKey } = engine;
      if (contentKey?.length === KEY_OCTETS) return { key: contentKey, iv };
    }
    return null;
  } finally {
    pkcs8.fill(0);
  }
}

const CONTENT_ALGORITHM = 'AES-CBC';
const KEY_OCTETS = 32;
const IV_OCTETS = 16;

/**
 * pkijs does not return the content-encryption key, so this engine takes it where pkijs uses it.
 * The content is empty.
 */
class ContentKeyEngine extends CryptoEngine {
  contentKey: Bytes | null = null;

  constructor() {
    super({ name: 'webcrypto', crypto: new Crypto() });
  }

  override async encrypt(...[algorithm, key, data]: Parameters<CryptoEngine['encrypt']>): Promise<ArrayBuffer> {
    if (isForContent(algorithm)) await this.take(key);
    return super.encrypt(algorithm, key, data);
  }

  override async decrypt(...[algorithm, key, data]: Parameters<CryptoEngine['decrypt']>): Promise<ArrayBuffer> {
    if (!isForContent(algorithm)) return super.decrypt(algorithm, key, data);
    await this.take(key);
    return new ArrayBuffer(0);
  }

  private async take(key: CryptoKey): Promise<void> {
    this.contentKey = new Uint8Array(await this.exportKey('raw', key));
  }
}

function isForContent(algorithm: string | { readonly name: string }): boolean {
  return (typeof algorithm === 'string' ? algorithm : algorithm.name) === CONTENT_ALGORITHM;
}

/** null: pkijs does not read it. */
function readEnvelope({ version, recipientInfos, algorithm }: KeyEnvelope): EnvelopedData | null {
  const content = seq(oid(OID.cmsData), algorithm, contextPrimitive(0, new Uint8Array(0)));
  try {
    const message = ContentInfo.fromBER(
      new Uint8Array(seq(oid(OID.cmsEnvelopedData), explicit(0, seq(version, recipientInfos, content)))),
    );
    return new EnvelopedData({ schema: message.content });
  } catch {
    return null;
  }
}

/** null: it is another algorithm than AES-256-CBC. */
function initializationVector(algorithm: Bytes): Bytes | null {
  const read = parseDer(algorithm, (root) => {
    const fields = sequence(root, 'contentEncryptionAlgorithm');
    const name = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
    const iv = octetString(fields.next(TAG.octetString, 'parameters'), 'parameters');
    fields.end();
    return name === OID.aes256Cbc && iv.length === IV_OCTETS ? iv : null;
  });
  return read.ok ? read.value : null;
}

function membersOf({ recipientInfos, encryptedContentInfo }: EnvelopedData): KeyEnvelope {
  const infos = recipientInfos.map((info) => new Uint8Array(info.toSchema().toBER()));
  // The version is 0 if that of each RecipientInfo is (RFC 5652 6.1), as for RSA (6.2.1).
  const isRsaOnly = recipientInfos.every(({ variant }) => variant === KEY_TRANSPORT);
  return {
    version: integer(isRsaOnly ? 0 : 2),
    recipientInfos: setOf(infos),
    algorithm: new Uint8Array(encryptedContentInfo.contentEncryptionAlgorithm.toSchema().toBER()),
  };
}

/** The number of pkijs for KeyTransRecipientInfo. */
const KEY_TRANSPORT = 1;
