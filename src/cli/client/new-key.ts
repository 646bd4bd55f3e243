/** A new key of the type of an old one, and the request that renews a certificate with it. */
import {
  createPrivateKey,
  createPublicKey,
  type ECKeyPairOptions,
  type ED25519KeyPairOptions,
  generateKeyPairSync,
  type KeyObject,
  type RSAKeyPairOptions,
  sign,
} from 'node:crypto';
import type { TbsView } from '../../x509/model.js';
import { encodePem } from '../../x509/pem.js';
import {
  assembleRenewalRequest,
  type RenewalSignature,
  renewalRequestInfo,
} from '../../x509/request/renewal-request.js';

/** PEM, so that no KeyObject shares a lock with the job that made it (a fault of Node 20). */
const PEM = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

type Hash = 'sha256' | 'sha384' | 'sha512' | null;
type SigningAlgorithm = { readonly name: RenewalSignature['name']; readonly hash: Hash };

/** The curves of OpenSSL's names that holders of our certificates may have, and their hashes. */
const CURVES: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: { name: 'ecdsaWithSha256', hash: 'sha256' },
  brainpoolP256r1: { name: 'ecdsaWithSha256', hash: 'sha256' },
  secp384r1: { name: 'ecdsaWithSha384', hash: 'sha384' },
  brainpoolP384r1: { name: 'ecdsaWithSha384', hash: 'sha384' },
  secp521r1: { name: 'ecdsaWithSha512', hash: 'sha512' },
};

/** null: keys of this type are not renewed here. */
function signingOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | null {
  switch (asymmetricKeyType) {
    case 'rsa':
      return { name: 'sha256WithRsaEncryption', hash: 'sha256' };
    case 'ec':
      return CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? null;
    case 'ed25519':
      return { name: 'ed25519', hash: null };
    default:
      return null;
  }
}

/** PKCS#8 in PEM; null: keys of this type are not renewed here. */
export function makeKeyLike(old: KeyObject): string | null {
  if (signingOf(old) === null) return null;
  const { modulusLength = 3_072, namedCurve = '' } = old.asymmetricKeyDetails ?? {};
  if (old.asymmetricKeyType === 'rsa') {
    const options: RSAKeyPairOptions<'pem', 'pem'> = { modulusLength, ...PEM };
    return generateKeyPairSync('rsa', options).privateKey;
  }
  if (old.asymmetricKeyType === 'ec') {
    const options: ECKeyPairOptions<'pem', 'pem'> = { namedCurve, ...PEM };
    return generateKeyPairSync('ec', options).privateKey;
  }
  const options: ED25519KeyPairOptions<'pem', 'pem'> = PEM;
  return generateKeyPairSync('ed25519', options).privateKey;
}

/** PKCS#10 in PEM with the names of the certificate; null: as `makeKeyLike`. */
export function makeRenewalRequest(certificate: TbsView, keyPem: string): string | null {
  const key = createPrivateKey(keyPem);
  const signing = signingOf(key);
  if (signing === null) return null;
  const { name, hash } = signing;
  const info = renewalRequestInfo(certificate, spkiOf(key));
  const signature = new Uint8Array(sign(hash, info, key));
  return encodePem('CERTIFICATE REQUEST', assembleRenewalRequest(info, { name, signature }));
}

/** SubjectPublicKeyInfo, DER. */
export function spkiOf(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
}
