/** Schemas of response bodies. */
import { component, instant, KEY_ORIGINS, nullable, object, profile, REASONS, serialNumber } from './parts.js';

export const certificate = object(
  {
    id: { type: 'string', description: 'Id of the certificate on this platform.' },
    profile,
    ca: { type: 'string', description: 'Issuing CA, e.g. aci-fo-pp.' },
    serialNumber,
    status: { type: 'string', enum: ['pending', 'issued', 'suspended', 'revoked', 'expired'] },
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
    revocation: nullable(
      object(
        {
          at: instant('When it was revoked or suspended.'),
          reason: { type: 'string', enum: REASONS },
          invalidityDate: nullable(instant('If one was given.')),
        },
        ['at', 'reason', 'invalidityDate'],
      ),
    ),
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

/** The response to a revocation. */
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
    number: { type: 'integer' },
    base: { type: 'integer', description: 'Only for a delta CRL: the number of the full CRL that it completes.' },
    thisUpdate: instant('When the CRL was issued.'),
    nextUpdate: instant('The next CRL is published by then.'),
    entries: { type: 'integer' },
    sha256: { type: 'string', description: 'SHA-256 of the CRL, hex.' },
    url: { type: 'string' },
  },
  ['number', 'thisUpdate', 'nextUpdate', 'entries', 'sha256', 'url'],
);

export const authority = object(
  {
    id: { type: 'string', description: 'One generation of a CA, e.g. aci-fo-pp, then aci-fo-pp-2.' },
    ca: { type: 'string' },
    generation: { type: 'integer' },
    hierarchy: { type: 'string', enum: ['fort', 'standard', 'elementaire'] },
    kind: { type: 'string', enum: ['root', 'issuing'] },
    subject: { type: 'string' },
    keyType: { type: 'string' },
    notBefore: instant('First instant of validity.'),
    notAfter: instant('Last instant of validity.'),
    certificate: { type: 'string', description: 'PEM.' },
    certificateUrl: { type: 'string' },
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
    id: { type: 'string' },
    hierarchy: { type: 'string', enum: ['fort', 'standard', 'elementaire'] },
    ca: { type: 'string', description: 'Issuing CA, e.g. aci-fo-pp.' },
    title: object({ fr: { type: 'string' }, en: { type: 'string' } }, ['fr', 'en']),
    holder: {
      type: 'string',
      description: 'Kind of holder.',
      enum: ['professional', 'staff', 'organisation', 'server'],
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
    keyOrigin: object(
      {
        origins: {
          type: 'array',
          items: { type: 'string', enum: KEY_ORIGINS },
          description: 'Where keys may be generated.',
        },
        required: { type: 'boolean', description: 'Whether a request must currently declare it in this environment.' },
      },
      ['origins', 'required'],
    ),
    validity: {
      type: 'object',
      description: 'Maximum validity, from notBefore.',
      oneOf: [object({ years: { type: 'integer' } }, ['years']), object({ days: { type: 'integer' } }, ['days'])],
    },
    renewalWindow: nullable(object({ days: { type: 'integer', description: 'Before notAfter.' } }, ['days'])),
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
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
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

const certificateList = { type: 'array', items: component('Certificate') } as const;

export const certificates = object({ certificates: certificateList }, ['certificates']);

export const certificatePage = object({ certificates: certificateList, nextCursor: nullable({ type: 'string' }) }, [
  'certificates',
  'nextCursor',
]);

export const profiles = object({ profiles: { type: 'array', items: component('Profile') } }, ['profiles']);

export const authorities = object({ cas: { type: 'array', items: component('Authority') } }, ['cas']);

const chained = {
  entry: {
    type: 'object',
    description: 'The numbered event. Its canonical JSON (RFC 8785) is hashed.',
  },
  leafHash: { type: 'string', description: 'SHA-256(0x00 || canonical entry), hex (RFC 6962 2.1).' },
  chainHash: { type: 'string', description: 'SHA-256(previous chainHash || leafHash), hex.' },
} as const;

export const auditEntries = object(
  {
    entries: { type: 'array', items: object(chained, ['entry', 'leafHash', 'chainHash']) },
    nextCursor: nullable({ type: 'string' }),
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
    head: object({ seq: { type: 'integer', minimum: 0 }, chainHash: { type: 'string' } }, ['seq', 'chainHash']),
  },
  ['entry', 'leafHash', 'chainHash', 'previousChainHash', 'broken', 'head'],
);
