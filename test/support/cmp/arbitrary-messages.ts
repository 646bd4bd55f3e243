/** Arbitrary well-formed CMP messages, with every structure that the codec knows. */
import fc from 'fast-check';
import {
  contextPrimitive,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { certRequest } from '../../../src/cmp/crmf.js';
import { algorithmIdentifier, directoryName } from '../../../src/cmp/elements.js';
import { encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import {
  type BodyKind,
  type BodyValues,
  type CertRequest,
  type CertTemplate,
  FAIL_INFOS,
  type GeneralName,
  type InfoTypeAndValue,
  PKI_STATUSES,
  type PkiHeader,
  type ProofOfPossession,
  type StatusInfo,
  type UnprotectedMessage,
} from '../../../src/cmp/model.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { Extension, Name } from '../../../src/x509/model.js';
import { nameValue } from './template.js';

/** Structures of other standards, which CMP messages only contain. DER. */
export type Samples = {
  readonly certificate: Bytes;
  readonly crl: Bytes;
  readonly certificationRequest: Bytes;
  readonly spki: Bytes;
  readonly envelopedData: Bytes;
  readonly encryptedValue: Bytes;
};

type Arbitrary<Value> = fc.Arbitrary<Value>;

/** Plain objects, as the decoder returns them. */
const record = <Value extends object>(model: { [Key in keyof Value]: Arbitrary<Value[Key]> }): Arbitrary<Value> =>
  fc.record<Value>(model, { noNullPrototype: true });

const octets = (minLength: number, maxLength: number): Arbitrary<Bytes> => fc.uint8Array({ minLength, maxLength });
const words = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'abcXYZ 019éß€-') });
const texts = fc.array(words, { maxLength: 3 });
const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => second * 1000);
const orNull = <Value>(value: Arbitrary<Value>) => fc.option(value, { nil: null });
const certReqId = fc.constantFrom(-1, 0, 0, 1, 127, 128, 65_535);

const attribute = record({
  type: fc.constantFrom(OID.commonName, OID.organizationName, OID.surname, OID.title),
  form: fc.constant('utf8String' as const),
  value: words,
});
const name: Arbitrary<Name> = fc.array(
  attribute.map((one) => [one]),
  { maxLength: 3 },
);
const otherName: Arbitrary<GeneralName> = fc
  .constantFrom('a.example.org', 'b@example.org')
  .map((value) => ({ kind: 'other', der: contextPrimitive(2, new TextEncoder().encode(value)) }));
const generalName = fc.oneof(name.map(directoryName), otherName);

const algorithm = fc.constantFrom(
  algorithmIdentifier(OID.ecdsaWithSha256, null),
  algorithmIdentifier(OID.sha256WithRsaEncryption, 'null'),
  algorithmIdentifier(OID.sha512, null),
);
const dotted = fc.constantFrom('1.2.3', '2.5.29.17', '1.3.6.1.5.5.7.4.99', '1.2.250.1.71.1.2');
const anyValue: Arbitrary<Bytes> = fc.oneof(
  fc.constant(nullValue()),
  words.map(utf8String),
  words.map((value) => seq(utf8String(value), integer(1))),
);
const item: Arbitrary<InfoTypeAndValue> = record({ oid: dotted, value: orNull(anyValue) });
const control: Arbitrary<InfoTypeAndValue> = record({ oid: dotted, value: anyValue });

const status: Arbitrary<StatusInfo> = record({
  status: fc.constantFrom(...PKI_STATUSES),
  text: texts,
  failInfo: fc.subarray([...FAIL_INFOS]),
});

const header: Arbitrary<PkiHeader> = record({
  pvno: fc.constantFrom(2, 3),
  sender: generalName,
  recipient: generalName,
  messageTime: orNull(instant),
  protectionAlg: orNull(algorithm),
  senderKID: orNull(octets(0, 30)),
  recipKID: orNull(octets(0, 30)),
  transactionID: orNull(octets(0, 32)),
  senderNonce: orNull(octets(0, 64)),
  recipNonce: orNull(octets(0, 64)),
  freeText: texts,
  generalInfo: fc.array(item, { maxLength: 16 }),
});

const extensions: Arbitrary<readonly Extension[]> = fc.uniqueArray(
  record({ oid: dotted, critical: fc.boolean(), value: octets(0, 20) }),
  { selector: (one) => one.oid, maxLength: 3 },
);

function template({ spki }: Samples): Arbitrary<CertTemplate> {
  return record({
    version: orNull(fc.constantFrom(0, 2)),
    serialNumber: orNull(fc.constantFrom(Uint8Array.of(0, 0x80), Uint8Array.of(1, 2, 3), Uint8Array.of(0xff, 0x7f))),
    signingAlg: orNull(algorithm),
    issuer: orNull(name.map(nameValue)),
    validity: orNull(record({ notBefore: instant, notAfter: orNull(instant) })),
    subject: orNull(name.map(nameValue)),
    publicKey: orNull(
      fc.constant({ spki, algorithm: algorithmIdentifier(OID.ecPublicKey, oid(OID.p256)), isEmpty: false }),
    ),
    issuerUID: orNull(octets(1, 5).map((bits) => Uint8Array.of(0, ...bits))),
    subjectUID: orNull(octets(1, 5).map((bits) => Uint8Array.of(0, ...bits))),
    extensions,
  });
}

function request(samples: Samples): Arbitrary<CertRequest> {
  return record({ certReqId, template: template(samples), controls: fc.array(control, { maxLength: 3 }) }).map(
    certRequest,
  );
}

const BIT_STRING = Uint8Array.of(0, 1, 2, 3);
const proof: Arbitrary<ProofOfPossession> = fc.oneof(
  fc.constant<ProofOfPossession>({ kind: 'raVerified' }),
  record({
    kind: fc.constant('signature' as const),
    poposkInput: fc.constant(null),
    algorithm,
    signature: octets(1, 70),
  }),
  record({
    kind: fc.constantFrom('keyEncipherment' as const, 'keyAgreement' as const),
    method: fc.constantFrom(
      { kind: 'subsequentMessage' as const, message: 'encrCert' as const },
      { kind: 'subsequentMessage' as const, message: 'challengeResp' as const },
      { kind: 'thisMessage' as const, der: contextPrimitive(0, BIT_STRING) },
      { kind: 'dhMAC' as const, der: contextPrimitive(2, BIT_STRING) },
    ),
  }),
);

const list = <Value>(value: Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 2 });

function bodies(samples: Samples): { readonly [Kind in BodyKind]?: Arbitrary<BodyValues[Kind]> } {
  const requests = list(record({ request: request(samples), proof: orNull(proof) }));
  const certificate = fc.constantFrom(
    { kind: 'certificate' as const, der: samples.certificate },
    { kind: 'envelopedData' as const, der: samples.envelopedData },
    { kind: 'encryptedValue' as const, der: samples.encryptedValue },
  );
  const responses = record({
    caPubs: fc.array(fc.constant(samples.certificate), { maxLength: 2 }),
    responses: fc.array(record({ certReqId, status, certificate: orNull(certificate) }), { maxLength: 2 }),
  });
  const certId = record({ issuer: generalName, serialNumber: fc.constant(Uint8Array.of(5, 6)) });
  return {
    ir: requests,
    cr: requests,
    kur: requests,
    ip: responses,
    cp: responses,
    kup: responses,
    p10cr: fc.constant(samples.certificationRequest),
    rr: fc.array(record({ template: template(samples), crlEntryDetails: extensions }), { maxLength: 2 }),
    rp: record({
      statuses: list(status),
      revCerts: fc.array(certId, { maxLength: 2 }),
      crls: fc.array(fc.constant(samples.crl), { maxLength: 1 }),
    }),
    pkiconf: fc.constant(null),
    genm: fc.array(item, { maxLength: 8 }),
    genp: fc.array(item, { maxLength: 8 }),
    error: record({ status, errorCode: orNull(fc.constantFrom(0, 127, 128, 70_000)), errorDetails: texts }),
    certConf: fc.array(
      record({ certHash: octets(0, 64), certReqId, status: orNull(status), hashAlg: orNull(algorithm) }),
      { maxLength: 2 },
    ),
    pollReq: fc.array(certReqId, { maxLength: 2 }),
    pollRep: fc.array(record({ certReqId, checkAfterSeconds: fc.constantFrom(0, 5, 60, 604_800), reason: texts }), {
      maxLength: 2,
    }),
  };
}

export type ArbitraryMessage = UnprotectedMessage & {
  /** What the body was encoded from. */
  readonly content: unknown;
  readonly octets: Bytes;
};

/** Messages of every kind that has a codec; a nested one contains two others. */
export function arbitraryMessage(samples: Samples): Arbitrary<ArbitraryMessage> {
  const ofKind = <Kind extends BodyKind>(
    kind: Kind,
    content: Arbitrary<BodyValues[Kind]>,
  ): Arbitrary<ArbitraryMessage> =>
    record({
      header,
      content,
      protection: orNull(octets(1, 70)),
      extraCerts: fc.array(fc.constant(samples.certificate), { maxLength: 2 }),
    }).map(({ content: value, ...parts }) => {
      const message = { header: parts.header, bodyKind: kind, bodyContent: encodeBody[kind](value) };
      return { ...message, content: value, octets: encodeMessage(encodeProtectedPart(message), parts) };
    });
  const single = Object.entries(bodies(samples)).map(([kind, content]) =>
    ofKind(kind as BodyKind, content as Arbitrary<never>),
  );
  const some = fc.oneof(...single);
  const inner = fc.array(
    some.map((one) => one.octets),
    { minLength: 1, maxLength: 2 },
  );
  return fc.oneof(...single, ofKind('nested', inner));
}

/** Structures with the tags that the codec looks at, and nothing else in them. */
export const SHALLOW_SAMPLES: Samples = {
  certificate: seq(integer(1)),
  crl: seq(integer(2)),
  certificationRequest: seq(seq(), seq(), Uint8Array.of(3, 2, 0, 1)),
  spki: seq(seq(oid(OID.ecPublicKey), oid(OID.p256)), Uint8Array.of(3, 2, 0, 4)),
  envelopedData: seq(integer(3), explicit(0, octetString(Uint8Array.of(1)))),
  encryptedValue: seq(Uint8Array.of(3, 2, 0, 9)),
};
