/** The events of orders that endpoints get. */
import type { Instant } from '../kernel/clock.js';
import type { Order } from '../ports/store/orders.js';
import type { OutboxEvent } from '../ports/store/outbox/events.js';

type OrderTopic = Extract<OutboxEvent['topic'], `order.${string}`>;

/** `order`: as the transaction leaves it. */
export function orderEvent(topic: OrderTopic, order: Order, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, dryRun, lines, counts, pausedBy } = order;
  const { requestSha256, resultsSha256, bundleSha256 } = order;
  const counted = {
    issued: counts.issued,
    duplicate: counts.duplicate,
    refused: counts.refused,
    notIssued: counts['not-issued'],
    cancelled: counts.cancelled,
    ...(dryRun ? { wouldIssue: counts['would-issue'], wouldBeDuplicate: counts['would-be-duplicate'] } : {}),
  };
  const hashes = { requestSha256, resultsSha256, bundleSha256 };
  const data = { dryRun, lines, counts: counted, ...hashes, ...(pausedBy === null ? {} : { pausedBy }) };
  return { topic, subject, account, at, data };
}

/** A card bureau has read other certificates from a card than its line got. */
export function readBackEvent({ id, accountId: account }: Order, line: number, at: Instant): OutboxEvent {
  return { topic: 'card.read-back-differs', subject: `${id}/${line}`, account, at, data: { order: id, line } };
}
