/** Named parts of the schema of plans, to which several kinds of step refer. */
import type { JsonSchema } from './json-schema.js';
import { ORDER_PARTS } from './order-parts.js';

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
