/** Schemas of what goes out. */
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
    holder: component('Holder'),
    card: nullable(component('Card')),
    renews: nullable({ type: 'string', description: 'Id of the certificate that it renews.' }),
    keyOrigin: nullable({
      type: 'string',
      enum: KEY_ORIGINS,
      description: 'Where the key was made, as the request said; null where it said nothing.',
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

/** What a revocation answers with. */
export const revokedCertificate = object(
  {
    ...certificate.properties,
    alsoRevoked: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description:
        'Ids of the other certificates on the same key, which a revocation for keyCompromise revokes too. Absent where there are none.',
    },
  },
  [...certificate.required],
);

export const crl = object(
  {
    number: { type: 'integer' },
    base: { type: 'integer', description: 'Of a delta list: number of the full list that it completes.' },
    thisUpdate: instant('Issued.'),
    nextUpdate: instant('The next one is there by then.'),
    entries: { type: 'integer' },
    sha256: { type: 'string', description: 'Of the whole CRL, hex.' },
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
          notAfter: instant('End of the CA: no certificate of it lives longer.'),
          shortensFrom: {
            type: 'object',
            additionalProperties: instant('The first such beginning.'),
            description: 'By profile: from when on a certificate no longer gets the whole life of its profile.',
          },
        },
        ['notAfter', 'shortensFrom'],
      ),
      description: 'Of the generation that issues now; null for the others and for roots.',
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

export const profileNow = object(
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
      description: 'Products of the cards that such a certificate lives on; null where it lives on none.',
    }),
    assurance: nullable({
      type: 'string',
      enum: ['low', 'substantial', 'high'],
      description: 'The least assurance of the identity evidence; null where none is needed.',
    }),
    keyTypes: { type: 'array', items: { type: 'string' }, description: 'Allowed now, exceptions included.' },
    keyOrigin: object(
      {
        origins: {
          type: 'array',
          items: { type: 'string', enum: KEY_ORIGINS },
          description: 'Where keys may be made.',
        },
        required: { type: 'boolean', description: 'Whether a request must say it, now and here.' },
      },
      ['origins', 'required'],
    ),
    validity: {
      type: 'object',
      description: 'The longest life, from notBefore.',
      oneOf: [object({ years: { type: 'integer' } }, ['years']), object({ days: { type: 'integer' } }, ['days'])],
    },
    renewalWindow: nullable(object({ days: { type: 'integer', description: 'Before notAfter.' } }, ['days'])),
    renewalAnyTime: { type: 'boolean', description: 'Whether the window is open all the time, in this environment.' },
    suspensionAllowed: { type: 'boolean', description: 'Now.' },
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
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable; programs may depend on it.' },
    violations: {
      type: 'array',
      items: object({ pointer: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } }, [
        'pointer',
        'rule',
        'message',
      ]),
    },
  },
} as const;

export const certificates = { type: 'array', items: component('Certificate') } as const;
