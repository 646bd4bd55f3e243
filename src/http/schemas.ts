/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 uses them) of what comes in and goes out. They validate requests and are the
 * components of `/openapi.json`: the document cannot drift from the service.
 */
import { LIMITS } from '../kernel/limits.js';

const text = (charactersMax: number, description: string) =>
  ({ type: 'string', minLength: 1, maxLength: charactersMax, description }) as const;

const instant = (description: string) =>
  ({ type: 'string', format: 'date-time', maxLength: 40, description: `${description} RFC 3339, UTC.` }) as const;

const object = <Properties extends Record<string, unknown>>(
  properties: Properties,
  required: readonly (keyof Properties & string)[],
) => ({ type: 'object', additionalProperties: false, required, properties }) as const;

const component = (name: string) => ({ $ref: `#/components/schemas/${name}` }) as const;

const structure = object(
  {
    id: text(20, 'Struct_IdNat: a type prefix and the national identifier, e.g. 10B0057881.'),
    name: text(64, 'Name of the structure, e.g. CABINET M DOC0057881.'),
    department: text(64, 'Department with its number, e.g. Paris (75).'),
  },
  ['id', 'name', 'department'],
);

const kind = (value: string) => ({ const: value, type: 'string' }) as const;

const holder = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    object(
      {
        kind: kind('professional'),
        idNat: text(32, 'PS_IdNat: 8 and the RPPS number, or 0 and the ADELI number.'),
        givenName: text(64, 'Given name.'),
        surname: text(64, 'Surname used in practice.'),
        profession: { type: 'string', pattern: '^[0-9]{2}$', description: 'TRE_G15 code, e.g. 10 for a physician.' },
        title: text(64, 'Label of the profession, e.g. Médecin.'),
      },
      ['kind', 'idNat', 'givenName', 'surname', 'profession', 'title'],
    ),
    object(
      {
        kind: kind('staff'),
        idNat: text(64, 'Structure id, a slash and the local id, e.g. 30B0057881/CPET0002.'),
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
          description: 'The first one becomes the common name.',
        },
        emails: { type: 'array', minItems: 1, maxItems: 10, items: text(254, 'E-mail address.') },
        structure: component('Structure'),
      },
      ['kind', 'names', 'structure'],
    ),
  ],
} as const;

const card = object(
  {
    tokenId: text(40, 'Issuer, slash, 10-digit serial of the card, e.g. 8025000001/2600301752.'),
    product: { type: 'string', enum: ['cps', 'cpe', 'cpa'] },
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

const profile = text(64, 'Profile id, e.g. fort/cps-authentication.');

const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
] as const;

const revocation = object(
  {
    reason: { type: 'string', enum: REASONS, description: 'RFC 5280 5.3.1; certificateHold belongs to suspension.' },
    invalidityDate: instant('When the key is suspected to have become invalid (RFC 5280 5.3.2).'),
  },
  ['reason'],
);

const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

const certificate = object(
  {
    id: { type: 'string', description: 'Id of the certificate on this platform.' },
    profile,
    ca: { type: 'string', description: 'Issuing CA, e.g. aci-fo-pp.' },
    serialNumber: { type: 'string', pattern: '^([0-9a-f]{2})+$', description: 'Lower-case hex, even length.' },
    status: { type: 'string', enum: ['pending', 'issued', 'suspended', 'revoked', 'expired'] },
    notBefore: instant('First instant of validity.'),
    notAfter: instant('Last instant of validity.'),
    certificate: { type: 'string', description: 'PEM.' },
    chain: { type: 'string', description: 'PEM: the issuing CA, then its root.' },
    holder: component('Holder'),
    card: nullable(component('Card')),
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
    'revocation',
  ],
);

const crl = object(
  {
    number: { type: 'integer' },
    thisUpdate: instant('Issued.'),
    nextUpdate: instant('The next one is there by then.'),
    entries: { type: 'integer' },
    sha256: { type: 'string', description: 'Of the whole CRL, hex.' },
    url: { type: 'string' },
  },
  ['number', 'thisUpdate', 'nextUpdate', 'entries', 'sha256', 'url'],
);

const authority = object(
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
  ],
);

const problem = {
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

const certificates = { type: 'array', items: component('Certificate') } as const;

export const COMPONENTS = {
  Structure: structure,
  Holder: holder,
  Card: card,
  Identity: identity,
  CertificateRequest: object(
    { profile, csr, holder: component('Holder'), card: component('Card'), identity: component('Identity'), validity },
    ['profile', 'csr', 'holder'],
  ),
  CardRequest: object(
    {
      holder: component('Holder'),
      card: component('Card'),
      identity: component('Identity'),
      requests: {
        type: 'array',
        minItems: 1,
        maxItems: LIMITS.certificatesPerCardMax,
        items: object({ profile, csr, validity }, ['profile', 'csr']),
      },
    },
    ['holder', 'card', 'requests'],
  ),
  Revocation: revocation,
  Suspension: object({ invalidityDate: instant('When the key is suspected to have become invalid.') }, []),
  Empty: object({}, []),
  Certificate: certificate,
  Certificates: object({ certificates }, ['certificates']),
  CertificatePage: object({ certificates, nextCursor: nullable({ type: 'string' }) }, ['certificates', 'nextCursor']),
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

/** Query parameters of searches; all are optional. */
export const SEARCH_QUERY = object(
  {
    holder: text(64, 'IdNat of the holder.'),
    card: text(40, 'Token id of the card.'),
    ca: text(32, 'Issuing CA.'),
    serialNumber: { type: 'string', pattern: '^([0-9a-f]{2}){1,20}$', description: 'Lower-case hex, even length.' },
    status: { type: 'string', enum: ['pending', 'issued', 'suspended', 'revoked', 'expired'] },
    expiresBefore: instant('Certificates whose validity ends before.'),
    limit: { type: 'string', pattern: '^[1-9][0-9]{0,2}$', description: `At most ${LIMITS.searchPageSizeMax}.` },
    cursor: text(512, 'From the page before.'),
  },
  [],
);

export const PAGE_QUERY = object(
  {
    limit: { type: 'string', pattern: '^[1-9][0-9]{0,2}$', description: `At most ${LIMITS.searchPageSizeMax}.` },
    cursor: { type: 'string', pattern: '^[0-9]{1,15}$', description: 'From the page before.' },
  },
  [],
);
