/** PasswordBasedMac (RFC 9481 6.1.1, RFC 4211 4.4). */
import { hash as digest } from 'node:crypto';
import { octetString, parseDer, sequence, smallInteger, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { type Bytes, concat } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { hmac, type MacHash, readMacHash } from './kmac.js';
import { type Mac, type MacScheme, saltFault } from './mac.js';

const ITERATIONS_MIN = 100;
const SLICE_ITERATIONS = 2_000;

type PbmParameter = {
  readonly salt: Bytes;
  readonly owf: Result<MacHash, string>;
  readonly iterations: number;
  readonly mac: Result<MacHash, string>;
};

export const PASSWORD_BASED_MAC: MacScheme = {
  oids: [OID.passwordBasedMac],
  read: ({ parameters }, { passwordBasedMacIterationsMax: max }) => {
    if (parameters === null) return err('PasswordBasedMac: PBMParameter is absent');
    const read = readParameters(parameters);
    if (!read.ok) return read;
    const { salt, owf, iterations, mac } = read.value;
    if (!owf.ok) return owf;
    if (!mac.ok) return mac;
    const broken = saltFault(salt);
    if (broken !== null) return err(broken);
    if (iterations < ITERATIONS_MIN || iterations > max)
      return err(`PBMParameter: iterationCount must be ${ITERATIONS_MIN} to ${max}, not ${iterations}`);
    return ok(pbmOf({ salt, owf: owf.value, iterations, mac: mac.value }));
  },
};

/** PBMParameter ::= SEQUENCE { salt, owf, iterationCount, mac } (RFC 4211 4.4). */
function readParameters(parameters: Bytes): Result<PbmParameter, string> {
  const read = parseDer(parameters, (root) => {
    const fields = sequence(root, 'PBMParameter');
    const salt = octetString(fields.next(TAG.octetString, 'salt'), 'salt');
    const owf = readMacHash(fields.next(TAG.sequence, 'owf'), 'hash', 'owf');
    const iterations = smallInteger(fields.next(TAG.integer, 'iterationCount'), 'iterationCount');
    const mac = readMacHash(fields.next(TAG.sequence, 'mac'), 'hmac', 'mac');
    fields.end();
    return { salt, owf, iterations, mac };
  });
  return read.ok ? read : err(`PBMParameter: ${read.error.rule}`);
}

type PbmValues = Pick<PbmParameter, 'salt' | 'iterations'> & { readonly owf: MacHash; readonly mac: MacHash };

function pbmOf({ salt, owf, iterations, mac }: PbmValues): Mac {
  return {
    hashes: [owf.name, mac.name],
    derivation: {
      salt,
      iterations,
      runsOn: 'loop',
      derive: async (secret, pause) => {
        const key = digest(owf.name, concat([secret, salt]), 'buffer');
        for (let done = 1; done < iterations; done += 1) {
          if (done % SLICE_ITERATIONS === 0) await pause();
          // Copying a latin1 string takes half the time of making a new Buffer for each hash.
          key.write(digest(owf.name, key, 'binary'), 'latin1');
        }
        return new Uint8Array(key);
      },
    },
    compute: (key, data) => hmac(mac, key, data),
  };
}
