/** Schemas of webhook endpoints, and of deliveries of events to them. */
import { DELIVERY_STATES } from '../../../ports/store/outbox/deliveries.js';
import { EVENT_TOPICS } from '../../../ports/store/outbox/events.js';
import { count, instant, nullable, object, text } from './parts.js';

const webhook = object(
  {
    name: text(31, 'The name of the endpoint in the configuration.'),
    url: text(2_048, 'Where events are sent.'),
    topics: { type: 'array', items: text(32, 'A topic, or all of a kind.'), description: 'Topics it wants: order.*.' },
    accounts: nullable({
      type: 'array',
      items: text(128, 'Id of an account.'),
      description: 'Only events of these accounts, and of none. null: of all accounts.',
    }),
    waiting: count('Deliveries that were not accepted yet.'),
    dead: count('Deliveries that are not tried any more, until they are replayed or dropped.'),
    oldestWaitingAt: nullable(instant('The time of the oldest event that is waiting.')),
  },
  ['name', 'url', 'topics', 'accounts', 'waiting', 'dead', 'oldestWaitingAt'],
);

export const webhooks = object(
  { endpoints: { type: 'array', items: webhook, description: 'Those of the configuration.' } },
  ['endpoints'],
);

const event = object(
  {
    id: text(36, 'The id in the body of the event, and its webhook-id.'),
    type: { type: 'string', enum: EVENT_TOPICS, description: 'What happened.' },
    subject: text(128, 'Id of what the event is about.'),
    account: nullable(text(128, 'The account that the subject belongs to.')),
    at: instant('When it happened.'),
  },
  ['id', 'type', 'subject', 'account', 'at'],
);

export const delivery = object(
  {
    id: text(15, 'Id of the delivery at its endpoint.'),
    event: { ...event, description: 'What is delivered.' },
    state: {
      type: 'string',
      enum: DELIVERY_STATES,
      description: 'waiting and dead ones hold back later events of the same subject.',
    },
    attempts: count('Attempts, since it was last replayed.'),
    nextAt: nullable(instant('The next attempt is not made before.')),
    lastStatus: nullable({ type: 'integer', description: 'HTTP status of the last answer.' }),
    lastError: nullable(text(200, 'Why the last attempt failed.')),
    doneAt: nullable(instant('When it was delivered or dropped.')),
  },
  ['id', 'event', 'state', 'attempts', 'nextAt', 'lastStatus', 'lastError', 'doneAt'],
);

export const deliveryPage = object(
  {
    deliveries: { type: 'array', items: delivery, description: 'Newest first.' },
    nextCursor: nullable(text(15, 'The cursor of the next page. null: this is the last one.')),
  },
  ['deliveries', 'nextCursor'],
);
