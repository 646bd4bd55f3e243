/** Decodes a certificate with asn1js, independently of the product's reader and writer. */
import assert from 'node:assert/strict';
import * as asn1js from 'asn1js';

export type ReadAttribute = { readonly type: string; readonly form: string; readonly value: string };
export type ReadExtension = { readonly oid: string; readonly critical: boolean; readonly value: Buffer };
export type ReadCertificate = {
  readonly version: number;
  /** Content of the INTEGER. */
  readonly serial: Buffer;
  /** The one in the to-be-signed part, and the outer one. */
  readonly signatureAlgorithms: readonly [string, string];
  readonly issuer: readonly (readonly ReadAttribute[])[];
  readonly subject: readonly (readonly ReadAttribute[])[];
  /** ASN.1 types of both times. */
  readonly timeForms: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The content of the subjectPublicKey BIT STRING, and its algorithm. */
  readonly publicKey: Buffer;
  readonly keyAlgorithm: string;
  readonly extensions: readonly ReadExtension[];
};

const FORMS: readonly [new () => asn1js.BaseBlock, string][] = [
  [asn1js.PrintableString, 'PRINTABLESTRING'],
  [asn1js.Utf8String, 'UTF8STRING'],
];

export function readCertificateWithAsn1js(der: Uint8Array): ReadCertificate {
  const [tbs, outer] = sequence(parse(der));
  const parts = sequence(tbs);
  const [version, serial, algorithm, issuer, validity, subject, spki, extensions] = parts;
  assert.equal(parts.length, 8, 'version to extensions, and no unique identifiers');
  const [notBefore, notAfter] = sequence(validity);
  const [keyAlgorithm, publicKey] = sequence(spki);
  assert.ok(publicKey instanceof asn1js.BitString && serial instanceof asn1js.Integer);
  const times = [notBefore, notAfter].map(timeOf);
  return {
    version: Number(integerOf(children(version)[0])),
    serial: Buffer.from(serial.valueBlock.valueHexView),
    signatureAlgorithms: [oidOf(sequence(algorithm)[0]), oidOf(sequence(outer)[0])],
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    timeForms: times.map(({ form }) => form),
    notBefore: times[0]?.at ?? new Date(Number.NaN),
    notAfter: times[1]?.at ?? new Date(Number.NaN),
    publicKey: Buffer.from(publicKey.valueBlock.valueHexView),
    keyAlgorithm: oidOf(sequence(keyAlgorithm)[0]),
    extensions: sequence(children(extensions)[0]).map(extensionOf),
  };
}

export function parse(der: Uint8Array): asn1js.BaseBlock {
  const { result, offset } = asn1js.fromBER(der);
  assert.equal(offset, der.length, 'DER without octets after its end');
  return result;
}

export function children(block: asn1js.BaseBlock | undefined): readonly asn1js.BaseBlock[] {
  assert.ok(block instanceof asn1js.Constructed, `constructed expected, not ${block?.constructor.name}`);
  return block.valueBlock.value;
}

export function sequence(block: asn1js.BaseBlock | undefined): readonly asn1js.BaseBlock[] {
  assert.ok(block instanceof asn1js.Sequence, `SEQUENCE expected, not ${block?.constructor.name}`);
  return children(block);
}

export function oidOf(block: asn1js.BaseBlock | undefined): string {
  assert.ok(block instanceof asn1js.ObjectIdentifier);
  return block.getValue();
}

function integerOf(block: asn1js.BaseBlock | undefined): bigint {
  assert.ok(block instanceof asn1js.Integer);
  return block.toBigInt();
}

function timeOf(block: asn1js.BaseBlock | undefined): { readonly form: string; readonly at: Date } {
  // In asn1js GeneralizedTime is a subclass of UTCTime.
  if (block instanceof asn1js.GeneralizedTime) return { form: 'GeneralizedTime', at: block.toDate() };
  assert.ok(block instanceof asn1js.UTCTime);
  return { form: 'UTCTime', at: block.toDate() };
}

function nameOf(block: asn1js.BaseBlock | undefined): ReadCertificate['subject'] {
  return sequence(block).map((rdn) => {
    assert.ok(rdn instanceof asn1js.Set);
    return children(rdn).map((attribute) => {
      const [type, value] = sequence(attribute);
      const form = FORMS.find(([kind]) => value instanceof kind)?.[1] ?? value?.constructor.name ?? '';
      assert.ok(value instanceof asn1js.Utf8String || value instanceof asn1js.PrintableString, form);
      return { type: oidOf(type), form, value: value.getValue() };
    });
  });
}

function extensionOf(block: asn1js.BaseBlock): ReadExtension {
  const parts = sequence(block);
  const value = parts.at(-1);
  const critical = parts.length === 3 ? parts[1] : null;
  assert.ok(value instanceof asn1js.OctetString);
  if (critical !== null) assert.ok(critical instanceof asn1js.Boolean && critical.getValue(), 'FALSE is the DEFAULT');
  return { oid: oidOf(parts[0]), critical: critical !== null, value: Buffer.from(value.getValue()) };
}
