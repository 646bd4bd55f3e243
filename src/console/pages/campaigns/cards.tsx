import { ok } from '../../../kernel/result.js';
import { type CampaignCardsPage, listCampaignCards, readCampaign } from '../../../operations/campaigns/read.js';
import {
  CAMPAIGN_CARD_STATES,
  type Campaign,
  type CampaignCard,
  DESK_REASONS,
} from '../../../ports/store/cards/campaigns.js';
import { text } from '../../../texts/text.js';
import { CardLink } from '../../components/certificates.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Time } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_CARD_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import type { Words } from '../../words/words.js';

export const CAMPAIGN_CARDS_WORDS = {
  title: { fr: 'Cartes de la campagne {name}', en: 'Cards of campaign {name}' },
  name: { fr: "Cartes d'une campagne", en: 'Cards of a campaign' },
  list: { fr: 'Liste des cartes', en: 'List of cards' },
  caption: { fr: 'Cartes, par numéro', en: 'Cards, by number' },
  attempts: { fr: 'Échecs', en: 'Failures' },
  place: { fr: 'Place à partir du', en: 'Place from' },
  updates: { fr: 'Mises à jour', en: 'Updates' },
  back: { fr: 'Retour à la campagne', en: 'Back to the campaign' },
  empty: {
    fr: 'Aucune carte ne correspond. Choisissez un autre état.',
    en: 'No card matches. Choose another state.',
  },
} as const satisfies Words;

type CardsData = CampaignCardsPage & { readonly campaign: Campaign };

const FIELDS: readonly Field[] = [
  {
    kind: 'select',
    name: 'state',
    label: CAMPAIGN_WORDS.state,
    options: CAMPAIGN_CARD_STATES.map((state) => ({ value: state, label: CAMPAIGN_CARD_STATE_LABELS[state].label })),
  },
  {
    kind: 'select',
    name: 'reason',
    label: CAMPAIGN_WORDS.deskReason,
    options: DESK_REASONS.map((reason) => ({ value: reason, label: text(`desk/${reason}`) })),
  },
];

/** The cards of a campaign by state: those that are undetermined, those that go to a desk. */
export const CAMPAIGN_CARDS_PAGE = definePage<CardsData>({
  id: 'campaign-cards',
  path: '/console/campaigns/{id}/cards',
  name: CAMPAIGN_CARDS_WORDS.name,
  section: null,
  opensFor: ['read-campaigns'],
  query: ['state', 'reason', 'cursor'],
  load: async ({ world }, { account, params: { id = '' }, query }) => {
    const campaign = await readCampaign(world, account, id);
    if (!campaign.ok) return campaign;
    const page = await listCampaignCards(world, account, {
      id,
      state: CAMPAIGN_CARD_STATES.find((one) => one === query.state),
      reason: DESK_REASONS.find((one) => one === query.reason),
      after: query.cursor ?? '',
      limit: PAGE_SIZE,
    });
    return page.ok ? ok({ ...page.value, campaign: campaign.value }) : page;
  },
  title: ({ campaign: { document } }) => filled(CAMPAIGN_CARDS_WORDS.title, { name: document.name }),
  view: (data) => <Cards {...data} />,
});

function Cards({ campaign, cards, next }: CardsData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(filled(CAMPAIGN_CARDS_WORDS.title, { name: campaign.document.name }))}>
      <p>
        <Link to={`/console/campaigns/${campaign.id}`}>{t(CAMPAIGN_CARDS_WORDS.back)}</Link>
      </p>
      <Filter fields={FIELDS} input={{ state: query.state ?? '', reason: query.reason ?? '' }} />
      <Part id="list" title={CAMPAIGN_CARDS_WORDS.list} isLive>
        <CardTable rows={cards} />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function CardTable({ rows }: { readonly rows: readonly CampaignCard[] }) {
  const { t, number } = useUi();
  return (
    <Table
      caption={CAMPAIGN_CARDS_WORDS.caption}
      rows={rows}
      rowKey={({ cardTokenId }) => cardTokenId}
      empty={CAMPAIGN_CARDS_WORDS.empty}
      columns={[
        { label: CAMPAIGN_WORDS.card, cell: ({ cardTokenId }) => <CardLink tokenId={cardTokenId} /> },
        { label: CAMPAIGN_WORDS.class, cell: (card) => <Code>{card.class}</Code> },
        { label: CAMPAIGN_WORDS.state, cell: ({ state }) => <Badge {...CAMPAIGN_CARD_STATE_LABELS[state]} /> },
        {
          label: CAMPAIGN_WORDS.deskReason,
          cell: ({ reason }) => (reason === null ? '–' : t(text(`desk/${reason}`))),
        },
        { label: CAMPAIGN_CARDS_WORDS.attempts, kind: 'number', cell: ({ attempts }) => number(attempts) },
        {
          label: CAMPAIGN_CARDS_WORDS.place,
          cell: ({ ticketFrom }) => (ticketFrom === null ? '–' : <Time at={ticketFrom} />),
        },
        { label: CAMPAIGN_CARDS_WORDS.updates, cell: (card) => <UpdatesLink card={card} /> },
      ]}
    />
  );
}

/** Shown only to accounts that may open the page of updates. */
function UpdatesLink({ card: { cardTokenId } }: { readonly card: CampaignCard }) {
  const { t, can } = useUi();
  if (!can('read-updates')) return <>–</>;
  return (
    <Link to="/console/updates" query={{ card: cardTokenId }}>
      {t(CAMPAIGN_CARDS_WORDS.updates)}
    </Link>
  );
}
