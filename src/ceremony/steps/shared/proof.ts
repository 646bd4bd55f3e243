/**
 * Proves, without a certificate, that a token has the private key of a public key: the token signs
 * random bytes after a prefix. The prefix is not DER, so that the signature is useless for anything
 * else.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { type Bytes, concat, fromBase64, toBase64, utf8 } from '../../../kernel/bytes.js';
import { signatureAlgorithmFor, verifySignature } from '../../../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import type { KeyType } from '../../../x509/model.js';
import type { CeremonyToken } from '../../world.js';
import { type BackUpKey, type ProvenKey, readBackUp, readRestored } from './token-records.js';

export const CHALLENGE_OCTETS = 32;

function challengeText(challenge: Bytes): Bytes {
  return concat([utf8('pfcng challenge to a restored token 1\0'), challenge]);
}

/**
 * Lets the token sign the challenge. null: the public key has no supported type, or the signature
 * does not verify with it.
 */
export async function proveKey(
  token: CeremonyToken,
  { key, publicKey }: Pick<BackUpKey, 'key' | 'publicKey'>,
  challenge: Bytes,
): Promise<ProvenKey | null> {
  const keyType = keyTypeIn(publicKey);
  if (keyType === null) return null;
  const signature = await token.sign(key, keyType, challengeText(challenge));
  const proven = { key, publicKey, challenge: toBase64(challenge), signature: toBase64(signature) };
  return isProven(proven) ? proven : null;
}

/** Whether the signature over the challenge verifies with the public key. */
export function isProven({ publicKey, challenge, signature }: ProvenKey): boolean {
  const [spki, octets, signed] = [publicKey, challenge, signature].map(fromBase64);
  const keyType = keyTypeIn(publicKey);
  if (!spki || octets?.length !== CHALLENGE_OCTETS || !signed || keyType === null) return false;
  const algorithm = signatureAlgorithmFor(keyType);
  return verifySignature({ spki, algorithm, data: challengeText(octets), signature: signed });
}

function keyTypeIn(publicKey: string): KeyType | null {
  const spki = fromBase64(publicKey);
  const view = spki === null ? null : readPublicKey(spki);
  return view?.ok ? keyTypeOf(view.value) : null;
}

const NOT_RESTORED: Bilingual = {
  fr: 'les clés de cette restauration ne sont pas celles de la sauvegarde, ou leurs signatures ne sont pas valides',
  en: 'the keys of this restoration are not those of the back-up, or their signatures do not verify',
};

/**
 * Checks the record of a restoration: it must prove all keys of the back-up. `record`: the record
 * of the back-up that the same line of the transcript names.
 */
export function restorationFault(restoration: Bytes, record: Bytes): Bilingual | null {
  const restored = readRestored(restoration);
  const backUp = readBackUp(record);
  if (restored === null || backUp === null || restored.keys.length !== backUp.keys.length) return NOT_RESTORED;
  const isProof = restored.keys.every((proven, at) => {
    const inBackUp = backUp.keys[at];
    return inBackUp?.key === proven.key && inBackUp.publicKey === proven.publicKey && isProven(proven);
  });
  return isProof ? null : NOT_RESTORED;
}
