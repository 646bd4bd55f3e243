import type { CampaignCard } from '../../../ports/store/cards/campaigns.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Stored } from '../../components/text.js';
import { CAMPAIGN_CARD_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/** Some cards, for those who decide about all of them. */
export function CardSample({ cards }: { readonly cards: readonly CampaignCard[] }) {
  return (
    <Table
      caption={WORDS.sample}
      rows={cards}
      rowKey={({ cardTokenId }) => cardTokenId}
      empty={WORDS.noCards}
      columns={[
        { label: CAMPAIGN_WORDS.card, cell: ({ cardTokenId }) => <Stored>{cardTokenId}</Stored> },
        { label: CAMPAIGN_WORDS.class, cell: (card) => <Code>{card.class}</Code> },
        { label: CAMPAIGN_WORDS.state, cell: ({ state }) => <Badge {...CAMPAIGN_CARD_STATE_LABELS[state]} /> },
      ]}
    />
  );
}
