/** Schemas of responses about orders. */
import { LIMITS } from '../../../kernel/limits.js';
import { ORDER_OUTCOMES, ORDER_STATES } from '../../../ports/store/orders.js';
import { anyText, component, count, instant, nextCursor, nullable, object, sha256 } from './parts.js';

const counts = {
  ...object(
    {
      issued: count('Lines whose certificates were issued.'),
      duplicate: count('Lines whose certificates existed already: nothing was issued.'),
      refused: count('Lines that were refused, each with a problem document.'),
      notIssued: count('Lines that were given up: at the deadline, by the lint, or after a crash.'),
      cancelled: count('Lines that were not begun before the order was cancelled.'),
      open: count('Lines without an outcome.'),
      wouldIssue: count('In a dry run: lines that would be issued.'),
      wouldBeDuplicate: count('In a dry run: lines that would be duplicates.'),
    },
    ['issued', 'duplicate', 'refused', 'notIssued', 'cancelled', 'open'],
  ),
  description: 'Lines by outcome. wouldIssue and wouldBeDuplicate are there in dry runs only.',
} as const;

const waiting = object(
  {
    reason: anyText('Why lines wait: pace, signer, under-way, or fault (of PFCNG: they are tried again).'),
    profile: nullable(anyText('The profile whose pace or signer they wait for.')),
    until: nullable(instant('When they may go on.')),
  },
  ['reason'],
);

export const order = object(
  {
    id: anyText('Id of the order.'),
    state: { type: 'string', enum: ORDER_STATES, description: 'The state of the order (ops/orders.md).' },
    dryRun: { type: 'boolean', description: 'Everything is checked and nothing is issued.' },
    reference: nullable(anyText("The client's own name for the order.")),
    account: anyText('The account that submitted the order.'),
    bureau: nullable(anyText('The account of the card bureau that may read the order.')),
    octets: count('Octets of the upload; while it is received, those that are stored.'),
    lines: count('Lines of the upload; while it is received, those that are stored.'),
    acknowledged: count('Lines whose cards the card bureau has acknowledged.'),
    counts,
    receivedAt: instant('When the upload began.'),
    acceptedAt: nullable(instant('When the upload was complete.')),
    finishedAt: nullable(instant('When the order ended.')),
    deadlineAt: nullable(instant('When lines without an outcome are given up.')),
    linesPerSecond: nullable({ type: 'number', description: 'The present pace; null: it is not being worked on.' }),
    estimatedEnd: nullable(instant('The end at the present pace.')),
    waitingFor: { type: 'array', items: waiting, description: 'Why lines wait, if any do.' },
    pausedBy: nullable(anyText('An account, or system: its account was disabled. null: it is not paused.')),
    requestSha256: nullable(sha256('SHA-256 of the upload.')),
    resultsSha256: nullable(sha256('SHA-256 of the results, when all lines have outcomes.')),
  },
  [
    'id',
    'state',
    'dryRun',
    'reference',
    'account',
    'bureau',
    'octets',
    'lines',
    'acknowledged',
    'counts',
    'receivedAt',
    'acceptedAt',
    'finishedAt',
    'deadlineAt',
    'linesPerSecond',
    'estimatedEnd',
    'waitingFor',
    'pausedBy',
    'requestSha256',
    'resultsSha256',
  ],
);

export const orderPage = object(
  {
    orders: { type: 'array', items: component('Order'), description: 'Newest first.' },
    nextCursor,
  },
  ['orders', 'nextCursor'],
);

const lineCertificate = object(
  {
    id: anyText('Id of the certificate on this platform.'),
    issuer: anyText('Generation of the CA, e.g. aci-fo-pp.'),
    notAfter: instant('Its end.'),
    notBefore: instant('Its beginning.'),
    profile: anyText('Profile id.'),
    serialNumber: anyText('Lower-case hex.'),
    sha256: anyText('SHA-256 of its DER, lower-case hex.'),
    certificate: { type: 'string', description: 'DER in base64, where it was asked for.' },
  },
  ['id', 'issuer', 'notAfter', 'notBefore', 'profile', 'serialNumber', 'sha256'],
);

export const orderLine = object(
  {
    line: { type: 'integer', minimum: 1, description: 'Number of the line in the upload, from 1.' },
    card: nullable(anyText('Token id of the card; null: the line could not be read.')),
    outcome: { type: 'string', enum: ORDER_OUTCOMES, description: 'What became of the line. It is final.' },
    certificates: {
      type: 'array',
      maxItems: LIMITS.certificatesPerCardMax,
      items: lineCertificate,
      description: 'The certificates of the card: those that were issued, or those that existed already.',
    },
    problem: { ...component('Problem'), description: 'Why it was refused or not issued, with pointers into the line.' },
  },
  ['line', 'card', 'outcome'],
);

const orderProblem = object(
  {
    code: { type: 'string', description: 'Code of the problem documents of these lines.' },
    rule: nullable({ type: 'string', description: 'The rule that they break; null: their problems have none.' }),
    lines: {
      type: 'integer',
      minimum: 1,
      description: 'How many lines; one that breaks several rules counts for each.',
    },
    firstLine: { type: 'integer', minimum: 1, description: 'The first of these lines.' },
  },
  ['code', 'rule', 'lines', 'firstLine'],
);

export const orderProblems = object(
  { problems: { type: 'array', items: orderProblem, description: 'The most frequent first.' } },
  ['problems'],
);
