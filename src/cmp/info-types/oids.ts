/** Object identifiers of information types (RFC 9810 appendix B). */
const ID_IT = '1.3.6.1.5.5.7.4';

export const INFO = {
  caProtEncCert: `${ID_IT}.1`,
  signKeyPairTypes: `${ID_IT}.2`,
  encKeyPairTypes: `${ID_IT}.3`,
  preferredSymmAlg: `${ID_IT}.4`,
  currentCRL: `${ID_IT}.6`,
  unsupportedOIDs: `${ID_IT}.7`,
  suppLangTags: `${ID_IT}.16`,
  caCerts: `${ID_IT}.17`,
  rootCaKeyUpdate: `${ID_IT}.18`,
  certReqTemplate: `${ID_IT}.19`,
  rootCaCert: `${ID_IT}.20`,
  crlStatusList: `${ID_IT}.22`,
  crls: `${ID_IT}.23`,
} as const;
