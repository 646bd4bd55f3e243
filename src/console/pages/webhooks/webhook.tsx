import { err, ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import { testWebhook } from '../../../operations/webhooks/operate-webhooks.js';
import { readDeliveries, readWebhooks, type WebhookState } from '../../../operations/webhooks/read-webhooks.js';
import { DELIVERY_STATES, type Delivery } from '../../../ports/store/outbox/deliveries.js';
import { text } from '../../../texts/text.js';
import { CriteriaForm } from '../../components/criteria.js';
import { Facts } from '../../components/facts.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageAction, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { DELIVERY_STATE_LABELS, WEBHOOK_WORDS as WORDS } from '../../words/webhooks.js';

type WebhookData = {
  readonly endpoint: WebhookState;
  readonly deliveries: readonly Delivery[];
  readonly next: number | null;
};

const STATE: Field = {
  kind: 'select',
  name: 'state',
  label: WORDS.state,
  options: DELIVERY_STATES.map((state) => ({ value: state, label: DELIVERY_STATE_LABELS[state].label })),
};

const TEST: PageAction<WebhookData> = {
  id: 'test',
  label: WORDS.test,
  action: 'operate-webhooks',
  isOffered: () => true,
  version: ({ endpoint: { name, url } }) => `${name} ${url}`,
  fields: () => [],
  review: ({ endpoint: { name } }) => ({
    summary: filled(WORDS.willTest, { name }),
    consequences: [WORDS.testMeans],
    isReversible: false,
  }),
  perform: async ({ world, webhooks }, { account }, { data: { endpoint } }) => {
    const sent = await testWebhook(world, { account, endpoints: webhooks.endpoints }, { endpoint: endpoint.name });
    if (!sent.ok) return sent;
    webhooks.wake(endpoint.name);
    return ok({ query: { done: 'test' } });
  },
};

/** One endpoint with its deliveries. */
export const WEBHOOK_PAGE = definePage<WebhookData>({
  id: 'webhook',
  path: '/console/webhooks/{endpoint}',
  name: WORDS.endpoint,
  section: null,
  opensFor: ['read-webhooks'],
  query: ['state', 'cursor', 'done'],
  load,
  title: ({ endpoint: { name } }) => filled(WORDS.endpointTitle, { name }),
  view: (data) => <Webhook {...data} />,
  actions: [TEST],
});

async function load(
  { world, webhooks }: ServingContext,
  { account, params, query }: PageRequest,
): Promise<Result<WebhookData, OperationFailure>> {
  const caller = { account, endpoints: webhooks.endpoints };
  const name = params.endpoint ?? '';
  const states = await readWebhooks(world, caller);
  if (!states.ok) return states;
  const endpoint = states.value.find((one) => one.name === name);
  if (endpoint === undefined) return err({ kind: 'not-found', message: text('no-webhook', { name }) });
  const { cursor = '' } = query;
  const page = await readDeliveries(world, caller, {
    endpoint: name,
    state: DELIVERY_STATES.find((state) => state === query.state),
    before: /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : undefined,
    limit: PAGE_SIZE,
  });
  return page.ok ? ok({ endpoint, ...page.value }) : page;
}

function Webhook({ endpoint, deliveries, next }: WebhookData) {
  const { t, number, query } = useUi();
  const { name, url, topics, accounts, waiting, dead, oldestAt } = endpoint;
  return (
    <PageFrame title={t(filled(WORDS.endpointTitle, { name }))}>
      {query.done === 'test' && (
        <Notice tone="good">
          <p>{t(WORDS.done_test)}</p>
        </Notice>
      )}
      <Part id="facts" title={WORDS.facts} isLive>
        <Facts
          facts={[
            { label: WORDS.url, value: <Code>{url}</Code> },
            { label: WORDS.topics, value: <Code>{topics.join(', ')}</Code> },
            { label: WORDS.accounts, value: accounts === null ? t(WORDS.allAccounts) : accounts.join(', ') },
            { label: WORDS.waiting, value: number(waiting) },
            { label: WORDS.dead, value: number(dead) },
            { label: WORDS.oldest, value: oldestAt && <Time at={oldestAt} /> },
          ]}
        />
      </Part>
      <CriteriaForm fields={[STATE]} faults={[]} submit={WORDS.show} hint={WORDS.kept} />
      <Part id="deliveries" title={WORDS.deliveries} isLive>
        <Deliveries rows={deliveries} />
        <Pager next={next === null ? null : String(next)} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function Deliveries({ rows }: { readonly rows: readonly Delivery[] }) {
  const { number } = useUi();
  return (
    <Table
      caption={WORDS.deliveriesCaption}
      rows={rows}
      rowKey={({ event }) => String(event)}
      empty={WORDS.noDeliveries}
      columns={[
        {
          label: WORDS.event,
          cell: ({ endpoint, event }) => (
            <Link to={`/console/webhooks/${encodeURIComponent(endpoint)}/deliveries/${event}`}>{String(event)}</Link>
          ),
        },
        { label: WORDS.at, cell: ({ createdAt }) => <Time at={createdAt} /> },
        { label: WORDS.topic, cell: ({ topic }) => <Code>{topic}</Code> },
        { label: WORDS.subject, cell: ({ subject }) => <Code>{subject}</Code> },
        { label: WORDS.state, cell: ({ state }) => <Badge {...DELIVERY_STATE_LABELS[state]} /> },
        { label: WORDS.attempts, kind: 'number', cell: ({ attempts }) => number(attempts) },
        { label: WORDS.lastError, cell: ({ lastError }) => (lastError === null ? '–' : <Stored>{lastError}</Stored>) },
      ]}
    />
  );
}
