/** Reads the access CA from the home folder, and lints its certificate and those that it signs. */
import { accessAuthorityFault, breakGlassFault } from '../../../access/break-glass.js';
import { OID } from '../../../asn1/oids.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import type { Bytes } from '../../../kernel/bytes.js';
import { addYears, type Instant, toSecond } from '../../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../kernel/duration.js';
import { ok, type Result } from '../../../kernel/result.js';
import { lintAnyCertificate } from '../../../lint/certificate/any-certificate.js';
import { describeFindings, type LintInput, readLintInput } from '../../../lint/certificate/lint.js';
import type { Environment } from '../../../policy/model.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { issuerOf } from '../../../x509/certificate/issuer.js';
import { writeAuthorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../../x509/extensions/basic-constraints.js';
import { writeExtendedKeyUsage } from '../../../x509/extensions/extended-key-usage.js';
import { writeKeyUsage } from '../../../x509/extensions/key-usage.js';
import { writeNoRevocationAvailable } from '../../../x509/extensions/no-revocation-available.js';
import { writeSubjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js';
import { subjectKeyIdentifier } from '../../../x509/keys/public-key.js';
import type {
  Attribute,
  CertificateView,
  IssuerCertificate,
  KeyType,
  Name,
  TbsCertificate,
} from '../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import type { StepOf } from '../../plan/model.js';
import type { StepContext } from '../kind.js';
import { isSignedBy } from './certify.js';

type AccessIssuer = IssuerCertificate & { readonly id: IssuerId };

/**
 * Reads the certificate of an access CA from the home folder. It must have the fixed form and be
 * self-signed.
 */
export async function loadAccessAuthority(
  { world }: StepContext,
  id: string,
): Promise<Result<AccessIssuer, StepFailure>> {
  const path = `authorities/${id}.cer`;
  const der = await world.files.read(path);
  if (der === null) return missingFile(path);
  const wrong = (detail: Bilingual) => wrongFile(path, detail);
  const read = readCertificate(der);
  const issuer = read.ok ? issuerOf(read.value) : read;
  if (!read.ok || !issuer.ok) return wrong(NO_CA);
  const fault = accessAuthorityFault(read.value.tbs);
  if (fault !== null) return wrong(untranslated(fault));
  if (!isSignedBy(read.value, issuer.value.spki)) return wrong(NO_CA);
  return ok({ ...issuer.value, id: id as IssuerId });
}

const NO_CA = { fr: "ce n'est pas un certificat d'AC utilisable", en: 'not a usable CA certificate' };

/**
 * Lints a certificate of the access CA (`issuer` is null) or of a break-glass officer. Returns the
 * findings of the rules of public standards, and the deviations from the fixed form of such
 * certificates.
 */
export function accessFindings(
  linting: LintInput,
  { signsWith, issuer }: { readonly signsWith: KeyType; readonly issuer: IssuerCertificate | null },
): readonly string[] {
  const read = readLintInput(linting, { keyType: signsWith });
  if (!read.ok) return describeFindings(read.error);
  const shape = issuer === null ? accessAuthorityFault(read.value.tbs) : breakGlassFault(read.value.tbs);
  const { findings } = lintAnyCertificate(read.value, issuer ?? selfIssued(read.value));
  return [...findings.map(({ rule, detail }) => `${rule}: ${detail}`), ...(shape === null ? [] : [shape])];
}

/**
 * Returns the CA as its own issuer; null: the certificate is not that of a CA, which is a finding.
 */
function selfIssued(certificate: CertificateView): IssuerCertificate | null {
  const issuer = issuerOf(certificate);
  return issuer.ok ? issuer.value : null;
}

/**
 * Makes the content of the certificates of the access CA and of break-glass officers. The ceremony
 * plan defines some of it; the rest is always the same.
 */
type PlannedCertificate = Pick<TbsCertificate, 'subject' | 'validity' | 'extensions'>;
type Names = Pick<Environment, 'names'>;
type CertifiedKey = { readonly spki: Bytes; readonly now: Instant };

function nameAttribute(
  type: 'commonName' | 'organizationName' | 'organizationalUnitName',
  value: string,
): readonly Attribute[] {
  return [{ type: OID[type], form: 'utf8String', value }];
}

/**
 * Returns the content of the certificate of the access CA. The name gets the unit and prefix of the
 * environment, as all names of the platform do, so that a test CA is not taken for one of
 * production.
 */
export function planAccessAuthority(
  { names }: Names,
  { subject, years }: Pick<StepOf<'create-access-authority'>, 'subject' | 'years'>,
  { spki, now }: CertifiedKey,
): PlannedCertificate {
  const notBefore = toSecond(now);
  const keyIdentifier = subjectKeyIdentifier(spki);
  return {
    subject: [
      [{ type: OID.countryName, form: 'printableString', value: subject.countryName }],
      nameAttribute('organizationName', subject.organizationName),
      nameAttribute('organizationalUnitName', subject.organizationalUnitName),
      nameAttribute('organizationalUnitName', names.organizationalUnit),
      nameAttribute('commonName', `${names.commonNamePrefix}${subject.commonName}`),
    ],
    validity: { notBefore, notAfter: addYears(notBefore, years) - SECOND_MS },
    extensions: [
      writeBasicConstraints({ ca: true, pathLen: 0 }),
      writeKeyUsage(['keyCertSign', 'cRLSign']),
      writeSubjectKeyIdentifier(keyIdentifier),
      writeAuthorityKeyIdentifier(keyIdentifier),
    ],
  };
}

/**
 * Returns the content of the certificate of an officer. No revocation information is published
 * about it (RFC 9608); its account is closed instead (ops/decisions/0022). It ends at the latest
 * with its CA.
 */
export function planBreakGlass(
  { names }: Names,
  { commonName, days }: Pick<StepOf<'create-break-glass-account'>, 'commonName' | 'days'>,
  {
    spki,
    now,
    issuer,
  }: CertifiedKey & { readonly issuer: Pick<IssuerCertificate, 'subject' | 'subjectKeyIdentifier' | 'notAfter'> },
): PlannedCertificate {
  const notBefore = toSecond(now);
  const subject: Name = [
    ...issuer.subject.slice(0, -1),
    nameAttribute('commonName', `${names.commonNamePrefix}${commonName}`),
  ];
  return {
    subject,
    validity: { notBefore, notAfter: Math.min(notBefore + days * DAY_MS - SECOND_MS, issuer.notAfter) },
    extensions: [
      writeKeyUsage(['digitalSignature']),
      writeExtendedKeyUsage(['clientAuth']),
      writeSubjectKeyIdentifier(subjectKeyIdentifier(spki)),
      writeAuthorityKeyIdentifier(issuer.subjectKeyIdentifier),
      writeNoRevocationAvailable(),
    ],
  };
}
