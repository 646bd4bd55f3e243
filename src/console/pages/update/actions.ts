import { ok } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { decideUpdate } from '../../../operations/updates/decide.js';
import type { UpdateLife } from '../../../operations/updates/read-life.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import { UPDATE_PAGE_WORDS as WORDS } from './words.js';

const OUTCOMES = [
  { value: 'confirmed', label: WORDS.holdsNew, hint: WORDS.holdsNewHint },
  { value: 'abandoned', label: WORDS.holdsOld, hint: WORDS.holdsOldHint },
] as const;

/** Says what an undetermined card holds; it is executed when a second officer approves it. */
export const DECIDE: PageAction<UpdateLife> = {
  id: 'decide',
  label: WORDS.decide,
  action: 'approve',
  isOffered: ({ update, openApproval }) => update.state === 'undetermined' && openApproval === null,
  version: ({ update: { id, version } }) => `${id} ${version}`,
  fields: () => [
    { kind: 'choice', name: 'outcome', label: WORDS.outcome, isRequired: true, options: OUTCOMES },
    OFFICER_REASON,
  ],
  review: (_data, { outcome }) => {
    const chosen = OUTCOMES.find(({ value }) => value === outcome) ?? OUTCOMES[0];
    return {
      summary: filled(WORDS.willAsk, { outcome: chosen.label }),
      consequences: [chosen.hint, WORDS.finalThen, WORDS.nothingYet],
      isReversible: true,
    };
  },
  perform: async ({ world }, { account }, { data: { update }, input }) => {
    const outcome = input.outcome === 'abandoned' ? 'abandoned' : 'confirmed';
    const subject = { update: update.id, outcome, reason: input.reason ?? '' } as const;
    const requested = await requestApproval(world, decideUpdate, { account, subject });
    if (!requested.ok) return requested;
    return ok({ path: `/console/approvals/${requested.value.id}`, query: { done: 'request' } });
  },
};
