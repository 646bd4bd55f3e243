import { statementSha256 } from '../../../approvals/statement.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { ok, type Result } from '../../../kernel/result.js';
import { decideApproval } from '../../../operations/approvals/decide.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import type { ActionOutcome, PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import type { ApprovalData } from './data.js';
import { aboutOf, actionLabel, cardsOf, wordsOfAction } from './statement.js';
import { APPROVAL_PAGE_WORDS as WORDS } from './words.js';

/** The statement is never rewritten, so the state alone changes. */
function versionOf({ approval: { id, state } }: ApprovalData): string {
  return `${id} ${state}`;
}

function done(action: string, decided: Result<unknown, OperationFailure>): Result<ActionOutcome, OperationFailure> {
  return decided.ok ? ok({ query: { done: action } }) : decided;
}

export const APPROVE: PageAction<ApprovalData> = {
  id: 'approve',
  label: WORDS.approve,
  action: 'approve',
  isOffered: ({ obstacle }) => obstacle === null,
  version: versionOf,
  fields: () => [],
  review: ({ approval }) => {
    const words = wordsOfAction(approval.action);
    const cards = cardsOf(approval);
    const places = { action: actionLabel(approval.action), about: aboutOf(approval) };
    return {
      summary: filled(WORDS.willExecute, places),
      consequences: [
        ...(words === null ? [] : [words.effect]),
        filled(WORDS.youSign, { sha256: statementSha256(approval) }),
        WORDS.notStale,
      ],
      isReversible: words?.isReversible ?? false,
      ...(cards === null ? {} : { typed: String(cards) }),
    };
  },
  perform: async ({ world }, { account }, { data: { approval } }) =>
    done('approve', await decideApproval(world, account, { id: approval.id, decision: 'approve' })),
};

/** Also for the officer who has made the request, who withdraws it so. */
export const REFUSE: PageAction<ApprovalData> = {
  id: 'refuse',
  label: WORDS.refuse,
  action: 'approve',
  tone: 'danger',
  isOffered: ({ obstacle }) => obstacle === null || obstacle === 'ownRequest',
  version: versionOf,
  fields: () => [OFFICER_REASON],
  review: ({ approval }) => ({
    summary: filled(WORDS.willRefuse, { action: actionLabel(approval.action) }),
    consequences: [untranslated(aboutOf(approval)), WORDS.refusedForGood],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data: { approval }, input: { reason = '' } }) =>
    done('refuse', await decideApproval(world, account, { id: approval.id, decision: 'refuse', reason })),
};
