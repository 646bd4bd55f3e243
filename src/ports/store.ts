/**
 * What the core asks of the database. A transaction is all or nothing and serializable; reads
 * outside a transaction see committed state. Every method may fail with `database-unavailable`:
 * the implementation throws `StoreUnavailable`, and `Store.transaction` and `Store.read` turn
 * that into a value.
 */
import type { Result } from '../kernel/result.js';
import type { AccountReads, AccountWrites } from './store/accounts.js';
import type { AuditReads, AuditWrites } from './store/audit.js';
import type { BlockedKeyReads, BlockedKeyWrites } from './store/blocked-keys.js';
import type { CampaignReads, CampaignWrites } from './store/cards/campaigns.js';
import type { UpdateReads, UpdateWrites } from './store/cards/card-updates.js';
import type { CardReads, CardWrites } from './store/cards/cards.js';
import type {
  CertificateReads,
  CertificateWrites,
  IssuanceMinuteReads,
  IssuanceMinuteWrites,
} from './store/certificates.js';
import type { ClockReads, ClockWrites } from './store/clock.js';
import type { DailyCountReads, DailyCountWrites } from './store/counts/daily-counts.js';
import type { ExpiringReads } from './store/counts/expiring.js';
import type { CrlReads, CrlWrites, RevokedSnapshot, SnapshotRequest } from './store/crls.js';
import type { DurabilityReads } from './store/durability.js';
import type { CmpTransactionReads, CmpTransactionWrites } from './store/enrolment/cmp-transactions.js';
import type { RegistrationReads, RegistrationWrites } from './store/enrolment/registrations.js';
import type { StoreFailure } from './store/failure.js';
import type { FreshnessReads } from './store/freshness.js';
import type { IdempotencyReads, IdempotencyWrites } from './store/idempotency.js';
import type { IssuerReads, IssuerWrites } from './store/issuers.js';
import type { JobReads, JobWrites } from './store/jobs.js';
import type { JournalReads, JournalWrites } from './store/journals.js';
import type { LeaseWrites } from './store/leases.js';
import type { MarkReads, MarkWrites } from './store/marks.js';
import type { MassRevocationReads, MassRevocationWrites } from './store/mass-revocations.js';
import type { Heartbeats, NodeReads, NodeWrites } from './store/nodes.js';
import type { ApprovalReads, ApprovalWrites } from './store/officers/approvals.js';
import type { AcknowledgementReads, AcknowledgementWrites } from './store/orders/acknowledgements.js';
import type { OrderReads, OrderWrites } from './store/orders.js';
import type { DeliveryReads, DeliveryWrites } from './store/outbox/deliveries.js';
import type { OutboxReads, OutboxWrites } from './store/outbox/events.js';
import type { StatusReads, StatusWrites } from './store/statuses.js';

export type Reads = AccountReads &
  AcknowledgementReads &
  ApprovalReads &
  AuditReads &
  BlockedKeyReads &
  CardReads &
  CampaignReads &
  CertificateReads &
  ClockReads &
  CmpTransactionReads &
  CrlReads &
  DailyCountReads &
  DeliveryReads &
  DurabilityReads &
  ExpiringReads &
  FreshnessReads &
  IdempotencyReads &
  IssuanceMinuteReads &
  IssuerReads &
  JobReads &
  JournalReads &
  MarkReads &
  MassRevocationReads &
  NodeReads &
  OrderReads &
  OutboxReads &
  RegistrationReads &
  StatusReads &
  UpdateReads;

export type Transaction = Reads &
  AccountWrites &
  AcknowledgementWrites &
  ApprovalWrites &
  AuditWrites &
  BlockedKeyWrites &
  CardWrites &
  CampaignWrites &
  CertificateWrites &
  ClockWrites &
  CmpTransactionWrites &
  CrlWrites &
  DailyCountWrites &
  DeliveryWrites &
  IdempotencyWrites &
  IssuanceMinuteWrites &
  IssuerWrites &
  JobWrites &
  JournalWrites &
  LeaseWrites &
  MarkWrites &
  MassRevocationWrites &
  NodeWrites &
  OrderWrites &
  OutboxWrites &
  RegistrationWrites &
  StatusWrites &
  UpdateWrites;

/**
 * One piece of work for several requests: `run` gets all items that arrived while the previous
 * group was in progress, and returns an outcome for each, in their order. When it throws for
 * several, it runs again for each of them alone.
 */
export type GroupedWork<Context, Item, Outcome> = {
  readonly run: (context: Context, items: readonly Item[]) => Promise<readonly Outcome[]>;
};

/**
 * Items of `batch` come after all items of `interactive`, and there are fewer of them in a group
 * while there is interactive work.
 */
export type GroupPriority = 'interactive' | 'batch';

export type Store = {
  readonly read: <Value>(work: (reads: Reads) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
  readonly transaction: <Value>(work: (tx: Transaction) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
  /**
   * One transaction for several requests (group commit). Each kind of work is one constant value of
   * `GroupedWork`. Default of `priority`: `interactive`.
   */
  readonly groupedTransaction: <Item, Outcome>(
    work: GroupedWork<Transaction, Item, Outcome>,
    item: Item,
    priority?: GroupPriority,
  ) => Promise<Result<Outcome, StoreFailure>>;
  /** As `groupedTransaction`, but reads outside of any transaction, and one kind of work only. */
  readonly groupedRead: <Item, Outcome>(
    work: GroupedWork<Reads, Item, Outcome>,
    item: Item,
    priority?: GroupPriority,
  ) => Promise<Result<Outcome, StoreFailure>>;
  /**
   * Revoked and suspended certificates and abandoned intents. Expired ones are included until one
   * more CRL after their end has listed them (RFC 5280 3.3).
   */
  readonly revokedSnapshot: <Value>(
    request: SnapshotRequest,
    use: (snapshot: RevokedSnapshot) => Promise<Value>,
  ) => Promise<Result<Value, StoreFailure>>;
  /**
   * Fails if the disk of the database is full, or if the database cannot be asked. A small
   * transaction that succeeds does not show that there is space for a request.
   */
  readonly confirmSpace: () => Promise<Result<void, StoreFailure>>;
  readonly heartbeat: Heartbeats['heartbeat'];
  readonly close: () => Promise<void>;
};
