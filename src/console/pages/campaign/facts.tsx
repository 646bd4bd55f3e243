import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Campaign, CampaignSelection, ClassSelection } from '../../../ports/store/cards/campaigns.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Badge, Code, Stored, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_CHANNEL_LABELS, CAMPAIGN_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { SUPERSEDE_LABELS } from '../../words/updates.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/** What the campaign was created with. */
export function CampaignFacts({ document, state, stateAt, createdBy, createdAt, fixedAt }: Campaign) {
  const { t, number } = useUi();
  const { reason, selection, fromSuspended, channel, supersede, attemptsMax } = document;
  return (
    <Facts
      facts={[
        { label: CAMPAIGN_WORDS.state, value: <Badge {...CAMPAIGN_STATE_LABELS[state]} /> },
        { label: CAMPAIGN_WORDS.stateAt, value: <Time at={stateAt} /> },
        { label: CAMPAIGN_WORDS.createdBy, value: <Code>{createdBy}</Code> },
        { label: CAMPAIGN_WORDS.createdAt, value: <Time at={createdAt} /> },
        { label: WORDS.fixedAt, value: fixedAt && <Time at={fixedAt} /> },
        ...(selection.kind === 'list' ? [{ label: WORDS.cardsBy, value: t(WORDS.ofLists) }] : criteriaFacts(selection)),
        {
          label: CAMPAIGN_WORDS.reason,
          value: (
            <>
              {t(REASON_LABELS[reason])} <Code>{reason}</Code>
            </>
          ),
        },
        { label: CAMPAIGN_WORDS.fromSuspended, value: t(fromSuspended ? CAMPAIGN_WORDS.yes : CAMPAIGN_WORDS.no) },
        { label: CAMPAIGN_WORDS.channel, value: t(CAMPAIGN_CHANNEL_LABELS[channel]) },
        {
          label: CAMPAIGN_WORDS.supersede,
          value: t(supersede === null ? CAMPAIGN_WORDS.byProfile : SUPERSEDE_LABELS[supersede]),
        },
        { label: WORDS.attemptsMax, value: number(attemptsMax) },
      ]}
    />
  );
}

type Criteria = Extract<CampaignSelection | ClassSelection, { readonly kind: 'criteria' }>;

/** Criteria that were not given are left out. */
export function criteriaFacts({ kind: _, ...criteria }: Criteria): readonly Fact[] {
  return Object.entries(criteria).flatMap(([name, value]): readonly Fact[] => {
    if (value === null) return [];
    const label: Bilingual = CAMPAIGN_WORDS[name as keyof Omit<Criteria, 'kind'>];
    if (typeof value === 'number') return [{ label, value: <Time at={value} /> }];
    return [{ label, value: <Stored>{typeof value === 'string' ? value : value.join(', ')}</Stored> }];
  });
}
