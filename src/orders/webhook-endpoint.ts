/** Which events an endpoint gets. */
import { EVENT_TOPICS, type EventTopic, type OutboxEvent } from '../ports/store/outbox/events.js';

export type WebhookEndpoint = {
  readonly name: string;
  readonly url: string;
  /** Topics, or all topics of a kind: `order.*`. */
  readonly topics: readonly string[];
  /** Only events of these accounts, and events without an account; null: events of all accounts. */
  readonly accounts: readonly string[] | null;
};

/** Test events are sent to the one endpoint that is tested, whatever it wants otherwise. */
const TEST: EventTopic = 'webhook.test';
const OFFERED = EVENT_TOPICS.filter((topic) => topic !== TEST);

/** What an endpoint may name: all topics but that of tests, and their kinds. */
export const WANTED_TOPICS: readonly string[] = [...new Set(OFFERED.map(kindOf)), ...OFFERED];

export function isWanted(
  { topics, accounts }: Pick<WebhookEndpoint, 'topics' | 'accounts'>,
  { topic, account }: Pick<OutboxEvent, 'topic' | 'account'>,
): boolean {
  if (topic === TEST || (!topics.includes(topic) && !topics.includes(kindOf(topic)))) return false;
  return accounts === null || account === null || accounts.includes(account);
}

function kindOf(topic: EventTopic): string {
  return topic.replace(/\..*/, '.*');
}
