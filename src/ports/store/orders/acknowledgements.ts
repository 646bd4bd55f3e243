/** What card bureaus report about cards of orders: a record, which changes no certificate. */
import type { Instant } from '../../../kernel/clock.js';

export const ACKNOWLEDGED_OUTCOMES = ['written', 'failed', 'scrapped'] as const;
export type AcknowledgedOutcome = (typeof ACKNOWLEDGED_OUTCOMES)[number];

export const STORED_ACKNOWLEDGEMENTS = ['accepted', 'read-back-differs'] as const;

export type Acknowledgement = {
  readonly orderId: string;
  readonly line: number;
  /** From 1 for each line. */
  readonly attempt: number;
  readonly outcome: AcknowledgedOutcome;
  /** SHA-256 hex of the certificates that were read back from the card, sorted, each once. */
  readonly onCard: readonly string[];
  /** When the card was written, according to the bureau. */
  readonly writtenAt: Instant;
  readonly accountId: string;
  readonly receivedAt: Instant;
  readonly result: (typeof STORED_ACKNOWLEDGEMENTS)[number];
};

export type AcknowledgementReads = {
  /** Returns what is stored about some lines of an order, by line and attempt. */
  readonly acknowledgementsOf: (orderId: string, lines: readonly number[]) => Promise<readonly Acknowledgement[]>;
  /** Returns what is stored about an order after this line and attempt, in their order. */
  readonly acknowledgementsAfter: (page: {
    readonly orderId: string;
    readonly after: Pick<Acknowledgement, 'line' | 'attempt'>;
    readonly limit: number;
  }) => Promise<readonly Acknowledgement[]>;
  /** Issued lines without an accepted acknowledgement, of orders that ended in this time. */
  readonly countUnacknowledged: (ended: { readonly from: Instant; readonly before: Instant }) => Promise<number>;
};

export type AcknowledgementWrites = {
  readonly insertAcknowledgements: (acknowledgements: readonly Acknowledgement[]) => Promise<void>;
};
