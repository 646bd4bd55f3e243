/**
 * Builds the JSON Schema of ceremony plans. This file defines what concerns the whole plan; the
 * file of each kind of step defines its part. `npm run plan-schema` writes the schema to
 * `policies/schemas/ceremony-plan.schema.json`.
 */
import { STEP_KINDS } from '../steps/all.js';
import { type JsonSchema, part, SCHEMA_PARTS, when } from './schema-parts.js';

type AnySchema = {
  readonly description: string;
  readonly required: { readonly [name: string]: JsonSchema };
  readonly optional: { readonly [name: string]: JsonSchema };
};

export function planSchema(): JsonSchema {
  const kinds: readonly (readonly [string, { readonly schema: AnySchema }])[] = Object.entries(STEP_KINDS);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:pfcng:schema:ceremony-plan',
    title: 'Ceremony plan',
    description:
      'One reviewed file that says everything a ceremony will do: nothing is done that it does not ' +
      'say, in the order it says. Unknown members and kinds of step are refused. Anything may carry a ' +
      '`why`: free text for the people who review and witness, without effect; except the holder, card, ' +
      'identity and account of a founding certificate, which are stored as they are.',
    type: 'object',
    additionalProperties: false,
    required: [
      'form',
      'id',
      'title',
      'hierarchy',
      'environment',
      'window',
      'software',
      'people',
      'presence',
      'quorum',
      'tokens',
      'steps',
      'outputs',
    ],
    properties: {
      ...BEFORE_STEPS,
      steps: {
        type: 'array',
        minItems: 1,
        maxItems: 200,
        items: {
          type: 'object',
          required: ['do'],
          properties: {
            do: {
              description:
                'What is done. Besides CAs, steps certify OCSP responders, CMP signers, break-glass officers ' +
                'and the first accounts (ops/decisions/0025).',
              enum: Object.keys(STEP_KINDS),
            },
          },
          allOf: kinds.map(([name]) => when('do', name, stepRef(name))),
        },
      },
      ...AFTER_STEPS,
    },
    definitions: {
      ...SCHEMA_PARTS,
      ...Object.fromEntries(kinds.map(([name, kind]) => [definitionName(name), stepSchema(name, kind.schema)])),
    },
  };
}

function stepSchema(name: string, { description, required, optional }: AnySchema): JsonSchema {
  return {
    description,
    type: 'object',
    additionalProperties: false,
    required: ['do', ...Object.keys(required)],
    properties: { do: { const: name }, ...required, ...optional, why: part('why') },
  };
}

function stepRef(name: string): JsonSchema {
  return { $ref: `#/definitions/${definitionName(name)}` };
}

/** Returns the name of a kind in camel case, for example `signCrl` for `sign-crl`. */
function definitionName(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const BEFORE_STEPS = {
  $schema: {
    description: 'Where editors find this schema.',
    type: 'string',
  },
  form: {
    description: 'Version of this form.',
    const: 1,
  },
  id: {
    description: 'Name of the ceremony, used once in a home folder: its transcript is in ceremony/<id>/.',
    type: 'string',
    pattern: '^[a-z][a-z0-9-]{1,39}$',
  },
  title: {
    type: 'object',
    additionalProperties: false,
    required: ['fr', 'en'],
    properties: {
      fr: part('text'),
      en: part('text'),
    },
  },
  why: part('why'),
  hierarchy: {
    description:
      "The one hierarchy whose keys are used; null for the platform's own token, which holds no " +
      'CA key, and for the access CA, which is below none.',
    enum: ['fort', 'standard', 'elementaire', null],
  },
  environment: {
    description: 'Mark of the environment: that of the policy, of the home folder and of every token.',
    enum: ['development', 'production'],
  },
  window: {
    description: 'When it may begin, in UTC: if the clock is outside, the ceremony stops before it changes anything.',
    type: 'object',
    additionalProperties: false,
    required: ['notBefore', 'notAfter'],
    properties: {
      notBefore: part('instant'),
      notAfter: part('instant'),
      why: part('why'),
    },
  },
  software: {
    description: 'What the plan was reviewed with. `*` (whatever is installed) is for rehearsals only.',
    type: 'object',
    additionalProperties: false,
    required: ['name', 'version', 'policyDigest'],
    properties: {
      name: {
        const: 'pfcng',
      },
      version: {
        type: 'string',
        pattern: '^(\\*|[0-9]+\\.[0-9]+\\.[0-9]+)$',
      },
      policyDigest: {
        type: 'string',
        pattern: '^(\\*|[0-9a-f]{64})$',
      },
      why: part('why'),
    },
  },
  people: {
    description: 'Who is present, by role.',
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['role', 'name', 'organisation'],
      properties: {
        role: part('role'),
        name: part('text'),
        organisation: part('text'),
        certificateSha256: {
          description:
            'SHA-256 of the certificate (DER) with whose key this person signs the transcript, ' +
            'after the ceremony has ended; `verify` asks for that signature. Left out: ' +
            'this person signs the minutes on paper.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        why: part('why'),
      },
    },
  },
  presence: {
    description: 'How many of each role must be present, and from where; otherwise the ceremony does not start.',
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['role', 'atLeast'],
      properties: {
        role: part('role'),
        atLeast: {
          type: 'integer',
          minimum: 1,
          maximum: 20,
        },
        organisation: part('text'),
        why: part('why'),
      },
    },
  },
  quorum: {
    description:
      'How the PIN of the root token, or of the access token, is kept. `none`: the plan has ' +
      'neither. `shares`: split among holders of whom `threshold` open it. `hsm`: the HSM has an ' +
      'm-of-n of its own, and the ceremony waits for it.',
    type: 'object',
    required: ['kind'],
    properties: {
      kind: {
        enum: ['none', 'shares', 'hsm'],
      },
    },
    allOf: [
      when('kind', 'none', { $ref: '#/definitions/noQuorum' }),
      when('kind', 'shares', { $ref: '#/definitions/sharesQuorum' }),
      when('kind', 'hsm', { $ref: '#/definitions/hsmQuorum' }),
    ],
  },
  tokens: {
    description: 'The tokens that the ceremony uses. PKCS#11 label: pfcng-<environment>-<name>.',
    type: 'array',
    minItems: 1,
    maxItems: 10,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'kind', 'folder', 'pin'],
      properties: {
        name: part('id'),
        kind: {
          description:
            'root, access: offline, opened in ceremonies only. ca, ocsp, platform: used by a ' +
            'signer process afterwards.',
          enum: ['root', 'ca', 'ocsp', 'platform', 'access'],
        },
        folder: part('path'),
        pin: {
          description:
            '`file`: made by the ceremony, readable by its owner alone; never for a root token or ' +
            'the access token. `quorum`: split into shares below this folder. `hsm`: opened at ' +
            'the HSM, by its own m-of-n.',
          type: 'object',
          additionalProperties: false,
          required: ['kind'],
          properties: {
            kind: {
              enum: ['file', 'quorum', 'hsm'],
            },
            path: part('path'),
          },
          ...when('kind', 'hsm', { properties: { path: false } }),
          else: {
            required: ['path'],
          },
        },
        why: part('why'),
      },
    },
  },
} as const satisfies { readonly [name: string]: JsonSchema };

const AFTER_STEPS = {
  transcriptKey: {
    description:
      'The key that signs the whole transcript at its end, and is destroyed when it has: ' +
      '`ceremony-<id>`, P-256, made by a step of this plan. Left out: in development only.',
    type: 'object',
    additionalProperties: false,
    required: ['token', 'key'],
    properties: {
      token: part('id'),
      key: {
        type: 'string',
        pattern: '^ceremony-[a-z][a-z0-9-]{1,39}$',
      },
      why: part('why'),
    },
  },
  outputs: {
    description:
      'Every file that the steps make, relative to the home folder: exactly these, and none may ' +
      'exist when the ceremony starts. The folders and PIN files of initialised tokens count as ' +
      'outputs too, and are named with their tokens.',
    type: 'array',
    minItems: 0,
    maxItems: 200,
    uniqueItems: true,
    items: part('path'),
  },
} as const satisfies { readonly [name: string]: JsonSchema };
