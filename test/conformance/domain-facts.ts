/**
 * What certificates of the sector contain, field by field. It was written from decoded certificates
 * of today's platform and from public documents, not from the policy files, which a test compares
 * with it. Where environments differ, values are those of development (the TEST hierarchy).
 * Placeholders in expected texts stand for members of the holder in the order: `{idNat}`,
 * `{structure.name}`, `{names.0}`.
 */

/** Dotted object identifiers, deliberately not shared with the code under test. */
export const ATTRIBUTE = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  GN: '2.5.4.42',
  SN: '2.5.4.4',
  CN: '2.5.4.3',
  pseudonym: '2.5.4.65',
} as const;

export const EXTENSION = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extKeyUsage: '2.5.29.37',
  certificatePolicies: '2.5.29.32',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  crlDistributionPoints: '2.5.29.31',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectAltName: '2.5.29.17',
  privateKeyUsagePeriod: '2.5.29.16',
  freshestCrl: '2.5.29.46',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  gipCardType: '1.2.250.1.71.1.2.2',
  gipCardId: '1.2.250.1.71.1.2.3',
  gipCardCategory: '1.2.250.1.71.1.2.5',
  gipProfessionCode: '1.2.250.1.71.1.2.7',
} as const;

export type ExpectedAttribute = {
  /** Dotted object identifier. */
  readonly type: string;
  /** ASN.1 string type, with the name that `openssl asn1parse` gives it. */
  readonly form: 'PRINTABLESTRING' | 'UTF8STRING';
  /** The text, with placeholders. */
  readonly value: string;
};

/**
 * RDNs in the order of the DER. The attributes of one RDN are in any order, because a SET OF is
 * sorted by its encodings.
 */
export type ExpectedName = readonly (readonly ExpectedAttribute[])[];

export type ExpectedProfile = {
  /** The issuing authority, and its common name in the TEST hierarchy. */
  readonly authority: string;
  readonly issuerCommonName: string;
  readonly subject: ExpectedName;
  /** As `openssl x509 -text` prints them. */
  readonly keyUsage: readonly string[];
  /**
   * For an EC key: keyEncipherment is for RSA only (RFC 8813 section 3), and keyAgreement for EC
   * only. It equals `keyUsage` where that makes no difference.
   */
  readonly keyUsageOfEcKey: readonly string[];
  /** Dotted object identifiers, in the order of the DER. */
  readonly extendedKeyUsage: readonly string[];
  /** Exactly these, in any order. */
  readonly extensions: ReadonlySet<string>;
  /** Exactly these. */
  readonly critical: ReadonlySet<string>;
  /**
   * The content of extnValue in hex, by object identifier, where it is the same in every
   * certificate of the examples.
   */
  readonly constants: Readonly<Record<string, string>>;
  /** The userPrincipalName, with placeholders; null: none. */
  readonly userPrincipalName: string | null;
  /** dNSNames are the names of the order, the common name first. */
  readonly dnsNames: boolean;
  /** rfc822Names are the addresses of the order. */
  readonly mailAddresses: boolean;
  /** privateKeyUsagePeriod runs from notBefore to notAfter of the certificate. */
  readonly privateKeyUsagePeriodIsValidity: boolean;
  /**
   * For example three years to the second. The validity includes both ends (RFC 5280 4.1.2.5), so
   * that notAfter is one second before the same time three years later.
   */
  readonly validity: { readonly years: number } | { readonly days: number };
};

/** The PrintableString of the example cards' tokenId. */
const TOKEN_ID_HEX = '1315383032353030303030312f32363030333031373532';

export const country: readonly ExpectedAttribute[] = [{ type: ATTRIBUTE.C, form: 'PRINTABLESTRING', value: 'FR' }];
export const one = (type: string, value: string): readonly ExpectedAttribute[] => [{ type, form: 'UTF8STRING', value }];
/** One RDN of three: given name, common name and surname. */
const person: readonly ExpectedAttribute[] = [
  { type: ATTRIBUTE.GN, form: 'UTF8STRING', value: '{givenName}' },
  { type: ATTRIBUTE.CN, form: 'UTF8STRING', value: '{idNat}' },
  { type: ATTRIBUTE.SN, form: 'UTF8STRING', value: '{surname}' },
];
const structure: ExpectedName = [
  one(ATTRIBUTE.ST, '{structure.department}'),
  one(ATTRIBUTE.O, '{structure.name}'),
  one(ATTRIBUTE.OU, '{structure.id}'),
];

const COMMON = [
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extKeyUsage,
  EXTENSION.certificatePolicies,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
] as const;
const STATUS = [EXTENSION.crlDistributionPoints, EXTENSION.freshestCrl, EXTENSION.authorityInfoAccess] as const;
const ON_CARD = [EXTENSION.gipCardCategory, EXTENSION.gipCardType, EXTENSION.gipCardId] as const;

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** RFC 6402 2.10. */
const CMC_CA = '1.3.6.1.5.5.7.3.27';
const SMARTCARD_LOGON = '1.3.6.1.4.1.311.20.2.2';

/** cA FALSE is the DEFAULT and not encoded, which leaves an empty SEQUENCE. */
const NOT_A_CA = { [EXTENSION.basicConstraints]: '3000' } as const;
/** Category 80: card, TEST. Category 83: software, TEST. */
const CARD_TEST = { [EXTENSION.gipCardCategory]: '040180' } as const;
const SOFTWARE_TEST = { [EXTENSION.gipCardCategory]: '040183' } as const;
/** Product 0: CPS; profession 60: nurse. */
const CPS_CARD = {
  [EXTENSION.gipCardType]: '020100',
  [EXTENSION.gipCardId]: TOKEN_ID_HEX,
  [EXTENSION.gipProfessionCode]: '02013c',
} as const;
/** Product 2: CPE. */
const CPE_CARD = { [EXTENSION.gipCardType]: '020102', [EXTENSION.gipCardId]: TOKEN_ID_HEX } as const;

/** Product 3: CPA. */
const CPA_CARD = { [EXTENSION.gipCardType]: '020103', [EXTENSION.gipCardId]: TOKEN_ID_HEX } as const;

const KEY_USAGE_ALONE: ReadonlySet<string> = new Set([EXTENSION.keyUsage]);

const END_ENTITY = {
  critical: KEY_USAGE_ALONE,
  userPrincipalName: null,
  dnsNames: false,
  mailAddresses: false,
  privateKeyUsagePeriodIsValidity: false,
  validity: { years: 3 },
} as const;

const AUTHENTICATION = {
  keyUsage: ['Digital Signature'],
  keyUsageOfEcKey: ['Digital Signature'],
  extendedKeyUsage: [CLIENT_AUTH, SMARTCARD_LOGON],
  userPrincipalName: '{idNat}@carte-cps.fr',
} as const;

const SIGNATURE = {
  keyUsage: ['Non Repudiation'],
  keyUsageOfEcKey: ['Non Repudiation'],
  extendedKeyUsage: [EMAIL_PROTECTION],
  privateKeyUsagePeriodIsValidity: true,
} as const;

const CPS_SUBJECT: ExpectedName = [country, one(ATTRIBUTE.title, '{title}'), person];
const CPE_SUBJECT: ExpectedName = [country, ...structure, one(ATTRIBUTE.title, '{title}'), person];

const cpeAuthentication = (authority: string, issuerCommonName: string): ExpectedProfile => ({
  ...END_ENTITY,
  ...AUTHENTICATION,
  authority,
  issuerCommonName,
  subject: CPE_SUBJECT,
  extensions: new Set([...COMMON, ...STATUS, EXTENSION.subjectAltName, ...ON_CARD]),
  constants: { ...NOT_A_CA, ...CARD_TEST, ...CPE_CARD, [EXTENSION.keyUsage]: '03020780' },
});

const cpeSignature = (authority: string, issuerCommonName: string): ExpectedProfile => ({
  ...END_ENTITY,
  ...SIGNATURE,
  authority,
  issuerCommonName,
  subject: CPE_SUBJECT,
  extensions: new Set([...COMMON, ...STATUS, EXTENSION.privateKeyUsagePeriod, ...ON_CARD]),
  constants: { ...NOT_A_CA, ...CARD_TEST, ...CPE_CARD, [EXTENSION.keyUsage]: '03020640' },
});

/** CPA and CPE certificates differ in the product only. */
const ofCpa = (facts: ExpectedProfile): ExpectedProfile => ({
  ...facts,
  constants: { ...facts.constants, ...CPA_CARD },
});

const responder = (authority: string, issuerCommonName: string): ExpectedProfile => ({
  ...END_ENTITY,
  authority,
  issuerCommonName,
  subject: [
    country,
    one(ATTRIBUTE.O, 'ASIP-SANTE'),
    one(ATTRIBUTE.OU, '0002 187512751'),
    one(ATTRIBUTE.OU, 'IGC-SANTE TEST'),
    one(ATTRIBUTE.CN, issuerCommonName.replace(/^TEST /, 'TEST OCSP ')),
  ],
  keyUsage: ['Digital Signature'],
  keyUsageOfEcKey: ['Digital Signature'],
  extendedKeyUsage: [OCSP_SIGNING],
  extensions: new Set([...COMMON, EXTENSION.ocspNoCheck]),
  constants: { ...NOT_A_CA, [EXTENSION.keyUsage]: '03020780', [EXTENSION.ocspNoCheck]: '0500' },
  validity: { days: 45 },
});

/** RFC 9810 4.5; its status is published, as that of a certificate of a holder. */
const cmpSigner = (authority: string, issuerCommonName: string): ExpectedProfile => ({
  ...responder(authority, issuerCommonName),
  subject: [
    country,
    one(ATTRIBUTE.O, 'ASIP-SANTE'),
    one(ATTRIBUTE.OU, '0002 187512751'),
    one(ATTRIBUTE.OU, 'IGC-SANTE TEST'),
    one(ATTRIBUTE.CN, issuerCommonName.replace(/^TEST /, 'TEST CMP ')),
  ],
  extendedKeyUsage: [CMC_CA],
  extensions: new Set([...COMMON, ...STATUS]),
  constants: { ...NOT_A_CA, [EXTENSION.keyUsage]: '03020780' },
  validity: { years: 3 },
});

/** What the software certificates of organisations and their servers have in common. */
const ofOrganisations = (commonName: string) => ({
  ...END_ENTITY,
  authority: 'aci-el-org',
  issuerCommonName: 'TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS',
  subject: [country, ...structure, one(ATTRIBUTE.CN, commonName)],
});

export const PROFILE_FACTS: Readonly<Record<string, ExpectedProfile>> = {
  'fort/cps-authentication': {
    ...END_ENTITY,
    ...AUTHENTICATION,
    authority: 'aci-fo-pp',
    issuerCommonName: 'TEST AC IGC-SANTE FORT PERSONNES',
    subject: CPS_SUBJECT,
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.subjectAltName, ...ON_CARD, EXTENSION.gipProfessionCode]),
    constants: { ...NOT_A_CA, ...CARD_TEST, ...CPS_CARD, [EXTENSION.keyUsage]: '03020780' },
  },
  'fort/cps-signature': {
    ...END_ENTITY,
    ...SIGNATURE,
    authority: 'aci-fo-pp',
    issuerCommonName: 'TEST AC IGC-SANTE FORT PERSONNES',
    subject: CPS_SUBJECT,
    extensions: new Set([
      ...COMMON,
      ...STATUS,
      EXTENSION.privateKeyUsagePeriod,
      ...ON_CARD,
      EXTENSION.gipProfessionCode,
    ]),
    constants: { ...NOT_A_CA, ...CARD_TEST, ...CPS_CARD, [EXTENSION.keyUsage]: '03020640' },
  },
  'standard/cpe-authentication': cpeAuthentication('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES'),
  'standard/cpe-signature': cpeSignature('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES'),
  'standard/cpa-authentication': ofCpa(cpeAuthentication('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES')),
  'standard/cpa-signature': ofCpa(cpeSignature('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES')),
  'elementaire/cpe-authentication': cpeAuthentication('aci-el-pp', 'TEST AC IGC-SANTE ELEMENTAIRE PERSONNES'),
  'elementaire/cpe-signature': cpeSignature('aci-el-pp', 'TEST AC IGC-SANTE ELEMENTAIRE PERSONNES'),
  'elementaire/org-auth-cli': {
    ...ofOrganisations('{application}'),
    keyUsage: ['Digital Signature'],
    keyUsageOfEcKey: ['Digital Signature'],
    extendedKeyUsage: [CLIENT_AUTH],
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.gipCardCategory]),
    constants: { ...NOT_A_CA, ...SOFTWARE_TEST, [EXTENSION.keyUsage]: '03020780' },
  },
  /**
   * The organisation's seal: digitalSignature and nonRepudiation, emailProtection,
   * privateKeyUsagePeriod.
   */
  'elementaire/org-sign': {
    ...ofOrganisations('{application}'),
    keyUsage: ['Digital Signature', 'Non Repudiation'],
    keyUsageOfEcKey: ['Digital Signature', 'Non Repudiation'],
    extendedKeyUsage: [EMAIL_PROTECTION],
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.privateKeyUsagePeriod, EXTENSION.gipCardCategory]),
    constants: { ...NOT_A_CA, ...SOFTWARE_TEST, [EXTENSION.keyUsage]: '030206c0' },
    privateKeyUsagePeriodIsValidity: true,
  },
  /** Not observed in real certificates; assumed: RSA keys that encrypt keys only. */
  'elementaire/org-conf': {
    ...ofOrganisations('{application}'),
    keyUsage: ['Key Encipherment'],
    keyUsageOfEcKey: [],
    extendedKeyUsage: [EMAIL_PROTECTION],
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.gipCardCategory]),
    constants: { ...NOT_A_CA, ...SOFTWARE_TEST, [EXTENSION.keyUsage]: '03020520' },
  },
  /**
   * Not observed in real certificates; assumed: as a TLS server, for mail (RFC 8550 section 3:
   * addresses as rfc822Name).
   */
  'elementaire/serv-smime': {
    ...ofOrganisations('{names.0}'),
    keyUsage: ['Digital Signature', 'Key Encipherment'],
    // RFC 5753 section 3: mail is encrypted to an EC key by key agreement.
    keyUsageOfEcKey: ['Digital Signature', 'Key Agreement'],
    extendedKeyUsage: [EMAIL_PROTECTION],
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.subjectAltName, EXTENSION.gipCardCategory]),
    constants: { ...NOT_A_CA, ...SOFTWARE_TEST },
    mailAddresses: true,
  },
  'elementaire/serv-ssl': {
    ...ofOrganisations('{names.0}'),
    keyUsage: ['Digital Signature', 'Key Encipherment'],
    keyUsageOfEcKey: ['Digital Signature'],
    extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
    extensions: new Set([...COMMON, ...STATUS, EXTENSION.subjectAltName, EXTENSION.gipCardCategory]),
    constants: { ...NOT_A_CA, ...SOFTWARE_TEST },
    dnsNames: true,
  },
  'fort/cmp-pp': cmpSigner('aci-fo-pp', 'TEST AC IGC-SANTE FORT PERSONNES'),
  'standard/cmp-pp': cmpSigner('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES'),
  'elementaire/cmp-pp': cmpSigner('aci-el-pp', 'TEST AC IGC-SANTE ELEMENTAIRE PERSONNES'),
  'elementaire/cmp-org': cmpSigner('aci-el-org', 'TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS'),
  'fort/ocsp-pp': responder('aci-fo-pp', 'TEST AC IGC-SANTE FORT PERSONNES'),
  'fort/ocsp-org': responder('aci-fo-org', 'TEST AC IGC-SANTE FORT ORGANISATIONS'),
  'standard/ocsp-pp': responder('aci-st-pp', 'TEST AC IGC-SANTE STANDARD PERSONNES'),
  'standard/ocsp-org': responder('aci-st-org', 'TEST AC IGC-SANTE STANDARD ORGANISATIONS'),
  'elementaire/ocsp-pp': responder('aci-el-pp', 'TEST AC IGC-SANTE ELEMENTAIRE PERSONNES'),
  'elementaire/ocsp-org': responder('aci-el-org', 'TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS'),
};

/** All certificates of end entities have the same policy, whatever their hierarchy. */
export const TEST_POLICY = '1.2.250.1.213.1.7.2.1.1.1.1';

/**
 * The addresses of the development service. Names of CRL and certificate files are those of the
 * issuer in upper case.
 */
export const DEVELOPMENT_ADDRESSES = {
  certificationPracticeStatement: 'http://127.0.0.1:8080/PC%20TEST',
  crl: 'http://127.0.0.1:8080/CRL/',
  caIssuers: 'http://127.0.0.1:8080/AC/',
  ocsp: 'http://127.0.0.1:8080/ocsp',
} as const;
