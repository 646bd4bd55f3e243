import type { Campaign, CampaignDate } from '../../../ports/store/cards/campaigns.js';
import { DATE_KINDS } from '../../../ports/store/cards/campaigns.js';
import { Table } from '../../components/table.js';
import { Badge, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_ACTION_LABELS, DATE_LABELS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/** The dates, whether they will act, and what the campaign does just now. */
export function CampaignDates({ dates, action }: Campaign) {
  const { t, number } = useUi();
  return (
    <>
      <Table
        caption={WORDS.datesCaption}
        rows={DATE_KINDS}
        rowKey={(kind) => kind}
        columns={[
          { label: WORDS.what, cell: (kind) => t(DATE_LABELS[kind]) },
          { label: WORDS.at, cell: (kind) => <DateText date={dates[kind]} /> },
          { label: WORDS.readiness, cell: (kind) => <Readiness date={dates[kind]} /> },
        ]}
      />
      {action !== null && (
        <p>
          {t(filled(WORDS.changed, { action: CAMPAIGN_ACTION_LABELS[action.kind], count: number(action.changed) }))}
        </p>
      )}
    </>
  );
}

function DateText({ date }: { readonly date: CampaignDate | null }) {
  const { t } = useUi();
  return date === null ? <span>{t(WORDS.noDate)}</span> : <Time at={date.at} />;
}

function Readiness({ date }: { readonly date: CampaignDate | null }) {
  if (date === null) return <>–</>;
  if (date.outcome === 'acted') return <Badge tone="good" label={WORDS.acted} />;
  if (date.outcome === 'missed') return <Badge tone="quiet" label={WORDS.missed} />;
  if (date.armedAt === null) return <Badge tone="warn" label={WORDS.notArmed} />;
  return (
    <>
      <Badge tone="good" label={WORDS.armed} /> <Time at={date.armedAt} />
    </>
  );
}
