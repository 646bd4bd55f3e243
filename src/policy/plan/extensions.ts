/**
 * Extensions of end-entity and responder certificates, by their profile. Key usage alone is
 * critical, as in today's certificates.
 */
import { present } from '../../kernel/assert.js';
import { type Bytes, fromHex } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import type { CrlPartition } from '../../ports/store/crls.js';
import { writeAuthorityInfoAccess } from '../../x509/extensions/authority-info-access.js';
import { writeAuthorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../x509/extensions/basic-constraints.js';
import { writeCertificatePolicies } from '../../x509/extensions/certificate-policies.js';
import { writeCrlDistributionPoints } from '../../x509/extensions/crl-distribution-points.js';
import { writeExtendedKeyUsage } from '../../x509/extensions/extended-key-usage.js';
import { writeGipCardCategory } from '../../x509/extensions/gip-card-category.js';
import { writeGipCardId } from '../../x509/extensions/gip-card-id.js';
import { writeGipCardType } from '../../x509/extensions/gip-card-type.js';
import { writeGipProfessionCode } from '../../x509/extensions/gip-profession-code.js';
import { writeKeyUsage } from '../../x509/extensions/key-usage.js';
import { writeOcspNoCheck } from '../../x509/extensions/ocsp-nocheck.js';
import { writePrivateKeyUsagePeriod } from '../../x509/extensions/private-key-usage-period.js';
import { type AlternativeName, writeSubjectAltName } from '../../x509/extensions/subject-alt-name.js';
import { writeSubjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js';
import { subjectKeyIdentifier } from '../../x509/keys/public-key.js';
import type { Extension, HolderKeyType, Issuer, Validity } from '../../x509/model.js';
import { normalMailbox } from '../identifiers/mailbox.js';
import type { Card, Environment, Holder, Policy, Profile } from '../model.js';
import { caIssuersUrl, certificationPracticeStatementUrl, crlUrl, ocspUrl } from '../publication/addresses.js';
import { freshestCrl } from '../publication/crl-lists.js';
import { scopeOf } from '../publication/crl-scopes.js';
import { ldapCrlUrl } from '../publication/ldap-addresses.js';
import { isAddressName } from '../rules/server-names.js';
import { keyUsageFor } from './key-usage.js';

/** The domain of user principal names on the sector's cards, test cards included. */
const UPN_DOMAIN = 'carte-cps.fr';

/** Nomenclature TRE_G02: 0 CPS, 2 CPE and CDE, 3 CPA and CDA. */
const CARD_TYPE: Readonly<Record<Card['product'], number>> = { cps: 0, cpe: 2, cpa: 3 };

/** The product of a card by the value of gipCardType; null: another kind of card. */
export function productOfCardType(type: number): Card['product'] | null {
  return (Object.keys(CARD_TYPE) as Card['product'][]).find((product) => CARD_TYPE[product] === type) ?? null;
}

type CertifiedData = {
  readonly profile: Profile;
  readonly issuer: Issuer;
  readonly spki: Bytes;
  readonly keyType: HolderKeyType;
  readonly validity: Validity;
  /** null: an OCSP responder of the platform. */
  readonly holder: Holder | null;
  readonly card: Card | null;
  readonly crlPartition: CrlPartition;
};

export function extensionsOf(policy: Policy, data: CertifiedData): readonly Extension[] {
  const { profile, issuer, spki, keyType, validity, crlPartition } = data;
  const { beforeKey, afterKey, last } = constantsOf(policy)(profile)(issuer)(keyType, crlPartition);
  return [
    ...beforeKey,
    writeSubjectKeyIdentifier(subjectKeyIdentifier(spki)),
    ...afterKey,
    ...subjectAltName(data, policy.environment),
    ...(profile.privateKeyUsagePeriod ? [writePrivateKeyUsagePeriod(validity)] : []),
    ...last,
    ...gipExtensions(data),
  ];
}

type Constants = Readonly<Record<'beforeKey' | 'afterKey' | 'last', readonly Extension[]>>;

/**
 * The extensions that all certificates with the same policy, profile, issuer, key type and
 * partition share are made once.
 */
const constantsOf = memoize((policy: Policy) =>
  memoize((profile: Profile) =>
    memoize((issuer: Issuer) => {
      const made = new Map<string, Constants>();
      return (keyType: HolderKeyType, crlPartition: CrlPartition): Constants => {
        const name = `${keyType} ${crlPartition}`;
        const constants = made.get(name) ?? makeConstants(policy, { profile, issuer, keyType, crlPartition });
        made.set(name, constants);
        return constants;
      };
    }),
  ),
);

function makeConstants(
  policy: Policy,
  { profile, issuer, keyType, crlPartition }: Pick<CertifiedData, 'profile' | 'issuer' | 'keyType' | 'crlPartition'>,
): Constants {
  const { environment } = policy;
  return {
    beforeKey: [
      writeBasicConstraints({ ca: false }),
      writeKeyUsage(keyUsageFor(profile, keyType)),
      writeExtendedKeyUsage(profile.extendedKeyUsage),
    ],
    afterKey: [
      writeAuthorityKeyIdentifier(issuer.subjectKeyIdentifier),
      writeCertificatePolicies([
        { policy: environment.policyOid, cps: certificationPracticeStatementUrl(environment) },
      ]),
      ...(profile.ocspNoCheck ? [writeOcspNoCheck()] : statusExtensions(policy, issuer, crlPartition)),
    ],
    last: cardCategory(profile, environment),
  };
}

/**
 * Where clients find the status: by HTTP, then by LDAP. Delta CRLs are found by LDAP alone where
 * there is a directory, as in today's certificates. The CRL of a partition is published by HTTP
 * alone, at the address named here (RFC 5280 5.2.5).
 */
function statusExtensions(policy: Policy, { id }: Issuer, partition: CrlPartition): readonly Extension[] {
  const { environment } = policy;
  const ldap = partition === null ? ldapCrlUrl(policy, id) : null;
  const freshest = freshestCrl(policy, id, partition);
  return [
    writeCrlDistributionPoints([crlUrl(environment, id, scopeOf('full', partition)), ...(ldap === null ? [] : [ldap])]),
    ...(freshest === null ? [] : [freshest]),
    writeAuthorityInfoAccess({ ocsp: ocspUrl(environment), caIssuers: caIssuersUrl(environment, id) }),
  ];
}

function subjectAltName({ profile, holder }: CertifiedData, environment: Environment): readonly Extension[] {
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
    case 'email': {
      const emails = present(holder?.kind === 'server' ? holder.emails : null, 'e-mail addresses of a server');
      return [writeSubjectAltName(emails.map((email) => ({ kind: 'rfc822Name', value: normalMailbox(email) })))];
    }
  }
}

function alternativeName(name: string, environment: Environment): AlternativeName {
  if (!isAddressName(name, environment)) return { kind: 'dNSName', value: name };
  return { kind: 'iPAddress', octets: Uint8Array.from(name.split('.').map(Number)) };
}

function cardCategory({ gip: { category } }: Profile, environment: Environment): readonly Extension[] {
  if (category === null) return [];
  const [octet] = present(fromHex(environment.cardCategories[category]), 'octet of a category');
  return [writeGipCardCategory(present(octet, 'octet of a category'))];
}

function gipExtensions({ profile, holder, card }: CertifiedData): readonly Extension[] {
  const { cardType, cardId, profession } = profile.gip;
  const extensions: Extension[] = [];
  if (cardType) extensions.push(writeGipCardType(CARD_TYPE[present(card, 'card').product]));
  if (cardId) extensions.push(writeGipCardId(present(card, 'card').tokenId));
  if (profession) {
    const code = present(holder?.kind === 'professional' ? holder.profession : null, 'code of a profession');
    extensions.push(writeGipProfessionCode(Number(code)));
  }
  return extensions;
}
