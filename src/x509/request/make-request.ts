/**
 * Makes keys in software with their certification requests: for development credentials and
 * samples, never for a card.
 */
import { Crypto } from '@peculiar/webcrypto';
import { Utf8String } from 'asn1js';
import { AttributeTypeAndValue, CertificationRequest, CryptoEngine } from 'pkijs';
import { OID } from '../../asn1/oids.js';
import { hashFor, signatureAlgorithmFor } from '../keys/algorithms.js';
import type { KeyType } from '../model.js';
import { encodePem } from '../pem.js';

const RSA_BITS = { 'rsa-2048': 2048, 'rsa-3072': 3072, 'rsa-4096': 4096 } as const;
const WEB_HASHES = { sha256: 'SHA-256', sha384: 'SHA-384' } as const;

/** PKCS#8 and PKCS#10, PEM. */
type KeyAndRequest = { readonly keyPem: string; readonly csrPem: string };

export async function makeKeyAndRequest({
  keyType,
  commonName,
}: {
  readonly keyType: KeyType;
  readonly commonName: string;
}): Promise<KeyAndRequest> {
  const crypto = new Crypto();
  const engine = new CryptoEngine({ name: 'webcrypto', crypto });
  const hash = WEB_HASHES[hashFor(signatureAlgorithmFor(keyType))];
  const { privateKey, publicKey } = await crypto.subtle.generateKey(generation(keyType, hash), true, [
    'sign',
    'verify',
  ]);
  const request = new CertificationRequest();
  request.subject.typesAndValues.push(
    new AttributeTypeAndValue({ type: OID.commonName, value: new Utf8String({ value: commonName }) }),
  );
  // RFC 2986 4.1: present even when empty.
  request.attributes = [];
  await request.subjectPublicKeyInfo.importKey(publicKey, engine);
  await request.sign(privateKey, hash, engine);
  const key = await crypto.subtle.exportKey('pkcs8', privateKey);
  return {
    keyPem: encodePem('PRIVATE KEY', new Uint8Array(key)),
    csrPem: encodePem('CERTIFICATE REQUEST', new Uint8Array(request.toSchema(true).toBER())),
  };
}

function generation(keyType: KeyType, hash: string): RsaHashedKeyGenParams | EcKeyGenParams {
  switch (keyType) {
    case 'p-256':
      return { name: 'ECDSA', namedCurve: 'P-256' };
    case 'p-384':
      return { name: 'ECDSA', namedCurve: 'P-384' };
    default: {
      const publicExponent = Uint8Array.of(1, 0, 1);
      return { name: 'RSASSA-PKCS1-v1_5', modulusLength: RSA_BITS[keyType], publicExponent, hash };
    }
  }
}
