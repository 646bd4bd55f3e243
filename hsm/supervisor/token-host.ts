/**
 * One token in the supervisor: its child process, and the requests that go to it. A request that a
 * child did not answer goes to its successor, with the same bytes; a CRL that it did not answer is
 * answered `unavailable`.
 */
import type { Bytes } from '../../src/kernel/bytes.js';
import { DEFAULTS } from '../configuration.js';
import { createLogRateLimiter } from '../log-rate-limiter.js';
import { encodeFrame, type Frame, type Meta, parseFrame, readMeta, setRequestId } from '../wire/frames.js';
import type { CallerRole } from '../wire/permissions.js';
import type { ChildPlan } from './child-process.js';
import { type CrlHash, createRecentSignatures } from './recent-signatures.js';
import { createRequestQueue, type Request } from './requests.js';
import { createSupervisorNotices, type RefusalNotice, type SupervisorLog } from './supervisor-notices.js';
import { CONTROL_ID, createTokenChild, START_FAILED_RETRY_MS } from './token-child.js';
import { createTokenState, encodeUnavailable } from './token-state.js';

/** A CRL that is being sent to the child. */
export type CrlForwarding = {
  /**
   * Sends a chunk or the end. Returns false when the caller must wait for `onDrain` before the next
   * one.
   */
  forward(frame: Frame): boolean;
  abort(): void;
};
type CrlCaller = { readonly answer: (encoded: Buffer) => void; readonly onDrain: () => void };

export type TokenHost = {
  ask(request: Request): void;
  /** Starts a CRL; null: the child is not ready, and the caller was answered already. */
  openCrl(begin: Frame, caller: CrlCaller): CrlForwarding | null;
  /**
   * Called when a caller reports that this signature did not verify. If the child has made it and
   * it does not verify here either, the child is replaced before it signs anything else, unless it
   * became ready less than a second ago. Any other report counts as a refusal, and so do reports
   * above a rate.
   */
  reportBadSignature(signature: Bytes, role: CallerRole): void;
  /** Called when the socket server has refused a frame on the socket of this role. */
  refused(refusal: RefusalNotice): void;
  /**
   * Returns the status for operators: the state (`token-state.ts`), the numbers of faults, refusals
   * and alarms, and how long the oldest request has waited.
   */
  status(): Meta;
  /** Resolves when the child has ended. */
  stop(): Promise<void>;
};

/** `endedAt`: when the end of the CRL was sent; null: it was not sent yet. */
type CrlStream = CrlCaller & { readonly hash: CrlHash | null; endedAt: number | null };

const WATCH_MS = 100;
/** Limit for reports of bad signatures, because each may cost the verification of a signature. */
const REPORT_LIMIT = { linesMax: 60, windowMs: 60_000 };

const now = (): number => performance.now();

export function createTokenHost(plan: ChildPlan, log: SupervisorLog): TokenHost {
  const { supervisor, token } = plan;
  const signatures = createRecentSignatures(token.issuers);
  const reports = createLogRateLimiter(REPORT_LIMIT, () => undefined);
  const limits = {
    requestDeadlineMs: supervisor.requestDeadlineMs ?? DEFAULTS.requestDeadlineMs,
    queuedRequestsMax: supervisor.queuedRequestsMax ?? DEFAULTS.queuedRequestsMax,
    queuedOneClientMax: supervisor.queuedOneClientMax ?? DEFAULTS.queuedOneClientMax,
    inFlightMax: supervisor.inFlightMax ?? DEFAULTS.inFlightMax,
  };
  const requests = createRequestQueue(limits, (encoded, answer) => {
    const request = parseFrame(encoded);
    if (answer.type === 'signature' && request.ok)
      signatures.add(answer.body, { issuer: issuerOf(request.value), body: request.value.body });
  });
  const streams = new Map<number, CrlStream>();
  const notices = createSupervisorNotices(token.name, log);
  const state = createTokenState(token.name);
  const child = createTokenChild(
    plan,
    { log, notices, state },
    {
      onFrame,
      onDrain() {
        for (const stream of streams.values()) stream.onDrain();
      },
      onReady: pump,
      onUnavailable: requests.declineAll,
      onGone(detail) {
        requests.childGone(detail);
        signatures.clear();
        const answer = encodeUnavailable(START_FAILED_RETRY_MS, 'the signer ended while it read the CRL');
        for (const stream of streams.values()) stream.answer(Buffer.from(answer));
        streams.clear();
      },
      counts: requests.counts,
    },
  );

  function pump(): void {
    if (child.isReady()) requests.pump(child.send, now());
  }

  function onFrame(frame: Frame): void {
    if (frame.type === 'refused') notices.refused({ rule: ruleOf(frame), role: null });
    if (requests.answered(frame)) {
      child.succeeded();
      pump();
    } else {
      const stream = streams.get(frame.id);
      if (frame.type === 'signature' && stream?.hash) signatures.addCrl(frame.body, stream.hash);
      stream?.answer(frame.encoded);
      streams.delete(frame.id);
    }
  }

  /** Returns how long the oldest request or CRL at the child has waited for its answer. */
  function waitedMs(at: number): number {
    const crlsMs = [...streams.values()].map(({ endedAt }) => (endedAt === null ? 0 : at - endedAt));
    return Math.max(requests.oldestAgeMs(at), child.blockedMs(at), ...crlsMs);
  }

  function watch(): void {
    const at = now();
    requests.declineOverdue(at);
    child.watch(waitedMs(at));
  }

  function openCrl(begin: Frame, caller: CrlCaller): CrlForwarding | null {
    if (!child.isReady()) {
      const { lastError } = child.facts();
      const { retryAfterMs, detail } = state.declined(lastError) ?? {
        retryAfterMs: START_FAILED_RETRY_MS,
        detail: `${token.name} is ${state.name()}: ${lastError}`,
      };
      caller.answer(encodeUnavailable(retryAfterMs, detail));
      return null;
    }
    const id = requests.takeId();
    const stream: CrlStream = { ...caller, hash: signatures.hashCrl(issuerOf(begin)), endedAt: null };
    streams.set(id, stream);
    child.send(setRequestId(begin.encoded, id));
    return {
      forward(frame) {
        if (streams.get(id) !== stream) return true;
        if (frame.type === 'crl-chunk') stream.hash?.update(frame.body);
        if (frame.type === 'crl-end') stream.endedAt = now();
        return child.send(setRequestId(frame.encoded, id));
      },
      abort() {
        if (streams.get(id) !== stream) return;
        streams.delete(id);
        child.send(encodeFrame({ type: 'crl-abort', id }));
      },
    };
  }

  function refused(refusal: RefusalNotice): void {
    // A refusal that is logged here gets an entry in the child's journal too. The rate limit for
    // log lines applies to both.
    if (!notices.refused(refusal) || !child.isReady()) return;
    child.send(encodeFrame({ type: 'refused', id: CONTROL_ID, meta: { rule: refusal.rule } }));
  }

  function reportBadSignature(signature: Bytes, role: CallerRole): void {
    const verdict = reports.admit() ? signatures.verifyOnce(signature) : 'reports-over-limit';
    if (verdict === 'bad') child.reportBadSignature();
    else refused({ rule: `bad-signature-${verdict}`, role });
  }

  const watchTimer = setInterval(watch, WATCH_MS);
  child.start();

  return {
    openCrl,
    ask(request) {
      const declined = state.declined(child.facts().lastError);
      if (declined) return request.answer(encodeUnavailable(declined.retryAfterMs, declined.detail));
      requests.accept(request, now());
      pump();
    },
    reportBadSignature,
    refused,
    status() {
      const { lastError, restarts, pid, hsm } = child.facts();
      return {
        token: token.name,
        kind: token.kind,
        ...state.facts(),
        lastError,
        restarts,
        pid,
        ...notices.counts(),
        ...requests.counts(),
        waitedMs: Math.round(waitedMs(now())),
        hsm,
      };
    },
    stop() {
      clearInterval(watchTimer);
      requests.declineAll(START_FAILED_RETRY_MS, 'the signer is being stopped');
      return child.stop();
    },
  };
}

function issuerOf(frame: Frame): string {
  const meta = readMeta(frame);
  return meta.ok ? String(meta.value.issuer) : '';
}

function ruleOf(frame: Frame): string {
  const meta = readMeta(frame);
  return meta.ok ? String(meta.value.rule).slice(0, 80) : 'frame-meta';
}
