/** Certification requests as other software makes them, and malformed ones. */
import { sign } from 'node:crypto';
import { bitString, contextConstructed, integer, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, fromBase64 } from '../../../src/kernel/bytes.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import { encodePem } from '../../../src/x509/pem.js';
import { inFolder, openssl } from '../asn1/openssl.js';
import { type KeyPair, pairOf } from './keys.js';

/** Options of `openssl genpkey` and `openssl req`, except the subject. */
export type OpensslRequest = { readonly key: readonly string[]; readonly request?: readonly string[] };

const made = new Map<string, string>();

/** PEM, made once for the same options. */
export function opensslRequest({ key, request = [] }: OpensslRequest): string {
  const id = JSON.stringify([key, request]);
  const known = made.get(id);
  if (known !== undefined) return known;
  const pem = inFolder((folder) => {
    const file = `${folder}/key.pem`;
    openssl(['genpkey', '-quiet', ...key, '-out', file]);
    return openssl(['req', '-new', '-utf8', '-key', file, '-subj', '/C=FR/CN=Élodie', ...request]).toString();
  });
  made.set(id, pem);
  return pem;
}

export const RSA = (bits: number): readonly string[] => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
export const EC = (curve: string): readonly string[] => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];

export function derOf(pem: string): Bytes {
  return fromBase64(pem.replace(/-----.*-----/g, '').replace(/\s/g, '')) ?? new Uint8Array(0);
}

export function pemOf(der: Bytes): string {
  return encodePem('CERTIFICATE REQUEST', der);
}

type RequestChanges = {
  readonly version?: number;
  readonly subject?: Bytes;
  readonly spki?: Bytes;
  /** The fields after the key. */
  readonly attributes?: readonly Bytes[];
  readonly algorithm?: Bytes;
  readonly signer?: KeyPair;
  readonly after?: Bytes;
};

/** A request with the P-256 key, changed before it is signed. */
export function craftRequest(changes: RequestChanges = {}): string {
  const signer = changes.signer ?? pairOf('p-256');
  const subject = changes.subject ?? encodeName([[{ type: OID.commonName, form: 'utf8String', value: 'x' }]]);
  const attributes = changes.attributes ?? [contextConstructed(0)];
  const info = seq(integer(changes.version ?? 0), subject, changes.spki ?? signer.spki, ...attributes);
  const signature = bitString(new Uint8Array(sign('sha256', info, signer.privateKey)));
  const algorithm = changes.algorithm ?? algorithmIdentifierDer('ecdsaWithSha256');
  return pemOf(seq(concat([info, algorithm, signature, changes.after ?? new Uint8Array(0)])));
}

export function algorithm(dotted: string, ...parameters: readonly Bytes[]): Bytes {
  return seq(oid(dotted), ...parameters);
}
