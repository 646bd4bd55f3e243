/** Schemas of approvals: actions that one officer requests and a second one approves or refuses. */
import { LIMITS } from '../../../kernel/limits.js';
import { ACTION_NAMES } from '../../../operations/approvals/actions.js';
import { APPROVAL_STATES, SIGNATURE_FORMS } from '../../../ports/store/officers/approvals.js';
import { text as ruleText } from '../../../texts/text.js';
import { anyText, component, instant, kind, nextCursor, nullable, object, textMatching } from './parts.js';

/** Makes the schema of a reason that an officer gives: one line of text. */
export const officerReason = (description: string) =>
  ({
    ...textMatching('^\\P{Cc}*$', ruleText('expected/reason', { max: LIMITS.officerReasonCharactersMax }), description),
    minLength: 1,
    maxLength: LIMITS.officerReasonCharactersMax,
  }) as const;

export const approvalState = { type: 'string', enum: APPROVAL_STATES } as const;

export const approvalDecision = {
  type: 'object',
  required: ['decision'],
  discriminator: { propertyName: 'decision' },
  oneOf: [
    object({ decision: kind('approve') }, ['decision']),
    object({ decision: kind('refuse'), reason: officerReason('Why it is refused; without personal data.') }, [
      'decision',
      'reason',
    ]),
  ],
} as const;

const signature = object(
  {
    account: anyText('The account of the officer.'),
    form: {
      type: 'string',
      enum: SIGNATURE_FORMS,
      description: 'account: by the client certificate of the account, over mutual TLS.',
    },
    at: instant('When the officer agreed.'),
  },
  ['account', 'form', 'at'],
);

export const approval = object(
  {
    id: anyText('Id of the approval.'),
    action: { type: 'string', enum: ACTION_NAMES, description: 'What will be done or was done.' },
    state: {
      ...approvalState,
      description:
        'requested: it waits for a second officer. The others are final. stale: its object had changed, or the action was not ' +
        'possible any more.',
    },
    requestedBy: anyText('The account of the officer who requested it: the first of the two.'),
    requestedAt: instant('When it was requested.'),
    expiresAt: instant('When it expires.'),
    endedAt: nullable(instant('When it ended; null: it is open.')),
    reason: nullable(anyText('Why it was refused, in the words of the officer, or is stale, in English.')),
    fr: {
      ...object({ reason: anyText('Why it is stale.') }, ['reason']),
      description: 'Texts in French; only for an approval that is stale.',
    },
    subject: { type: 'object', description: 'All that will be done. Its members depend on the action.' },
    object: { type: 'object', description: 'What it is about, as it was at the request.' },
    version: nullable(
      anyText('SHA-256 of the object at the request. If it has another one at the execution, it is stale.'),
    ),
    result: { description: 'What the execution has made; null: nothing that needs a name.' },
    statement: anyText('The octets that both officers agree to: canonical JSON (RFC 8785) with the subject.'),
    statementSha256: anyText('Their SHA-256, as in the audit log.'),
    signatures: { type: 'array', maxItems: 2, items: signature, description: 'The requester first.' },
  },
  [
    'id',
    'action',
    'state',
    'requestedBy',
    'requestedAt',
    'expiresAt',
    'endedAt',
    'reason',
    'subject',
    'object',
    'version',
    'result',
    'statement',
    'statementSha256',
    'signatures',
  ],
);

/** The response to a request that needs a second officer. */
export const requestedApproval = object({ approval: component('Approval') }, ['approval']);

export const approvalPage = object(
  {
    approvals: { type: 'array', items: component('Approval'), description: 'Newest first.' },
    nextCursor,
  },
  ['approvals', 'nextCursor'],
);
