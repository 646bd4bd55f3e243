/** PBMAC1 (RFC 9481 6.1.2, RFC 8018 7.1 and appendix A.5) with PBKDF2 and HMAC. */
import { pbkdf2 } from 'node:crypto';
import {
  type DerElement,
  objectIdentifier,
  octetString,
  parseDer,
  sequence,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { hmac, type MacHash, NO_SHA_1, readMacHash } from './kmac.js';
import { type Mac, type MacLimits, type MacScheme, saltFault } from './mac.js';

const KEY_OCTETS_MIN = 16;
const KEY_OCTETS_MAX = 64;

type Pbkdf2Parameters = {
  readonly salt: Bytes;
  readonly iterations: number;
  /** null: absent; the key is then as long as the output of the hash of the MAC. */
  readonly keyOctets: number | null;
  readonly prf: MacHash;
};

export const PBMAC1: MacScheme = {
  oids: [OID.pbmac1],
  read: ({ parameters }, limits) => {
    if (parameters === null) return err('PBMAC1: its parameters are absent');
    const read = parseDer(parameters, (root) => {
      const fields = sequence(root, 'PBMAC1-params');
      const derivation = readDerivation(fields.next(TAG.sequence, 'keyDerivationFunc'));
      const mac = readMacHash(fields.next(TAG.sequence, 'messageAuthScheme'), 'hmac', 'messageAuthScheme');
      fields.end();
      return { derivation, mac };
    });
    if (!read.ok) return err(`PBMAC1: ${read.error.rule}`);
    const { derivation, mac } = read.value;
    if (!derivation.ok) return derivation;
    if (!mac.ok) return mac;
    const broken = limitFault(derivation.value, limits);
    return broken === null ? ok(pbmac1Of(derivation.value, mac.value)) : err(`PBKDF2-params: ${broken}`);
  },
};

/** PBKDF2-params (RFC 8018 appendix A.2). `prf` is HMAC with SHA-1 by default, which is refused. */
function readDerivation(element: DerElement): Result<Pbkdf2Parameters, string> {
  const fields = sequence(element, 'keyDerivationFunc');
  const oid = objectIdentifier(fields.next(TAG.oid, 'keyDerivationFunc'), 'keyDerivationFunc');
  if (oid !== OID.pbkdf2) return err(`keyDerivationFunc: ${oid} is not accepted; PBKDF2 is`);
  const parameters = sequence(fields.next(TAG.sequence, 'PBKDF2-params'), 'PBKDF2-params');
  fields.end();
  const salt = octetString(parameters.next(TAG.octetString, 'salt'), 'salt');
  const iterations = smallInteger(parameters.next(TAG.integer, 'iterationCount'), 'iterationCount');
  const length = parameters.optional(TAG.integer);
  const keyOctets = length === null ? null : smallInteger(length, 'keyLength');
  const prf = parameters.optional(TAG.sequence);
  parameters.end();
  if (prf === null) return err(`prf: ${NO_SHA_1}`);
  const hash = readMacHash(prf, 'hmac', 'prf');
  return hash.ok ? ok({ salt, iterations, keyOctets, prf: hash.value }) : hash;
}

function limitFault(
  { salt, iterations, keyOctets }: Pbkdf2Parameters,
  { pbkdf2IterationsMax: max }: MacLimits,
): string | null {
  if (iterations < 1 || iterations > max) return `iterationCount must be 1 to ${max}, not ${iterations}`;
  if (keyOctets !== null && (keyOctets < KEY_OCTETS_MIN || keyOctets > KEY_OCTETS_MAX))
    return `keyLength must be ${KEY_OCTETS_MIN} to ${KEY_OCTETS_MAX}, not ${keyOctets}`;
  return saltFault(salt);
}

function pbmac1Of({ salt, iterations, keyOctets, prf }: Pbkdf2Parameters, mac: MacHash): Mac {
  const octets = keyOctets ?? mac.octets;
  return {
    hashes: [prf.name, mac.name],
    derivation: {
      salt,
      iterations: iterations * Math.ceil(octets / prf.octets),
      runsOn: 'pool',
      derive: (secret) =>
        new Promise((resolve, reject) => {
          pbkdf2(secret, salt, iterations, octets, prf.name, (error, key) =>
            error === null ? resolve(new Uint8Array(key)) : reject(error),
          );
        }),
    },
    compute: (key, data) => hmac(mac, key, data),
  };
}
