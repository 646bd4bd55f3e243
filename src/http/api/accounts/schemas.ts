/** Schemas of the requests of officers about accounts. */
import { ACCOUNT_ID } from '../../../access/account.js';
import { ROLES } from '../../../access/roles.js';
import { text as ruleText } from '../../../texts/text.js';
import { officerReason } from '../schemas/approvals.js';
import { component, instant, nullable, object, textMatching, textWithoutNul } from '../schemas/parts.js';

/** Limits of the lists in a request. Longer lists are taken for a mistake of the client. */
const SCOPE_VALUES_MAX = 200;
const NETWORKS_MAX = 16;

const values = (description: string) =>
  ({
    type: 'array',
    maxItems: SCOPE_VALUES_MAX,
    uniqueItems: true,
    items: textWithoutNul(128, 'A value.'),
    description,
  }) as const;

const SCOPE = {
  profiles: values('Profiles it acts for: *, fort/*, elementaire/serv-ssl.'),
  structures: values('Structures it acts for; *: all.'),
  domains: values('Domains of servers and mail it acts for; *: all.'),
  holders: values('Ids of holders it acts for, or prefixes followed by *; *: all.'),
} as const;

const WHAT_IT_ACTS_FOR = 'For what it may act.';

const name = textWithoutNul(128, 'Description for people.');
const roles = {
  type: 'array',
  minItems: 1,
  maxItems: Object.keys(ROLES).length,
  uniqueItems: true,
  items: { type: 'string', enum: Object.keys(ROLES) },
  description: 'What it may do.',
} as const;
const ownStructure = {
  ...nullable(component('Structure')),
  description: 'Completes holders for which the account gives no structure; its id is in the scope. null: none.',
};
/** The largest limit that can be set: more than a platform issues in an hour or a day. */
const LIMIT_MAX = 10_000_000;
const limit = (description: string) => ({ type: ['integer', 'null'], minimum: 1, maximum: LIMIT_MAX, description });

/**
 * What an account has in addition to its rights. A member that a request for a change leaves out
 * stays as it is.
 */
const CONDITIONS = {
  limits: {
    ...object(
      {
        perDay: limit('Certificates in a day (UTC), on all nodes together; null: unlimited.'),
        perHour: limit('Certificates in an hour (UTC), on all nodes together; null: unlimited.'),
        inFlight: limit('Requests for certificates at once, on each node; null: unlimited.'),
      },
      [],
    ),
    description: 'How much it may be issued. Revocation and reading are never limited.',
  },
  networks: {
    type: 'array',
    maxItems: NETWORKS_MAX,
    uniqueItems: true,
    items: textWithoutNul(64, 'A network in CIDR notation, e.g. 10.20.0.0/16.'),
    description: 'Networks from which it sends requests; empty: from anywhere.',
  },
  expiresAt: { ...nullable(instant('From then on it is refused')), description: 'Its end, RFC 3339, UTC; null: none.' },
  structure: ownStructure,
} as const;

const reason = officerReason('Why; without personal data.');

export const accountRequest = object(
  {
    id: {
      ...textMatching(ACCOUNT_ID, ruleText('expected/account-id'), 'Lower-case letters, digits, dots and hyphens.'),
      maxLength: 64,
    },
    name,
    roles,
    scope: { ...object(SCOPE, ['profiles', 'structures', 'domains', 'holders']), description: WHAT_IT_ACTS_FOR },
    ...CONDITIONS,
    certificate: textWithoutNul(64, 'Id of the certificate of this platform with which it authenticates.'),
    reason,
  },
  ['id', 'name', 'roles', 'scope', 'certificate', 'reason'],
);

export const accountChange = object(
  { name, roles, scope: { ...object(SCOPE, []), description: WHAT_IT_ACTS_FOR }, ...CONDITIONS, reason },
  ['reason'],
);

export const accountReason = object({ reason }, ['reason']);
