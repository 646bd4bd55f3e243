/** One share, sealed to its holder, as a file: the holder takes it along, and prints it. */
import { type Bytes, fromBase64, utf8 } from '../../kernel/bytes.js';
import { canonicalJson } from '../../kernel/json.js';
import { type Member, type Members, parseCanonical } from './canonical.js';

export type Scrypt = { readonly n: number; readonly r: number; readonly p: number };

/** Octets in base64. */
export type Sealed =
  /** AES-256-GCM under a key that scrypt (RFC 7914) makes of the passphrase; `box`: ciphertext and tag. */
  | {
      readonly kind: 'passphrase';
      readonly scrypt: Scrypt;
      readonly salt: string;
      readonly nonce: string;
      readonly box: string;
    }
  /** CMS EnvelopedData (RFC 5652 section 6), DER, to the certificate of this SHA-256. */
  | { readonly kind: 'certificate'; readonly certificateSha256: string; readonly cms: string };

/** Everything of the file but what is sealed: the seal holds it too, so that no share passes for another's. */
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
export type ShareFile = ShareHeader & { readonly sealed: Sealed };

export function encodeShare(share: ShareFile): Bytes {
  return utf8(`${canonicalJson(share)}\n`);
}

/** What the seal binds. */
export function headerBytes({ sealed: _, ...header }: ShareHeader & { readonly sealed?: Sealed }): Bytes {
  return utf8(canonicalJson(header));
}

const PASSPHRASE: Members = {
  kind: 'string',
  scrypt: { oneOf: [{ n: 'number', r: 'number', p: 'number' }] },
  salt: 'string',
  nonce: 'string',
  box: 'string',
};
const CERTIFICATE: Members = { kind: 'string', certificateSha256: 'digest', cms: 'string' };
const SHARE: Readonly<Record<keyof ShareFile, Member>> = {
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
  sealed: { oneOf: [PASSPHRASE, CERTIFICATE] },
};

/** A share is about a kilobyte, one in CMS to an RSA-4096 key two. */
export const SHARE_FILE_BYTES_MAX = 16 * 1024;

/** null: not a share of ours, octet for octet. */
export function readShare(bytes: Bytes): ShareFile | null {
  if (bytes.length > SHARE_FILE_BYTES_MAX) return null;
  const share = parseCanonical<ShareFile>(bytes, SHARE);
  if (share === null || share.form !== 1 || share.kind !== 'quorum-share') return null;
  const { sealed } = share;
  const encoded = sealed.kind === 'passphrase' ? [sealed.salt, sealed.nonce, sealed.box] : [sealed.cms];
  const isKnown = sealed.kind === 'passphrase' ? 'box' in sealed : sealed.kind === 'certificate' && 'cms' in sealed;
  return isKnown && encoded.every((text) => fromBase64(text) !== null) ? share : null;
}
