/** What the certificates of the sector's authorities contain; `domain-facts.ts` has the others. */
import { ATTRIBUTE, country, EXTENSION, type ExpectedName, one } from './domain-facts.js';

export type ExpectedAuthority = {
  readonly kind: 'root' | 'issuing';
  readonly subject: ExpectedName;
  /** The id of the authority that signs it; for a root its own. */
  readonly issuer: string;
  readonly keyUsage: readonly string[];
  readonly extensions: ReadonlySet<string>;
  readonly critical: ReadonlySet<string>;
  readonly constants: Readonly<Record<string, string>>;
  /** anyPolicy. */
  readonly policy: string;
  /** The file of the root's CRL; null for roots. */
  readonly crlFile: string | null;
  /** Both ends included; issuing authorities have one day less. */
  readonly validity: { readonly years: number; readonly daysLess: number };
  readonly file: string;
};

const authorityName = (commonName: string): ExpectedName => [
  country,
  one(ATTRIBUTE.O, 'ASIP-SANTE'),
  one(ATTRIBUTE.OU, '0002 187512751'),
  one(ATTRIBUTE.OU, 'IGC-SANTE TEST'),
  one(ATTRIBUTE.CN, commonName),
];

const OF_AUTHORITIES = [
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.certificatePolicies,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
] as const;
const CRITICAL_OF_AUTHORITIES: ReadonlySet<string> = new Set([EXTENSION.basicConstraints, EXTENSION.keyUsage]);

const root = (id: string, commonName: string): ExpectedAuthority => ({
  kind: 'root',
  subject: authorityName(commonName),
  issuer: id,
  keyUsage: ['Certificate Sign', 'CRL Sign'],
  extensions: new Set(OF_AUTHORITIES),
  critical: CRITICAL_OF_AUTHORITIES,
  /** cA TRUE without a path length; bits 5 and 6. */
  constants: { [EXTENSION.basicConstraints]: '30030101ff', [EXTENSION.keyUsage]: '03020106' },
  policy: '2.5.29.32.0',
  crlFile: null,
  validity: { years: 20, daysLess: 0 },
  file: `${id.toUpperCase()}.cer`,
});

/** No AIA and no freshestCRL. */
const issuing = (id: string, commonName: string, issuer: string): ExpectedAuthority => ({
  kind: 'issuing',
  subject: authorityName(commonName),
  issuer,
  keyUsage: ['Certificate Sign', 'CRL Sign'],
  extensions: new Set([...OF_AUTHORITIES, EXTENSION.crlDistributionPoints]),
  critical: CRITICAL_OF_AUTHORITIES,
  /** cA TRUE, path length 0. */
  constants: { [EXTENSION.basicConstraints]: '30060101ff020100', [EXTENSION.keyUsage]: '03020106' },
  policy: '2.5.29.32.0',
  crlFile: `${issuer.toUpperCase()}.crl`,
  validity: { years: 20, daysLess: 1 },
  file: `${id.toUpperCase()}.cer`,
});

export const AUTHORITY_FACTS: Readonly<Record<string, ExpectedAuthority>> = {
  'acr-el': root('acr-el', 'TEST AC RACINE IGC-SANTE ELEMENTAIRE'),
  'acr-st': root('acr-st', 'TEST AC RACINE IGC-SANTE STANDARD'),
  'acr-fo': root('acr-fo', 'TEST AC RACINE IGC-SANTE FORT'),
  'aci-el-pp': issuing('aci-el-pp', 'TEST AC IGC-SANTE ELEMENTAIRE PERSONNES', 'acr-el'),
  'aci-el-org': issuing('aci-el-org', 'TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS', 'acr-el'),
  'aci-st-pp': issuing('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES', 'acr-st'),
  'aci-st-org': issuing('aci-st-org', 'TEST AC IGC-SANTE STANDARD ORGANISATIONS', 'acr-st'),
  'aci-fo-pp': issuing('aci-fo-pp', 'TEST AC IGC-SANTE FORT PERSONNES', 'acr-fo'),
  'aci-fo-org': issuing('aci-fo-org', 'TEST AC IGC-SANTE FORT ORGANISATIONS', 'acr-fo'),
};
