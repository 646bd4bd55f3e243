/** SubjectAltName (RFC 5280 4.2.1.6), with the forms of name that this platform certifies. */
import {
  contextTag,
  type DerElement,
  type DerFailure,
  explicit,
  fieldsOf,
  malformed,
  objectIdentifier,
  parseDer,
  ia5Content as readIa5Content,
  sequenceOf,
  TAG,
  text,
} from '../../asn1/der-reader.js';
import {
  contextConstructed,
  contextPrimitive,
  explicit as encodeExplicit,
  ia5Content,
  oid,
  seq,
  utf8String,
} from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

export type AlternativeName =
  /** An otherName of Microsoft's type, a UTF8String: `30B0057881/CPET0002@carte-cps.fr`. */
  | { readonly kind: 'userPrincipalName'; readonly value: string }
  | { readonly kind: 'dNSName'; readonly value: string }
  | { readonly kind: 'rfc822Name'; readonly value: string }
  /** 4 or 16 octets. */
  | { readonly kind: 'iPAddress'; readonly octets: Bytes };

/** Not critical, because the subject is not empty; names are in the order given. */
export function writeSubjectAltName(names: readonly AlternativeName[]): Extension {
  assert(names.length > 0, 'an alternative name');
  return { oid: OID.subjectAltName, critical: false, value: seq(...names.map(encodeAlternativeName)) };
}

function encodeAlternativeName(name: AlternativeName): Bytes {
  switch (name.kind) {
    case 'userPrincipalName':
      return contextConstructed(0, oid(OID.userPrincipalName), encodeExplicit(0, utf8String(name.value)));
    case 'rfc822Name':
      return contextPrimitive(1, ia5Content(name.value));
    case 'dNSName':
      return contextPrimitive(2, ia5Content(name.value));
    case 'iPAddress':
      assert(name.octets.length === 4 || name.octets.length === 16, 'an address of 4 or 16 octets');
      return contextPrimitive(7, name.octets);
  }
}

/**
 * Names in the order of the DER. Other forms of name are rejected, because this platform cannot
 * verify them.
 */
export function readSubjectAltName(value: Bytes): Result<readonly AlternativeName[], DerFailure> {
  return parseDer(value, (root) => {
    const names = sequenceOf(root, 'subjectAltName').map(readAlternativeName);
    return names.length > 0 ? names : malformed(root, 'subjectAltName: empty');
  });
}

function readAlternativeName(element: DerElement): AlternativeName {
  switch (element.tag) {
    case contextTag(0, 'constructed'):
      return { kind: 'userPrincipalName', value: readUserPrincipalName(element) };
    case contextTag(1, 'primitive'):
      return { kind: 'rfc822Name', value: readIa5Content(element, 'rfc822Name') };
    case contextTag(2, 'primitive'):
      return { kind: 'dNSName', value: readIa5Content(element, 'dNSName') };
    case contextTag(7, 'primitive'):
      return { kind: 'iPAddress', octets: readAddress(element) };
    default:
      return malformed(element, 'subjectAltName: a form of name that is not certified here');
  }
}

function readUserPrincipalName(element: DerElement): string {
  const fields = fieldsOf(element, 'otherName');
  const type = fields.next(TAG.oid, 'type-id');
  if (objectIdentifier(type, 'type-id') !== OID.userPrincipalName)
    malformed(type, 'otherName: not a userPrincipalName');
  const wrapped = explicit(fields.next(contextTag(0, 'constructed'), 'otherName value'), 'otherName value');
  fields.end();
  const { form, value } = text(wrapped, 'userPrincipalName');
  return form === 'utf8String' ? value : malformed(wrapped, 'userPrincipalName: not a UTF8String');
}

function readAddress(element: DerElement): Bytes {
  const { length } = element.content;
  return length === 4 || length === 16 ? element.content : malformed(element, 'iPAddress: neither 4 nor 16 octets');
}
