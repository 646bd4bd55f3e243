/** The event that endpoints get when an action waits for a second officer. */
import { formatInstant } from '../kernel/clock.js';
import type { Approval } from '../ports/store/officers/approvals.js';
import type { OutboxEvent } from '../ports/store/outbox/events.js';

/** The subject stays in the statement, because it may name a person. */
export function approvalEvent({ id: subject, action, requestedBy, requestedAt, expiresAt }: Approval): OutboxEvent {
  const data = { action, expiresAt: formatInstant(expiresAt) };
  return { topic: 'approval.requested', subject, account: requestedBy, at: requestedAt, data };
}
