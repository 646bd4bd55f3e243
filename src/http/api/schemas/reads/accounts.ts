/** Schemas of responses about accounts. */
import { anyText, certificateStatus, component, instant, nextCursor, nullable, object, texts } from '../parts.js';

const credential = object(
  {
    issuer: anyText('Generation of the CA, e.g. aci-fo-pp.'),
    spkiSha256: anyText('SHA-256 of the SubjectPublicKeyInfo, hex.'),
    certificate: nullable(anyText('Id of the certificate; null: of a CA outside of the platform.')),
    serialNumber: nullable(anyText('Lower-case hex.')),
    status: nullable(certificateStatus),
    notAfter: nullable(instant('Its end.')),
  },
  ['issuer', 'spkiSha256', 'certificate', 'serialNumber', 'status', 'notAfter'],
);

const lastAct = object(
  {
    at: instant('When it was recorded.'),
    type: anyText('Type of the audit entry.'),
    entry: { type: 'integer', minimum: 1, description: 'Number of the audit entry.' },
  },
  ['at', 'type', 'entry'],
);

const limit = (description: string) => nullable({ type: 'integer', description });

const ACCOUNT = {
  id: anyText('Id of the account.'),
  name: anyText('Its name for people.'),
  roles: texts('Its roles.'),
  scope: {
    ...object(
      {
        profiles: texts('Profiles; *: all.'),
        structures: texts('Structures; *: all.'),
        domains: texts('Domains of servers; *: all.'),
        holders: texts('Holders, or prefixes of their ids; *: all.'),
      },
      ['profiles', 'structures', 'domains', 'holders'],
    ),
    description: 'For what it may act.',
  },
  limits: {
    ...object(
      {
        perDay: limit('Certificates in a day (UTC); null: unlimited.'),
        perHour: limit('Certificates in an hour (UTC); null: unlimited.'),
        inFlight: limit('Requests for certificates at once, on each node; null: unlimited.'),
      },
      ['perDay', 'perHour', 'inFlight'],
    ),
    description: 'How much it may be issued.',
  },
  networks: texts('Networks from which it sends requests; empty: from anywhere.'),
  expiresAt: nullable(instant('When it is refused; null: it has no end.')),
  structure: { ...nullable(component('Structure')), description: 'It completes holders; null: none.' },
  enabled: { type: 'boolean', description: 'false: all its requests are refused.' },
  createdAt: instant('When it was added.'),
  credentials: { type: 'array', items: credential, description: 'The keys that it authenticates with.' },
  lastAct: {
    ...nullable(lastAct),
    description: 'Its newest audit entry; null: none. Requests that only read have no entry.',
  },
} as const;

export const account = object(ACCOUNT, Object.keys(ACCOUNT) as (keyof typeof ACCOUNT)[]);

export const accounts = object(
  {
    accounts: { type: 'array', items: component('Account'), description: 'By their ids.' },
    nextCursor,
  },
  ['accounts', 'nextCursor'],
);
