/** Combines what the tables read and write into the store's reads and transactions. */
import type { AuditOrigin } from '../audit/entry.js';
import type { Durability } from '../ports/store/durability.js';
import type { Reads, Transaction } from '../ports/store.js';
import type { Clock } from '../ports/world.js';
import { combine } from './combine.js';
import { clockReads, transactionClock } from './engine/database-clock.js';
import { durabilityFault } from './engine/durability.js';
import { freshness } from './engine/freshness.js';
import type { Session } from './engine/session.js';
import { accountReads, accountWrites } from './tables/accounts.js';
import { approvalReads, approvalWrites } from './tables/approvals.js';
import { auditReads, auditWrites, type BufferedAuditWrites } from './tables/audit/audit-log.js';
import { blockedKeyReads, blockedKeyWrites } from './tables/blocked-keys.js';
import { campaignReads, campaignWrites } from './tables/campaigns/campaigns.js';
import { updateReads, updateWrites } from './tables/cards/card-updates.js';
import { cardReads, cardWrites } from './tables/cards/cards.js';
import { certificateReads, certificateWrites } from './tables/certificates.js';
import { clientReads } from './tables/clients.js';
import { accountUsageReads, accountUsageWrites } from './tables/counts/account-usage.js';
import { dailyCountReads, dailyCountWrites } from './tables/counts/daily-counts.js';
import { expiringReads } from './tables/counts/expiring.js';
import { crlReads, crlWrites } from './tables/crls.js';
import { enrolmentReads, enrolmentWrites } from './tables/enrolment/enrolment.js';
import { idempotencyReads, idempotencyWrites } from './tables/idempotency.js';
import { issuanceMinuteReads, issuanceMinuteWrites } from './tables/issuance-minutes.js';
import { issuerReads, issuerWrites } from './tables/issuers.js';
import { journalReads, journalWrites } from './tables/journals.js';
import { markReads, markWrites } from './tables/marks.js';
import { massRevocationReads, massRevocationWrites } from './tables/mass-revocations.js';
import { jobReads, jobWrites } from './tables/nodes/jobs.js';
import { leaseWrites } from './tables/nodes/leases.js';
import { nodeReads, nodeWrites } from './tables/nodes/nodes.js';
import { acknowledgementReads, acknowledgementWrites } from './tables/orders/acknowledgements.js';
import { orderReads, orderWrites } from './tables/orders/orders.js';
import { deliveryReads, deliveryWrites } from './tables/outbox/deliveries.js';
import { outboxReads, outboxWrites } from './tables/outbox/events.js';
import { statusReads, statusWrites } from './tables/statuses.js';

/**
 * What the reads need besides their session. `clock`: null: they use the clock of the PostgreSQL
 * server. `durability`: how durable the policy wants commits to be.
 */
export type ReadsWorld = { readonly clock: Clock | null; readonly durability: Durability };

/** Combines the reads of all tables. */
export function readsOf(session: Session, { clock, durability }: ReadsWorld): Reads {
  return combine(
    certificateReads(session),
    idempotencyReads(session),
    issuanceMinuteReads(session),
    issuerReads(session),
    jobReads(session, clock),
    accountReads(session),
    clientReads(session),
    accountUsageReads(session),
    crlReads(session),
    dailyCountReads(session),
    expiringReads(session),
    journalReads(session),
    auditReads(session),
    blockedKeyReads(session),
    cardReads(session),
    campaignReads(session),
    markReads(session),
    massRevocationReads(session),
    nodeReads(session),
    orderReads(session),
    outboxReads(session),
    deliveryReads(session),
    acknowledgementReads(session),
    approvalReads(session),
    enrolmentReads(session),
    statusReads(session),
    updateReads(session),
    clockReads(session, clock),
    {
      durabilityFault: () => durabilityFault(session, durability),
      freshness: () => freshness(session, clock),
    },
  );
}

/**
 * Combines the reads and the writes of all tables. Call `writeAudit` of the result before the
 * commit: it writes the audit entries.
 */
export function transactionOf(
  session: Session,
  world: ReadsWorld,
  auditOrigin: AuditOrigin,
): Transaction & BufferedAuditWrites {
  return combine(
    readsOf(session, world),
    certificateWrites(session),
    idempotencyWrites(session),
    issuanceMinuteWrites(session),
    issuerWrites(session),
    jobWrites(session),
    leaseWrites(session, world.clock),
    accountWrites(session),
    accountUsageWrites(session),
    crlWrites(session),
    dailyCountWrites(session),
    journalWrites(session),
    auditWrites(session, auditOrigin),
    blockedKeyWrites(session),
    cardWrites(session),
    campaignWrites(session),
    markWrites(session),
    massRevocationWrites(session),
    nodeWrites(session),
    orderWrites(session),
    outboxWrites(session),
    deliveryWrites(session),
    acknowledgementWrites(session),
    approvalWrites(session),
    enrolmentWrites(session),
    statusWrites(session),
    updateWrites(session),
    transactionClock(session, world.clock),
  );
}
