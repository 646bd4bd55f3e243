/** Deliveries of events to the endpoints of the configuration. */
import type { Instant } from '../../../kernel/clock.js';
import type { EventTopic } from './events.js';

/**
 * `dead`: an operator has to send it again or to drop it; it holds back later events of its
 * subject, as `waiting` does.
 */
export const DELIVERY_STATES = ['waiting', 'delivered', 'dead', 'dropped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The delivery of one event, by its number, to one endpoint. */
export type DeliveryKey = { readonly endpoint: string; readonly event: number };

export type DeliveryProgress = {
  readonly state: DeliveryState;
  /** Attempts since it was inserted, or since an operator had it sent again. */
  readonly attempts: number;
  /** Time of the first of these attempts; null: there was none. */
  readonly firstAt: Instant | null;
  /** The next attempt is not made before this time; null: none is made. */
  readonly nextAt: Instant | null;
  /** HTTP status of the last answer; null: there was none. */
  readonly lastStatus: number | null;
  /** Why the last attempt failed; null: it did not. */
  readonly lastError: string | null;
  /** When it was delivered or dropped. */
  readonly doneAt: Instant | null;
};

export type Delivery = DeliveryKey &
  DeliveryProgress & {
    /** The UUID in the body of the event. */
    readonly eventId: string;
    readonly topic: EventTopic;
    readonly subject: string;
    readonly account: string | null;
    readonly createdAt: Instant;
  };

/** `body`: canonical JSON, which is sent as it is. */
export type DueDelivery = Delivery & { readonly body: string };

export const DELIVERY_ERROR_CHARACTERS_MAX = 200;

/** How many deliveries of an endpoint are waiting or dead, and the time of their oldest event. */
type DeliveryCount = {
  readonly endpoint: string;
  readonly state: 'waiting' | 'dead';
  readonly count: number;
  readonly oldestAt: Instant;
};

export type DeliveryReads = {
  /**
   * For each endpoint, the number of the last event for which deliveries were already inserted
   * where the endpoint wants the event.
   */
  readonly webhookCursors: () => Promise<ReadonlyMap<string, number>>;
  /**
   * Waiting deliveries whose time has come, the earliest first. Each is the first of its subject
   * that is neither delivered nor dropped.
   */
  readonly dueDeliveries: (of: {
    readonly endpoint: string;
    readonly now: Instant;
    readonly limit: number;
  }) => Promise<readonly DueDelivery[]>;
  readonly delivery: (key: DeliveryKey) => Promise<Delivery | null>;
  /** Newest first; `before`: only events with lower numbers. */
  readonly deliveries: (page: {
    readonly endpoint: string;
    readonly state?: DeliveryState | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }) => Promise<readonly Delivery[]>;
  readonly deliveryCounts: () => Promise<readonly DeliveryCount[]>;
};

export type DeliveryWrites = {
  /** Inserts waiting deliveries, which may be sent from `nextAt` on. */
  readonly insertDeliveries: (
    deliveries: readonly (DeliveryKey & { readonly subject: string; readonly nextAt: Instant })[],
  ) => Promise<void>;
  readonly setWebhookCursor: (endpoint: string, last: number) => Promise<void>;
  readonly updateDeliveries: (
    updates: readonly { readonly delivery: DeliveryKey; readonly progress: DeliveryProgress }[],
  ) => Promise<void>;
  /** Deletes deliveries that were delivered or dropped before; returns how many. */
  readonly deleteOldDeliveries: (before: Instant, limit: number) => Promise<number>;
};
