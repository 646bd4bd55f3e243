/** The file of one share, encrypted for its holder, who keeps the file and a printed copy. */
import { type Bytes, fromBase64, utf8 } from '../../kernel/bytes.js';
import { canonicalJson } from '../../kernel/json.js';
import { type MemberType, type MemberTypes, parseCanonical } from './canonical.js';

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
