import { ok } from '../../../kernel/result.js';
import { readWebhooks, type WebhookState } from '../../../operations/webhooks/read-webhooks.js';
import { Table } from '../../components/table.js';
import { Code, Link, Part, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { WEBHOOK_WORDS as WORDS } from '../../words/webhooks.js';

type WebhooksData = { readonly endpoints: readonly WebhookState[] };

/** The endpoints to which events are sent, and what waits for each of them. */
export const WEBHOOKS_PAGE = definePage<WebhooksData>({
  id: 'webhooks',
  path: '/console/webhooks',
  name: WORDS.name,
  section: 'platform',
  opensFor: ['read-webhooks'],
  query: [],
  load: async ({ world, webhooks }, { account }) => {
    const found = await readWebhooks(world, { account, endpoints: webhooks.endpoints });
    return found.ok ? ok({ endpoints: found.value }) : found;
  },
  view: (data) => <Webhooks {...data} />,
});

function Webhooks({ endpoints }: WebhooksData) {
  const { t, number } = useUi();
  return (
    <PageFrame title={t(WORDS.name)}>
      <Part id="endpoints" title={WORDS.endpoints} isLive>
        <Table
          caption={WORDS.endpointsCaption}
          rows={endpoints}
          rowKey={({ name }) => name}
          empty={WORDS.noEndpoints}
          columns={[
            {
              label: WORDS.endpoint,
              cell: ({ name }) => <Link to={endpointPath(name)}>{name}</Link>,
            },
            { label: WORDS.url, cell: ({ url }) => <Code>{url}</Code> },
            { label: WORDS.topics, cell: ({ topics }) => <Code>{topics.join(', ')}</Code> },
            { label: WORDS.waiting, kind: 'number', cell: ({ waiting }) => number(waiting) },
            {
              label: WORDS.dead,
              kind: 'number',
              cell: ({ name, dead }) => (
                <Link to={endpointPath(name)} query={{ state: 'dead' }}>
                  {number(dead)}
                </Link>
              ),
            },
            { label: WORDS.oldest, cell: ({ oldestAt }) => (oldestAt === null ? '–' : <Time at={oldestAt} />) },
          ]}
        />
      </Part>
    </PageFrame>
  );
}

function endpointPath(name: string): string {
  return `/console/webhooks/${encodeURIComponent(name)}`;
}
