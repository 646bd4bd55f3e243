import { ok, type Result } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { unbarHolder } from '../../../operations/cards/unbar-holder.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { revokeHolder } from '../../../operations/revocation/revoke-all.js';
import { CertificateTable } from '../../components/certificates.js';
import type { Field } from '../../fields.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import type { ActionOutcome, PageAction, Review } from '../../page.js';
import { dayOf, type Situation, situationOf, situationOptions } from '../../situations.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import type { HolderData } from './data.js';
import { HOLDER_PAGE_WORDS as WORDS } from './words.js';

const SINCE: Field = { kind: 'date', name: 'since', label: WORDS.since, hint: WORDS.sinceHint };
/** The situation whose reason bars a holder. */
const STRUCK_OFF = 'struck-off';
const SAMPLE_MAX = 10;

function versionOf({ record, certificates }: HolderData): string {
  return JSON.stringify([record?.version ?? 0, certificates.map(({ id, state }) => [id, state])]);
}

/** What revoking all certificates means; their number is typed to confirm it. */
function reviewOf({ holderId: holder, live }: HolderData, { reason, meaning }: Situation): Review {
  const count = String(live.length);
  const sample = live.slice(0, SAMPLE_MAX);
  const caption = filled(WORDS.sample, { count: String(sample.length) });
  const review: Review = {
    summary: filled(WORDS.willRevoke, { holder, reason: REASON_LABELS[reason], count }),
    consequences: [WORDS.willBeTold, WORDS.cannotWork, filled(WORDS.meaning, { meaning })],
    isReversible: false,
    sample: <CertificateTable caption={caption} rows={sample} empty={WORDS.noneLive} common="holder" />,
  };
  return live.length === 0 ? review : { ...review, typed: count };
}

function done(action: string, changed: Result<unknown, OperationFailure>): Result<ActionOutcome, OperationFailure> {
  return changed.ok ? ok({ query: { done: action } }) : changed;
}

export const REVOKE_ALL: PageAction<HolderData> = {
  id: 'revoke',
  label: WORDS.revoke,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ live }) => live.length > 0,
  version: versionOf,
  fields: ({ reasons }) => [
    {
      kind: 'choice',
      name: 'situation',
      label: WORDS.situation,
      isRequired: true,
      options: situationOptions(reasons).filter(({ value }) => value !== STRUCK_OFF),
    },
    SINCE,
  ],
  review: (data, { situation = '' }) => reviewOf(data, situationOf(situation)),
  perform: async ({ world }, { account }, { data, input }) => {
    const { reason } = situationOf(input.situation ?? '');
    const command = { account, reason, invalidityDate: dayOf(input.since) };
    return done('revoke', await revokeHolder(world, data.holderId, command));
  },
};

/** The revocation for withdrawn rights, with which the holder gets nothing any more. */
export const BAR: PageAction<HolderData> = {
  id: 'bar',
  label: WORDS.bar,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ record, reasons }) => record?.state !== 'barred' && reasons.includes(situationOf(STRUCK_OFF).reason),
  version: versionOf,
  fields: () => [SINCE],
  review: (data) => {
    const review = reviewOf(data, situationOf(STRUCK_OFF));
    return { ...review, consequences: [WORDS.willBeBarred, ...review.consequences, WORDS.replacementsEnd] };
  },
  perform: async ({ world }, { account }, { data, input }) => {
    const { reason } = situationOf(STRUCK_OFF);
    const command = { account, reason, invalidityDate: dayOf(input.since) };
    return done('bar', await revokeHolder(world, data.holderId, command));
  },
};

export const UNBAR: PageAction<HolderData> = {
  id: 'unbar',
  label: WORDS.unbar,
  action: 'approve',
  isOffered: ({ record }) => record?.state === 'barred',
  version: versionOf,
  fields: () => [OFFICER_REASON],
  review: ({ holderId: holder }) => ({
    summary: filled(WORDS.willAsk, { holder }),
    consequences: [WORDS.nothingBefore],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data: { holderId: holder }, input: { reason = '' } }) => {
    const asked = await requestApproval(world, unbarHolder, { account, subject: { holder, reason } });
    return asked.ok ? ok({ path: `/console/approvals/${asked.value.id}`, query: { done: 'request' } }) : asked;
  },
};
