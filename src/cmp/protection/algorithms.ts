/**
 * The one list of the algorithms that protect CMP messages (RFC 9481 sections 3 and 6). Parameters
 * are read and compared with the limits here, before any work is done for a message.
 */
import { OID } from '../../asn1/oids.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { AlgorithmIdentifier } from '../model.js';
import { HMAC, KMAC } from './kmac.js';
import type { Mac, MacLimits, MacScheme } from './mac.js';
import { PASSWORD_BASED_MAC } from './password-based-mac.js';
import { PBMAC1 } from './pbmac1.js';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature.js';

export type ProtectionAlgorithm =
  | { readonly kind: 'signature'; readonly identifier: AlgorithmIdentifier; readonly algorithm: SignatureAlgorithm }
  | { readonly kind: 'mac'; readonly identifier: AlgorithmIdentifier; readonly mac: Mac };

const MAC_SCHEMES: readonly MacScheme[] = [PASSWORD_BASED_MAC, PBMAC1, HMAC, KMAC];

/** A repeated nonce gives the key of GMAC away, and secrets are no AES keys. */
const GMAC: readonly string[] = [OID.aes128Gmac, OID.aes192Gmac, OID.aes256Gmac];

/** The error is an English sentence for the client. */
export function readProtectionAlgorithm(
  identifier: AlgorithmIdentifier,
  limits: MacLimits,
): Result<ProtectionAlgorithm, string> {
  const { oid } = identifier;
  if (GMAC.includes(oid))
    return err('protectionAlg: GMAC is not accepted; HMAC, KMAC, PBMAC1 and PasswordBasedMac are');
  const scheme = MAC_SCHEMES.find(({ oids }) => oids.includes(oid));
  if (scheme === undefined) {
    const algorithm = readSignatureAlgorithm(identifier);
    return algorithm.ok ? ok({ kind: 'signature', identifier, algorithm: algorithm.value }) : algorithm;
  }
  const mac = scheme.read(identifier, limits);
  return mac.ok ? ok({ kind: 'mac', identifier, mac: mac.value }) : mac;
}
