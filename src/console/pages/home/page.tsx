import type { Action } from '../../../access/roles.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import type { Json } from '../../../kernel/json.js';
import type { CrlRecord } from '../../../ports/store/crls.js';
import type { RunRecord } from '../../../ports/store/nodes.js';
import { Facts } from '../../components/facts.js';
import { FormFields } from '../../components/form.js';
import { Plot } from '../../components/plot.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Notice, Part, Time } from '../../components/text.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { type Alarm, alarmsOf } from './alarms.js';
import { type AuthorityRow, FLOW_DAYS, type HomeData, loadHome } from './data.js';
import { HOME_WORDS } from './words.js';

const CARD_FIELD: Field = {
  kind: 'search',
  name: 'card',
  label: HOME_WORDS.findCard,
  hint: HOME_WORDS.findCardHint,
  lengthMax: 40,
};

/** What the installation does, and whether anything needs somebody. */
export const HOME_PAGE = definePage<HomeData>({
  id: 'home',
  path: '/console/',
  name: HOME_WORDS.name,
  section: 'overview',
  opensFor: ['read-authorities'],
  query: [],
  load: loadHome,
  view: (data) => <Home {...data} />,
});

function Home(data: HomeData) {
  const { t } = useUi();
  const { authorities, readiness, platform, flow } = data;
  return (
    <PageFrame title={t(HOME_WORDS.name)}>
      <FindCard />
      <Part id="alarms" title={HOME_WORDS.alarms} isLive>
        <Alarms alarms={alarmsOf(data)} />
      </Part>
      <Part id="authorities" title={HOME_WORDS.authorities} isLive>
        <Authorities authorities={authorities} addresses={readiness?.parts.publicAddresses ?? null} />
      </Part>
      {platform !== null && (
        <>
          <Part id="work" title={HOME_WORDS.work} isLive>
            <UnderWay {...platform.work} />
          </Part>
          <Part id="machines" title={HOME_WORDS.machines} isLive>
            <Signers signers={readiness?.parts.signers ?? null} />
            <Processes runs={platform.runs.runs} />
          </Part>
        </>
      )}
      {flow !== null && (
        <Part id="flow" title={HOME_WORDS.flow}>
          <Plot
            id="flow-plot"
            kind="bars"
            title={HOME_WORDS.flowPlot}
            description={filled(HOME_WORDS.flowDescription, { days: String(FLOW_DAYS) })}
            rowLabel={HOME_WORDS.day}
            series={[HOME_WORDS.issued, HOME_WORDS.revoked]}
            rows={flow.map(({ at, issued, revoked }) => ({ at, values: [issued, revoked] }))}
            empty={HOME_WORDS.noFlow}
          />
        </Part>
      )}
    </PageFrame>
  );
}

/** What officers open the console for most often: it leads to the page of searches. */
function FindCard() {
  const { t, can, isChosen, language } = useUi();
  if (!can('read')) return null;
  return (
    <search>
      <form class="criteria single" method="get" action="/console/certificates" noValidate>
        <FormFields fields={[CARD_FIELD]} input={{}} isFilter />
        {isChosen && <input type="hidden" name="lang" value={language} />}
        <p class="buttons">
          <button type="submit">{t(HOME_WORDS.find)}</button>
        </p>
        <p class="hint">
          <Link to="/console/certificates">{t(HOME_WORDS.otherSearches)}</Link>
        </p>
      </form>
    </search>
  );
}

function Alarms({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useUi();
  if (alarms.length === 0)
    return (
      <Notice tone="good">
        <p>{t(HOME_WORDS.noAlarm)}</p>
      </Notice>
    );
  return (
    <>
      {alarms.map(({ tone, says, todo, runbook }) => (
        <Notice key={says.en} tone={tone}>
          <p>
            <strong>{t(says)}</strong>
          </p>
          <p>
            {t(todo)} <Link to={`/console/runbook/${runbook}`}>{t(HOME_WORDS.runbook)}</Link>
          </p>
        </Notice>
      ))}
    </>
  );
}

type AuthoritiesProps = {
  readonly authorities: readonly AuthorityRow[];
  /** What the check of the public addresses has found; null: this process does not know. */
  readonly addresses: Json;
};

function Authorities({ authorities, addresses }: AuthoritiesProps) {
  const { number } = useUi();
  return (
    <Table
      caption={HOME_WORDS.authoritiesCaption}
      rows={authorities}
      rowKey={({ issuer }) => issuer.id}
      empty={HOME_WORDS.noAuthorities}
      columns={[
        { label: HOME_WORDS.ca, cell: ({ issuer }) => <Code>{issuer.id}</Code> },
        { label: HOME_WORDS.until, cell: ({ issuer }) => <Day at={issuer.notAfter} /> },
        { label: HOME_WORDS.horizon, cell: (row) => <HorizonOf {...row} /> },
        {
          label: HOME_WORDS.crl,
          kind: 'number',
          cell: ({ issuer, crls: { full } }) => (
            <Link to={`/console/lists/${issuer.id}`}>{full === null ? '–' : number(full.number)}</Link>
          ),
        },
        {
          label: HOME_WORDS.nextUpdate,
          cell: ({ crls: { full } }) => (full === null ? '–' : <Time at={full.nextUpdate} />),
        },
        { label: HOME_WORDS.crlState, cell: ({ crls: { full, delta } }) => <Freshness lists={[full, delta]} /> },
        { label: HOME_WORDS.ocsp, cell: ({ issuer }) => <OcspState issuer={issuer} addresses={addresses} /> },
      ]}
    />
  );
}

/** The first day on which a profile gets less than its whole validity. */
function HorizonOf({ horizon }: AuthorityRow) {
  if (horizon === null || horizon.shortensFrom.size === 0) return <>–</>;
  const first = Math.min(...horizon.shortensFrom.values());
  return (
    <>
      <Day at={first} />{' '}
      {horizon.state !== 'open' && (
        <Badge tone={horizon.state === 'near' ? 'warn' : 'bad'} label={HOME_WORDS[horizon.state]} />
      )}
    </>
  );
}

function Freshness({ lists: [full, delta] }: { readonly lists: readonly [CrlRecord | null, CrlRecord | null] }) {
  const { now } = useUi();
  if (full === null) return <Badge tone="bad" label={HOME_WORDS.noCrl} />;
  const isFresh = full.nextUpdate > now && (delta === null || delta.nextUpdate > now);
  return <Badge tone={isFresh ? 'good' : 'bad'} label={isFresh ? HOME_WORDS.fresh : HOME_WORDS.overdue} />;
}

/** What a relying party got when the address was last checked. */
function OcspState({ issuer, addresses }: { readonly issuer: AuthorityRow['issuer']; readonly addresses: Json }) {
  if (issuer.kind === 'root') return <>–</>;
  if (addresses === 'right') return <Badge tone="good" label={HOME_WORDS.ocspRight} />;
  if (addresses === 'not checked') return <Badge tone="quiet" label={HOME_WORDS.checkOff} />;
  if (typeof addresses !== 'object' || addresses === null) return <Badge tone="quiet" label={HOME_WORDS.firstCheck} />;
  const isWrong = Object.keys(addresses).some((address) => address.endsWith(` of ${issuer.id}`));
  return <Badge tone={isWrong ? 'bad' : 'good'} label={isWrong ? HOME_WORDS.ocspWrong : HOME_WORDS.ocspRight} />;
}

function UnderWay({ orders, updates, approvals }: NonNullable<HomeData['platform']>['work']) {
  const waiting = approvals.reduce((sum, { count }) => sum + count, 0);
  return (
    <Facts
      facts={[
        {
          label: HOME_WORDS.orders,
          value: <Counts to="/console/orders" action="read-orders" counts={orders.byState} labels={HOME_WORDS} />,
        },
        {
          label: HOME_WORDS.updates,
          value: <Counts to="/console/updates" action="read-updates" counts={updates.byState} labels={HOME_WORDS} />,
        },
        {
          label: HOME_WORDS.approvals,
          value: <Counts to="/console/approvals" action="read-approvals" counts={{ waiting }} labels={HOME_WORDS} />,
        },
      ]}
    />
  );
}

type CountsProps = {
  readonly to: string;
  /** What opens that page. */
  readonly action: Action;
  readonly counts: Readonly<Partial<Record<string, number>>>;
  readonly labels: Readonly<Partial<Record<string, Bilingual>>>;
};

/** `Accepted: 3, paused: 1`, with a link to the list for those who may open it. */
function Counts({ to, action, counts, labels }: CountsProps) {
  const { t, number, can } = useUi();
  const shown = Object.entries(counts).flatMap(([state, count = 0]) => {
    const label = labels[state] ?? untranslated(state);
    return count === 0 ? [] : [t(filled(HOME_WORDS.count, { label, count: number(count) }))];
  });
  const said = shown.length === 0 ? t(HOME_WORDS.none) : shown.join(' · ');
  return can(action) ? <Link to={to}>{said}</Link> : said;
}

/** The signers that are not ready, one row each; the others are counted. */
function Signers({ signers }: { readonly signers: Json }) {
  const { t, number } = useUi();
  const known = typeof signers === 'object' && signers !== null ? Object.entries(signers) : [];
  if (known.length === 0) return <p class="empty">{t(HOME_WORDS.noSigners)}</p>;
  const stopped = known.filter(([, state]) => state !== 'ready');
  const ready = number(known.length - stopped.length);
  return (
    <>
      {stopped.length > 0 && (
        <Table
          caption={HOME_WORDS.signersCaption}
          rows={stopped.map(([name, state]) => ({ name, state: String(state) }))}
          rowKey={({ name }) => name}
          empty={HOME_WORDS.noSigners}
          columns={[
            { label: HOME_WORDS.token, cell: ({ name }) => <Code>{name}</Code> },
            { label: HOME_WORDS.state, cell: ({ state }) => <SignerState state={state} /> },
          ]}
        />
      )}
      <p>{t(filled(HOME_WORDS.readySigners, { ready, all: number(known.length) }))}</p>
    </>
  );
}

function SignerState({ state }: { readonly state: string }) {
  if (state === 'locked') return <Badge tone="warn" label={HOME_WORDS.signerLocked} />;
  return <Badge tone="bad" label={HOME_WORDS.signerDown} />;
}

/** How many processes are live. What is wrong with one is among the alarms, and on its own page. */
function Processes({ runs }: { readonly runs: readonly RunRecord[] }) {
  const { t, number } = useUi();
  const live = runs.filter(({ end }) => end === null);
  const nodes = new Set(live.map(({ node }) => node));
  return (
    <p>
      {t(filled(HOME_WORDS.liveProcesses, { count: number(live.length), nodes: number(nodes.size) }))}{' '}
      <Link to="/console/nodes">{t(HOME_WORDS.allNodes)}</Link>
    </p>
  );
}
