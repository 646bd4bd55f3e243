/**
 * Finds the certificates, CRLs and OCSP responses in a file to be linted, PEM or DER, one or
 * several.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { fromBase64 } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';

export type Kind = 'certificate' | 'crl' | 'ocsp-response';
export type Item =
  | { readonly kind: 'certificate' | 'ocsp-response'; readonly der: Bytes }
  | {
      readonly kind: 'crl';
      /** The beginning of the list, which names its issuer; the whole of a short list. */
      readonly head: Bytes;
      /** Reads the whole list, from the beginning at each call: it may be larger than memory. */
      readonly chunks: () => AsyncIterable<Bytes>;
    };

/** One white space before the body prevents quadratic backtracking on a hostile file. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,64})-----\s([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const KIND_OF_LABEL: Readonly<Record<string, Kind>> = {
  CERTIFICATE: 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'TRUSTED CERTIFICATE': 'certificate',
  'X509 CRL': 'crl',
  'OCSP RESPONSE': 'ocsp-response',
};
export const KINDS = 'a certificate, a CRL or an OCSP response, PEM or DER';
const INTEGER = 0x02;
const SEQUENCE = 0x30;
const ENUMERATED = 0x0a;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** The error says what was expected. */
export function itemsIn(bytes: Bytes): Result<readonly Item[], string> {
  if (bytes[0] === SEQUENCE) {
    const kind = kindOfDer(bytes);
    return kind === null ? err(`not ${KINDS}`) : ok([itemOf(kind, bytes)]);
  }
  const items: Item[] = [];
  for (const [, label = '', body = ''] of Buffer.from(bytes).toString('latin1').matchAll(BLOCK)) {
    const kind = KIND_OF_LABEL[label];
    if (kind === undefined) return err(`a block ${label}: ${KINDS} was expected`);
    const der = fromBase64(body.replace(/\s+/g, ''));
    if (der === null) return err(`a block ${label} that is not base64`);
    items.push(itemOf(kind, der));
  }
  return items.length === 0 ? err(`not ${KINDS}`) : ok(items);
}

export function itemOf(kind: Kind, der: Bytes): Item {
  if (kind !== 'crl') return { kind, der };
  return {
    kind,
    head: der,
    async *chunks() {
      yield der;
    },
  };
}

/**
 * Recognises the kind by its tags, in bytes that may be anything: the readers afterwards are
 * strict. An OCSPResponse begins with its status; a TBSCertList has a time among its own fields,
 * where a TBSCertificate has a Validity.
 */
export function kindOfDer(bytes: Bytes): Kind | null {
  const outer = fieldAt(bytes, 0);
  const first = outer === null ? null : fieldAt(bytes, outer.content);
  if (first === null) return null;
  if (first.tag === ENUMERATED) return 'ocsp-response';
  if (first.tag !== SEQUENCE) return null;
  let field = fieldAt(bytes, first.content);
  for (let at = 0; at < 5 && field !== null; at += 1) {
    if (field.tag === UTC_TIME || field.tag === GENERALIZED_TIME) return 'crl';
    field = fieldAt(bytes, field.end);
  }
  return 'certificate';
}

/**
 * Returns the AlgorithmIdentifier and the issuer name of a CertificateList; null: it is not one, or
 * ends before them.
 */
export function signerIn(list: Bytes): { readonly algorithm: Bytes; readonly name: Bytes } | null {
  const outer = fieldAt(list, 0);
  const tbs = outer === null ? null : fieldAt(list, outer.content);
  let at = tbs?.content ?? list.length;
  if (list[at] === INTEGER) at = fieldAt(list, at)?.end ?? list.length;
  const algorithm = fieldAt(list, at);
  const name = algorithm === null ? null : fieldAt(list, algorithm.end);
  if (algorithm === null || name === null || name.end > list.length) return null;
  return { algorithm: list.slice(at, algorithm.end), name: list.slice(algorithm.end, name.end) };
}

type Field = { readonly tag: number; readonly content: number; readonly end: number };

function fieldAt(bytes: Bytes, at: number): Field | null {
  const tag = bytes[at];
  const short = bytes[at + 1];
  if (tag === undefined || short === undefined) return null;
  if (short < 0x80) return { tag, content: at + 2, end: at + 2 + short };
  const octets = short & 0x7f;
  if (octets === 0 || octets > 4) return null;
  let length = 0;
  for (const octet of bytes.subarray(at + 2, at + 2 + octets)) length = length * 256 + octet;
  return { tag, content: at + 2 + octets, end: at + 2 + octets + length };
}
