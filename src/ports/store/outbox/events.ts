/**
 * The outbox: events that are inserted in the transaction of what they report. Writers take turns,
 * so their numbers ascend with the commits, and a reader may follow "after number n".
 */
import type { Instant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';

export const EVENT_TOPICS = [
  'order.accepted',
  'order.paused',
  'order.finished',
  'order.cancelled',
  'certificate.issued',
  'certificate.revoked',
  'certificate.suspended',
  'certificate.released',
  'certificate.expiring',
  'mass-revocation.completed',
  'crl.published',
  'card.opposed',
  'card.read-back-differs',
  'approval.requested',
  'card.to-desk',
  'campaign.ready',
  'campaign.opened',
  'campaign.paused',
  'campaign.resumed',
  'campaign.dates-set',
  'campaign.armed',
  'campaign.date-reached',
  'campaign.date-missed',
  'campaign.suspended',
  'campaign.revoked',
  'campaign.release-decided',
  'campaign.released',
  'campaign.ended',
  'update.undetermined',
  'update.completed',
  'webhook.test',
] as const;
export type EventTopic = (typeof EVENT_TOPICS)[number];

export type OutboxEvent = {
  readonly topic: EventTopic;
  /** Id of what it is about. At one endpoint the events of a subject come in order. */
  readonly subject: string;
  /** The account that the subject belongs to; null: none, for example a CRL. */
  readonly account: string | null;
  readonly at: Instant;
  /** Ids, serial numbers, numbers of cards and counts: never names or ids of holders. */
  readonly data: { readonly [name: string]: Json };
};

/** What decides which endpoints get an event. */
export type NumberedEvent = Pick<OutboxEvent, 'topic' | 'subject' | 'account'> & { readonly id: number };

/** A position among the certificates in the order of their ends. */
export type ExpiryPosition = { readonly notAfter: Instant; readonly id: string };

export type ExpiringCertificate = ExpiryPosition & {
  readonly issuer: string;
  readonly serial: string;
  readonly profile: string;
  readonly accountId: string;
  /** null: it is on no card. */
  readonly cardTokenId: string | null;
};

export type OutboxReads = {
  /** Events after number `after`, in the order of their commits. */
  readonly eventsAfter: (page: { readonly after: number; readonly limit: number }) => Promise<readonly NumberedEvent[]>;
  /** Number of the last event; 0 without any. */
  readonly lastEvent: () => Promise<number>;
  /**
   * Issued and suspended certificates that end after the position, and at `until` at the latest,
   * in the order of their ends.
   */
  readonly certificatesEnding: (page: {
    readonly after: ExpiryPosition;
    readonly until: Instant;
    readonly limit: number;
  }) => Promise<readonly ExpiringCertificate[]>;
};

export type OutboxWrites = {
  /** Returns the numbers of the events, in their order. */
  readonly publish: (events: readonly OutboxEvent[]) => Promise<readonly number[]>;
  /**
   * Deletes events that are older than `before`, up to number `upTo`, and that have no delivery;
   * looks at `limit` events after number `after`. Returns the last one that it has looked at; null:
   * there are no more that are old enough.
   */
  readonly deleteOldEvents: (page: {
    readonly before: Instant;
    readonly upTo: number;
    readonly after: number;
    readonly limit: number;
  }) => Promise<number | null>;
};
