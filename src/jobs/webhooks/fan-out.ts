/**
 * Makes the deliveries of new events, one for each endpoint that wants the event. One transaction
 * stores the deliveries and the positions of the endpoints, so that no event is left out or
 * delivered twice by two rows. A new endpoint gets only the events that follow the first attempt
 * that knows it.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { isWanted, type WebhookEndpoint } from '../../orders/webhooks.js';
import type { Transaction } from '../../ports/store.js';
import { CLUSTER_ITEMS, type SharedJob, valueOrThrow } from '../job.js';

/** Limit of events in one transaction, because all other transactions wait for it. */
const EVENTS_PER_TRANSACTION_MAX = 500;

export type FanOut = {
  readonly endpoints: readonly WebhookEndpoint[];
  /** Makes the job `webhook-send` send the new deliveries of an endpoint now. */
  readonly wake: (endpoint: string) => void;
};

export const fanOutEventsJob: SharedJob<{ readonly webhooks: FanOut }> = {
  name: 'webhook-fan-out',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: SECOND_MS,
  leaseDurationMs: 10 * SECOND_MS,
  budgetMs: 30 * SECOND_MS,
  // The job counts as essential to get the pool of essential jobs: deliveries to endpoints that
  // hang do not delay it there.
  isEssential: true,
  prepare: ({ webhooks: { endpoints, wake } }) => {
    if (endpoints.length === 0) return null;
    return {
      due: async (reads) => {
        const cursors = await reads.webhookCursors();
        const last = await reads.lastEvent();
        return endpoints.some(({ name }) => (cursors.get(name) ?? -1) < last) ? CLUSTER_ITEMS : [];
      },
      work: async (leased) => {
        while (!leased.mustEnd()) {
          const part = valueOrThrow(await leased.transaction((tx) => fanOutPart(tx, endpoints)));
          for (const endpoint of part.endpoints) wake(endpoint);
          if (part.events < EVENTS_PER_TRANSACTION_MAX) return 'done';
        }
        return 'more';
      },
    };
  },
};

type Part = { readonly events: number; readonly endpoints: ReadonlySet<string> };

async function fanOutPart(tx: Transaction, endpoints: readonly WebhookEndpoint[]): Promise<Part> {
  const cursors = await cursorsOf(tx, endpoints);
  const after = Math.min(...cursors.values());
  const events = await tx.eventsAfter({ after, limit: EVENTS_PER_TRANSACTION_MAX });
  const last = events.at(-1)?.id ?? after;
  const { now } = await tx.databaseClock();
  const deliveries = events.flatMap((event) =>
    endpoints
      .filter((endpoint) => event.id > (cursors.get(endpoint.name) ?? 0) && isWanted(endpoint, event))
      .map(({ name }) => ({ endpoint: name, event: event.id, subject: event.subject, nextAt: now })),
  );
  await tx.insertDeliveries(deliveries);
  for (const [name, cursor] of cursors) if (cursor < last) await tx.setWebhookCursor(name, last);
  return { events: events.length, endpoints: new Set(deliveries.map(({ endpoint }) => endpoint)) };
}

/**
 * Returns the last event for which the deliveries of each endpoint were made. A new endpoint begins
 * after the last event of all, so that it gets no old events.
 */
async function cursorsOf(tx: Transaction, endpoints: readonly WebhookEndpoint[]): Promise<ReadonlyMap<string, number>> {
  const known = await tx.webhookCursors();
  const last = await tx.lastEvent();
  for (const { name } of endpoints) if (!known.has(name)) await tx.setWebhookCursor(name, last);
  return new Map(endpoints.map(({ name }) => [name, known.get(name) ?? last]));
}
