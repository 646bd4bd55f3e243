/** Checks of `verify` on the transcript lines of several kinds of step. */
import { fromBase64 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import type { Json } from '../../../kernel/json.js';
import type { Bilingual } from '../../bilingual.js';
import type { Entry, Facts } from '../../transcript/transcript.js';

const EXPOSED: Bilingual = { fr: 'cette clé peut sortir de son jeton', en: 'this key can leave its token' };
const OTHER_HASH: Bilingual = { fr: "l'empreinte n'est pas celle de la clé", en: 'the hash is not that of the key' };

/**
 * A transcript line identifies a key by its hash, and its attributes must show that it cannot leave
 * its token.
 */
export function recordedKeyFault({ result }: Entry): Bilingual | null {
  const key = typeof result.publicKey === 'string' ? fromBase64(result.publicKey) : null;
  if (key === null || sha256Hex(key) !== result.publicKeySha256) return OTHER_HASH;
  const { CKA_EXTRACTABLE, CKA_SENSITIVE } = objectIn(result.attributes);
  return CKA_EXTRACTABLE === false && CKA_SENSITIVE === true ? null : EXPOSED;
}

function objectIn(value: Json | undefined): { readonly [name: string]: Json } {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as { readonly [name: string]: Json }) : {};
}

/**
 * The member of a transcript line that must have the hash that the plan states; none if the plan
 * states no hash, or `*`.
 */
export function statedHash(member: string, sha256: string | undefined): Facts {
  return sha256 === undefined || sha256 === '*' ? {} : { [member]: sha256 };
}
