import { AuditLink } from '../../components/audit-link.js';
import { Link, Notice, Part } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import { actionLabel } from '../approval/statement.js';
import { CAMPAIGN_ACTIONS } from './actions.js';
import { type CampaignData, loadCampaign } from './data.js';
import { CampaignDates } from './dates.js';
import { CampaignFacts } from './facts.js';
import { CampaignProgress, ClassPlaces, DeskReasons, Readers, UndeterminedCards } from './figures.js';
import { SEND_LIST } from './list.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/** One campaign: its population, how far it is, and what its dates will do. */
export const CAMPAIGN_PAGE = definePage<CampaignData>({
  id: 'campaign',
  path: '/console/campaigns/{id}',
  name: CAMPAIGN_WORDS.one,
  section: null,
  opensFor: ['read-campaigns'],
  query: ['done'],
  load: loadCampaign,
  title: ({ campaign: { document } }) => filled(WORDS.title, { name: document.name }),
  view: (data) => <CampaignView {...data} />,
  actions: [SEND_LIST, ...CAMPAIGN_ACTIONS],
});

const DONE = {
  create: WORDS.done_create,
  list: WORDS.done_list,
  pause: WORDS.done_pause,
  resume: WORDS.done_resume,
} as const;

function CampaignView(data: CampaignData) {
  const { t, query } = useUi();
  const { campaign, openApprovals } = data;
  const isLive = campaign.state !== 'ended';
  const done = Object.entries(DONE).find(([name]) => name === query.done);
  return (
    <PageFrame title={t(filled(WORDS.title, { name: campaign.document.name }))}>
      {done !== undefined && (
        <Notice tone="good">
          <p>{t(done[1])}</p>
        </Notice>
      )}
      {openApprovals.length > 0 && (
        <Notice tone="warn">
          <p>{t(WORDS.waits)}</p>
          <ul>
            {openApprovals.map(({ id, action }) => (
              <li key={id}>
                <Link to={`/console/approvals/${id}`}>{t(actionLabel(action))}</Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Part id="progress" title={WORDS.progress} isLive={isLive}>
        <CampaignProgress {...data} />
        <p>
          <Link to={`/console/campaigns/${campaign.id}/cards`}>{t(WORDS.allOfCards)}</Link>
        </p>
      </Part>
      <Part id="undetermined" title={WORDS.undetermined} isLive={isLive}>
        <UndeterminedCards {...data} />
      </Part>
      <Part id="desk" title={WORDS.desk} isLive={isLive}>
        <DeskReasons {...data} />
      </Part>
      <Part id="dates" title={WORDS.dates} isLive={isLive}>
        <CampaignDates {...campaign} />
      </Part>
      <Part id="classes" title={WORDS.classes} isLive={isLive}>
        <ClassPlaces {...data} />
      </Part>
      <Part id="readers" title={WORDS.readers} isLive={isLive}>
        <Readers {...data} />
      </Part>
      <Part id="facts" title={WORDS.facts}>
        <CampaignFacts {...campaign} />
        <AuditLink id={campaign.id} />
      </Part>
    </PageFrame>
  );
}
