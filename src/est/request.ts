/**
 * The bodies of EST messages: base64 of DER in both directions, whatever a
 * Content-Transfer-Encoding says (RFC 8951 section 3).
 */

import { OID } from '../asn1/oids.js';
import { type Bytes, fromBase64, latin1, toBase64, toHex } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { ProfileId } from '../policy/model.js';
import { type Fault, fault } from '../texts/text.js';
import { isSameName } from '../x509/certificate/name-comparison.js';
import { formatName } from '../x509/certificate/name-reader.js';
import { type AlternativeName, readSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import type { Extension, Name, TbsView } from '../x509/model.js';

const SEQUENCE = 0x30;

/**
 * Reads base64 with white space anywhere (RFC 8951 section 3.1) and returns the octets. Their DER
 * is not looked at. PEM and binary DER are refused by name, because both are common mistakes.
 */
export function decodeBody(body: Bytes): Result<Bytes, Fault> {
  // Base64 never has a zero octet. A DER sequence of more than 127 octets has its length after the
  // tag, in octets that are no characters.
  if (body[0] === SEQUENCE && (body[1] ?? 0) >= 0x80) return err(fault('est-body/der'));
  const text = latin1(body);
  if (text.includes('-----BEGIN')) return err(fault('est-body/pem'));
  const characters = text.replace(/[ \t\r\n\f\v]/g, '');
  if (characters === '') return err(fault('est-body/empty'));
  const octets = fromBase64(characters);
  return octets === null ? err(fault('est-body')) : ok(octets);
}

const LINE_CHARACTERS = 64;

/**
 * Base64 in lines of 64 characters, each with a newline: OpenSSL's reader of base64, which older
 * clients use, accepts no longer ones.
 */
export function encodeBody(der: Bytes): string {
  return toBase64(der).replace(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'), '$&\n');
}

/**
 * The label in the path of an EST request (RFC 7030 3.2.2) names a profile. A path segment has no
 * slash, so `~` takes its place: `elementaire~org-auth-cli`.
 */

export function labelOf(profile: ProfileId): string {
  return profile.replaceAll('/', '~');
}

/** A request that renews a certificate has its subject and its names (RFC 7030 4.2.2). */

export type RequestNames = {
  readonly subject: Name;
  /** The requested extensions. */
  readonly extensions: readonly Extension[];
  /** The attribute of RFC 6402 2.8, which asks for other names. */
  readonly changesSubjectName: boolean;
};

/**
 * null: the names are the same. Attributes are compared as RFC 5280 7.1 says, whatever their types
 * of strings and their RDNs. A request without subjectAltName is accepted, because common clients
 * cannot copy one.
 */
export function nameDifference(
  { subject, extensions, changesSubjectName }: RequestNames,
  renewed: Pick<TbsView, 'subject' | 'extensions'>,
): Fault | null {
  if (changesSubjectName) return differs('ChangeSubjectName');
  if (!isSameName(subject, renewed.subject))
    return differs(`${formatName(subject) || '-'} / ${formatName(renewed.subject)}`);
  const asked = extensions.find(({ oid }) => oid === OID.subjectAltName);
  const own = renewed.extensions.find(({ oid }) => oid === OID.subjectAltName);
  return asked === undefined || alternativeNames(asked) === alternativeNames(own) ? null : differs('subjectAltName');
}

function differs(difference: string): Fault {
  return fault('est-same-names', { difference: difference.slice(0, DIFFERENCE_CHARACTERS_MAX) });
}

const DIFFERENCE_CHARACTERS_MAX = 300;

/** A value that cannot be read is only equal to itself. */
function alternativeNames(extension: Extension | undefined): string {
  if (extension === undefined) return '';
  const names = readSubjectAltName(extension.value);
  return names.ok ? [...new Set(names.value.map(comparable))].sort().join() : latin1(extension.value);
}

function comparable(name: AlternativeName): string {
  const value = name.kind === 'iPAddress' ? toHex(name.octets) : name.value;
  return JSON.stringify([name.kind, name.kind === 'dNSName' ? value.toLowerCase() : value]);
}
