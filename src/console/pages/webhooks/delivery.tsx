import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import { dropDelivery, replayDelivery } from '../../../operations/webhooks/operate-webhooks.js';
import { readDelivery } from '../../../operations/webhooks/read-webhooks.js';
import type { Delivery, DeliveryKey } from '../../../ports/store/outbox/deliveries.js';
import { Facts } from '../../components/facts.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { type ActionOutcome, definePage, type PageAction, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { DELIVERY_STATE_LABELS, WEBHOOK_WORDS as WORDS } from '../../words/webhooks.js';

const REPLAY: PageAction<Delivery> = {
  id: 'replay',
  label: WORDS.replay,
  action: 'operate-webhooks',
  isOffered: ({ state }) => state !== 'waiting',
  version: versionOf,
  fields: () => [],
  review: (delivery) => ({
    summary: filled(WORDS.willReplay, placesOf(delivery)),
    consequences: [WORDS.replayMeans],
    isReversible: false,
  }),
  perform: (context, request) => sent(context, request, { done: 'replay', act: replayDelivery }),
};

const DROP: PageAction<Delivery> = {
  id: 'drop',
  label: WORDS.drop,
  action: 'operate-webhooks',
  tone: 'danger',
  isOffered: ({ state }) => state === 'dead',
  version: versionOf,
  fields: () => [],
  review: (delivery) => ({
    summary: filled(WORDS.willDrop, placesOf(delivery)),
    consequences: [WORDS.dropMeans],
    isReversible: true,
  }),
  perform: (context, request) => sent(context, request, { done: 'drop', act: dropDelivery }),
};

function versionOf({ state, attempts, doneAt }: Delivery): string {
  return `${state} ${attempts} ${doneAt}`;
}

function placesOf({ event, endpoint }: Delivery) {
  return { event: String(event), endpoint };
}

async function sent(
  { world, webhooks }: ServingContext,
  { account, params }: PageRequest,
  { done, act }: { readonly done: string; readonly act: typeof replayDelivery },
): Promise<Result<ActionOutcome, OperationFailure>> {
  const key = keyOf(params);
  const changed = await act(world, { account, endpoints: webhooks.endpoints }, key);
  if (!changed.ok) return changed;
  webhooks.wake(key.endpoint);
  return ok({ query: { done } });
}

/** One delivery of an event to an endpoint. */
export const DELIVERY_PAGE = definePage<Delivery>({
  id: 'delivery',
  path: '/console/webhooks/{endpoint}/deliveries/{event}',
  name: WORDS.delivery,
  section: null,
  opensFor: ['read-webhooks'],
  query: ['done'],
  load: ({ world, webhooks }, { account, params }) =>
    readDelivery(world, { account, endpoints: webhooks.endpoints }, keyOf(params)),
  title: (delivery) => filled(WORDS.deliveryTitle, placesOf(delivery)),
  view: (data) => <DeliveryView {...data} />,
  actions: [REPLAY, DROP],
});

/** Stands for a text that is not a number: no event has this number, so that none is found. */
const NO_EVENT = 0;

function keyOf({ endpoint = '', event = '' }: PageRequest['params']): DeliveryKey {
  return { endpoint, event: /^[1-9]\d{0,14}$/.test(event) ? Number(event) : NO_EVENT };
}

const DONE = { replay: WORDS.done_replay, drop: WORDS.done_drop } as const;

function DeliveryView(delivery: Delivery) {
  const { t, query } = useUi();
  const done = Object.entries(DONE).find(([name]) => name === query.done);
  return (
    <PageFrame title={t(filled(WORDS.deliveryTitle, placesOf(delivery)))}>
      {done !== undefined && (
        <Notice tone="good">
          <p>{t(done[1])}</p>
        </Notice>
      )}
      <Part id="delivery" title={WORDS.delivery} isLive={delivery.state === 'waiting'}>
        <DeliveryFacts {...delivery} />
      </Part>
      <p>
        <Link to={`/console/webhooks/${encodeURIComponent(delivery.endpoint)}`}>{t(WORDS.deliveries)}</Link>
      </p>
    </PageFrame>
  );
}

function DeliveryFacts(delivery: Delivery) {
  const { number } = useUi();
  const { state, attempts, nextAt, doneAt, lastStatus, lastError, eventId, topic, subject, account } = delivery;
  return (
    <Facts
      facts={[
        { label: WORDS.state, value: <Badge {...DELIVERY_STATE_LABELS[state]} /> },
        { label: WORDS.event, value: <Code>{eventId}</Code> },
        { label: WORDS.topic, value: <Code>{topic}</Code> },
        { label: WORDS.subject, value: <Code>{subject}</Code> },
        { label: WORDS.account, value: account && <Code>{account}</Code> },
        { label: WORDS.at, value: <Time at={delivery.createdAt} /> },
        { label: WORDS.attempts, value: number(attempts) },
        { label: WORDS.nextAt, value: nextAt && <Time at={nextAt} /> },
        { label: WORDS.doneAt, value: doneAt && <Time at={doneAt} /> },
        { label: WORDS.lastStatus, value: lastStatus && String(lastStatus) },
        { label: WORDS.lastError, value: lastError && <Stored>{lastError}</Stored> },
      ]}
    />
  );
}
