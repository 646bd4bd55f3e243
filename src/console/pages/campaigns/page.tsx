import { CAMPAIGN_STATES, type CampaignDate } from '../../../ports/store/cards/campaigns.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Stored } from '../../components/text.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { CREATE } from './create.js';
import { type CampaignsData, loadCampaigns } from './data.js';
import { CAMPAIGNS_PAGE_WORDS as WORDS } from './words.js';

const STATE_FIELD: Field = {
  kind: 'select',
  name: 'state',
  label: CAMPAIGN_WORDS.state,
  options: CAMPAIGN_STATES.map((state) => ({ value: state, label: CAMPAIGN_STATE_LABELS[state].label })),
};

/** All campaigns: what they are about, and where they stand. */
export const CAMPAIGNS_PAGE = definePage<CampaignsData>({
  id: 'campaigns',
  path: '/console/campaigns',
  name: CAMPAIGN_WORDS.many,
  section: 'cards',
  opensFor: ['read-campaigns'],
  query: ['state', 'cursor'],
  load: loadCampaigns,
  view: (data) => <Campaigns {...data} />,
  actions: [CREATE],
});

function Campaigns({ campaigns, next }: CampaignsData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(CAMPAIGN_WORDS.many)}>
      <Filter fields={[STATE_FIELD]} input={{ state: query.state ?? '' }} />
      <Part id="list" title={WORDS.list} isLive>
        <Table
          caption={WORDS.caption}
          rows={campaigns}
          rowKey={({ id }) => id}
          empty={WORDS.empty}
          columns={[
            {
              label: CAMPAIGN_WORDS.name,
              cell: ({ id, document }) => (
                <Link to={`/console/campaigns/${id}`}>
                  <Stored>{document.name}</Stored>
                </Link>
              ),
            },
            { label: CAMPAIGN_WORDS.state, cell: ({ state }) => <Badge {...CAMPAIGN_STATE_LABELS[state]} /> },
            { label: CAMPAIGN_WORDS.createdAt, cell: ({ createdAt }) => <Day at={createdAt} /> },
            { label: CAMPAIGN_WORDS.createdBy, cell: ({ createdBy }) => <Code>{createdBy}</Code> },
            { label: WORDS.suspension, cell: ({ dates }) => <DateCell date={dates.suspension} /> },
            { label: WORDS.revocation, cell: ({ dates }) => <DateCell date={dates.revocation} /> },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function DateCell({ date }: { readonly date: CampaignDate | null }) {
  return date === null ? <>–</> : <Day at={date.at} />;
}
