/**
 * Certification requests (RFC 2986) with names and attributes, written without code of the product.
 */
import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import { tlv } from '../hsm/der.js';
import type { HolderKey } from '../service/csr.js';
import { STRUCTURE } from '../service/orders.js';

/** Object identifiers as DER. */
const TYPES = {
  C: '0603550406',
  ST: '0603550408',
  O: '060355040a',
  OU: '060355040b',
  CN: '0603550403',
  L: '0603550407',
} as const;
const EXTENSION_REQUEST = '06092a864886f70d01090e';
const CHALLENGE_PASSWORD = '06092a864886f70d010907';
const CHANGE_SUBJECT_NAME = '06082b06010505070724';
const SUBJECT_ALT_NAME = '0603551d11';
const ALGORITHMS = { ec: '300a06082a8648ce3d040302', rsa: '300d06092a864886f70d01010b0500' } as const;

export type RequestContent = {
  /** Each pair is an RDN. */
  readonly subject: readonly (readonly [keyof typeof TYPES, string])[];
  readonly dns?: readonly string[];
  /** Further extensions, DER. */
  readonly extensions?: readonly Buffer[];
  readonly challengePassword?: string;
  readonly changeSubjectName?: true;
};

/** The subject of an application of the structure that the tests have. */
export function application(name: string): RequestContent['subject'] {
  return [
    ['C', 'FR'],
    ['ST', STRUCTURE.department],
    ['O', STRUCTURE.name],
    ['OU', STRUCTURE.id],
    ['CN', name],
  ];
}

/** The subject of a certificate (PEM), for a request that renews it. */
export function subjectOf(certificate: string): RequestContent['subject'] {
  const { subject } = new X509Certificate(certificate);
  return subject.split('\n').map((line) => {
    const [type = '', ...value] = line.split('=');
    return [type as keyof typeof TYPES, value.join('=')] as const;
  });
}

/** The body of a request of EST. */
export function requestBody(key: HolderKey, content: RequestContent): string {
  return requestDer(key, content).toString('base64');
}

/** DER, signed with SHA-256. */
export function requestDer(key: HolderKey, content: RequestContent): Buffer {
  return signedRequest(key.privateKey, requestInfo(key, content));
}

/** CertificationRequestInfo. */
export function requestInfo({ publicKey }: HolderKey, content: RequestContent): Buffer {
  const { subject, dns = [], extensions = [], challengePassword, changeSubjectName } = content;
  const rdns = subject.map(([type, value]) =>
    tlv(0x31, tlv(0x30, hex(TYPES[type]), tlv(type === 'C' ? 0x13 : 0x0c, Buffer.from(value)))),
  );
  const names = dns.map((name) => tlv(0x82, Buffer.from(name)));
  const san = names.length === 0 ? [] : [extension(SUBJECT_ALT_NAME, tlv(0x30, ...names))];
  const wanted = [...san, ...extensions];
  const attributes = [
    ...(challengePassword === undefined
      ? []
      : [attribute(CHALLENGE_PASSWORD, tlv(0x13, Buffer.from(challengePassword)))]),
    ...(wanted.length === 0 ? [] : [attribute(EXTENSION_REQUEST, tlv(0x30, ...wanted))]),
    ...(changeSubjectName === undefined ? [] : [attribute(CHANGE_SUBJECT_NAME, tlv(0x30))]),
  ];
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const sorted = attributes.sort(Buffer.compare);
  return tlv(0x30, tlv(0x02, Buffer.of(0)), tlv(0x30, ...rdns), spki, tlv(0xa0, ...sorted));
}

export function signedRequest(key: KeyObject, info: Buffer): Buffer {
  const algorithm = hex(ALGORITHMS[key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec']);
  return tlv(0x30, info, algorithm, tlv(0x03, Buffer.of(0), sign('sha256', info, key)));
}

/** `type`: DER of the object identifier, hex. */
export function extension(type: string, value: Buffer): Buffer {
  return tlv(0x30, hex(type), tlv(0x04, value));
}

function attribute(type: string, value: Buffer): Buffer {
  return tlv(0x30, hex(type), tlv(0x31, value));
}

function hex(octets: string): Buffer {
  return Buffer.from(octets, 'hex');
}
