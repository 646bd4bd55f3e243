/** Object identifiers, each with the document that assigns it. */
export const OID = {
  // X.520 and RFC 5280 appendix A.1
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  countryName: '2.5.4.6',
  localityName: '2.5.4.7',
  stateOrProvinceName: '2.5.4.8',
  streetAddress: '2.5.4.9',
  organizationName: '2.5.4.10',
  organizationalUnitName: '2.5.4.11',
  title: '2.5.4.12',
  postalCode: '2.5.4.17',
  givenName: '2.5.4.42',
  dnQualifier: '2.5.4.46',
  pseudonym: '2.5.4.65',
  organizationIdentifier: '2.5.4.97',

  // RFC 4519 and PKCS #9, seen in certification requests
  domainComponent: '0.9.2342.19200300.100.1.25',
  userId: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',

  // RFC 5280 4.2 and 5.2
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  privateKeyUsagePeriod: '2.5.29.16',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  anyPolicy: '2.5.29.32.0',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  anyExtendedKeyUsage: '2.5.29.37.0',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  /** RFC 9608. */
  noRevocationAvailable: '2.5.29.56',
  expiredCertsOnCrl: '2.5.29.60',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  cpsQualifier: '1.3.6.1.5.5.7.2.1',
  userNoticeQualifier: '1.3.6.1.5.5.7.2.2',
  accessOcsp: '1.3.6.1.5.5.7.48.1',
  accessCaIssuers: '1.3.6.1.5.5.7.48.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** RFC 6402 2.10, RFC 9480 2.2. */
  cmcCa: '1.3.6.1.5.5.7.3.27',
  cmcRa: '1.3.6.1.5.5.7.3.28',
  cmKga: '1.3.6.1.5.5.7.3.32',

  // RFC 6960 4.2.2.2.1 and 4.4
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspCrlReference: '1.3.6.1.5.5.7.48.1.3',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspArchiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  ocspPreferredSignatureAlgorithms: '1.3.6.1.5.5.7.48.1.8',
  ocspExtendedRevoke: '1.3.6.1.5.5.7.48.1.9',

  /** RFC 9598. */
  smtpUtf8Mailbox: '1.3.6.1.5.5.7.8.9',

  // Microsoft
  smartcardLogon: '1.3.6.1.4.1.311.20.2.2',
  userPrincipalName: '1.3.6.1.4.1.311.20.2.3',

  // PKCS #1, RFC 4055, RFC 5480, RFC 5758, RFC 8410
  rsaEncryption: '1.2.840.113549.1.1.1',
  md5WithRsaEncryption: '1.2.840.113549.1.1.4',
  sha1WithRsaEncryption: '1.2.840.113549.1.1.5',
  mgf1: '1.2.840.113549.1.1.8',
  rsaesOaep: '1.2.840.113549.1.1.7',
  rsassaPss: '1.2.840.113549.1.1.10',
  sha224WithRsaEncryption: '1.2.840.113549.1.1.14',
  sha256WithRsaEncryption: '1.2.840.113549.1.1.11',
  sha384WithRsaEncryption: '1.2.840.113549.1.1.12',
  sha512WithRsaEncryption: '1.2.840.113549.1.1.13',
  ecPublicKey: '1.2.840.10045.2.1',
  ecdsaWithSha1: '1.2.840.10045.4.1',
  ecdsaWithSha224: '1.2.840.10045.4.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  p256: '1.2.840.10045.3.1.7',
  p384: '1.3.132.0.34',
  p521: '1.3.132.0.35',
  /** RFC 5639 4.1. */
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  ed25519: '1.3.101.112',

  /** RFC 3565 4.1. */
  aes256Cbc: '2.16.840.1.101.3.4.1.42',

  // CMS (RFC 5652)
  cmsData: '1.2.840.113549.1.7.1',
  cmsSignedData: '1.2.840.113549.1.7.2',
  cmsEnvelopedData: '1.2.840.113549.1.7.3',
  cmsContentType: '1.2.840.113549.1.9.3',
  cmsMessageDigest: '1.2.840.113549.1.9.4',

  // PKCS #9
  challengePassword: '1.2.840.113549.1.9.7',
  extensionRequest: '1.2.840.113549.1.9.14',

  /** RFC 6402 2.8. */
  changeSubjectName: '1.3.6.1.5.5.7.7.36',

  // RFC 9908 appendix A
  certificationRequestInfoTemplate: '1.2.840.113549.1.9.16.2.61',
  extensionReqTemplate: '1.2.840.113549.1.9.16.2.62',

  // generalInfo of CMP messages (RFC 9810 5.1.1)
  implicitConfirm: '1.3.6.1.5.5.7.4.13',
  confirmWaitTime: '1.3.6.1.5.5.7.4.14',
  certProfile: '1.3.6.1.5.5.7.4.21',

  // Control of CRMF (RFC 4211 6.5)
  oldCertId: '1.3.6.1.5.5.7.5.1.5',

  // Hash functions (RFC 3279, RFC 5754)
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha3With224: '2.16.840.1.101.3.4.2.7',
  sha3With256: '2.16.840.1.101.3.4.2.8',
  sha3With384: '2.16.840.1.101.3.4.2.9',
  sha3With512: '2.16.840.1.101.3.4.2.10',

  // MACs (RFC 4231, RFC 8018 B.1.1, RFC 9688 section 3; RFC 8702 3.4)
  hmacWithSha1: '1.2.840.113549.2.7',
  hmacWithSha224: '1.2.840.113549.2.8',
  hmacWithSha256: '1.2.840.113549.2.9',
  hmacWithSha384: '1.2.840.113549.2.10',
  hmacWithSha512: '1.2.840.113549.2.11',
  hmacWithSha3With224: '2.16.840.1.101.3.4.2.13',
  hmacWithSha3With256: '2.16.840.1.101.3.4.2.14',
  hmacWithSha3With384: '2.16.840.1.101.3.4.2.15',
  hmacWithSha3With512: '2.16.840.1.101.3.4.2.16',
  kmacWithShake128: '2.16.840.1.101.3.4.2.19',
  kmacWithShake256: '2.16.840.1.101.3.4.2.20',

  // Protection of CMP messages (RFC 9481 section 6)
  passwordBasedMac: '1.2.840.113533.7.66.13',
  /** RFC 4210 D.1. */
  hmacSha1OfCmp: '1.3.6.1.5.5.8.1.2',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbmac1: '1.2.840.113549.1.5.14',
  aes128Gmac: '2.16.840.1.101.3.4.1.9',
  aes192Gmac: '2.16.840.1.101.3.4.1.29',
  aes256Gmac: '2.16.840.1.101.3.4.1.49',

  // French health sector (private extensions, none critical)
  gipCardType: '1.2.250.1.71.1.2.2',
  gipCardId: '1.2.250.1.71.1.2.3',
  gipCardCategory: '1.2.250.1.71.1.2.5',
  gipProfessionCode: '1.2.250.1.71.1.2.7',
} as const;

export type OidName = keyof typeof OID;

const NAMES: ReadonlyMap<string, OidName> = new Map((Object.keys(OID) as OidName[]).map((name) => [OID[name], name]));

/** Name of an identifier, such as `subjectAltName`; null: it is not in the table. */
export function oidName(oid: string): OidName | null {
  return NAMES.get(oid) ?? null;
}
