/** What a request asks for in its extensions, compared with what its certificate will have. */
import type { DerFailure } from '../../asn1/der-reader.js';
import { OID, oidName } from '../../asn1/oids.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Fault, fault, type Violation, violation } from '../../texts/text.js';
import { readBasicConstraints } from '../../x509/extensions/basic-constraints.js';
import { readCertificatePolicies } from '../../x509/extensions/certificate-policies.js';
import { readExtendedKeyUsage } from '../../x509/extensions/extended-key-usage.js';
import { readGipCardId } from '../../x509/extensions/gip-card-id.js';
import { readGipCardType } from '../../x509/extensions/gip-card-type.js';
import { type AlternativeName, readSubjectAltName } from '../../x509/extensions/subject-alt-name.js';
import { placeOf } from '../../x509/keys/public-key.js';
import type { Extension } from '../../x509/model.js';
import { normalMailbox } from '../identifiers/mailbox.js';
import type { Holder } from '../model.js';
import type { CertificatePlan } from '../plan/plan.js';

/** The extensions that say who the holder is. */
export type RequestedIdentity = {
  /** The names in subjectAltName; empty: none are requested. */
  readonly names: readonly AlternativeName[];
  /** The value of gipCardID; null: absent. */
  readonly cardId: string | null;
  /** The value of gipCardType; null: absent. */
  readonly cardType: number | null;
};

export type RefusedExtensions =
  | { readonly kind: 'policy-violated'; readonly violations: readonly Violation[] }
  | ({ readonly kind: 'not-permitted' } & Fault);

/** Purposes that give the owner of a certificate a right at a CA. */
const RIGHTS: readonly string[] = ['cmcCa', OID.cmcRa, OID.cmKga];

/** Refuses what no profile gives, before anything of the request is used. */
export function readIdentity(extensions: readonly Extension[]): Result<RequestedIdentity, RefusedExtensions> {
  const violations: Violation[] = [];
  const read = <Value>(oid: string, reader: ReaderOf<Value>): Value | null => {
    const found = extensions.find((one) => one.oid === oid);
    const value = found === undefined ? null : reader(found.value);
    if (value === null || value.ok) return value?.value ?? null;
    const extension = nameOf(oid);
    violations.push(violation('/csr', 'requested-extension/malformed', { extension, ...placeOf(value.error) }));
    return null;
  };
  const constraints = read(OID.basicConstraints, readBasicConstraints);
  const purposes = read(OID.extKeyUsage, readExtendedKeyUsage) ?? [];
  const names = read(OID.subjectAltName, readSubjectAltName) ?? [];
  const cardId = read(OID.gipCardId, readGipCardId);
  const cardType = read(OID.gipCardType, readGipCardType);
  read(OID.certificatePolicies, readCertificatePolicies);
  const right = purposes.find((purpose) => RIGHTS.includes(purpose));
  if (constraints?.ca === true) return err({ kind: 'not-permitted', ...fault('requested-right') });
  if (right !== undefined)
    return err({ kind: 'not-permitted', ...fault('requested-right/purpose', { purpose: nameOf(right) }) });
  return violations.length > 0 ? err({ kind: 'policy-violated', violations }) : ok({ names, cardId, cardType });
}

type ReaderOf<Value> = (value: Bytes) => Result<Value, DerFailure>;

/** An extension as messages and audit entries name it. */
export function nameOf(oid: string): string {
  return oidName(oid) ?? oid;
}

/** Extensions that a request may have only as the certificate will have them. */
const COMPARED: readonly string[] = [
  OID.keyUsage,
  OID.extKeyUsage,
  OID.certificatePolicies,
  OID.basicConstraints,
  OID.ocspNoCheck,
  OID.gipCardCategory,
  OID.gipCardId,
  OID.gipCardType,
  OID.gipProfessionCode,
];

/**
 * Compares requested extensions with those of the plan. Others are refused when they are critical,
 * and left out when they are not, which the outcome reports.
 */
export function extensionViolations(
  { profile, extensions: planned }: Pick<CertificatePlan, 'profile' | 'extensions'>,
  holder: Holder,
  requested: readonly Extension[],
): readonly Violation[] {
  return requested.flatMap((one) => {
    const given = planned.find(({ oid }) => oid === one.oid);
    const extension = nameOf(one.oid);
    if (one.oid === OID.subjectKeyIdentifier) return [];
    if (one.oid === OID.subjectAltName && given !== undefined) return nameViolations(given, one, holder);
    if (one.oid === OID.subjectAltName || COMPARED.includes(one.oid))
      return given !== undefined && isSameExtension(given, one)
        ? []
        : [violation('/csr', 'requested-extension', { extension, profile: profile.id })];
    const isGiven = given !== undefined && isSameExtension(given, one);
    return one.critical && !isGiven ? [violation('/csr', 'requested-extension/critical', { extension })] : [];
  });
}

/** The DNS names of a server are accepted, also where its certificate has only mail addresses. */
function nameViolations(given: Extension, requested: Extension, holder: Holder): readonly Violation[] {
  const known = namesOf(given).map(keyOfName);
  const others = holder.kind === 'server' ? holder.names.map((value) => keyOfName({ kind: 'dNSName', value })) : [];
  return namesOf(requested)
    .filter((name) => ![...known, ...others].includes(keyOfName(name)))
    .map((name) => violation('/csr', 'requested-alternative-name', { name: textOfName(name) }));
}

function namesOf({ value }: Extension): readonly AlternativeName[] {
  const read = readSubjectAltName(value);
  return read.ok ? read.value : [];
}

/** The requested alternative names that a certificate does not have. */
export function missingNames(extension: Extension, given: Extension | undefined): readonly AlternativeName[] {
  const known = given === undefined ? [] : namesOf(given).map(keyOfName);
  return namesOf(extension).filter((name) => !known.includes(keyOfName(name)));
}

/** Equal for names that RFC 5280 7.2 and 7.5 call equal. */
function keyOfName(name: AlternativeName): string {
  switch (name.kind) {
    case 'dNSName':
      return `dNSName ${name.value.toLowerCase()}`;
    case 'rfc822Name':
      return `rfc822Name ${normalMailbox(name.value)}`;
    case 'userPrincipalName':
      return `userPrincipalName ${name.value}`;
    case 'iPAddress':
      return `iPAddress ${name.octets.join('.')}`;
  }
}

export function textOfName(name: AlternativeName): string {
  return name.kind === 'iPAddress' ? name.octets.join('.') : name.value;
}

/** Purposes and policies have no order that matters, and a policy may have its qualifiers. */
export function isSameExtension(given: Extension, requested: Extension): boolean {
  if (given.oid !== requested.oid) return false;
  if (equalBytes(given.value, requested.value)) return true;
  if (given.oid === OID.extKeyUsage) return sameLists(given, requested, readExtendedKeyUsage);
  if (given.oid !== OID.certificatePolicies) return false;
  return sameLists(given, requested, (value) => {
    const policies = readCertificatePolicies(value);
    return policies.ok ? ok(policies.value.map(({ policy }) => policy)) : policies;
  });
}

function sameLists(
  given: Extension,
  requested: Extension,
  read: (value: Bytes) => Result<readonly string[], unknown>,
): boolean {
  const [one, other] = [read(given.value), read(requested.value)];
  return one.ok && other.ok && JSON.stringify([...one.value].sort()) === JSON.stringify([...other.value].sort());
}
