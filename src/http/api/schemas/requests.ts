/** Schemas of request bodies. */
import { REVOCATION_REASONS, type Role } from '../../../access/roles.js';
import { LIMITS } from '../../../kernel/limits.js';
import { PLATFORM_PARTS } from '../../../operations/revocation/protected-certificates.js';
import { staffTypesInWords } from '../../../policy/identifiers/staff-id.js';
import { structureTypesInWords } from '../../../policy/identifiers/structure-id.js';
import { text as ruleText } from '../../../texts/text.js';
import {
  component,
  instant,
  KEY_ORIGINS,
  kind,
  object,
  profile,
  profileWithoutNul,
  REASONS,
  text,
  textMatching,
} from './parts.js';

export const structure = object(
  {
    id: {
      ...text(20, `Struct_IdNat: a type and the national number. Types: ${structureTypesInWords().en}.`),
      examples: ['10B0057881', '2187512751'],
    },
    name: text(64, 'Name of the structure, e.g. CABINET M DOC0057881.'),
    department: text(64, 'Department with its number, as in the nomenclature TRE_G09, e.g. Paris (75).'),
  },
  ['id', 'name', 'department'],
);

const STAFF_ID = [
  "PS_IdNat of staff: a type, the structure's national number, a slash and a local id of 1 to 32 letters and digits. The",
  'number is that of structure.id, but people and structures have different types for the same register. First character of',
  `idNat → first character of structure.id: ${staffTypesInWords()}. So 30B0057881/CPET0002 belongs to 10B0057881.`,
].join(' ');

export const holder = {
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
        profession: textMatching(
          '^[0-9]{2}$',
          ruleText('expected/profession'),
          'Code of the nomenclature TRE_G15, e.g. 10 for a physician.',
        ),
        title: text(64, 'Label of the profession, e.g. Médecin; not that of another profession.'),
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
          items: text(
            253,
            'Fully qualified domain name that can be registered: no public suffix, no special-use domain.',
          ),
          description: 'The first one becomes the common name: at most 64 characters.',
        },
        emails: {
          type: 'array',
          minItems: 1,
          maxItems: 10,
          items: text(254, 'E-mail address.'),
          description:
            'For mail servers: addresses in the domain of the first name, or below it. Domains are certified in lower case.',
        },
        structure: component('Structure'),
      },
      ['kind', 'names', 'structure'],
    ),
  ],
} as const;

/**
 * The holder of a certificate in responses. Besides the holders of requests, it can be an OCSP
 * responder or a CMP signer, for which no client can request a certificate, or be unknown.
 */
export const certificateHolder = {
  ...holder,
  oneOf: [
    ...holder.oneOf,
    object(
      {
        kind: kind('responder'),
        ca: { type: 'string', description: 'The CA whose OCSP responses it signs, e.g. aci-fo-pp.' },
      },
      ['kind', 'ca'],
    ),
    object(
      {
        kind: kind('cmp-signer'),
        ca: { type: 'string', description: 'The CA whose CMP answers it signs, e.g. aci-fo-pp.' },
      },
      ['kind', 'ca'],
    ),
    object(
      {
        kind: {
          ...kind('recovered'),
          description:
            'Not known: the certificate was issued after the backup from which the database was restored. Its member certificate is empty.',
        },
      },
      ['kind'],
    ),
  ],
} as const;

export const card = object(
  {
    tokenId: text(
      40,
      'Issuer, slash, 10-digit serial, e.g. 8025000001/2600301752. A card with valid certificates has one holder and one product.',
    ),
    product: {
      type: 'string',
      enum: ['cps', 'cpe', 'cpa'],
      description: 'The profile must allow it: see /v1/profiles.',
    },
  },
  ['tokenId', 'product'],
);

export const identity = object(
  {
    assurance: {
      type: 'string',
      enum: ['low', 'substantial', 'high'],
      description: 'How sure the identity is, as in regulation (EU) 910/2014, article 8.',
    },
    source: text(64, 'Who verified the identity, e.g. PSI.'),
    reference: text(128, 'Reference of the evidence at that source; no personal data.'),
    verifiedAt: instant('When it was verified.'),
  },
  ['assurance', 'source', 'reference', 'verifiedAt'],
);

export const validity = {
  ...object({ notBefore: instant('Start.'), notAfter: instant('End, within the profile.') }, []),
  description: 'A shorter life than that of the profile; left out: that of the profile, from now.',
} as const;

export const csr = {
  type: 'string',
  minLength: 1,
  maxLength: LIMITS.certificationRequestBytesMax,
  description: 'PKCS#10 certification request, PEM.',
} as const;

export const keyOrigin = {
  type: 'string',
  enum: KEY_ORIGINS,
  description:
    'Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. ' +
    '/v1/profiles says what a profile accepts and whether the declaration is required.',
} as const;

const container = textMatching(
  '^[A-Za-z0-9._-]{1,40}$',
  ruleText('expected/container'),
  'The container of the card that gets the certificate, for the card bureau. Default: the one of the profile.',
);

/**
 * Describes which role may give which reason, as in `card-management may give ...; officer may give
 * ...`.
 */
function reasonsInWords(): string {
  const roles = Object.keys(REVOCATION_REASONS) as Role[];
  const given = roles
    .filter((role) => REVOCATION_REASONS[role].length > 0)
    .map((role) => `${role} may give ${REVOCATION_REASONS[role].join(', ')}`);
  return `${given.join('; ')}. certificateHold is set by a suspension.`;
}

export const revocation = object(
  {
    reason: { type: 'string', enum: REASONS, description: `RFC 5280 5.3.1. ${reasonsInWords()}` },
    invalidityDate: instant('When the key is suspected to have become invalid (RFC 5280 5.3.2).'),
  },
  ['reason'],
);

/** The members that select certificates for a mass revocation, in a body or a query. */
export const SELECTORS = {
  ca: text(32, 'Issuing CA, e.g. aci-fo-pp; /v1/cas lists them.'),
  profile: profileWithoutNul,
  issuedFrom: instant('Issued at this time or later.'),
  issuedUntil: instant('Issued at this time or earlier.'),
  spkiSha256: textMatching(
    '^[0-9a-f]{64}$',
    ruleText('expected/sha256'),
    'SHA-256 of a SubjectPublicKeyInfo: all certificates on this key.',
  ),
} as const;

export const selection = {
  ...object(
    {
      ...SELECTORS,
      certificate: text(
        LIMITS.certificationRequestBytesMax,
        'A certificate in PEM: all certificates on its key. Instead of spkiSha256.',
      ),
    },
    [],
  ),
  minProperties: 1,
  'x-expected': ruleText('expected/selection'),
} as const;

export const certificateRequest = object(
  {
    profile,
    csr,
    holder: component('Holder'),
    card: component('Card'),
    identity: component('Identity'),
    keyOrigin,
    container,
    validity,
  },
  ['profile', 'csr', 'holder'],
);

export const renewal = object({ csr, identity: component('Identity'), keyOrigin, validity }, ['csr']);

export const accountCertificate = object({ csr, keyOrigin }, ['csr']);

export const cardRequest = object(
  {
    holder: component('Holder'),
    card: { ...component('Card'), description: 'Its tokenId must be the one in the path.' },
    identity: component('Identity'),
    requests: {
      type: 'array',
      minItems: 1,
      maxItems: LIMITS.certificatesPerCardMax,
      items: object({ profile, csr, keyOrigin, container, validity }, ['profile', 'csr']),
      description: 'Each with another profile and another key.',
    },
  },
  ['holder', 'card', 'requests'],
);

export const massRevocationRequest = object(
  {
    select: component('Selection'),
    reason: revocation.properties.reason,
    invalidityDate: revocation.properties.invalidityDate,
    expectedCount: {
      type: 'integer',
      minimum: 1,
      maximum: LIMITS.massRevocationCertificatesMax,
      description: 'matched of the preview. If the selection finds another number by now, the order is refused.',
    },
    accounts: {
      type: 'array',
      uniqueItems: true,
      maxItems: 1_000,
      items: text(128, 'Id of an account.'),
      description: 'The accounts of the preview, which lose their certificate: all of them, and no others.',
    },
    platform: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: PLATFORM_PARTS },
      description: 'The parts of the platform of the preview, which lose their certificate.',
    },
  },
  ['select', 'reason', 'expectedCount'],
);

export const suspension = object({ invalidityDate: instant('When the key is suspected to have become invalid.') }, []);

export const empty = object({}, []);

export const crlRequest = object(
  {
    kind: {
      type: 'string',
      enum: ['full', 'delta'],
      description:
        'full (the default): a full CRL and, where delta CRLs are published, a delta CRL of the same time. delta: a delta CRL only.',
    },
  },
  [],
);
