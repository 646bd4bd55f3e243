import { SECOND_MS } from '../../../kernel/duration.js';
import type { ClassUse } from '../../../operations/campaigns/read.js';
import { CAMPAIGN_CARD_STATES, type CampaignClass, DESK_REASONS } from '../../../ports/store/cards/campaigns.js';
import { text } from '../../../texts/text.js';
import { Facts } from '../../components/facts.js';
import { Progress } from '../../components/progress.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Stored, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_CARD_STATE_LABELS, CAMPAIGN_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import { type CampaignData, cardCounts, countsByClass, sumOf } from './data.js';
import { criteriaFacts } from './facts.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/** How many cards have a confirmed update, and where the others are. */
export function CampaignProgress(data: CampaignData) {
  const { number } = useUi();
  const counts = cardCounts(data);
  const confirmed = sumOf(counts.filter(({ state }) => state === 'confirmed'));
  return (
    <>
      <p>
        <Badge {...CAMPAIGN_STATE_LABELS[data.campaign.state]} />
      </p>
      <Progress id="confirmed" label={WORDS.confirmed} value={confirmed} max={sumOf(counts)} />
      <Table
        caption={WORDS.byState}
        rows={countsByClass(data)}
        rowKey={(row) => row.class}
        columns={[
          { label: CAMPAIGN_WORDS.class, cell: (row) => <Code>{row.class}</Code> },
          ...CAMPAIGN_CARD_STATES.map((state) => ({
            label: CAMPAIGN_CARD_STATE_LABELS[state].label,
            kind: 'number' as const,
            cell: (row: ReturnType<typeof countsByClass>[number]) => number(row[state]),
          })),
          { label: CAMPAIGN_WORDS.total, kind: 'number', cell: ({ total }) => number(total) },
        ]}
      />
    </>
  );
}

/** Cards whose set is not known: each waits for its card, or for two officers. */
export function UndeterminedCards(data: CampaignData) {
  const { t, number } = useUi();
  const count = sumOf(cardCounts(data).filter(({ state }) => state === 'undetermined'));
  if (count === 0) return <p class="empty">{t(WORDS.noUndetermined)}</p>;
  return (
    <p>
      <Link to={`/console/campaigns/${data.campaign.id}/cards`} query={{ state: 'undetermined' }}>
        {t(filled(WORDS.undeterminedLink, { count: number(count) }))}
      </Link>
    </p>
  );
}

export function DeskReasons(data: CampaignData) {
  const { t, number } = useUi();
  const counts = cardCounts(data);
  const rows = DESK_REASONS.map((reason) => ({
    reason,
    count: sumOf(counts.filter((one) => one.reason === reason)),
  })).filter(({ count }) => count > 0);
  return (
    <Table
      caption={WORDS.deskCaption}
      rows={rows.toSorted((one, other) => other.count - one.count)}
      rowKey={({ reason }) => reason}
      empty={WORDS.noDesk}
      columns={[
        {
          label: CAMPAIGN_WORDS.deskReason,
          cell: ({ reason }) => (
            <Link to={`/console/campaigns/${data.campaign.id}/cards`} query={{ state: 'to-desk', reason }}>
              {t(text(`desk/${reason}`))}
            </Link>
          ),
        },
        { label: CAMPAIGN_WORDS.cards, kind: 'number', cell: ({ count }) => number(count) },
      ]}
    />
  );
}

export function ClassPlaces({ campaign, classes }: CampaignData) {
  const { t, number } = useUi();
  const useOf = ({ name }: CampaignClass): ClassUse | undefined => classes.find((use) => use.class === name);
  const figure = (one: CampaignClass, name: 'usedLastHour' | 'placesAhead'): string => number(useOf(one)?.[name] ?? 0);
  return (
    <Table
      caption={WORDS.classesCaption}
      rows={campaign.document.classes}
      rowKey={({ name }) => name}
      columns={[
        { label: CAMPAIGN_WORDS.class, cell: ({ name }) => <Code>{name}</Code> },
        { label: WORDS.select, cell: (one) => <ClassCards one={one} lists={campaign.lists} /> },
        {
          label: WORDS.opensAt,
          cell: ({ opensAt }) => (opensAt === null ? t(WORDS.atOpening) : <Time at={opensAt} />),
        },
        {
          label: CAMPAIGN_WORDS.capacity,
          kind: 'number',
          cell: ({ capacityPerHour }) => number(capacityPerHour),
        },
        { label: WORDS.usedLastHour, kind: 'number', cell: (one) => figure(one, 'usedLastHour') },
        { label: WORDS.placesAhead, kind: 'number', cell: (one) => figure(one, 'placesAhead') },
        { label: WORDS.nextPlaceAt, cell: (one) => <NextPlace use={useOf(one)} /> },
      ]}
    />
  );
}

function NextPlace({ use }: { readonly use: ClassUse | undefined }) {
  return use === undefined ? <>–</> : <Time at={use.nextPlaceAt} />;
}

function ClassCards({ one, lists }: { readonly one: CampaignClass; readonly lists: readonly string[] }) {
  const { t } = useUi();
  const { name, select } = one;
  if (select.kind === 'list') return <>{t(lists.includes(name) ? WORDS.list : WORDS.listMissing)}</>;
  const facts = criteriaFacts(select);
  return facts.length === 0 ? <span>{t(WORDS.allCards)}</span> : <Facts facts={facts} />;
}

/** Which readers and middleware fail, and how long updates take with each. */
export function Readers({ counts }: CampaignData) {
  const { t, number, decimal } = useUi();
  const rows = counts.filter(({ reader, middleware, count }) => (reader !== '' || middleware !== '') && count > 0);
  const seconds = (sumMs: number, count: number): string => decimal(sumMs / count / SECOND_MS);
  return (
    <Table
      caption={WORDS.readersCaption}
      rows={rows}
      rowKey={(row) => JSON.stringify([row.class, row.reader, row.middleware, row.state, row.reason])}
      empty={WORDS.noReaders}
      columns={[
        { label: CAMPAIGN_WORDS.class, cell: (row) => <Code>{row.class}</Code> },
        { label: WORDS.reader, cell: ({ reader }) => <Stored>{reader}</Stored> },
        { label: WORDS.middleware, cell: ({ middleware }) => <Stored>{middleware}</Stored> },
        { label: CAMPAIGN_WORDS.state, cell: ({ state }) => <Badge {...CAMPAIGN_CARD_STATE_LABELS[state]} /> },
        {
          label: CAMPAIGN_WORDS.deskReason,
          cell: ({ reason }) => (reason === '' ? '–' : t(text(`desk/${reason}`))),
        },
        { label: CAMPAIGN_WORDS.cards, kind: 'number', cell: ({ count }) => number(count) },
        {
          label: WORDS.ownTime,
          kind: 'number',
          cell: ({ state, ownMs, count }) => (state === 'confirmed' ? seconds(ownMs, count) : '–'),
        },
        {
          label: WORDS.othersTime,
          kind: 'number',
          cell: ({ state, othersMs, count }) => (state === 'confirmed' ? seconds(othersMs, count) : '–'),
        },
      ]}
    />
  );
}
