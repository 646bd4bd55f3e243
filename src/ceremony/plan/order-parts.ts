/**
 * Named parts of the schema of plans, about certificates of a policy profile and accounts of the
 * API. Their members and limits are those of the API.
 */
import { ACCOUNT_ID } from '../../access/account-id.js';
import { ROLES } from '../../access/roles.js';
import { type JsonSchema, when } from './json-schema.js';

function text(maxLength: number): JsonSchema {
  return { type: 'string', minLength: 1, maxLength };
}

function object(required: { readonly [name: string]: JsonSchema }, optional: typeof required = {}): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

const STRUCTURE: JsonSchema = { $ref: '#/definitions/structure' };

/** The schema of the holder of a certificate, by its kind. */
const CERTIFICATE_HOLDER_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  professional: object({
    kind: {},
    idNat: text(32),
    givenName: text(64),
    surname: text(64),
    profession: { type: 'string', pattern: '^[0-9]{2}$' },
    title: text(64),
  }),
  staff: object(
    { kind: {}, idNat: text(64), title: text(64), structure: STRUCTURE },
    { givenName: text(64), surname: text(64), pseudonym: text(64) },
  ),
  organisation: object({ kind: {}, application: text(64), structure: STRUCTURE }),
  server: object(
    {
      kind: {},
      names: { type: 'array', minItems: 1, maxItems: 50, uniqueItems: true, items: text(253) },
      structure: STRUCTURE,
    },
    { emails: { type: 'array', minItems: 1, maxItems: 10, items: text(254) } },
  ),
};

const SCOPE_LIST: JsonSchema = { type: 'array', maxItems: 100, uniqueItems: true, items: text(255) };

export const ORDER_PARTS = {
  profile: {
    description: 'A profile of the policy: `fort/cps-authentication`.',
    type: 'string',
    pattern: '^[a-z]+/[a-z0-9-]+$',
    maxLength: 64,
  },
  structure: object({ id: text(20), name: text(64), department: text(64) }),
  holder: {
    description: 'The holder of a certificate, as in an order to the API.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: Object.keys(CERTIFICATE_HOLDER_SCHEMAS) } },
    allOf: Object.entries(CERTIFICATE_HOLDER_SCHEMAS).map(([kind, schema]) => when('kind', kind, schema)),
  },
  card: object({ tokenId: text(40), product: { enum: ['cps', 'cpe', 'cpa'] } }),
  identity: {
    ...object({
      assurance: { enum: ['low', 'substantial', 'high'] },
      source: text(64),
      reference: text(128),
      verifiedAt: { $ref: '#/definitions/instant' },
    }),
    description: "The evidence of the holder's identity, as in an order to the API.",
  },
  keyOrigin: { description: 'Where the key was made.', enum: ['card', 'module', 'software'] },
  account: {
    ...object({
      id: { type: 'string', pattern: ACCOUNT_ID },
      name: { ...text(128), pattern: '^\\S(.*\\S)?$' },
      roles: { type: 'array', minItems: 1, maxItems: 3, uniqueItems: true, items: { enum: Object.keys(ROLES) } },
      scope: object({
        profiles: SCOPE_LIST,
        structures: SCOPE_LIST,
        domains: SCOPE_LIST,
        holders: SCOPE_LIST,
      }),
    }),
    description:
      'An account of the API: its id, a name for people, its roles, and the profiles, structures, domains ' +
      'and holders for which it may act (`*`: all), as in `pfcng account add`.',
  },
} as const satisfies { readonly [name: string]: JsonSchema };
