/** Messages that ask for a certificate, as a client of ours would write them. */
import { createHash, createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  children,
  contextTag,
  type DerElement,
  explicit,
  malformed,
  parseDer,
  TAG,
} from '../../../src/asn1/der-reader.js';
import { nullValue } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { certRequest } from '../../../src/cmp/crmf.js';
import { directoryName } from '../../../src/cmp/elements.js';
import { encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import { BODY_KINDS, type PkiHeader, type PkiMessage } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { Name } from '../../../src/x509/model.js';
import type { HolderKey } from '../service/csr.js';
import { identifierOf, passwordBasedMac, SALT } from './algorithms.js';
import { EMPTY_TEMPLATE, nameValue } from './template.js';

export type CmpProof =
  /** `certificates`: that of the key first, then its chain without the root. */
  | { readonly kind: 'signature'; readonly key: KeyObject; readonly certificates: readonly Bytes[] }
  | { readonly kind: 'hmac'; readonly reference: string; readonly secret: string }
  | PbmProof;

type PbmProof = {
  readonly kind: 'pbm';
  readonly reference: string;
  readonly secret: string;
  /** Default: the same in each message. */
  readonly salt?: Uint8Array;
  /** Default: those of OpenSSL. */
  readonly iterations?: number;
  /** A MAC that costs its sender nothing. */
  readonly isWrong?: true;
};

type WantedCertificate = {
  readonly key: HolderKey;
  readonly name: string;
  readonly at: number;
  /** The client confirms its certificate. Left out: it is confirmed implicitly. */
  readonly isConfirmed?: boolean;
};

const ECDSA = identifierOf(OID.ecdsaWithSha256);
const PBM_ITERATIONS = 500;

function commonName(value: string): Name {
  return [[{ type: OID.commonName, form: 'utf8String', value }]];
}

/** `cr` with one request; every key is P-256. */
export function certificateRequest(
  proof: CmpProof,
  { key, name, at, isConfirmed = false }: WantedCertificate,
): Uint8Array {
  const spki = new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }));
  // The encoder takes the key from `spki` alone.
  const publicKey = { spki, algorithm: ECDSA, isEmpty: false };
  const template = { ...EMPTY_TEMPLATE, subject: nameValue(commonName(name)), publicKey };
  const request = certRequest({ certReqId: 0, template, controls: [] });
  const signature = new Uint8Array(sign('sha256', request.der, key.privateKey));
  const bodyContent = encodeBody.cr([
    { request, proof: { kind: 'signature', poposkInput: null, algorithm: ECDSA, signature } },
  ]);
  const generalInfo = isConfirmed ? [] : [{ oid: OID.implicitConfirm, value: nullValue() }];
  const ids = { transactionID: new Uint8Array(randomBytes(16)), recipNonce: null, generalInfo };
  return protectedMessage(proof, { fields: protectionFields(proof), bodyKind: 'cr', bodyContent, ids, at });
}

/**
 * Makes the certConf with which the client accepts the certificate in a cp of a CA that signs with
 * SHA-256; null: there is no certificate in the answer. Of the answer it reads only what a certConf
 * needs, because a load shares the processors with the service that it measures.
 */
export function confirmer(proof: CmpProof): (answer: Uint8Array, at: number) => Uint8Array | null {
  const fields = protectionFields(proof);
  return (answer, at) => {
    const read = parseDer(answer, readGranted);
    if (!read.ok || read.value === null) return null;
    const { certificate, transactionID, senderNonce: recipNonce } = read.value;
    const certHash = new Uint8Array(createHash('sha256').update(certificate).digest());
    const bodyContent = encodeBody.certConf([{ certHash, certReqId: 0, status: null, hashAlg: null }]);
    const ids = { transactionID, recipNonce, generalInfo: [] };
    return protectedMessage(proof, { fields, bodyKind: 'certConf', bodyContent, ids, at });
  };
}

type GrantedCertificate = Readonly<Record<'certificate' | 'transactionID' | 'senderNonce', Bytes>>;

/** null: the message is no cp, or has no certificate (RFC 9810 5.1 and 5.3.4). */
function readGranted(message: DerElement): GrantedCertificate | null {
  const [header, body] = children(message);
  if (header === undefined || body?.tag !== contextTag(BODY_KINDS.indexOf('cp'), 'constructed')) return null;
  // pvno, sender and recipient come first. A sender that is a directoryName has the tag [4] too.
  const tagged = children(header).slice(3);
  const octetsOf = (number: number): Bytes => {
    const field = tagged.find(({ tag }) => tag === contextTag(number, 'constructed'));
    return field === undefined ? malformed(header, `no field ${number}`) : explicit(field, 'header').content;
  };
  const responses = children(explicit(body, 'body')).find(({ tag }) => tag === TAG.sequence);
  const [response] = responses === undefined ? [] : children(responses);
  const keyPair = response === undefined ? undefined : children(response)[2];
  const [certificate] = keyPair === undefined ? [] : children(keyPair);
  // Another tag is that of an encrypted certificate.
  if (certificate?.tag !== contextTag(0, 'constructed')) return null;
  return {
    certificate: explicit(certificate, 'certOrEncCert').whole,
    transactionID: octetsOf(4),
    senderNonce: octetsOf(5),
  };
}

type MessageContent = Pick<PkiMessage, 'bodyKind' | 'bodyContent'> & {
  readonly fields: ProtectionFields;
  readonly ids: Pick<PkiHeader, 'transactionID' | 'recipNonce' | 'generalInfo'>;
  readonly at: number;
};

function protectedMessage(proof: CmpProof, { fields, bodyKind, bodyContent, ids, at }: MessageContent): Uint8Array {
  const header: PkiHeader = {
    ...fields,
    ...ids,
    pvno: 2,
    recipient: directoryName([]),
    messageTime: Math.floor(at / 1_000) * 1_000,
    recipKID: null,
    senderNonce: new Uint8Array(randomBytes(16)),
    freeText: [],
  };
  const part = encodeProtectedPart({ header, bodyKind, bodyContent });
  const extraCerts = proof.kind === 'signature' ? proof.certificates : [];
  return encodeMessage(part, { protection: protect(proof, part), extraCerts });
}

type ProtectionFields = Pick<PkiHeader, 'sender' | 'senderKID' | 'protectionAlg'>;

function protectionFields(proof: CmpProof): ProtectionFields {
  if (proof.kind === 'signature') {
    const read = readCertificate(present(proof.certificates[0], 'the certificate of the key'));
    if (!read.ok) throw new Error(read.error.rule);
    const { subject, spki } = read.value.tbs;
    return { sender: directoryName(subject), senderKID: subjectKeyIdentifier(spki), protectionAlg: ECDSA };
  }
  const sender = directoryName(commonName(proof.reference));
  return { sender, senderKID: utf8(proof.reference), protectionAlg: macOf(proof) };
}

function macOf(proof: Exclude<CmpProof, { readonly kind: 'signature' }>) {
  if (proof.kind === 'hmac') return identifierOf(OID.hmacWithSha256, nullValue());
  const { salt = SALT, iterations = PBM_ITERATIONS } = proof;
  return passwordBasedMac({ salt, iterations });
}

function protect(proof: CmpProof, part: Uint8Array): Uint8Array {
  if (proof.kind === 'signature') return new Uint8Array(sign('sha256', part, proof.key));
  if (proof.kind === 'pbm' && proof.isWrong === true) return new Uint8Array(randomBytes(32));
  const key = proof.kind === 'hmac' ? utf8(proof.secret) : derivedKey(proof);
  return new Uint8Array(createHmac('sha256', key).update(part).digest());
}

/** RFC 4211 4.4. */
export function derivedKey({
  secret,
  salt = SALT,
  iterations = PBM_ITERATIONS,
}: Pick<PbmProof, 'secret' | 'salt' | 'iterations'>): Uint8Array {
  let key = Buffer.concat([utf8(secret), salt]);
  for (let done = 0; done < iterations; done += 1) key = createHash('sha256').update(key).digest();
  return key;
}
