/** How rows of transactions are found, begin and change. */
import { actorOf } from '../../access/principal.js';
import type { CmpFault } from '../../cmp/model.js';
import type { Bytes } from '../../kernel/bytes.js';
import { toHex } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Modification } from '../../policy/enrolment/outcome.js';
import type { Profile } from '../../policy/model.js';
import type {
  CmpKind,
  CmpOutcome,
  CmpTransaction,
  CmpTransactionKey,
  CountedCmpTransaction,
} from '../../ports/store/enrolment/cmp-transactions.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import type { CmpExchange } from './exchange.js';

/** null: the principal has none with this transactionID. */
export const TRANSACTIONS: GroupedWork<Reads, CmpTransactionKey, CmpTransaction | null> = {
  run: async (reads, keys) => {
    const found = await reads.cmpTransactionsByKeys(keys);
    return keys.map(
      ({ principal, transactionId }) =>
        found.find((row) => row.principal === principal && row.transactionId === transactionId) ?? null,
    );
  },
};

/** Clients choose their identifiers at random, so that more have the same one by intent only. */
const SAME_IDS_MAX = 16;

/** The newest transactions of all principals that have an identifier. */
export const SAME_IDS: GroupedWork<Reads, string, readonly CmpTransaction[]> = {
  run: async (reads, transactionIds) => {
    const found = await reads.cmpTransactionsByIds(transactionIds, SAME_IDS_MAX);
    return transactionIds.map((id) => found.filter(({ transactionId }) => transactionId === id));
  },
};

/** Open transactions of one principal. */
export const OPEN_MAX = { account: 1_000, registration: 8, self: 8 } as const;

/** What a first message needs to know, in one statement. */
export const COUNTED_TRANSACTIONS: GroupedWork<Reads, CmpTransactionKey, CountedCmpTransaction> = {
  run: (reads, keys) => reads.countedCmpTransactions(keys, OPEN_MAX.account),
};

/** A transaction that its first message begins, with nothing decided. */
export function newRow(
  { principal, transactionId, message, protection, vouchedBy, senderNonce, sha256, now }: CmpExchange,
  { kind, profile }: { readonly kind: CmpKind; readonly profile: string | null },
): CmpTransaction {
  return {
    principal: actorOf(principal),
    transactionId,
    kind,
    profile,
    state: 'working',
    certReqId: kind === 'p10cr' ? -1 : 0,
    certificateId: null,
    requestSha256: sha256,
    lastSha256: sha256,
    request: null,
    nonces: { received: [hex(message.header.senderNonce)], sent: toHex(senderNonce) },
    protection,
    outcome: null,
    implicit: false,
    encrypted: false,
    vouchedBy,
    approvalId: null,
    begunAt: now,
    confirmBy: null,
    checkAfter: null,
    waitUntil: null,
    endedAt: null,
    version: 1,
  };
}

/** Number of nonces that are kept: the first one, and the latest ones. */
const NONCES_MAX = 100;

/** After a later message was accepted. */
export function continued(row: CmpTransaction, { message, senderNonce, sha256 }: CmpExchange): CmpTransaction {
  const received = [...row.nonces.received, hex(message.header.senderNonce)];
  const kept = received.length <= NONCES_MAX ? received : [...received.slice(0, 1), ...received.slice(2)];
  return { ...row, lastSha256: sha256, nonces: { received: kept, sent: toHex(senderNonce) } };
}

function hex(nonce: Bytes | null): string {
  return nonce === null ? '' : toHex(nonce);
}

/** The body is refused, which ends the transaction. */
export function refusedRow(row: CmpTransaction, { failInfo, text }: CmpFault, at: number): CmpTransaction {
  const outcome: CmpOutcome = { status: 'rejection', failInfo, text };
  return { ...row, state: 'refused', outcome, request: null, checkAfter: null, endedAt: at };
}

const CHECK_AFTER_MS_MIN = 5 * SECOND_MS;
const CHECK_AFTER_MS_MAX = 60 * SECOND_MS;

/**
 * The next time when the client may ask: after 5 s, and after twice as long for each message that
 * it has sent since, up to 60 s.
 */
export function nextCheck({ nonces }: Pick<CmpTransaction, 'nonces'>, now: number): number {
  const polls = Math.min(nonces.received.length - 1, 8);
  return now + Math.min(CHECK_AFTER_MS_MAX, CHECK_AFTER_MS_MIN * 2 ** polls);
}

/** The client waits. `request`: what is run again when it asks; null: an intent exists. */
export function waitingRow(
  row: CmpTransaction,
  { request, waitMsMax, now }: { readonly request: Bytes | null; readonly waitMsMax: number; readonly now: number },
): CmpTransaction {
  return {
    ...row,
    state: 'waiting',
    request,
    checkAfter: nextCheck(row, now),
    waitUntil: row.waitUntil ?? row.begunAt + waitMsMax,
  };
}

/**
 * The row as it is stored with its intent. `modifications`: how the certificate differs from what
 * was requested.
 */
export function intendedRow(
  row: CmpTransaction,
  { certificateId, modifications }: { readonly certificateId: string; readonly modifications: readonly Modification[] },
): CmpTransaction {
  return { ...row, state: 'working', certificateId, request: null, outcome: grantedOutcome(modifications) };
}

/**
 * The row after the request itself has had the certificate signed, as `answerCmpTransactions`
 * stores it (`src/ports/store/enrolment/cmp-transactions.ts`).
 */
export function answeredRow(intended: CmpTransaction): CmpTransaction {
  return { ...intended, state: intended.confirmBy === null ? 'done' : 'answered', checkAfter: null };
}

/** What the first answer says of a certificate (RFC 9810 5.2.3), with what was changed by name. */
function grantedOutcome(modifications: readonly Modification[]): CmpOutcome {
  if (modifications.length === 0) return { status: 'accepted', failInfo: null, text: [] };
  const changes = modifications.map(({ kind, what }) => `${kind} ${what}`).join(', ');
  return { status: 'grantedWithMods', failInfo: null, text: [`The certificate differs: ${changes}.`.slice(0, 500)] };
}

export function confirmWithinMs({ enrolment }: Pick<Profile, 'enrolment'>): number {
  return enrolment?.confirmWithinMs ?? 0;
}
