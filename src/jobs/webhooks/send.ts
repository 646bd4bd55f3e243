/**
 * Sends the deliveries of each endpoint when their time has come. The database returns a delivery
 * only if no earlier one of its subject is waiting or dead, so that the events of one subject
 * arrive in order while those of different subjects are sent at the same time. The results are
 * stored after the requests: if the process is killed in between, the next one sends these events
 * again.
 */
import { present } from '../../kernel/assert.js';
import { toHex } from '../../kernel/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import type { PlatformKey } from '../../orders/receipt.js';
import {
  type DeliveryAttempt,
  progressAfter,
  rawEcdsaSignature,
  signedHeaders,
  type WebhookEndpoint,
  webhookMessage,
} from '../../orders/webhooks.js';
import type { DeliveryProgress, DueDelivery } from '../../ports/store/outbox/deliveries.js';
import type { Reads, Transaction } from '../../ports/store.js';
import type { WebhookSender } from '../../publish/webhook-sender.js';
import { JobFailed, type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';

/** Limit of the simultaneous requests to one endpoint. */
export const SIMULTANEOUS_REQUESTS_MAX = 16;

/** Limit of the deliveries of one round. Their results are stored together at its end. */
const DELIVERIES_PER_ROUND_MAX = 256;
/**
 * A round begins no further requests after this time, so a slow endpoint gets fewer deliveries in a
 * round.
 */
const ROUND_MS_MAX = 2 * SECOND_MS;

export type WebhookDelivery = {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly openSender: (endpoint: WebhookEndpoint) => WebhookSender;
  /** Counts the result of an attempt in the metrics. */
  readonly counted: (endpoint: string, result: 'delivered' | 'failed' | 'dead') => void;
};

type SendingWorld = Pick<World, 'signer' | 'clock' | 'random' | 'log'> & {
  readonly store: ReadingStore;
  readonly platformKey: PlatformKey | null;
  readonly webhooks: WebhookDelivery;
};

export const sendWebhooksJob: SharedJob<SendingWorld> = {
  name: 'webhook-send',
  scope: 'item',
  roles: ['worker'],
  everyMs: SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (world) => {
    const { endpoints, openSender } = world.webhooks;
    if (endpoints.length === 0) return null;
    return {
      due: async (reads) => {
        const due: string[] = [];
        for (const { name } of endpoints) if ((await dueOf(reads, name, 1)).length > 0) due.push(name);
        return due;
      },
      work: async (leased, name) => {
        const endpoint = present(
          endpoints.find((one) => one.name === name),
          'an endpoint of the configuration',
        );
        const sender = openSender(endpoint);
        try {
          return await sendAll(world, leased, { endpoint, sender });
        } finally {
          sender.close();
        }
      },
    };
  },
};

type OpenEndpoint = { readonly endpoint: WebhookEndpoint; readonly sender: WebhookSender };

/**
 * Sends rounds until no delivery is due. If an endpoint has accepted nothing of a round, the next
 * round waits for the next period.
 */
async function sendAll(world: SendingWorld, leased: JobLease, open: OpenEndpoint): Promise<'done' | 'more'> {
  while (!leased.mustEnd()) {
    const due = valueOrThrow(
      await world.store.read((reads) => dueOf(reads, open.endpoint.name, DELIVERIES_PER_ROUND_MAX)),
    );
    if (due.length === 0) return 'done';
    const tried = await sendRound(world, { ...open, mustEnd: leased.mustEnd }, due);
    await storeResults(world, leased, tried);
    if (tried.every(({ attempt }) => attempt.error !== null)) return 'done';
  }
  return 'more';
}

async function dueOf(
  reads: Pick<Reads, 'databaseClock' | 'dueDeliveries'>,
  endpoint: string,
  limit: number,
): Promise<readonly DueDelivery[]> {
  const { now } = await reads.databaseClock();
  return reads.dueDeliveries({ endpoint, now, limit });
}

type AttemptedDelivery = { readonly delivery: DueDelivery; readonly attempt: DeliveryAttempt };

/**
 * Sends one round, and returns the attempts. A delivery that could not be signed is no attempt, so
 * that events wait for a signer that is down. Throws `JobFailed` if nothing could be signed.
 */
async function sendRound(
  world: SendingWorld,
  open: OpenEndpoint & Pick<JobLease, 'mustEnd'>,
  due: readonly DueDelivery[],
): Promise<readonly AttemptedDelivery[]> {
  const tried: AttemptedDelivery[] = [];
  const remaining = [...due].reverse();
  const endsAt = world.clock() + ROUND_MS_MAX;
  let failure: string | null = null;
  const sendNext = async (): Promise<void> => {
    for (let delivery = remaining.pop(); delivery !== undefined; delivery = remaining.pop()) {
      const signed = await sign(world, open.endpoint, delivery);
      if (typeof signed === 'string') failure = signed;
      else tried.push({ delivery, attempt: await open.sender.send({ headers: signed.headers, body: delivery.body }) });
      if (failure !== null || world.clock() >= endsAt || open.mustEnd()) return;
    }
  };
  await Promise.all(Array.from({ length: SIMULTANEOUS_REQUESTS_MAX }, sendNext));
  if (tried.length === 0) throw new JobFailed(`not signed: ${failure ?? ''}`);
  return tried;
}

type SignedDelivery = { readonly delivery: DueDelivery; readonly headers: Readonly<Record<string, string>> };

/** Returns the delivery with its signed headers, or a text that says why it could not be signed. */
async function sign(
  { signer, clock, platformKey }: SendingWorld,
  { url }: WebhookEndpoint,
  delivery: DueDelivery,
): Promise<SignedDelivery | string> {
  const { id: keyId } = present(platformKey, 'the platform key, which the start demands where there are endpoints');
  const { eventId: id, body } = delivery;
  const message = webhookMessage({ targetUri: new URL(url).href, id, body, at: clock(), keyId });
  const der = await signer.platform('webhook', message.base);
  if (!der.ok) return `${der.error.kind}: ${der.error.detail}`;
  const raw = rawEcdsaSignature(der.value);
  return raw.ok ? { delivery, headers: signedHeaders(message, raw.value) } : `signature: ${raw.error.rule}`;
}

async function storeResults(
  { webhooks, random, log }: SendingWorld,
  leased: JobLease,
  tried: readonly AttemptedDelivery[],
): Promise<void> {
  const chances = tried.map(() => Number.parseInt(toHex(random(2)), 16) / 0xffff);
  const settled = valueOrThrow(await leased.transaction((tx) => storeProgress(tx, tried, chances)));
  for (const { delivery, progress } of settled) {
    const { endpoint, event, topic } = delivery;
    const { state, lastStatus, lastError } = progress;
    webhooks.counted(endpoint, state === 'waiting' ? 'failed' : state === 'dead' ? 'dead' : 'delivered');
    // The log line leaves out the subject, because it may be a card.
    if (state === 'dead') log.error('webhook.dead', { endpoint, event, topic, lastStatus, lastError });
  }
  const [first, ...more] = settled.filter(({ progress }) => progress.state === 'waiting');
  if (first === undefined) return;
  const { endpoint } = first.delivery;
  log.warn('webhook.failed', { endpoint, deliveries: 1 + more.length, detail: first.progress.lastError });
}

type StoredResult = { readonly delivery: DueDelivery; readonly progress: DeliveryProgress };

async function storeProgress(
  tx: Transaction,
  tried: readonly AttemptedDelivery[],
  chances: readonly number[],
): Promise<readonly StoredResult[]> {
  const { now } = await tx.databaseClock();
  const settled = tried.map(({ delivery, attempt }, at) => ({
    delivery,
    progress: progressAfter(delivery, attempt, { now, chance: chances[at] ?? 0 }),
  }));
  await tx.updateDeliveries(settled);
  const dead = settled.filter(({ progress }) => progress.state === 'dead');
  await tx.appendAudit(
    dead.map(({ delivery: { endpoint, eventId, topic, subject }, progress: { attempts, lastStatus, lastError } }) => {
      const details = { id: eventId, endpoint, topic, subject, attempts, status: lastStatus, error: lastError };
      return { at: now, type: 'webhook.dead', actor: 'system', details };
    }),
  );
  return settled;
}
