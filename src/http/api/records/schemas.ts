/** Schemas of the policy in force, of ceremonies, and of one update with its statements. */
import {
  anyText,
  bilingual,
  component,
  count,
  flag,
  instant,
  nextCursor,
  nullable,
  object,
  texts,
} from '../schemas/parts.js';
import { UPDATE_ROW } from '../schemas/updates.js';

/**
 * Makes the schema of an object whose members are all required, because an answer always has all of
 * them.
 */
const allRequired = <Properties extends Record<string, unknown>>(properties: Properties) =>
  object(properties, Object.keys(properties) as (keyof Properties & string)[]);

export const policyNow = allRequired({
  digest: anyText('SHA-256 of the policy files, hex. All nodes and signers have the same.'),
  environment: {
    type: 'string',
    enum: ['development', 'production'],
    description: 'The environment of the policy.',
  },
  profiles: {
    type: 'array',
    items: component('Profile'),
    description: 'All profiles, by their ids, also those that the account cannot use.',
  },
  exceptions: {
    type: 'array',
    items: allRequired({
      kind: {
        type: 'string',
        enum: ['key', 'lint'],
        description: 'key: a type of key is allowed. lint: a rule is not applied.',
      },
      what: anyText('The type of key, or the name of the lint rule.'),
      profiles: texts('Ids of the profiles for which it holds; *: all.'),
      reason: anyText('Why it was decided.'),
      approver: anyText('Who decided it.'),
      until: nullable(instant('Its last instant; null: it cannot be read, and the exception has ended.')),
      isInForce: flag('Whether it holds now.'),
    }),
    description: 'What the environment accepts although a profile or a lint rule does not.',
  },
  codeLists: {
    type: 'array',
    items: allRequired({
      name: anyText('What the list is used for.'),
      id: anyText('Its published name.'),
      date: anyText('Its date, e.g. 2026-03-01.'),
    }),
    description: 'The published lists against which codes are checked.',
  },
});

export const policyDifferences = allRequired({
  environment: anyText('The other environment of the policy folder, e.g. production.'),
  changes: {
    type: 'array',
    items: allRequired({
      file: anyText('The file of the policy.'),
      pointer: anyText('JSON pointer to the value; empty: the whole file was added or removed.'),
      before: { description: 'The value in the policy in force; null: there is none.' },
      after: { description: 'The value in the other environment; null: there is none.' },
      state: {
        type: 'string',
        enum: ['changed', 'kept', 'open'],
        description: 'changed: it differs. kept: officers decided to keep it. open: officers still have to decide it.',
      },
      text: bilingual('The difference as a sentence.'),
      decisions: texts('The notes of the officers who decided the value: when, by whom and why.'),
    }),
    description: 'What changes from the policy in force to the other one.',
  },
  faults: texts('Why the files cannot be compared; empty: they were.'),
});

const SUMMARY = {
  id: anyText('Id of the ceremony, e.g. fort.'),
  title: nullable(bilingual('The title of its plan; null: the plan cannot be read.')),
  environment: nullable(anyText('development or production; null: the plan cannot be read.')),
  isRehearsal: flag('Whether it was a rehearsal, whose tokens were deleted afterwards.'),
  begunAt: nullable(instant('When it began; null: its transcript cannot be read.')),
  endedAt: nullable(instant('When it ended; null: it has not ended, or its transcript cannot be read.')),
} as const;

export const ceremonySummaries = allRequired({
  ceremonies: {
    type: 'array',
    items: allRequired(SUMMARY),
    description: 'In the order of their ids. Nothing is verified.',
  },
  nextCursor,
});

export const ceremony = allRequired({
  ...SUMMARY,
  plan: nullable({
    type: 'object',
    description: 'The reviewed plan, as it was executed; null: it is missing or cannot be read.',
  }),
  lines: count('Lines of the transcript that can be read.'),
  fault: nullable(bilingual('Why the transcript cannot be read; null: it can.')),
});

export const ceremonyLine = allRequired({
  seq: { type: 'integer', minimum: 1, description: 'Counts from 1, without gaps.' },
  at: instant('When it happened.'),
  step: count('Number of the step in the plan; 0: the ceremony as a whole.'),
  action: anyText('What happened: the kind of the step, or an event such as begin, confirm or end.'),
  result: { type: 'object', description: 'The facts of it. Its members depend on the action.' },
  prev: anyText('The hash of the line before; 64 zeros in the first.'),
  hash: anyText('SHA-256 of the canonical JSON (RFC 8785) of this line without this member, hex.'),
});

export const ceremonyVerification = allRequired({
  verified: flag('Whether the chain, the signatures and all recorded files are right.'),
  fault: nullable(bilingual('The first thing that is wrong; null: nothing is.')),
  head: nullable(anyText('Hash of the last line, which the people present wrote down; null: it does not verify.')),
  lines: count('Verified lines.'),
  artefacts: count('Verified files.'),
  isSigned: flag('Whether the key of the ceremony has signed the transcript.'),
  linesAfterSignature: count('Lines after that signature: those of a resumption.'),
  signedBy: texts('Who has signed, in the order of the plan.'),
});

export const ceremonyMinutes = allRequired({
  html: anyText('The minutes as one HTML page, made now from the transcript.'),
  pdf: nullable(anyText('Base64 of the PDF for paper that the ceremony wrote; null: there is none.')),
});

const usage = (description: string) => ({
  ...allRequired({ used: count('How many there are.'), max: count('How many there may be.') }),
  description,
});

export const accountUsage = allRequired({
  certificatesThisHour: nullable(usage('Certificates of this hour (UTC); null: they are not limited.')),
  certificatesToday: nullable(usage('Certificates of this day (UTC); null: they are not limited.')),
  liveOrders: usage('Orders that have not ended.'),
  openLines: usage('Lines of its orders without an outcome.'),
  openApprovals: usage('Requests that wait for a second officer.'),
});

const STATEMENT = {
  verb: { type: 'string', enum: ['begin', 'confirm', 'abandon'], description: 'What the card stated.' },
  certificate: anyText('Id of the certificate whose key has signed.'),
  acceptedAt: instant('When it was accepted.'),
  statement: anyText('The statement as the card signed it: canonical JSON (RFC 8785).'),
  sha256: anyText('SHA-256 of the signed octets, which are a prefix and the statement, hex; as in the audit log.'),
  signature: nullable(anyText('Base64 of the signature; null: it was signed in CMS.')),
  cms: nullable(anyText('Base64 of the CMS SignedData (DER); null: it was signed without.')),
} as const;

export const updateLife = allRequired({
  ...UPDATE_ROW.properties,
  certificateIds: texts('Ids of the new certificates, in the order of the requests.'),
  statements: {
    type: 'array',
    items: allRequired(STATEMENT),
    description: 'What the card has signed about this update, oldest first (ops/card-statements.md).',
  },
  deskReason: nullable(anyText('Why its campaign sends the card to a service desk; null: it does not.')),
  approval: nullable(anyText('Id of the approval that waits for a second officer; null: none does.')),
});
