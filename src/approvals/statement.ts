/**
 * The statement of an approval: everything that will be done, as canonical JSON (RFC 8785). Both
 * officers agree to the same octets, which are stored and never written again.
 */
import { assert } from '../kernel/assert.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstant, formatInstantMs } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { HOUR_MS } from '../kernel/duration.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { Approval } from '../ports/store/officers/approvals.js';
import type { OutboxEvent } from '../ports/store/outbox/events.js';

/** How long an approval waits for its second officer. */
export const APPROVAL_VALIDITY_MS = 72 * HOUR_MS;

/** A subject of an action: all that will be done to one object. */
export type ApprovalSubject = { readonly [member: string]: Json };

type StatementFacts = Pick<Approval, 'id' | 'action' | 'version' | 'requestedBy' | 'requestedAt' | 'expiresAt'> & {
  /** The mark of the environment, so that no other environment takes the statement for its own. */
  readonly environment: string;
  readonly subject: ApprovalSubject;
  /** What the officers are shown of the object, as it was at the request. */
  readonly object: ApprovalSubject;
};

export function writeStatement(facts: StatementFacts): string {
  return canonicalJson({
    form: 'pfcng-statement-1',
    action: facts.action,
    approval: facts.id,
    environment: facts.environment,
    requestedBy: facts.requestedBy,
    requestedAt: formatInstantMs(facts.requestedAt),
    expiresAt: formatInstantMs(facts.expiresAt),
    subject: facts.subject,
    object: facts.object,
    version: facts.version,
  });
}

/**
 * Reads the subject and the object from a stored statement. A statement that says something else
 * than its row was changed by somebody who has the database, and is a bug or an attack: it throws.
 */
export function readStatement(approval: Approval, environment: string): Pick<StatementFacts, 'subject' | 'object'> {
  const { subject, object } = JSON.parse(approval.statement) as Pick<StatementFacts, 'subject' | 'object'>;
  const isAsStored = writeStatement({ ...approval, environment, subject, object }) === approval.statement;
  assert(isAsStored, `the statement of approval ${approval.id} differs from its row`);
  return { subject, object };
}

/** SHA-256 hex of the octets of the statement. */
export function statementSha256({ statement }: Pick<Approval, 'statement'>): string {
  return sha256Hex(utf8(statement));
}

/**
 * The version of an object, from its stored columns: the same row has the same version in every
 * version of the program. null: the object does not exist yet.
 */
export function versionOf(columns: Json): string | null {
  return columns === null ? null : sha256Hex(utf8(canonicalJson(columns)));
}

/** The event that endpoints get when an action waits for a second officer. */

/** The subject stays in the statement, because it may name a person. */
export function approvalEvent({ id: subject, action, requestedBy, requestedAt, expiresAt }: Approval): OutboxEvent {
  const data = { action, expiresAt: formatInstant(expiresAt) };
  return { topic: 'approval.requested', subject, account: requestedBy, at: requestedAt, data };
}
