/** AlgorithmIdentifiers of protections, with parameters as a test wants them. */
import { integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { AlgorithmIdentifier } from '../../../src/cmp/model.js';
import type { Bytes } from '../../../src/kernel/bytes.js';

export const SALT: Bytes = Uint8Array.from({ length: 16 }, (_, at) => at);

/** The iterations of PasswordBasedMac, where a test gives no other number. */
export const ITERATIONS = 500;

export function identifierOf(algorithm: string, parameters: Bytes | null = null): AlgorithmIdentifier {
  return { oid: algorithm, parameters, der: seq(oid(algorithm), ...(parameters === null ? [] : [parameters])) };
}

type PbmForm = {
  readonly salt?: Bytes;
  readonly owf?: Bytes;
  readonly iterations?: number;
  readonly mac?: Bytes;
};

/** PBMParameter (RFC 4211 4.4), by default with SHA-256, 500 iterations, HMAC with SHA-256. */
export function passwordBasedMac({ salt = SALT, owf, iterations = ITERATIONS, mac }: PbmForm): AlgorithmIdentifier {
  const hash = owf ?? seq(oid(OID.sha256));
  const hmac = mac ?? seq(oid(OID.hmacWithSha256), nullValue());
  return identifierOf(OID.passwordBasedMac, seq(octetString(salt), hash, integer(iterations), hmac));
}

type Pbmac1Form = {
  readonly salt?: Bytes;
  readonly iterations?: number;
  /** null: absent. */
  readonly length?: number | null;
  /** null: absent. */
  readonly prf?: Bytes | null;
  readonly mac?: Bytes;
  readonly derivation?: string;
};

/** PBMAC1-params (RFC 8018 appendix A.5), by default PBKDF2 and HMAC with SHA-256. */
export function pbmac1(form: Pbmac1Form): AlgorithmIdentifier {
  const { salt = SALT, iterations = 1_000, length = 32, prf = seq(oid(OID.hmacWithSha256), nullValue()) } = form;
  const { mac = seq(oid(OID.hmacWithSha256)), derivation = OID.pbkdf2 } = form;
  const parameters = seq(
    octetString(salt),
    integer(iterations),
    ...(length === null ? [] : [integer(length)]),
    ...(prf === null ? [] : [prf]),
  );
  return identifierOf(OID.pbmac1, seq(seq(oid(derivation), parameters), mac));
}
