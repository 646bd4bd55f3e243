import { causedBy } from '../audit/entry.js';
import type { Transaction } from '../ports/store.js';

/** A transaction whose audit entries name the request that caused them. */
export function transactionOfRequest(tx: Transaction, requestId: string): Transaction {
  return {
    ...tx,
    appendAudit: (events) => tx.appendAudit(events.map((event) => causedBy(requestId, event))),
  };
}
