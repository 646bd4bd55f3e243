/** Schemas of response bodies. */
import {
  bilingual,
  certificateStatus,
  component,
  instant,
  KEY_ORIGINS,
  nextCursor,
  nullable,
  object,
  profile,
  REASONS,
  serialNumber,
} from './parts.js';

export const certificate = object(
  {
    id: { type: 'string', description: 'Id of the certificate on this platform.' },
    profile,
    ca: { type: 'string', description: 'Issuing CA, e.g. aci-fo-pp.' },
    serialNumber,
    status: certificateStatus,
    notBefore: instant('First instant of validity.'),
    notAfter: instant('Last instant of validity.'),
    certificate: { type: 'string', description: 'PEM.' },
    chain: { type: 'string', description: 'PEM: the issuing CA, then its root.' },
    holder: component('CertificateHolder'),
    card: nullable(component('Card')),
    renews: nullable({ type: 'string', description: 'Id of the certificate that it renews.' }),
    keyOrigin: nullable({
      type: 'string',
      enum: KEY_ORIGINS,
      description: 'Where the key was generated, as declared in the request; null: not declared.',
    }),
    revocation: nullable({
      ...object(
        {
          at: instant('When it was revoked or suspended.'),
          reason: { type: 'string', enum: REASONS, description: 'certificateHold: it is suspended.' },
          invalidityDate: nullable(instant('If one was given.')),
        },
        ['at', 'reason', 'invalidityDate'],
      ),
      description: 'Its revocation or suspension; null: it has none.',
    }),
  },
  [
    'id',
    'profile',
    'ca',
    'serialNumber',
    'status',
    'notBefore',
    'notAfter',
    'certificate',
    'chain',
    'holder',
    'card',
    'renews',
    'keyOrigin',
    'revocation',
  ],
);

/** The response to the revocation of one certificate. */
export const revokedCertificate = object(
  {
    ...certificate.properties,
    alsoRevoked: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description:
        'Ids of the other certificates on the same key, which a revocation for keyCompromise revokes too. Absent if ' +
        'there are none.',
    },
  },
  [...certificate.required],
);

export const crl = object(
  {
    number: { type: 'integer', description: 'CRLNumber (RFC 5280 5.2.3).' },
    base: { type: 'integer', description: 'Only for a delta CRL: the number of the full CRL that it completes.' },
    thisUpdate: instant('When the CRL was issued.'),
    nextUpdate: instant('The next CRL is published by then.'),
    entries: { type: 'integer', description: 'How many certificates it lists.' },
    sha256: { type: 'string', description: 'SHA-256 of the CRL, hex.' },
    url: { type: 'string', description: 'Where it is published.' },
  },
  ['number', 'thisUpdate', 'nextUpdate', 'entries', 'sha256', 'url'],
);

const hierarchy = {
  type: 'string',
  enum: ['fort', 'standard', 'elementaire'],
  description: 'The range of certificates.',
} as const;

export const authority = object(
  {
    id: { type: 'string', description: 'One generation of a CA, e.g. aci-fo-pp, then aci-fo-pp-2.' },
    ca: { type: 'string', description: 'The CA in all its generations, e.g. aci-fo-pp.' },
    generation: { type: 'integer', description: 'Counts from 1; each has a key of its own.' },
    hierarchy,
    kind: { type: 'string', enum: ['root', 'issuing'], description: 'root: it certifies CAs only.' },
    subject: { type: 'string', description: 'Its name, as RFC 4514 writes it.' },
    keyType: { type: 'string', description: 'Type of its key, e.g. rsa-4096.' },
    notBefore: instant('First instant of validity.'),
    notAfter: instant('Last instant of validity.'),
    certificate: { type: 'string', description: 'PEM.' },
    certificateUrl: { type: 'string', description: 'Where its certificate is published.' },
    crl: nullable(component('Crl')),
    deltaCrl: nullable(component('Crl')),
    horizon: nullable({
      ...object(
        {
          notAfter: instant('End of the CA certificate: no certificate it issues is valid longer.'),
          shortensFrom: {
            type: 'object',
            additionalProperties: instant('The first notBefore with a shortened validity.'),
            description: 'By profile: from when on certificates get a shorter validity than the profile allows.',
          },
        },
        ['notAfter', 'shortensFrom'],
      ),
      description: 'Only for the generation that currently issues; null for the others and for roots.',
    }),
  },
  [
    'id',
    'ca',
    'generation',
    'hierarchy',
    'kind',
    'subject',
    'keyType',
    'notBefore',
    'notAfter',
    'certificate',
    'certificateUrl',
    'crl',
    'deltaCrl',
    'horizon',
  ],
);

export const currentProfile = object(
  {
    id: { type: 'string', description: 'Profile id.' },
    hierarchy,
    ca: { type: 'string', description: 'Issuing CA, e.g. aci-fo-pp.' },
    title: bilingual('Its name for people.'),
    holder: {
      type: 'string',
      description: 'Kind of holder. responder and cmp-signer are keys of the platform, only in /v1/policy.',
      enum: ['professional', 'staff', 'organisation', 'server', 'responder', 'cmp-signer'],
    },
    cardProducts: nullable({
      type: 'array',
      items: { type: 'string', enum: ['cps', 'cpe', 'cpa'] },
      description: 'Products of the cards that carry such a certificate; null: it is not on a card.',
    }),
    assurance: nullable({
      type: 'string',
      enum: ['low', 'substantial', 'high'],
      description: 'The minimum assurance of the identity evidence; null: no evidence is required.',
    }),
    keyTypes: { type: 'array', items: { type: 'string' }, description: 'Currently allowed, exceptions included.' },
    keyOrigin: {
      ...object(
        {
          origins: {
            type: 'array',
            items: { type: 'string', enum: KEY_ORIGINS },
            description: 'Where keys may be generated.',
          },
          required: {
            type: 'boolean',
            description: 'Whether a request must currently declare it in this environment.',
          },
        },
        ['origins', 'required'],
      ),
      description: 'What the declaration keyOrigin of a request may and must say.',
    },
    validity: {
      type: 'object',
      description: 'Maximum validity, from notBefore.',
      oneOf: [
        object({ years: { type: 'integer', description: 'Calendar years.' } }, ['years']),
        object({ days: { type: 'integer', description: 'Days of 24 hours.' } }, ['days']),
      ],
    },
    renewalWindow: nullable({
      ...object({ days: { type: 'integer', description: 'Before notAfter.' } }, ['days']),
      description: 'When a certificate may be renewed; null: it is not renewed.',
    }),
    renewalAnyTime: { type: 'boolean', description: 'Whether this environment allows renewal at any time.' },
    suspensionAllowed: { type: 'boolean', description: 'Whether suspension is currently allowed.' },
  },
  [
    'id',
    'hierarchy',
    'ca',
    'title',
    'holder',
    'cardProducts',
    'assurance',
    'keyTypes',
    'keyOrigin',
    'validity',
    'renewalWindow',
    'renewalAnyTime',
    'suspensionAllowed',
  ],
);

export const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'urn:pfcng:problem: and the code.' },
    title: { type: 'string', description: 'What the code means, in the language of the client.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What is wrong with this request, in the language of the client.' },
    code: { type: 'string', description: 'Stable: programs may depend on it.' },
    requestId: { type: 'string', description: 'The one of X-Request-Id. Quote it when you report a problem.' },
    ticket: {
      ...object({ from: instant('The card may begin from then on.'), until: instant('Then it gets another place.') }, [
        'from',
        'until',
      ]),
      description: 'Of a card that came before its place in a campaign.',
    },
    rule: {
      type: 'string',
      description:
        'Of a state-conflict or not-permitted: the rule that was broken. Stable, as the code is; see x-rules.',
    },
    reason: { type: 'string', description: 'Of a card-to-desk: why the card has to go to a service desk.' },
    fr: {
      ...object(
        {
          title: { type: 'string', description: 'The title in French.' },
          detail: { type: 'string', description: 'The detail in French.' },
          messages: {
            type: 'array',
            items: { type: 'string' },
            description: 'The messages of the violations in French, in their order.',
          },
        },
        ['title', 'detail', 'messages'],
      ),
      description: 'Of a line of an order, whose other texts are in English.',
    },
    violations: {
      type: 'array',
      description: 'What is wrong in the input, the first 20 places.',
      items: object(
        {
          pointer: {
            type: 'string',
            description: 'Place: a JSON pointer into the body, ?/name for the query, or the name of a header.',
          },
          rule: { type: 'string', description: 'The rule that was broken. Stable; see x-rules.' },
          message: { type: 'string', description: 'What is expected, in the language of the client.' },
        },
        ['pointer', 'rule', 'message'],
      ),
    },
  },
} as const;

const certificateList = {
  type: 'array',
  items: component('Certificate'),
  description: 'In the order of the requests; of a search, in the order of the search.',
} as const;

export const certificates = object({ certificates: certificateList }, ['certificates']);

export const certificatePage = object({ certificates: certificateList, nextCursor }, ['certificates', 'nextCursor']);

export const profiles = object(
  { profiles: { type: 'array', items: component('Profile'), description: 'By their ids.' } },
  ['profiles'],
);

export const authorities = object(
  { cas: { type: 'array', items: component('Authority'), description: 'All generations of all CAs.' } },
  ['cas'],
);

const chained = {
  entry: {
    type: 'object',
    description: 'The numbered event. Its canonical JSON (RFC 8785) is hashed.',
  },
  leafHash: { type: 'string', description: 'SHA-256(0x00 || canonical entry), hex (RFC 6962 2.1).' },
  chainHash: { type: 'string', description: 'SHA-256(previous chainHash || leafHash), hex.' },
} as const;

export const chainedEntry = object(chained, ['entry', 'leafHash', 'chainHash']);

export const auditEntries = object(
  {
    entries: { type: 'array', items: component('ChainedEntry'), description: 'Newest first.' },
    nextCursor,
  },
  ['entries', 'nextCursor'],
);

export const auditEntry = object(
  {
    ...chained,
    previousChainHash: { type: 'string', description: 'chainHash of the entry before; zeros before the first.' },
    broken: nullable({
      type: 'string',
      description: 'The first rule of the chain that the stored entry breaks; null: it is as it was written.',
    }),
    head: {
      ...object(
        {
          seq: { type: 'integer', minimum: 0, description: 'Its number.' },
          chainHash: { type: 'string', description: 'Its chainHash.' },
        },
        ['seq', 'chainHash'],
      ),
      description: 'The last entry of the log.',
    },
  },
  ['entry', 'leafHash', 'chainHash', 'previousChainHash', 'broken', 'head'],
);
