/** Certification requests (RFC 2986) from node:crypto keys, written without any code of the product. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { tlv } from './hsm/der.js';

export type HolderKey = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
export type CsrKeyType = 'p-256' | 'p-384' | 'rsa-1024' | 'rsa-2048' | 'rsa-3072';

const CURVES = { 'p-256': 'prime256v1', 'p-384': 'secp384r1' } as const;

export function makeKey(type: CsrKeyType = 'p-256'): HolderKey {
  if (type === 'p-256' || type === 'p-384') return generateKeyPairSync('ec', { namedCurve: CURVES[type] });
  return generateKeyPairSync('rsa', { modulusLength: Number(type.slice('rsa-'.length)) });
}

// AlgorithmIdentifiers: sha256WithRSAEncryption with NULL (RFC 4055 5), ecdsa-with-SHA256 without (RFC 5758 3.2).
const RSA_SHA256 = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** PEM. The subject is a label only: the platform composes its own. */
export function makeCsr(key: HolderKey, commonName = 'holder'): string {
  return toPem('CERTIFICATE REQUEST', csrDer(key, commonName));
}

export function csrDer({ publicKey, privateKey }: HolderKey, commonName = 'holder'): Buffer {
  const attribute = tlv(0x30, COMMON_NAME, tlv(0x0c, Buffer.from(commonName, 'utf8')));
  const subject = tlv(0x30, tlv(0x31, attribute));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const info = tlv(0x30, tlv(0x02, Buffer.of(0)), subject, spki, Buffer.of(0xa0, 0x00));
  const algorithm = publicKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
  return tlv(0x30, info, algorithm, tlv(0x03, Buffer.of(0), sign('sha256', info, privateKey)));
}

/** A well-formed request whose signature is another key's over the same octets. */
export function csrWithWrongSignature(key: HolderKey): string {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return makeCsr({ publicKey: key.publicKey, privateKey: stranger.privateKey });
}

export function toPem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/** DER of each PEM block, in order. */
export function fromPem(pem: string): readonly Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN [A-Z0-9 ]+-----([A-Za-z0-9+/=\s]+)-----END [A-Z0-9 ]+-----/g);
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
