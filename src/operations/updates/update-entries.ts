/** The audit entries and events of remote updates. */
import type { AuditDetails, AuditEvent } from '../../audit/events.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { OutboxEvent } from '../../ports/store/outbox/events.js';

/** A statement of the card that has caused something. */
type StatementReference = { readonly certificateId: string; readonly sha256: string };

/** The cause of a change of an update: an actor, a time, and perhaps a statement of the card. */
export type UpdateCause = {
  /** The actor of audit entries and status events. */
  readonly actor: string;
  /** What the row keeps: an actor or an approval. */
  readonly endedBy: string;
  /** null: the card has not said it. */
  readonly statement: StatementReference | null;
  /** The time of the database. */
  readonly now: Instant;
  /** The time of the audit entries. */
  readonly at: Instant;
};

/** Whether two officers have said what the card holds. */
export function isDecidedByOfficers({ endedBy }: Pick<CardUpdate, 'endedBy'>): boolean {
  return endedBy?.startsWith(APPROVAL) === true;
}

/** The value of `endedBy` for an approval. */
export function approvalName(id: string): string {
  return `${APPROVAL}${id}`;
}

const APPROVAL = 'approval:';

export function changedEvent(
  type: 'update.confirmed' | 'update.abandoned',
  update: CardUpdate,
  { actor, at, statement }: Pick<UpdateCause, 'actor' | 'at' | 'statement'>,
): AuditEvent {
  return { at, type, actor, details: detailsOf(update, statement) };
}

/** `statement` null: no statement of the card has caused it. */
export function detailsOf(
  { id, cardTokenId: card }: Pick<CardUpdate, 'id' | 'cardTokenId'>,
  statement: StatementReference | null,
): AuditDetails<'update.confirmed'> {
  return { id, card, certificate: statement?.certificateId ?? null, proof: statement?.sha256 ?? null };
}

export function endedEvent(
  { id, cardTokenId: card }: Pick<CardUpdate, 'id' | 'cardTokenId'>,
  {
    state,
    reason,
    actor,
    at,
  }: { readonly actor: string; readonly at: Instant } & Pick<AuditDetails<'update.ended'>, 'state' | 'reason'>,
): AuditEvent {
  return { at, type: 'update.ended', actor, details: { id, card, state, reason } };
}

export function updateEvent(
  topic: 'update.undetermined' | 'update.completed',
  { id: subject, accountId: account, newIds, oldIds, confirmWithinMs, offeredAt }: CardUpdate,
  at: Instant,
): OutboxEvent {
  const confirmBy = offeredAt === null ? null : formatInstant(offeredAt + confirmWithinMs);
  return { topic, subject, account, at, data: { certificates: newIds, replaces: oldIds, confirmBy } };
}
