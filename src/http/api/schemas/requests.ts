/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 uses them) of what comes in and goes out. They validate requests and are the
 * components of `/openapi.json`: the document cannot drift from the service. `x-expected` stands beside every pattern and
 * format: it is what a client is told that breaks them.
 */
import { REVOCATION_REASONS, type Role } from '../../../access/roles.js';
import { LIMITS } from '../../../kernel/limits.js';
import { staffTypesInWords } from '../../../policy/identifiers/staff-id.js';
import { structureTypesInWords } from '../../../policy/identifiers/structure-id.js';
import { authority, certificate, certificates, crl, problem, profileNow, revokedCertificate } from './answers.js';
import { massRevocation, massRevocationResult } from './mass-revocations.js';
import {
  component,
  instant,
  KEY_ORIGINS,
  kind,
  nullable,
  object,
  patterned,
  profile,
  REASONS,
  serialNumber,
  text,
} from './parts.js';

const structure = object(
  {
    id: {
      ...text(20, `Struct_IdNat: a type and the national number. Types: ${structureTypesInWords()}.`),
      examples: ['10B0057881', '2187512751'],
    },
    name: text(64, 'Name of the structure, e.g. CABINET M DOC0057881.'),
    department: text(64, 'Department with its number, e.g. Paris (75).'),
  },
  ['id', 'name', 'department'],
);

const STAFF_ID = [
  "PS_IdNat of staff: a type, the structure's national number, a slash and a local id of 1 to 32 letters and digits. The",
  'number is that of structure.id, but people and structures have different types for one register. First character of',
  `idNat → first character of structure.id: ${staffTypesInWords()}. So 30B0057881/CPET0002 is of 10B0057881.`,
].join(' ');

const holder = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    object(
      {
        kind: kind('professional'),
        idNat: {
          ...text(32, 'PS_IdNat: 8 and the RPPS number (11 digits), or 0 and the ADELI number.'),
          examples: ['810002813839'],
        },
        givenName: text(64, 'Given name.'),
        surname: text(64, 'Surname used in practice.'),
        profession: patterned(
          '^[0-9]{2}$',
          'two digits, a TRE_G15 code, e.g. 10',
          'TRE_G15 code, e.g. 10 for a physician.',
        ),
        title: text(64, 'Label of the profession, e.g. Médecin.'),
      },
      ['kind', 'idNat', 'givenName', 'surname', 'profession', 'title'],
    ),
    object(
      {
        kind: kind('staff'),
        idNat: {
          ...text(64, STAFF_ID),
          examples: ['30B0057881/CPET0002'],
        },
        givenName: text(64, 'Given name; with surname, or pseudonym instead of both.'),
        surname: text(64, 'Surname.'),
        pseudonym: text(64, 'For non-nominative cards.'),
        title: text(64, 'Label of the function, e.g. Personnel santé ou social.'),
        structure: component('Structure'),
      },
      ['kind', 'idNat', 'title', 'structure'],
    ),
    object(
      {
        kind: kind('organisation'),
        application: text(64, 'Name of the application, e.g. INSI-MANU.'),
        structure: component('Structure'),
      },
      ['kind', 'application', 'structure'],
    ),
    object(
      {
        kind: kind('server'),
        names: {
          type: 'array',
          minItems: 1,
          maxItems: 50,
          uniqueItems: true,
          items: text(253, 'Fully qualified domain name.'),
          description: 'The first one becomes the common name: at most 64 characters.',
        },
        emails: {
          type: 'array',
          minItems: 1,
          maxItems: 10,
          items: text(254, 'E-mail address.'),
          description:
            'For profiles of mail servers: addresses of the domain that is the first name, or of one under it.',
        },
        structure: component('Structure'),
      },
      ['kind', 'names', 'structure'],
    ),
  ],
} as const;

const card = object(
  {
    tokenId: text(
      40,
      'Issuer, slash, 10-digit serial, e.g. 8025000001/2600301752. While anything on it is live, it has one holder and one product.',
    ),
    product: { type: 'string', enum: ['cps', 'cpe', 'cpa'], description: 'What the profile is for: see /v1/profiles.' },
  },
  ['tokenId', 'product'],
);

const identity = object(
  {
    assurance: { type: 'string', enum: ['low', 'substantial', 'high'] },
    source: text(64, 'Who verified the identity, e.g. PSI.'),
    reference: text(128, 'Reference of the evidence at that source; no personal data.'),
    verifiedAt: instant('When it was verified.'),
  },
  ['assurance', 'source', 'reference', 'verifiedAt'],
);

const validity = object({ notBefore: instant('Start.'), notAfter: instant('End, within the profile.') }, []);

const csr = {
  type: 'string',
  minLength: 1,
  maxLength: LIMITS.certificationRequestBytesMax,
  description: 'PKCS#10 certification request, PEM.',
} as const;

const keyOrigin = {
  type: 'string',
  enum: KEY_ORIGINS,
  description:
    'Where this key was made, by your word: on the card that holds it, in a security module, or in software. It is recorded. ' +
    'What a profile takes, and whether it must be said, is in /v1/profiles.',
} as const;

/** `card-management may give ...; officer may give ...` */
function reasonsInWords(): string {
  const roles = Object.keys(REVOCATION_REASONS) as Role[];
  const given = roles
    .filter((role) => REVOCATION_REASONS[role].length > 0)
    .map((role) => `${role} may give ${REVOCATION_REASONS[role].join(', ')}`);
  return `${given.join('; ')}. certificateHold is given by a suspension.`;
}

const revocation = object(
  {
    reason: { type: 'string', enum: REASONS, description: `RFC 5280 5.3.1. ${reasonsInWords()}` },
    invalidityDate: instant('When the key is suspected to have become invalid (RFC 5280 5.3.2).'),
  },
  ['reason'],
);

const SELECTORS = {
  ca: text(32, 'Issuing CA, e.g. aci-fo-pp; /v1/cas lists them.'),
  profile,
  issuedFrom: instant('Issued then or later.'),
  issuedUntil: instant('Issued then or earlier.'),
  spkiSha256: patterned('^[0-9a-f]{64}$', '64 lower-case hex digits', 'SHA-256 of the SubjectPublicKeyInfo: one key.'),
} as const;

const selection = {
  ...object(
    {
      ...SELECTORS,
      certificate: text(
        LIMITS.certificationRequestBytesMax,
        'PEM of a certificate: all on its key. Instead of spkiSha256.',
      ),
    },
    [],
  ),
  minProperties: 1,
  'x-expected': 'an object with at least one member: nothing selects everything',
} as const;

export const COMPONENTS = {
  Structure: structure,
  Holder: holder,
  Card: card,
  Identity: identity,
  CertificateRequest: object(
    {
      ...{ profile, csr, holder: component('Holder'), card: component('Card'), identity: component('Identity') },
      ...{ keyOrigin, validity },
    },
    ['profile', 'csr', 'holder'],
  ),
  Renewal: object({ csr, identity: component('Identity'), keyOrigin, validity }, ['csr']),
  CardRequest: object(
    {
      holder: component('Holder'),
      card: { ...component('Card'), description: 'Its tokenId equals that of the path.' },
      identity: component('Identity'),
      requests: {
        type: 'array',
        minItems: 1,
        maxItems: LIMITS.certificatesPerCardMax,
        items: object({ profile, csr, keyOrigin, validity }, ['profile', 'csr']),
        description: 'Profiles and keys all differ.',
      },
    },
    ['holder', 'card', 'requests'],
  ),
  Revocation: revocation,
  Selection: selection,
  MassRevocationRequest: object(
    {
      select: component('Selection'),
      reason: revocation.properties.reason,
      invalidityDate: revocation.properties.invalidityDate,
    },
    ['select', 'reason'],
  ),
  MassRevocation: massRevocation,
  MassRevocationPreview: object({ matched: { type: 'integer' } }, ['matched']),
  MassRevocationResult: massRevocationResult,
  Suspension: object({ invalidityDate: instant('When the key is suspected to have become invalid.') }, []),
  Empty: object({}, []),
  CrlRequest: object(
    {
      kind: {
        type: 'string',
        enum: ['full', 'delta'],
        description: 'full (the default): and a delta of the same moment where they are served; delta: that alone.',
      },
    },
    [],
  ),
  Certificate: certificate,
  RevokedCertificate: revokedCertificate,
  Certificates: object({ certificates }, ['certificates']),
  CertificatePage: object({ certificates, nextCursor: nullable({ type: 'string' }) }, ['certificates', 'nextCursor']),
  Profile: profileNow,
  Profiles: object({ profiles: { type: 'array', items: component('Profile') } }, ['profiles']),
  Crl: crl,
  Authority: authority,
  Authorities: object({ cas: { type: 'array', items: component('Authority') } }, ['cas']),
  AuditEntries: object(
    {
      entries: {
        type: 'array',
        items: object(
          {
            entry: {
              type: 'object',
              description: 'The numbered event; its canonical JSON (RFC 8785) is what is hashed.',
            },
            leafHash: { type: 'string', description: 'SHA-256(0x00 || canonical entry), hex (RFC 6962 2.1).' },
            chainHash: { type: 'string', description: 'SHA-256(previous chainHash || leafHash), hex.' },
          },
          ['entry', 'leafHash', 'chainHash'],
        ),
      },
      nextCursor: nullable({ type: 'string' }),
    },
    ['entries', 'nextCursor'],
  ),
  Problem: problem,
} as const;

export type ComponentName = keyof typeof COMPONENTS;

/** Whether a body of this shape may be left out: nothing in it is required. */
export function mayBeEmpty(name: ComponentName): boolean {
  return COMPONENTS[name].required.length === 0;
}

const limit = {
  type: 'integer',
  minimum: 1,
  maximum: LIMITS.searchPageSizeMax,
  default: LIMITS.searchPageSizeDefault,
  'x-expected': `a whole number from 1 to ${LIMITS.searchPageSizeMax}`,
  description: `How many on a page, 1 to ${LIMITS.searchPageSizeMax}; ${LIMITS.searchPageSizeDefault} if left out.`,
} as const;

/** PostgreSQL's texts cannot have it, so that nothing here is called so. */
const searched = (charactersMax: number, description: string) =>
  ({
    ...text(charactersMax, description),
    pattern: '^[^\\u0000]*$',
    'x-expected': `1 to ${charactersMax} characters, U+0000 not among them`,
  }) as const;

/** Query parameters of searches; all are optional, and all that are given must hold. */
export const SEARCH_QUERY = object(
  {
    holder: searched(
      255,
      'Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server.',
    ),
    card: searched(40, 'Token id of the card.'),
    structure: searched(20, 'Structure id, e.g. 10B0057881.'),
    ca: text(32, 'Issuing CA, e.g. aci-fo-pp; /v1/cas lists them.'),
    serialNumber,
    status: {
      type: 'string',
      enum: ['pending', 'issued', 'suspended', 'revoked', 'expired'],
      description: 'As it is now; what is past its end and not revoked is expired.',
    },
    expiresBefore: instant('Certificates whose validity ends before.'),
    limit,
    cursor: text(512, 'nextCursor of the page before.'),
  },
  [],
);

export const PAGE_QUERY = object(
  {
    limit,
    cursor: patterned('^[0-9]{1,15}$', 'nextCursor of the page before', 'nextCursor of the page before.'),
  },
  [],
);

/** Query parameters that select what is to be revoked. */
export const SELECTION_QUERY = {
  ...object(SELECTORS, []),
  minProperties: 1,
  'x-expected': 'given at least one parameter: nothing selects everything',
} as const;

export const QUERIES = { search: SEARCH_QUERY, page: PAGE_QUERY, selection: SELECTION_QUERY } as const;
export type QueryName = keyof typeof QUERIES;
