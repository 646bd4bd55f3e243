/** A request that renews a certificate has its subject and its names (RFC 7030 4.2.2). */
import { OID } from '../asn1/oids.js';
import { latin1, toHex } from '../kernel/bytes.js';
import { type Fault, fault } from '../texts/text.js';
import { isSameName } from '../x509/certificate/name-comparison.js';
import { formatName } from '../x509/certificate/name-reader.js';
import { type AlternativeName, readSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import type { Extension, Name, TbsView } from '../x509/model.js';

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
