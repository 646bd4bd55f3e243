/**
 * Records refused requests in the audit log. Clients can cause refusals without limit, so in each
 * minute only the first few of an account with the same problem code are entries of their own. The
 * others are counted, and a job writes the counts (`src/jobs/request-trail.ts`). The log line of
 * each request is written independently of this.
 */
import { ANONYMOUS, accountActor } from '../../audit/actors.js';
import type { AuditEvent } from '../../audit/events.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { GroupedWork, Store, Transaction } from '../../ports/store.js';
import type { Clock } from '../../ports/world.js';
import { type HttpFailure, PROBLEMS } from '../api/problems.js';

export type RefusedRequest = {
  readonly requestId: string;
  /**
   * The account of the client certificate, even if the certificate was refused; null: it is not
   * known.
   */
  readonly accountId: string | null;
  /**
   * The certificate that acts for itself, as audit entries name it; left out or null: none does.
   */
  readonly self?: string | null;
  /**
   * SHA-256 of the client certificate with which the authentication failed; null: there was no
   * certificate, or the request was refused for another reason.
   */
  readonly certificateSha256: string | null;
  readonly address: string | null;
  /** Method and pattern of the path; null: no route matches, or the input was not a request. */
  readonly route: string | null;
  /** The id in the path, if it may be recorded; null: there is none. */
  readonly subjectId: string | null;
  readonly failure: HttpFailure;
};

export type RefusalLog = {
  /** Resolves when the refusal is stored as an entry or counted. */
  readonly record: (refused: RefusedRequest) => Promise<void>;
  /**
   * Writes an audit entry for each count since the previous call. If that fails, the counts are
   * kept for the next call.
   */
  readonly writeCounts: () => Promise<void>;
};

/**
 * Limit of single entries in a minute for each account and problem code. All clients without an
 * account share one limit; a dozen codes are possible for them, so they add less than 150 MB a day.
 */
const RECORDED_PER_MINUTE_MAX = 10;

/**
 * Failures that are only counted, because an entry would give the database more work while the
 * service is overloaded or the database is not available.
 */
const COUNTED_ONLY: readonly HttpFailure['kind'][] = ['overloaded', 'database-unavailable'];

/** Stores simultaneous refusals in one transaction. */
const RECORD_REFUSALS: GroupedWork<Transaction, AuditEvent, null> = {
  run: async (tx, events) => {
    await tx.appendAudit(events);
    return events.map(() => null);
  },
};

type Group = { readonly actor: string; readonly code: string };
type RefusalCount = Group & { readonly count: number; readonly firstRequestId: string; readonly lastRequestId: string };

export function createRefusalLog({
  store,
  clock,
}: {
  readonly store: Pick<Store, 'transaction' | 'groupedTransaction'>;
  readonly clock: Clock;
}): RefusalLog {
  // Both maps have at most one key for each account and problem code.
  const recorded = new Map<string, number>();
  const counted = new Map<string, RefusalCount>();
  let minute = 0;

  const count = (more: RefusalCount): void => {
    const name = nameOf(more);
    const known = counted.get(name);
    counted.set(name, known === undefined ? more : sumOf(known, more));
  };
  return {
    record: async (refused) => {
      const { requestId, failure } = refused;
      const group = groupOf(refused);
      const name = nameOf(group);
      const at = clock();
      if (Math.floor(at / MINUTE_MS) !== minute) recorded.clear();
      minute = Math.floor(at / MINUTE_MS);
      const before = recorded.get(name) ?? 0;
      if (before < RECORDED_PER_MINUTE_MAX && !COUNTED_ONLY.includes(failure.kind)) {
        recorded.set(name, before + 1);
        const stored = await store.groupedTransaction(RECORD_REFUSALS, eventOf(refused, at));
        if (stored.ok) return;
      }
      count({ ...group, count: 1, firstRequestId: requestId, lastRequestId: requestId });
    },
    writeCounts: async () => {
      const all = [...counted.values()];
      if (all.length === 0) return;
      counted.clear();
      const at = clock();
      const stored = await store.transaction((tx) => tx.appendAudit(all.map((one) => countEventOf(one, at))));
      if (!stored.ok) for (const one of all) count(one);
    },
  };
}

/**
 * Adds two counts. Request ids ascend in time, so the first and the last id are found by comparing
 * them; refusals do not always come in the order of their requests.
 */
function sumOf(one: RefusalCount, other: RefusalCount): RefusalCount {
  const { firstRequestId } = one.firstRequestId < other.firstRequestId ? one : other;
  const { lastRequestId } = one.lastRequestId > other.lastRequestId ? one : other;
  return { ...one, count: one.count + other.count, firstRequestId, lastRequestId };
}

/**
 * Returns the actor and the code under which a refusal is counted. Clients without an account,
 * including certificates that act for themselves, share one actor, because there can be too many of
 * them to count each one.
 */
function groupOf({ accountId, failure }: RefusedRequest): Group {
  return { actor: accountId === null ? ANONYMOUS : accountActor(accountId), code: PROBLEMS[failure.kind].code };
}

function nameOf({ actor, code }: Group): string {
  return `${actor} ${code}`;
}

/**
 * The problem codes of failed authentication and of missing rights; their entries have the type
 * `access.denied`.
 */
const ACCESS_CODES: readonly string[] = ['client-certificate-required', 'authentication-required', 'not-permitted'];

function typeOf({ code }: Group): 'access.denied' | 'proof.rejected' | 'request.refused' {
  if (code === PROBLEMS['proof-rejected'].code) return 'proof.rejected';
  return ACCESS_CODES.includes(code) ? 'access.denied' : 'request.refused';
}

function eventOf(refused: RefusedRequest, at: number): AuditEvent {
  const { requestId, certificateSha256, address, route, subjectId, failure } = refused;
  const { status } = PROBLEMS[failure.kind];
  const group = groupOf(refused);
  const subject = subjectId === null ? {} : { id: subjectId };
  const details = {
    ...subject,
    code: group.code,
    status,
    rules: rulesOf(failure),
    route,
    address,
    certificateSha256,
    ...proofOf(failure),
  };
  return { at, type: typeOf(group), actor: refused.self ?? group.actor, requestId, details };
}

/**
 * Makes the entry for the refusals of a group that were only counted since the previous such entry.
 */
function countEventOf({ actor, code, count, firstRequestId, lastRequestId }: RefusalCount, at: number): AuditEvent {
  const details = { code, count, firstRequestId, lastRequestId };
  return { at, type: typeOf({ actor, code }), actor, details };
}

function proofOf(failure: HttpFailure): { readonly certificate?: string; readonly card?: string } {
  if (failure.kind !== 'proof-rejected') return {};
  const { certificate, card } = failure;
  return card === null ? { certificate } : { certificate, card };
}

const RULES_MAX = 10;

function rulesOf(failure: HttpFailure): readonly string[] {
  if ('violations' in failure) return [...new Set(failure.violations.map(({ rule }) => rule))].slice(0, RULES_MAX);
  return 'rule' in failure ? [failure.rule] : [];
}
