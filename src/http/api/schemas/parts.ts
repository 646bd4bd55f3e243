/** Building blocks of the schemas. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { text as said } from '../../../texts/text.js';

export const text = (charactersMax: number, description: string) =>
  ({ type: 'string', minLength: 1, maxLength: charactersMax, description }) as const;

/** U+0000 is excluded, because PostgreSQL refuses it in a text. */
export const searched = (charactersMax: number, description: string) =>
  ({
    ...text(charactersMax, description),
    pattern: '^[^\\u0000]*$',
    'x-expected': said('expected/searched', { max: charactersMax }),
  }) as const;

/** A text of an answer, of any length. */
export const anyText = (description: string) => ({ type: 'string', description }) as const;

export const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

export const flag = (description: string) => ({ type: 'boolean', description }) as const;

export const count = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;

export const sha256 = (description: string) => patterned('^[0-9a-f]{64}$', said('expected/sha256'), description);

export const patterned = (pattern: string, expected: Bilingual, description: string) =>
  ({ type: 'string', pattern, 'x-expected': expected, description }) as const;

export const instant = (description: string) =>
  ({
    type: 'string',
    format: 'date-time',
    maxLength: 40,
    'x-expected': said('expected/instant'),
    description: `${description} RFC 3339, UTC.`,
  }) as const;

export const object = <Properties extends Record<string, unknown>>(
  properties: Properties,
  required: readonly (keyof Properties & string)[],
) => ({ type: 'object', additionalProperties: false, required, properties }) as const;

export const bilingual = (description: string) =>
  ({
    ...object(
      {
        fr: { type: 'string', description: 'In French.' },
        en: { type: 'string', description: 'In English.' },
      },
      ['fr', 'en'],
    ),
    description,
  }) as const;

export const component = (name: string) => ({ $ref: `#/components/schemas/${name}` }) as const;

export const kind = (value: string) => ({ const: value, type: 'string' }) as const;

/** A violation of a line, as in a problem document. */
export const violationOfLine = object(
  {
    pointer: { type: 'string', description: 'Place: a JSON pointer into the line.' },
    rule: { type: 'string', description: 'The rule that was broken. Stable; see x-rules.' },
    message: { type: 'string', description: 'What is expected, in the language of the client.' },
  },
  ['pointer', 'rule', 'message'],
);

export const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
] as const;

export const KEY_ORIGINS = ['card', 'module', 'software'] as const;

export const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

/** How an answer names its next page. */
export const nextCursor = nullable({
  type: 'string',
  description: 'The cursor of the next page; null: this is the last one.',
});

export const CERTIFICATE_STATUSES = ['pending', 'issued', 'suspended', 'revoked', 'expired'] as const;

export const certificateStatus = {
  type: 'string',
  enum: CERTIFICATE_STATUSES,
  description: 'The status now. A certificate that has ended and is not revoked is expired.',
} as const;

export const serialNumber = patterned(
  '^([0-9a-f]{2}){1,20}$',
  said('expected/serial-number'),
  'Lower-case hex, even length.',
);

const PROFILE = 'Profile id, e.g. fort/cps-authentication; /v1/profiles lists them.';

export const profile = text(64, PROFILE);
export const searchedProfile = searched(64, PROFILE);
