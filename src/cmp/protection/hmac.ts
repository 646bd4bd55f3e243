/**
 * HMAC without key derivation (RFC 9481 6.2.1, RFC 9688). It is safe here, because a secret has 160
 * random bits.
 */
import { parseDer } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { err, ok } from '../../kernel/result.js';
import { HMAC_OIDS, hmac, readMacHash } from './hashes.js';
import type { MacScheme } from './mac.js';

export const HMAC: MacScheme = {
  // Those with SHA-1 are read too, so that the refusal names the hash.
  oids: [...HMAC_OIDS, OID.hmacWithSha1, OID.hmacSha1OfCmp],
  read: ({ der }) => {
    const read = parseDer(der, (root) => readMacHash(root, 'hmac', 'protectionAlg'));
    if (!read.ok) return err(`HMAC: ${read.error.rule}`);
    const hash = read.value;
    if (!hash.ok) return hash;
    return ok({ hashes: [hash.value.name], derivation: null, compute: (key, data) => hmac(hash.value, key, data) });
  },
};
