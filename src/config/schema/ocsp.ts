/** What a process that tells status keeps, and what it signs before anybody asks (ops/ocsp.md). */
export const ocspSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    signAhead: {
      description:
        'By the id of an issuing authority, how many answers a second are signed for its certificates before anybody asks.',
      type: 'object',
      maxProperties: 50,
      propertyNames: { pattern: '^[a-z][a-z0-9-]{0,39}$' },
      additionalProperties: { type: 'integer', minimum: 1, maximum: 10_000 },
      default: {},
    },
    answersMax: {
      description: 'Answers that a process keeps in memory.',
      type: 'integer',
      minimum: 100,
      maximum: 5_000_000,
      default: 100_000,
    },
    answersMegabytesMax: {
      description: 'What they may take.',
      type: 'integer',
      minimum: 1,
      maximum: 65_536,
      default: 128,
    },
  },
  default: {},
} as const;

export type OcspConfig = {
  /** By authority: answers a second. */
  readonly signAhead: Readonly<Record<string, number>>;
  readonly answersMax: number;
  readonly answersMegabytesMax: number;
};
