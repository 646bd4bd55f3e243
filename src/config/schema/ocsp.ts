/**
 * How many OCSP responses a process caches, how many it signs before they are requested, and how
 * many for one client only (ops/ocsp.md).
 */
export const ocspSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    signAhead: {
      description:
        'By the id of an issuing CA: how many responses per second are signed for its certificates before they are requested.',
      type: 'object',
      maxProperties: 50,
      propertyNames: { pattern: '^[a-z][a-z0-9-]{0,39}$' },
      additionalProperties: { type: 'integer', minimum: 1, maximum: 10_000 },
      default: {},
    },
    answersMax: {
      description: 'Limit of responses that a process caches.',
      type: 'integer',
      minimum: 100,
      maximum: 5_000_000,
      default: 100_000,
    },
    answersMegabytesMax: {
      description: 'Limit of their memory.',
      type: 'integer',
      minimum: 1,
      maximum: 65_536,
      default: 128,
    },
    oneClientPerSecondMax: {
      description:
        'Limit of responses per second and process that are for one client only: with a nonce, about several ' +
        'certificates, with a certificate id in an unusual form, or about a serial number that was never issued. ' +
        'Requests beyond it get the response for everybody, without a nonce, or tryLater.',
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 500,
    },
  },
  default: {},
} as const;

export type OcspConfig = {
  /** Responses per second, by CA. */
  readonly signAhead: Readonly<Record<string, number>>;
  readonly answersMax: number;
  readonly answersMegabytesMax: number;
  readonly oneClientPerSecondMax: number;
};
