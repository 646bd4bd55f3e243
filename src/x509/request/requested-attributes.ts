/**
 * What a certification request asks for besides its key and its subject. The attributes are read
 * where a protocol uses them; the REST API ignores them.
 */
import { type DerElement, malformed, parseDer, sequenceOf, setOf, text } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { ok, type Result } from '../../kernel/result.js';
import { type Fault, fault } from '../../texts/text.js';
import { readExtension } from '../certificate/extension-reader.js';
import { placeOf } from '../keys/public-key.js';
import type { Extension } from '../model.js';

/** One attribute of a request (RFC 2986 4.1). */
export type RequestAttribute = {
  /** Dotted object identifier. */
  readonly type: string;
  /** The SET OF values, DER; not empty. */
  readonly values: Bytes;
};

export type RequestedAttributes = {
  /** Those in the attribute extensionRequest (RFC 2985 5.4.2); empty: none are requested. */
  readonly extensions: readonly Extension[];
  /** Whether the attribute ChangeSubjectName is present (RFC 6402 2.8, RFC 7030 4.2.2). */
  readonly changesSubjectName: boolean;
  /** RFC 2985 5.4.1; null: absent. */
  readonly challengePassword: string | null;
};

/** An extension, or one of the attributes that are read here, may be present once. */
export function readRequestedAttributes(attributes: readonly RequestAttribute[]): Result<RequestedAttributes, Fault> {
  const extensions = single(attributes, OID.extensionRequest, readExtensions);
  if (!extensions.ok) return extensions;
  const password = single(attributes, OID.challengePassword, (value) => text(value, 'challengePassword').value);
  if (!password.ok) return password;
  return ok({
    extensions: extensions.value ?? [],
    changesSubjectName: attributes.some(({ type }) => type === OID.changeSubjectName),
    challengePassword: password.value,
  });
}

/** null: the attribute is absent. */
function single<Value>(
  attributes: readonly RequestAttribute[],
  type: string,
  read: (value: DerElement) => Value,
): Result<Value | null, Fault> {
  const [first, second] = attributes.filter((attribute) => attribute.type === type);
  if (first === undefined) return ok(null);
  const parsed = parseDer(first.values, (root) => {
    if (second !== undefined) malformed(root, `attribute ${type}: more than one`);
    const [value, another] = setOf(root, 'attribute values');
    if (value === undefined || another !== undefined) malformed(root, `attribute ${type}: not one value`);
    return read(value);
  });
  return parsed.ok ? parsed : { ok: false, error: fault('request-attribute-well-formed', placeOf(parsed.error)) };
}

/** Certificates have about a dozen. */
const EXTENSIONS_MAX = 30;

function readExtensions(element: DerElement): readonly Extension[] {
  const members = sequenceOf(element, 'extensions');
  if (members.length > EXTENSIONS_MAX) malformed(element, `extensions: more than ${EXTENSIONS_MAX}`);
  const extensions = members.map((member) => readExtension(member, 'lenient'));
  const repeated = extensions.find(({ oid }, at) => extensions.findIndex((one) => one.oid === oid) !== at);
  return repeated === undefined ? extensions : malformed(element, `extension ${repeated.oid}: more than one`);
}
