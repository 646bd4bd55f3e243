/** Extensions of end-entity and responder certificates, as their profile says. Key usage alone is critical, as in the field. */
import { present } from '../kernel/assert.js';
import { type Bytes, fromHex } from '../kernel/bytes.js';
import { writeAuthorityInfoAccess } from '../x509/extensions/authority-info-access.js';
import { writeAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../x509/extensions/basic-constraints.js';
import { writeCertificatePolicies } from '../x509/extensions/certificate-policies.js';
import { writeCrlDistributionPoints } from '../x509/extensions/crl-distribution-points.js';
import { writeExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { writeFreshestCrl } from '../x509/extensions/freshest-crl.js';
import { writeGipCardCategory } from '../x509/extensions/gip-card-category.js';
import { writeGipCardId } from '../x509/extensions/gip-card-id.js';
import { writeGipCardType } from '../x509/extensions/gip-card-type.js';
import { writeGipProfessionCode } from '../x509/extensions/gip-profession-code.js';
import { writeKeyUsage } from '../x509/extensions/key-usage.js';
import { writeOcspNoCheck } from '../x509/extensions/ocsp-nocheck.js';
import { writePrivateKeyUsagePeriod } from '../x509/extensions/private-key-usage-period.js';
import { type AlternativeName, writeSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import { writeSubjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import type { Extension, Issuer, KeyType, Validity } from '../x509/model.js';
import { subjectKeyIdentifier } from '../x509/public-key.js';
import { caIssuersUrl, certificationPracticeStatementUrl, crlUrl, deltaCrlUrl, ocspUrl } from './addresses.js';
import { keyUsageFor } from './key-usage.js';
import { ldapCrlUrl, ldapDeltaCrlUrl } from './ldap-addresses.js';
import type { Card, Environment, Holder, Policy, Profile } from './model.js';
import { isAddressName } from './rules/server-names.js';

/** Domain of user principal names on the sector's cards, of tests too. */
const UPN_DOMAIN = 'carte-cps.fr';

/** Nomenclature TRE_G02: 0 CPS, 2 CPE and CDE, 3 CPA and CDA. */
const CARD_TYPE: Readonly<Record<Card['product'], number>> = { cps: 0, cpe: 2, cpa: 3 };

export type Certified = {
  readonly profile: Profile;
  readonly issuer: Issuer;
  readonly spki: Bytes;
  readonly keyType: KeyType;
  readonly validity: Validity;
  /** null for the platform's own responders. */
  readonly holder: Holder | null;
  readonly card: Card | null;
};

export function extensionsOf(policy: Policy, certified: Certified): readonly Extension[] {
  const { profile, issuer, spki, keyType, validity } = certified;
  const { environment } = policy;
  return [
    writeBasicConstraints({ ca: false }),
    writeKeyUsage(keyUsageFor(profile, keyType)),
    writeExtendedKeyUsage(profile.extendedKeyUsage),
    writeSubjectKeyIdentifier(subjectKeyIdentifier(spki)),
    writeAuthorityKeyIdentifier(issuer.subjectKeyIdentifier),
    writeCertificatePolicies([{ policy: environment.policyOid, cps: certificationPracticeStatementUrl(environment) }]),
    ...(profile.ocspNoCheck ? [writeOcspNoCheck()] : statusExtensions(policy, issuer)),
    ...subjectAltName(certified, environment),
    ...(profile.privateKeyUsagePeriod ? [writePrivateKeyUsagePeriod(validity)] : []),
    ...gipExtensions(certified, environment),
  ];
}

/** Where the status is found: HTTP, then LDAP; the newest changes by LDAP alone where there is a directory, as in the field. */
function statusExtensions(policy: Policy, { id }: Issuer): readonly Extension[] {
  const { environment } = policy;
  const ldap = ldapCrlUrl(policy, id);
  const delta = ldapDeltaCrlUrl(policy, id) ?? deltaCrlUrl(environment, id);
  return [
    writeCrlDistributionPoints([crlUrl(environment, id), ...(ldap === null ? [] : [ldap])]),
    ...(environment.addresses.deltaCrl ? [writeFreshestCrl([delta])] : []),
    writeAuthorityInfoAccess({ ocsp: ocspUrl(environment), caIssuers: caIssuersUrl(environment, id) }),
  ];
}

function subjectAltName({ profile, holder }: Certified, environment: Environment): readonly Extension[] {
  switch (profile.subjectAltName) {
    case null:
      return [];
    case 'upn': {
      const idNat = present(holder !== null && 'idNat' in holder ? holder.idNat : null, 'id of a person');
      return [writeSubjectAltName([{ kind: 'userPrincipalName', value: `${idNat}@${UPN_DOMAIN}` }])];
    }
    case 'dns': {
      const names = present(holder?.kind === 'server' ? holder.names : null, 'names of a server');
      return [writeSubjectAltName(names.map((name) => alternativeName(name, environment)))];
    }
  }
}

function alternativeName(name: string, environment: Environment): AlternativeName {
  if (!isAddressName(name, environment)) return { kind: 'dNSName', value: name };
  return { kind: 'iPAddress', octets: Uint8Array.from(name.split('.').map(Number)) };
}

function gipExtensions({ profile, holder, card }: Certified, environment: Environment): readonly Extension[] {
  const { category, cardType, cardId, profession } = profile.gip;
  const extensions: Extension[] = [];
  if (category !== null) {
    const [octet] = present(fromHex(environment.cardCategories[category]), 'octet of a category');
    extensions.push(writeGipCardCategory(present(octet, 'octet of a category')));
  }
  if (cardType) extensions.push(writeGipCardType(CARD_TYPE[present(card, 'card').product]));
  if (cardId) extensions.push(writeGipCardId(present(card, 'card').tokenId));
  if (profession) {
    const code = present(holder?.kind === 'professional' ? holder.profession : null, 'code of a profession');
    extensions.push(writeGipProfessionCode(Number(code)));
  }
  return extensions;
}
