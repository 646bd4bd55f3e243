import { cacheByBytes } from '../../asn1/decode-cache.js';
import {
  type DerElement,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  setOf,
  TAG,
  text,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { toHex, utf8 } from '../../kernel/bytes.js';
import type { Attribute, Name } from '../model.js';

/** Reads an RDNSequence (RFC 5280 4.1.2.4). For use inside `parseDer`. */
export function readName(element: DerElement): Name {
  return sequenceOf(element, 'name').map((rdn) => {
    const attributes = setOf(rdn, 'relativeDistinguishedName');
    if (attributes.length === 0) malformed(rdn, 'relativeDistinguishedName: empty');
    return attributes.map(readAttribute);
  });
}

const knownNames = cacheByBytes({ entriesMax: 64, octetsMax: 1_024 }, (octets) => {
  const read = parseDer(octets, readName);
  return read.ok ? read.value : null;
});

/** As `readName`, for the issuer's name, which many certificates share. It is cached. */
export function readIssuerName(element: DerElement): Name {
  // A fault is reported with the offset in the certificate, so a malformed name is read again in
  // its place.
  return knownNames({ bytes: element.bytes, from: element.offset, end: element.end }) ?? readName(element);
}

function readAttribute(element: DerElement): Attribute {
  const fields = sequence(element, 'attributeTypeAndValue');
  const type = objectIdentifier(fields.next(TAG.oid, 'attribute type'), 'attribute type');
  const member = fields.any('attribute value');
  const { form, value } = text(member, 'attribute value');
  if (form !== 'utf8String' && form !== 'printableString' && form !== 'ia5String')
    malformed(member, `attribute value: ${form} has not been allowed since RFC 3280`);
  fields.end();
  return { type, form, value };
}

/**
 * RFC 4514 section 3, and the descriptors of RFC 4519 and X.520 for the other attributes of the
 * sector's names.
 */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [OID.commonName, 'CN'],
  [OID.surname, 'SN'],
  [OID.givenName, 'GN'],
  [OID.countryName, 'C'],
  [OID.localityName, 'L'],
  [OID.stateOrProvinceName, 'ST'],
  [OID.organizationName, 'O'],
  [OID.organizationalUnitName, 'OU'],
  [OID.title, 'title'],
  [OID.pseudonym, 'pseudonym'],
  [OID.serialNumber, 'serialNumber'],
  [OID.organizationIdentifier, 'organizationIdentifier'],
  [OID.domainComponent, 'DC'],
  [OID.userId, 'UID'],
  [OID.emailAddress, 'emailAddress'],
]);

/**
 * Formats a name for people, as RFC 4514 does: the last RDN first. The result is never compared or
 * parsed.
 */
export function formatName(name: Name): string {
  return name.map(formatRdn).reverse().join(',');
}

/** `CN`; an attribute without a short name is its dotted object identifier. */
export function attributeName(type: string): string {
  return SHORT_NAMES.get(type) ?? type;
}

function formatRdn(rdn: readonly Attribute[]): string {
  return rdn.map(({ type, value }) => `${attributeName(type)}=${escapeValue(value)}`).join('+');
}

/**
 * RFC 4514 2.4. Control and format characters are escaped too, as hex pairs of their UTF-8, so that
 * no name can disguise a line.
 */
function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]|(?<=.) $/gu, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => toHex(utf8(character)).replace(/../g, '\\$&'));
}
