/**
 * An answer has the MAC algorithm of its request with a salt of its own (RFC 4211 4.4, RFC 8018
 * 4.1), so that request and answer have different keys.
 */
import { parseDer } from '../../asn1/der-reader.js';
import { octetString } from '../../asn1/der-writer.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, concat } from '../../kernel/bytes.js';
import { readAlgorithmIdentifier } from '../elements.js';
import type { AlgorithmIdentifier } from '../model.js';
import { readProtectionAlgorithm } from './algorithms.js';
import type { MacLimits } from './mac.js';
import type { MacUse } from './signature.js';

/** Returns `use` itself where the algorithm has no salt. */
export function withFreshSalt(
  use: MacUse,
  { random, limits }: { readonly random: (octets: number) => Bytes; readonly limits: MacLimits },
): MacUse {
  const { derivation } = use.mac;
  if (derivation === null) return use;
  const identifier = replaceSalt(use.identifier, derivation.salt, random(derivation.salt.length));
  const read = readProtectionAlgorithm(identifier, limits);
  return read.ok && read.value.kind === 'mac' ? { ...use, identifier, mac: read.value.mac } : use;
}

/**
 * The salt is the first OCTET STRING of the parameters of PasswordBasedMac and of PBMAC1. The new
 * one has the same length, so that no other length changes.
 */
function replaceSalt({ der }: AlgorithmIdentifier, salt: Bytes, fresh: Bytes): AlgorithmIdentifier {
  const at = Buffer.from(der).indexOf(octetString(salt));
  const from = at + octetString(salt).length - salt.length;
  const changed = concat([der.subarray(0, from), fresh, der.subarray(from + salt.length)]);
  const read = parseDer(changed, (root) => readAlgorithmIdentifier(root, 'protectionAlg'));
  return present(read.ok ? read.value : null, 'an algorithm whose salt was replaced');
}
