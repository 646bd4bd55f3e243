/**
 * The failures of all operations. `src/http/api/problems.ts` has one line for each; a missing one
 * does not compile. A `message` is for clients, in the language of each; a `detail` is for the log.
 */
import type { AccountLimit } from '../access/account.js';
import type { Rejection } from '../issuance/prepare.js';
import type { Bilingual } from '../kernel/bilingual.js';
import type { SignerUnavailable } from '../ports/signer.js';
import type { DeskReason } from '../ports/store/cards/campaigns.js';
import type { StoreFailure } from '../ports/store/failure.js';
import { type Fault, type TextId, text, type Values, type Violation } from '../texts/text.js';
import type { Ticket } from '../updates/tickets.js';

export type OperationFailure =
  | Rejection
  | StoreFailure
  | ({ readonly kind: 'not-permitted' } & Fault)
  | NotFound
  | ({ readonly kind: 'invalid-request' } & Violation)
  /** `retryAfterMs`: after this time the state may be another. */
  | ({ readonly kind: 'state-conflict'; readonly retryAfterMs?: number } & Fault)
  | { readonly kind: 'in-progress'; readonly retryAfterMs: number }
  | { readonly kind: 'idempotency-mismatch' }
  | ProofRejected
  /** The card cannot be updated remotely (`updates/desk.ts`). */
  | { readonly kind: 'card-to-desk'; readonly reason: DeskReason; readonly message: Bilingual }
  /** An order with too many lines. */
  | { readonly kind: 'too-many-lines'; readonly linesMax: number }
  /**
   * The account has reached one of its limits (`limit`), has too many uploads, exports or open
   * lines of orders, or reports too many unknown cards, or a card of a campaign comes before its
   * place (`ticket`).
   */
  | {
      readonly kind: 'quota-exceeded';
      readonly retryAfterMs: number;
      readonly message: Bilingual;
      readonly limit?: AccountLimit;
      readonly ticket?: Ticket;
    }
  | SignerUnavailable
  /** The clock was set back. Nothing is issued until it is right (`clock.ts`). */
  | { readonly kind: 'clock-wrong'; readonly retryAfterMs: number; readonly message: Bilingual }
  /**
   * A fault of ours that was found before it did harm: a failed lint, or a refused or wrong
   * signature.
   */
  | { readonly kind: 'internal-error'; readonly message: Bilingual };

type NotFound = { readonly kind: 'not-found'; readonly message: Bilingual };

/** `id`: the text that names what does not exist, or what the account may not see. */
export function notFound<Id extends TextId>(id: Id, ...values: Values<Id>): NotFound {
  return { kind: 'not-found', message: text(id, ...values) };
}

/** A proof that a card has signed, or what it says, is not accepted (`src/updates/proof.ts`). */
type ProofRejected = {
  readonly kind: 'proof-rejected';
  readonly violations: readonly Violation[];
  /** The id of the certificate that the proof names. */
  readonly certificate: string;
  /** The token id of the card; null: the request is about a certificate that is on no card. */
  readonly card: string | null;
};
