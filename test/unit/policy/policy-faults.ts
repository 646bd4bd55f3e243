/** Faults of policy files, one change each: what loading must report, and where. */
export type Json = Record<string, unknown>;
/**
 * A change of a policy file that is a fault, with the expected pointer and a part of the message.
 */
export type PolicyFaultCase = {
  readonly title: string;
  readonly file: string;
  readonly change: (body: Json) => unknown;
  readonly pointer: string;
  readonly says: string;
};

export const CPS = 'fort/profiles/cps-signature.json';
export const CPE = 'standard/profiles/cpe-authentication.json';
export const SERV = 'elementaire/profiles/serv-ssl.json';
export const OCSP = 'fort/profiles/ocsp-pp.json';
const CMP = 'fort/profiles/cmp-pp.json';
export const DEV = 'environments/development.json';
export const ACI = 'fort/authorities/aci-fo-pp.json';
export const ACR = 'fort/authorities/acr-fo.json';

export const SCHEMA_FAULTS: readonly PolicyFaultCase[] = [
  {
    title: 'an unknown member',
    file: CPS,
    change: (b) => ({ ...b, keyUsages: [] }),
    pointer: '/keyUsages',
    says: 'not a known',
  },
  { title: 'a missing member', file: CPS, change: ({ keyUsage: _, ...b }) => b, pointer: '/keyUsage', says: 'missing' },
  {
    title: 'a key usage of authorities',
    file: CPS,
    change: (b) => ({ ...b, keyUsage: ['keyCertSign'] }),
    pointer: '/keyUsage/0',
    says: 'one of',
  },
  {
    title: 'a profile of which nothing is signed',
    file: CPS,
    change: (b) => ({ ...b, certificatesPerHourMax: 0 }),
    pointer: '/certificatesPerHourMax',
    says: '>= 1',
  },
  {
    title: 'a key type that does not exist',
    file: ACI,
    change: (b) => ({ ...b, keyType: 'rsa-1024' }),
    pointer: '/keyType',
    says: 'one of',
  },
  {
    title: 'an address without http',
    file: DEV,
    change: (b) => ({ ...b, addresses: { ...(b.addresses as Json), ocsp: 'ftp://x' } }),
    pointer: '/addresses/ocsp',
    says: 'pattern',
  },
  {
    title: 'a name that RFC 4514 would escape',
    file: ACI,
    change: (b) => ({ ...b, commonName: 'AC, ET' }),
    pointer: '/commonName',
    says: 'pattern',
  },
  {
    title: 'seven years',
    file: CPS,
    change: (b) => ({ ...b, validity: { years: 7 } }),
    pointer: '/validity/years',
    says: '<= 6',
  },
  {
    title: 'years and days',
    file: CPS,
    change: (b) => ({ ...b, validity: { years: 3, days: 1 } }),
    pointer: '/validity',
    says: 'more than 1',
  },
  {
    title: 'a source of no kind',
    file: 'fort/hierarchy.json',
    change: (b) => ({ ...b, sources: { '/authorityNames': 'rumour' } }),
    pointer: '/sources/~1authorityNames',
    says: 'one of',
  },
];

export const CROSS_FAULTS: readonly PolicyFaultCase[] = [
  {
    title: 'six years and a day, in days',
    file: CPS,
    change: (b) => ({ ...b, validity: { days: 2192 } }),
    pointer: '/validity',
    says: 'more than the 6 years',
  },
  {
    title: 'a profile of an authority that does not exist',
    file: CPS,
    change: (b) => ({ ...b, authority: 'aci-fo-xx' }),
    pointer: '/authority',
    says: 'no authority',
  },
  {
    title: 'a profile of an authority of another hierarchy',
    file: CPS,
    change: (b) => ({ ...b, authority: 'aci-el-pp' }),
    pointer: '/authority',
    says: 'another hierarchy',
  },
  {
    title: 'a profile issued by a root',
    file: CPS,
    change: (b) => ({ ...b, authority: 'acr-fo' }),
    pointer: '/authority',
    says: 'root',
  },
  {
    title: 'a profile id that is not its path',
    file: CPS,
    change: (b) => ({ ...b, id: 'fort/cps-authentication' }),
    pointer: '/id',
    says: 'path',
  },
  {
    title: 'a profile of another folder',
    file: CPS,
    change: (b) => ({ ...b, hierarchy: 'standard' }),
    pointer: '/hierarchy',
    says: 'folder',
  },
  {
    title: 'client authentication without digitalSignature',
    file: CPE,
    change: (b) => ({ ...b, keyUsage: ['nonRepudiation'] }),
    pointer: '/extendedKeyUsage/0',
    says: 'digitalSignature',
  },
  {
    title: 'OCSP signing for anybody but a responder',
    file: CPE,
    change: (b) => ({ ...b, extendedKeyUsage: ['ocspSigning'] }),
    pointer: '/extendedKeyUsage',
    says: 'responders alone',
  },
  {
    title: 'a responder that may do something else too',
    file: OCSP,
    change: (b) => ({ ...b, extendedKeyUsage: ['ocspSigning', 'clientAuth'] }),
    pointer: '/extendedKeyUsage',
    says: 'one purpose',
  },
  {
    title: 'CMP answers for anybody but a CMP signer',
    file: CPE,
    change: (b) => ({ ...b, extendedKeyUsage: ['cmcCa'] }),
    pointer: '/extendedKeyUsage',
    says: 'CMP signers alone',
  },
  {
    title: 'a CMP signer that may do something else too',
    file: CMP,
    change: (b) => ({ ...b, extendedKeyUsage: ['cmcCa', 'clientAuth'] }),
    pointer: '/extendedKeyUsage',
    says: 'one purpose',
  },
  {
    title: 'a CMP signer whose signatures commit',
    file: CMP,
    change: (b) => ({ ...b, keyUsage: ['digitalSignature', 'nonRepudiation'] }),
    pointer: '/keyUsage',
    says: 'nothing else',
  },
  {
    title: 'a CMP signer with an RSA key',
    file: CMP,
    change: (b) => ({ ...b, keyTypes: ['p-256', 'rsa-3072'] }),
    pointer: '/keyTypes',
    says: 'p-256',
  },
  {
    title: 'a second profile of CMP signers of an authority',
    file: 'elementaire/profiles/cmp-pp.json',
    change: (b) => ({ ...b, authority: 'aci-el-org' }),
    pointer: '/authority',
    says: 'another profile',
  },
  {
    title: 'a CMP signer whose status is not published',
    file: CMP,
    change: (b) => ({ ...b, ocspNoCheck: true }),
    pointer: '/ocspNoCheck',
    says: 'responders alone',
  },
  {
    title: 'a CMP signer that renews itself',
    file: CMP,
    change: (b) => ({ ...b, selfService: ['renew-self'] }),
    pointer: '/selfService',
    says: 'nothing by itself',
  },
  {
    title: 'a responder without ocsp-nocheck',
    file: OCSP,
    change: (b) => ({ ...b, ocspNoCheck: false }),
    pointer: '/ocspNoCheck',
    says: 'nocheck',
  },
  {
    title: 'ocsp-nocheck for anybody but a responder',
    file: CPS,
    change: (b) => ({ ...b, ocspNoCheck: true }),
    pointer: '/ocspNoCheck',
    says: 'responders alone',
  },
  {
    title: 'a responder whose life is not that of its authority file',
    file: OCSP,
    change: (b) => ({ ...b, validity: { days: 30 } }),
    pointer: '/validity/days',
    says: 'authority file',
  },
  {
    title: 'a renewal window as long as the life',
    file: CPS,
    change: (b) => ({ ...b, validity: { days: 300 }, renewalWindow: { days: 300 } }),
    pointer: '/renewalWindow/days',
    says: 'shorter',
  },
  {
    title: 'the renewal of a responder',
    file: OCSP,
    change: (b) => ({ ...b, renewalWindow: { days: 90 } }),
    pointer: '/renewalWindow',
    says: 'renewal window',
  },
  {
    title: 'a FORT profile without identity evidence',
    file: CPS,
    change: (b) => ({ ...b, assurance: null }),
    pointer: '/assurance',
    says: 'identity evidence',
  },
  {
    title: 'smart card logon without a principal name',
    file: CPE,
    change: (b) => ({ ...b, subjectAltName: null }),
    pointer: '/subjectAltName',
    says: 'principal name',
  },
  {
    title: 'a server without names',
    file: SERV,
    change: (b) => ({ ...b, subjectAltName: null }),
    pointer: '/subjectAltName',
    says: 'names',
  },
  {
    title: 'a card category without cards',
    file: CPS,
    change: (b) => ({ ...b, cardProducts: null }),
    pointer: '/gip/cardType',
    says: 'no card',
  },
  {
    title: 'an attribute that the holder has not',
    file: CPS,
    change: (b) => ({
      ...b,
      subject: [
        ...(b.subject as Json[]),
        [
          {
            type: 'organizationName',
            form: 'utf8String',
            value: { from: '/holder/structure/name' },
            charactersMax: 40,
          },
        ],
      ],
    }),
    pointer: '/subject/3/0/value/from',
    says: 'has no',
  },
  {
    title: 'an attribute longer than RFC 5280 allows',
    file: CPS,
    change: (b) => ({
      ...b,
      subject: [
        (b.subject as Json[])[0],
        [{ type: 'title', form: 'utf8String', value: { from: '/holder/title' }, charactersMax: 65 }],
        (b.subject as Json[])[2],
      ],
    }),
    pointer: '/subject/1/0/charactersMax',
    says: '64',
  },
  {
    title: 'a value without a source',
    file: CPS,
    change: (b) => ({ ...b, sources: {} }),
    pointer: '/keyUsage',
    says: 'has no source',
  },
  {
    title: 'a source of nothing',
    file: CPS,
    change: (b) => ({ ...b, sources: { ...(b.sources as Json), '/nothing': 'observed' } }),
    pointer: '/sources',
    says: 'nowhere',
  },
  {
    title: 'an authority id that is not its file',
    file: ACI,
    change: (b) => ({ ...b, id: 'aci-fo-pq' }),
    pointer: '/id',
    says: 'file',
  },
  {
    title: 'an authority under the root of another hierarchy',
    file: ACI,
    change: (b) => ({ ...b, issuer: 'acr-el' }),
    pointer: '/issuer',
    says: 'same hierarchy',
  },
  {
    title: 'an authority that outlives its root',
    file: ACI,
    change: (b) => ({ ...b, validity: { years: 20, daysLess: 0 } }),
    pointer: '/validity',
    says: 'before its root',
  },
  {
    title: 'an issuing authority without a responder',
    file: ACI,
    change: (b) => ({ ...b, ocspSigner: null }),
    pointer: '/ocspSigner',
    says: 'responder',
  },
  {
    title: 'two responders of one key type',
    file: ACI,
    change: (b) => ({ ...b, ocspSigner: { ...(b.ocspSigner as Json), others: ['p-256'] } }),
    pointer: '/ocspSigner/others',
    says: 'again',
  },
  {
    title: 'a root with a responder',
    file: ACR,
    change: (b) => ({ ...b, ocspSigner: { keyType: 'p-256', validityDays: 30 } }),
    pointer: '/ocspSigner',
    says: 'no responder',
  },
  {
    title: 'a root under another',
    file: ACR,
    change: (b) => ({ ...b, issuer: 'acr-el' }),
    pointer: '/issuer',
    says: 'own issuer',
  },
  {
    title: 'two authorities of one name',
    file: ACI,
    change: (b) => ({ ...b, commonName: 'AC IGC-SANTE STANDARD PERSONNES' }),
    pointer: '/commonName',
    says: 'another authority',
  },
  {
    title: 'a hierarchy in the wrong folder',
    file: 'fort/hierarchy.json',
    change: (b) => ({ ...b, id: 'standard' }),
    pointer: '/id',
    says: 'folder',
  },
];
