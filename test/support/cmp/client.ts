/**
 * A client of CMP for tests of operations: it encodes messages by the codec, protects them by HMAC
 * with a secret or by a signature, and reads the answers. It keeps transactionID and nonces.
 */
import { createHash, createHmac, randomBytes, sign } from 'node:crypto';
import { contextConstructed, nullValue } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { decodeBody, encodeBody } from '../../../src/cmp/bodies.js';
import { certRequest } from '../../../src/cmp/crmf.js';
import { decodeMessage, encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import type { BodyKind, BodyValues, CertReqMsg, CertTemplate, PkiHeader, PkiMessage } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat, utf8 } from '../../../src/kernel/bytes.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { Name } from '../../../src/x509/model.js';
import type { HolderKey } from '../service/csr.js';
import { ITERATIONS, identifierOf, passwordBasedMac, SALT } from './algorithms.js';
import { EMPTY_TEMPLATE } from './template.js';

export type Credentials =
  /** `derivesKey`: by PasswordBasedMac; left out: HMAC with the secret itself. */
  | { readonly reference: string; readonly secret: string; readonly derivesKey?: boolean }
  | { readonly certificate: Bytes; readonly key: HolderKey; readonly chain: readonly Bytes[] };

export const cn = (value: string): Name => [[{ type: OID.commonName, form: 'utf8String', value }]];

export const IMPLICIT_CONFIRM = { oid: OID.implicitConfirm, value: nullValue() };

const octets = (length: number): Bytes => new Uint8Array(randomBytes(length));

/** The messages of one transaction. */
export type CmpClient = ReturnType<typeof createCmpClient>;

export type MessageOptions = { readonly header?: Partial<PkiHeader>; readonly content?: Bytes };

export function createCmpClient(
  credentials: Credentials,
  { send, now }: { readonly send: (message: Bytes) => Promise<Bytes>; readonly now: () => number },
) {
  const transactionID = octets(16);
  let last: PkiMessage | null = null;
  const build = <Kind extends BodyKind>(
    kind: Kind,
    value: BodyValues[Kind],
    { header, content }: MessageOptions = {},
  ) => {
    const part = encodeProtectedPart({
      header: {
        pvno: 2,
        recipient: directoryName(cn('CA')),
        messageTime: now(),
        recipKID: null,
        transactionID,
        senderNonce: octets(16),
        recipNonce: last === null ? null : last.header.senderNonce,
        freeText: [],
        generalInfo: [],
        ...identityOf(credentials),
        ...header,
      },
      bodyKind: kind,
      bodyContent: content ?? encodeBody[kind](value),
    });
    const extraCerts = 'secret' in credentials ? [] : [credentials.certificate, ...credentials.chain];
    return encodeMessage(part, { protection: protectionOf(credentials, part), extraCerts });
  };
  const exchange = async (message: Bytes): Promise<PkiMessage> => {
    const answer = decodeMessage(await send(message));
    if (!answer.ok) throw new Error(answer.error.text.join(' '));
    last = answer.value;
    return answer.value;
  };
  return {
    transactionID,
    build,
    exchange,
    ask: <Kind extends BodyKind>(kind: Kind, value: BodyValues[Kind], options: MessageOptions = {}) =>
      exchange(build(kind, value, options)),
  };
}

function identityOf(credentials: Credentials): Pick<PkiHeader, 'sender' | 'senderKID' | 'protectionAlg'> {
  if ('secret' in credentials)
    return {
      sender: directoryName(cn(credentials.reference)),
      senderKID: utf8(credentials.reference),
      protectionAlg: credentials.derivesKey === true ? passwordBasedMac({}) : identifierOf(OID.hmacWithSha256),
    };
  const view = viewOf(credentials.certificate);
  return {
    sender: { kind: 'other', der: contextConstructed(4, view.tbs.subjectDer) },
    senderKID: subjectKeyIdentifier(view.tbs.spki),
    protectionAlg: identifierOf(OID.ecdsaWithSha256),
  };
}

function protectionOf(credentials: Credentials, part: Bytes): Bytes {
  return 'secret' in credentials
    ? new Uint8Array(createHmac('sha256', macKeyOf(credentials)).update(part).digest())
    : new Uint8Array(sign('sha256', part, credentials.key.privateKey));
}

/** RFC 4211 4.4, with the salt and the iterations of `passwordBasedMac`. */
function macKeyOf({ secret, derivesKey }: Extract<Credentials, { readonly secret: string }>): Bytes {
  if (derivesKey !== true) return utf8(secret);
  let key = sha256(concat([utf8(secret), SALT]));
  for (let done = 1; done < ITERATIONS; done += 1) key = sha256(key);
  return key;
}

function directoryName(name: Name): PkiHeader['sender'] {
  return { kind: 'other', der: contextConstructed(4, encodeName(name)) };
}

export function viewOf(certificate: Bytes) {
  const view = readCertificate(certificate);
  return present(view.ok ? view.value : null, 'a certificate');
}

export function templateFor(key: HolderKey, subject: Name, other: Partial<CertTemplate> = {}): CertTemplate {
  const spki = new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }));
  return {
    ...EMPTY_TEMPLATE,
    subject: { name: subject, der: encodeName(subject) },
    publicKey: { spki, algorithm: identifierOf(OID.ecPublicKey), isEmpty: false },
    ...other,
  };
}

/** A request with a signature as proof of possession. */
export function certReqMsg(
  key: HolderKey,
  template: CertTemplate,
  other: Partial<
    { readonly proof: CertReqMsg['proof']; readonly certReqId: number } & Pick<CertReqMsg['request'], 'controls'>
  > = {},
): CertReqMsg {
  const { certReqId = 0, controls = [] } = other;
  const request = certRequest({ certReqId, template, controls });
  const signature = new Uint8Array(sign('sha256', request.der, key.privateKey));
  const proof = {
    kind: 'signature',
    poposkInput: null,
    algorithm: identifierOf(OID.ecdsaWithSha256),
    signature,
  } as const;
  return { request, proof: other.proof === undefined ? proof : other.proof };
}

export function revocationOf(certificate: Bytes, other: Partial<CertTemplate> = {}): CertTemplate {
  const { tbs } = viewOf(certificate);
  return {
    ...EMPTY_TEMPLATE,
    issuer: { name: tbs.issuer, der: tbs.issuerDer },
    serialNumber: tbs.serialOctets,
    ...other,
  };
}

export const sha256 = (content: Bytes): Bytes => new Uint8Array(createHash('sha256').update(content).digest());

/** What an answer says: its status or failInfo, and its certificate. */
export function outcomeOf({ bodyKind, bodyContent }: PkiMessage) {
  switch (bodyKind) {
    case 'ip':
    case 'cp':
    case 'kup': {
      const { caPubs, responses } = contentOf(decodeBody[bodyKind](bodyContent));
      const [response] = responses;
      const { status, certificate, certReqId } = present(response, 'a response');
      return {
        bodyKind,
        certReqId,
        status: status.status,
        failInfo: status.failInfo,
        text: status.text,
        certificate,
        caPubs,
      };
    }
    case 'error': {
      const { status } = contentOf(decodeBody.error(bodyContent));
      return { bodyKind, status: status.status, failInfo: status.failInfo, text: status.text, certificate: null };
    }
    case 'rp': {
      const [status] = contentOf(decodeBody.rp(bodyContent)).statuses;
      const { failInfo, text, status: word } = present(status, 'a status');
      return { bodyKind, status: word, failInfo, text, certificate: null };
    }
    case 'pollRep': {
      const [poll] = contentOf(decodeBody.pollRep(bodyContent));
      return {
        bodyKind,
        status: `${poll?.checkAfterSeconds} s`,
        failInfo: [],
        text: poll?.reason ?? [],
        certificate: null,
      };
    }
    default:
      return { bodyKind, status: bodyKind, failInfo: [], text: [], certificate: null };
  }
}

function contentOf<Value>(read: { readonly ok: true; readonly value: Value } | { readonly ok: false }): Value {
  if (!read.ok) throw new Error('an answer that cannot be read');
  return read.value;
}
