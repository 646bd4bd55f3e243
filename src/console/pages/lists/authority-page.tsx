import { MINUTE_MS } from '../../../kernel/duration.js';
import type { AddressCheck } from '../../../operations/serving.js';
import { kindOf, partitionOf } from '../../../policy/publication/crl-scopes.js';
import type { CrlRecord } from '../../../ports/store/crls.js';
import { Facts } from '../../components/facts.js';
import { Plot } from '../../components/plot.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { PUBLISH } from './actions.js';
import { type AuthorityListsData, loadAuthorityLists, minutesSinceLast } from './data.js';
import { ListState } from './lists-page.js';
import { LISTS_WORDS as WORDS } from './words.js';

/** The lists of one CA: the newest ones, their history, and what relying parties get now. */
export const AUTHORITY_LISTS_PAGE = definePage<AuthorityListsData>({
  id: 'authority-lists',
  path: '/console/lists/{issuer}',
  name: WORDS.one,
  section: null,
  opensFor: ['read-authorities'],
  query: ['cursor', 'check', 'done'],
  load: loadAuthorityLists,
  title: ({ issuer }) => filled(WORDS.title, { ca: issuer.id }),
  view: (data) => <AuthorityLists {...data} />,
  actions: [PUBLISH],
});

function AuthorityLists(data: AuthorityListsData) {
  const { t, query, number, path } = useUi();
  const { issuer, crls, rows, next, fulls, checks, done } = data;
  return (
    <PageFrame title={t(filled(WORDS.title, { ca: issuer.id }))}>
      {done === 'publish' && crls.full !== null && (
        <Notice tone="good">
          <p>{t(filled(WORDS.published, { number: number(Math.max(crls.full.number, crls.delta?.number ?? 0)) }))}</p>
        </Notice>
      )}
      <Part id="newest" title={WORDS.newest}>
        <Facts
          facts={[
            { label: WORDS.full, value: <ListInWords list={crls.full} /> },
            { label: WORDS.deltaList, value: crls.delta && <ListInWords list={crls.delta} /> },
          ]}
        />
      </Part>
      <Part id="check" title={WORDS.check}>
        {checks === null ? (
          <>
            <p>{t(WORDS.checkHint)}</p>
            <p>
              <Link to={path} query={{ check: 'now' }}>
                {t(WORDS.checkNow)}
              </Link>
            </p>
          </>
        ) : (
          <Checks rows={checks} />
        )}
      </Part>
      <Part id="over-time" title={WORDS.overTime}>
        <Plots fulls={fulls} />
      </Part>
      <Part id="history" title={WORDS.history}>
        <History rows={rows} />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function ListInWords({ list }: { readonly list: CrlRecord | null }) {
  const { t, number } = useUi();
  if (list === null) return <ListState list={null} />;
  return (
    <>
      {t(filled(WORDS.numbered, { number: number(list.number) }))} <ListState list={list} /> {t(WORDS.until)}{' '}
      <Time at={list.nextUpdate} />
    </>
  );
}

function Checks({ rows }: { readonly rows: readonly AddressCheck[] }) {
  return (
    <Table
      caption={WORDS.checkCaption}
      rows={rows}
      rowKey={({ address }) => address}
      columns={[
        { label: WORDS.address, cell: ({ address }) => <Code>{address}</Code> },
        {
          label: WORDS.result,
          cell: ({ fault }) => (
            <Badge tone={fault === null ? 'good' : 'bad'} label={fault === null ? WORDS.right : WORDS.wrong} />
          ),
        },
        { label: WORDS.fault, cell: ({ fault }) => (fault === null ? '–' : <bdi>{fault}</bdi>) },
      ]}
    />
  );
}

function Plots({ fulls }: Pick<AuthorityListsData, 'fulls'>) {
  const common = { kind: 'lines', precision: 'time', rowLabel: WORDS.thisUpdate, empty: WORDS.noPlot } as const;
  return (
    <>
      <Plot
        {...common}
        id="entries"
        title={WORDS.entriesPlot}
        description={WORDS.entriesPlotDescription}
        series={[WORDS.entries]}
        rows={fulls.map(({ thisUpdate, entries }) => ({ at: thisUpdate, values: [entries] }))}
      />
      <Plot
        {...common}
        id="size"
        title={WORDS.sizePlot}
        description={WORDS.sizePlotDescription}
        series={[WORDS.size]}
        rows={fulls.map(({ thisUpdate, sizeBytes }) => ({ at: thisUpdate, values: [sizeBytes] }))}
      />
      <Plot
        {...common}
        id="delay"
        title={WORDS.delayPlot}
        description={WORDS.delayPlotDescription}
        series={[WORDS.delay, WORDS.lifetime]}
        rows={fulls.map(({ thisUpdate, nextUpdate }, index) => ({
          at: thisUpdate,
          values: [minutesSinceLast(fulls, index), Math.round((nextUpdate - thisUpdate) / MINUTE_MS)],
        }))}
      />
    </>
  );
}

function History({ rows }: Pick<AuthorityListsData, 'rows'>) {
  const { t, number } = useUi();
  const known = (value: number | null) => (value === null ? '–' : number(value));
  return (
    <Table
      caption={WORDS.historyCaption}
      rows={rows}
      rowKey={({ scope, number: own }) => `${scope} ${own}`}
      empty={WORDS.noHistory}
      columns={[
        { label: WORDS.number, kind: 'number', cell: (list) => number(list.number) },
        {
          label: WORDS.kind,
          cell: ({ scope }) => {
            const partition = partitionOf(scope);
            const kind = kindOf(scope) === 'delta' ? WORDS.deltaList : WORDS.full;
            return t(partition === null ? kind : filled(WORDS.partition, { kind, number: String(partition) }));
          },
        },
        { label: WORDS.state, cell: ({ state }) => <Badge {...STATES[state]} /> },
        { label: WORDS.thisUpdate, cell: ({ thisUpdate }) => <Time at={thisUpdate} /> },
        { label: WORDS.nextUpdate, cell: ({ nextUpdate }) => <Time at={nextUpdate} /> },
        { label: WORDS.entries, kind: 'number', cell: ({ entries }) => known(entries) },
        { label: WORDS.size, kind: 'number', cell: ({ sizeBytes }) => known(sizeBytes) },
        { label: WORDS.base, kind: 'number', cell: ({ base }) => known(base) },
      ]}
    />
  );
}

const STATES = {
  published: { tone: 'good', label: WORDS.statePublished },
  reserved: { tone: 'quiet', label: WORDS.stateReserved },
  abandoned: { tone: 'warn', label: WORDS.stateAbandoned },
} as const;
