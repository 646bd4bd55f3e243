import { DAY_MS } from '../../../kernel/duration.js';
import { ok } from '../../../kernel/result.js';
import { CARD_EVENT_OF_REASON } from '../../../lifecycle/card-states.js';
import { replaceCard } from '../../../operations/cards/replace-card.js';
import { revokeCard } from '../../../operations/revocation/revoke-all.js';
import { CEILINGS } from '../../../policy/ceilings.js';
import { CertificateTable } from '../../components/certificates.js';
import type { Field } from '../../fields.js';
import type { PageAction } from '../../page.js';
import { dayOf, situationOf, situationOptions } from '../../situations.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import type { CardData } from './data.js';
import { CARD_PAGE_WORDS as WORDS } from './words.js';

function versionOf({ card: { version, state }, certificates }: CardData): string {
  return JSON.stringify([version, state, certificates.map((certificate) => [certificate.id, certificate.state])]);
}

/** Revokes what is on the card, and ends the card. `superseded` would leave the card in use. */
export const OPPOSE: PageAction<CardData> = {
  id: 'oppose',
  label: WORDS.oppose,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ card, live }) => card.state === 'in-use' || live.length > 0,
  version: versionOf,
  fields: ({ reasons }) => [
    {
      kind: 'choice',
      name: 'situation',
      label: WORDS.situation,
      isRequired: true,
      options: situationOptions(reasons.filter((reason) => reason !== 'superseded')),
    },
    { kind: 'date', name: 'since', label: WORDS.since, hint: WORDS.sinceHint },
  ],
  review: ({ card: { tokenId: card }, live }, { situation = '' }) => {
    const { reason, meaning } = situationOf(situation);
    const isReturned = CARD_EVENT_OF_REASON[reason] === 'return';
    return {
      summary: filled(WORDS.willOppose, { card, reason: REASON_LABELS[reason], count: String(live.length) }),
      consequences: [
        isReturned ? WORDS.willBeReturned : WORDS.willBeOpposed,
        WORDS.willBeTold,
        WORDS.updatesEnd,
        filled(WORDS.meaning, { meaning }),
      ],
      isReversible: false,
      sample: <CertificateTable caption={WORDS.sample} rows={live} empty={WORDS.noneLive} common="card" />,
    };
  },
  perform: async ({ world }, { account }, { data: { card }, input }) => {
    const { reason } = situationOf(input.situation ?? '');
    const revoked = await revokeCard(world, card.tokenId, { account, reason, invalidityDate: dayOf(input.since) });
    return revoked.ok ? ok({ query: { done: 'oppose' } }) : revoked;
  },
};

const REPLACE_FIELDS: readonly Field[] = [
  {
    kind: 'text',
    name: 'by',
    label: WORDS.newCard,
    hint: WORDS.newCardHint,
    isRequired: true,
    lengthMax: 40,
    pattern: { matches: /^8025000001\/\d{10}$/, says: WORDS.newCardForm },
  },
  {
    kind: 'number',
    name: 'overlap',
    label: WORDS.overlap,
    hint: WORDS.overlapHint,
    isRequired: true,
    min: 0,
    max: CEILINGS.overlapMsMax / DAY_MS,
    value: '7',
  },
];

export const REPLACE: PageAction<CardData> = {
  id: 'replace',
  label: WORDS.replace,
  action: 'update-card',
  isOffered: ({ card }) => card.state === 'in-use' && card.holderId !== null && card.replacedUntil === null,
  version: versionOf,
  fields: () => REPLACE_FIELDS,
  review: ({ card: { tokenId: card } }, { by = '', overlap: days = '' }) => ({
    summary: filled(WORDS.willReplace, { card, by }),
    consequences: [filled(WORDS.oldEnds, { days }), WORDS.noUpdateMeanwhile],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data: { card }, input: { by = '', overlap } }) => {
    const replaced = await replaceCard(world, card.tokenId, { account, by, overlapMs: Number(overlap) * DAY_MS });
    return replaced.ok ? ok({ query: { done: 'replace' } }) : replaced;
  },
};
