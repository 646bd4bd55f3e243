/**
 * Makes the content of the certificates of the access CA and of break-glass officers. The ceremony
 * plan defines some of it; the rest is always the same.
 */
import { OID } from '../../../asn1/oids.js';
import type { Bytes } from '../../../kernel/bytes.js';
import { addYears, type Instant, toSecond } from '../../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../kernel/duration.js';
import type { Environment } from '../../../policy/model.js';
import { writeAuthorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../../x509/extensions/basic-constraints.js';
import { writeExtendedKeyUsage } from '../../../x509/extensions/extended-key-usage.js';
import { writeKeyUsage } from '../../../x509/extensions/key-usage.js';
import { writeNoRevocationAvailable } from '../../../x509/extensions/no-revocation-available.js';
import { writeSubjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js';
import { subjectKeyIdentifier } from '../../../x509/keys/public-key.js';
import type { Attribute, IssuerCertificate, Name, TbsCertificate } from '../../../x509/model.js';
import type { StepOf } from '../../plan/model.js';

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
