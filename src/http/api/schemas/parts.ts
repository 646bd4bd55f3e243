/** Functions and constants from which the schemas are built. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { text as ruleText } from '../../../texts/text.js';

/** Makes the schema of a string of 1 to `charactersMax` characters. */
export const text = (charactersMax: number, description: string) =>
  ({ type: 'string', minLength: 1, maxLength: charactersMax, description }) as const;

/**
 * Makes the schema of a string that a database query uses. U+0000 is excluded, because PostgreSQL
 * rejects it in a text.
 */
export const textWithoutNul = (charactersMax: number, description: string) =>
  ({
    ...text(charactersMax, description),
    pattern: '^[^\\u0000]*$',
    'x-expected': ruleText('expected/searched', { max: charactersMax }),
  }) as const;

/** Makes the schema of a string of any length, for answers only. */
export const anyText = (description: string) => ({ type: 'string', description }) as const;

export const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

export const flag = (description: string) => ({ type: 'boolean', description }) as const;

export const count = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;

export const sha256 = (description: string) => textMatching('^[0-9a-f]{64}$', ruleText('expected/sha256'), description);

/**
 * Makes the schema of a string that matches a pattern. `expected`: the text that a client gets if
 * its value does not match.
 */
export const textMatching = (pattern: string, expected: Bilingual, description: string) =>
  ({ type: 'string', pattern, 'x-expected': expected, description }) as const;

/**
 * Makes the schema of a time as RFC 3339 writes it. A sentence about the form is added to the
 * description.
 */
export const instant = (description: string) =>
  ({
    type: 'string',
    format: 'date-time',
    maxLength: 40,
    'x-expected': ruleText('expected/instant'),
    description: `${description} RFC 3339, UTC.`,
  }) as const;

/** Makes the schema of an object without any other members than `properties`. */
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

/** Makes a reference to a component. */
export const component = (name: string) => ({ $ref: `#/components/schemas/${name}` }) as const;

/** Makes the schema of a constant string, which tells the alternatives of a `oneOf` apart. */
export const kind = (value: string) => ({ const: value, type: 'string' }) as const;

/**
 * A violation in a line of an upload, with the members that a violation has in a problem document.
 */
export const violationOfLine = object(
  {
    pointer: { type: 'string', description: 'Place: a JSON pointer into the line.' },
    rule: { type: 'string', description: 'The rule that was broken. Stable; see x-rules.' },
    message: { type: 'string', description: 'What is expected, in the language of the client.' },
  },
  ['pointer', 'rule', 'message'],
);

/** The revocation reasons of RFC 5280 5.3.1 that this platform uses. */
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

/** The member by which a page names the next one. */
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

export const serialNumber = textMatching(
  '^([0-9a-f]{2}){1,20}$',
  ruleText('expected/serial-number'),
  'Lower-case hex, even length.',
);

const PROFILE_DESCRIPTION = 'Profile id, e.g. fort/cps-authentication; /v1/profiles lists them.';

export const profile = text(64, PROFILE_DESCRIPTION);
export const profileWithoutNul = textWithoutNul(64, PROFILE_DESCRIPTION);
