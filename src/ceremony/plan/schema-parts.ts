/** Named parts of the schema of plans, to which several kinds of step refer. */

import { ACCOUNT_ID } from '../../access/account.js';
import { ROLES } from '../../access/roles.js';
import type { Json } from '../../kernel/json.js';

/** A JSON Schema (draft-07), as a value that is written as JSON. */
export type JsonSchema = { readonly [keyword: string]: Json };

/** Returns the keywords of a condition: if `member` has `value`, the object must match `schema`. */
export function when(member: string, value: string, schema: JsonSchema): JsonSchema {
  return Object.fromEntries([
    ['if', { properties: { [member]: { const: value } } }],
    ['then', schema],
  ]);
}

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

/**
 * Parts about certificates of a policy profile and accounts of the API. Their members and limits
 * are those of the API.
 */
const ORDER_PARTS = {
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

export const SCHEMA_PARTS = {
  why: {
    type: 'string',
    maxLength: 2000,
  },
  text: {
    type: 'string',
    minLength: 1,
    maxLength: 200,
  },
  id: {
    type: 'string',
    pattern: '^[a-z][a-z0-9-]{1,39}$',
  },
  keyLabel: {
    description:
      "The label of a key on its token: the issuer's id, or the transcript key's label; a responder's key " +
      'of another type than the first has its type after a full stop.',
    type: 'string',
    pattern: '^[a-z][a-z0-9-]{1,48}([.](rsa-2048|rsa-3072|rsa-4096|p-256|p-384))?$',
  },
  path: {
    description: 'Relative to the home folder, with forward slashes, never upwards.',
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$',
    maxLength: 200,
  },
  files: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    items: { $ref: '#/definitions/path' },
  },
  instant: {
    type: 'string',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
  },
  role: {
    enum: ['master-of-ceremonies', 'officer', 'hsm-operator', 'witness', 'external-witness', 'recorder'],
  },
  threshold: {
    type: 'integer',
    minimum: 2,
    maximum: 15,
  },
  holders: {
    description:
      'Who holds a share: as many as there are shares, each once. `encryption`: `passphrase`, which its ' +
      'holder types (twice when the share is made, once when it opens), or a certificate (PEM or DER, ' +
      'of an RSA or P-256/P-384/P-521 key that is used for nothing else) and its SHA-256.',
    type: 'array',
    minItems: 2,
    maxItems: 15,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'organisation', 'encryption'],
      properties: {
        name: { $ref: '#/definitions/text' },
        organisation: { $ref: '#/definitions/text' },
        encryption: {
          oneOf: [
            {
              const: 'passphrase',
            },
            {
              type: 'object',
              additionalProperties: false,
              required: ['certificate', 'sha256'],
              properties: {
                certificate: { $ref: '#/definitions/path' },
                sha256: {
                  type: 'string',
                  pattern: '^[0-9a-f]{64}$',
                },
              },
            },
          ],
        },
        why: { $ref: '#/definitions/why' },
      },
    },
  },
  noQuorum: {
    type: 'object',
    additionalProperties: false,
    properties: {
      kind: {},
      why: { $ref: '#/definitions/why' },
    },
  },
  sharesQuorum: {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'shares', 'threshold', 'holders'],
    properties: {
      kind: {},
      shares: { $ref: '#/definitions/threshold' },
      threshold: { $ref: '#/definitions/threshold' },
      holders: { $ref: '#/definitions/holders' },
      swap: {
        description:
          'The machine may have swap, so that memory can be written to a disk. Without this member ' +
          'such a machine is refused.',
        const: 'allowed',
      },
      why: { $ref: '#/definitions/why' },
    },
  },
  hsmQuorum: {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'shares', 'threshold'],
    properties: {
      kind: {},
      shares: { $ref: '#/definitions/threshold' },
      threshold: { $ref: '#/definitions/threshold' },
      why: { $ref: '#/definitions/why' },
    },
  },
  sharing: {
    type: 'object',
    additionalProperties: false,
    required: ['shares', 'threshold', 'holders'],
    properties: {
      shares: { $ref: '#/definitions/threshold' },
      threshold: { $ref: '#/definitions/threshold' },
      holders: { $ref: '#/definitions/holders' },
      why: { $ref: '#/definitions/why' },
    },
  },
  keyLabels: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    items: { $ref: '#/definitions/keyLabel' },
  },
  words: {
    type: 'object',
    additionalProperties: false,
    required: ['fr', 'en'],
    properties: {
      fr: { $ref: '#/definitions/why' },
      en: { $ref: '#/definitions/why' },
    },
  },
  byVendor: {
    type: 'object',
    additionalProperties: false,
    required: ['by', 'instructions'],
    properties: {
      by: {
        const: 'vendor',
      },
      instructions: { $ref: '#/definitions/words' },
    },
  },
  expectedKey: {
    description:
      'SHA-256 of the public key (SubjectPublicKeyInfo, DER) that the request is for. `*`: any ' +
      'key; in production only where an earlier step of the plan imports the request in a bundle.',
    type: 'string',
    pattern: '^(\\*|[0-9a-f]{64})$',
  },
  nameText: {
    description:
      "A value in a name: 1 to 59 characters without a space at its ends, so that the environment's " +
      'prefix fits into the 64 of X.520.',
    type: 'string',
    minLength: 1,
    maxLength: 59,
    pattern: '^\\S(.*\\S)?$',
  },
  ...ORDER_PARTS,
} as const satisfies { readonly [name: string]: JsonSchema };

type PartName = keyof typeof SCHEMA_PARTS;

/** Returns a reference to a named part of the schema. */
export function part(name: PartName): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}
