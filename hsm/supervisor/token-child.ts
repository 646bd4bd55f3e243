/**
 * Manages the child process of one token: starts it again when it ends, and kills it when it hangs.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Json } from '../../src/kernel/json.js';
import { createBackOff } from '../back-off.js';
import { DEFAULTS, type SupervisorConfiguration } from '../configuration.js';
import { type Frame, readMeta } from '../wire/frames.js';
import { REMEDIES, type RemedyName } from '../wire/token-fault.js';
import { type ChildPlan, type ChildProcess, startChild } from './child-process.js';
import type { SupervisorLog, SupervisorNotices } from './supervisor-notices.js';
import type { TokenState } from './token-state.js';

/** Times are milliseconds of the monotonic clock. */
type ChildState =
  /** `restart`: the timer of the next start; null: no start is planned. */
  | { readonly phase: 'absent'; readonly restart: NodeJS.Timeout | null }
  /** `since`: the time from which the time limit of the start counts. */
  | { readonly phase: 'starting'; readonly process: ChildProcess; readonly since: number }
  /** The child waits for an officer, who may take hours, so no time limit applies. */
  | { readonly phase: 'locked'; readonly process: ChildProcess }
  | { readonly phase: 'ready'; readonly process: ChildProcess; readonly readyAt: number }
  /**
   * The child was killed, or has reported that it ends. `readyAt` is null when it was never ready.
   */
  | {
      readonly phase: 'ending';
      readonly process: ChildProcess;
      readonly readyAt: number | null;
      readonly reason: string;
    }
  | { readonly phase: 'stopping'; readonly process: ChildProcess; readonly onStopped: () => void };

/** What happened in all children of the token so far, for the back-off and the status. */
type ChildHistory = {
  restarts: number;
  /** Starts that failed since a child was last ready or locked. */
  startsFailed: number;
  /** Why the last child ended; null: none has ended. */
  lastError: string | null;
  /** What the last child that was ready reported about its token and keys. */
  hsm: Json;
};

type TokenChildEvents = {
  /** Called with a frame that answers a request. */
  readonly onFrame: (frame: Frame) => void;
  readonly onDrain: () => void;
  readonly onReady: () => void;
  /** Requests must be declined: the child is locked, or the next start will probably fail too. */
  readonly onUnavailable: (retryAfterMs: number, detail: string) => void;
  readonly onGone: (detail: string) => void;
  /** Returns facts for the log line about the end of a child. */
  readonly counts: () => { readonly queued: number; readonly inFlight: number };
};

/** The request id of frames that answer no request. */
export const CONTROL_ID = 0;
export const START_FAILED_RETRY_MS = 1_000;
/** When a child was ready for this long, the back-off starts again from its first pause. */
const STABLE_AFTER_MS = 10_000;
/**
 * A child is not replaced for a bad signature this soon after it was ready. This limits how often a
 * caller can have the child replaced.
 */
const BAD_SIGNATURE_AFTER_READY_MS = 1_000;
const STARTS_FAILED_DOWN = 3;

const now = (): number => performance.now();

export function createTokenChild(
  plan: ChildPlan,
  world: { readonly log: SupervisorLog; readonly notices: SupervisorNotices; readonly state: TokenState },
  events: TokenChildEvents,
) {
  const { supervisor, token } = plan;
  const { log, notices, state } = world;
  const limits = { ...DEFAULTS, ...supervisor };
  const backOff = createBackOff();
  const history: ChildHistory = { restarts: -1, startsFailed: 0, lastError: null, hsm: null };
  let current: ChildState = { phase: 'absent', restart: null };

  const pid = (): number | null => (current.phase === 'absent' ? null : current.process.pid);
  function start(): void {
    history.restarts += 1;
    const process = startChild(plan, { onFrame, onDrain: events.onDrain, onGone });
    current = { phase: 'starting', process, since: now() };
    log({ event: 'child-started', token: token.name, pid: process.pid, restarts: history.restarts });
  }

  function onFrame(frame: Frame): void {
    if (frame.id !== CONTROL_ID) {
      events.onFrame(frame);
      return;
    }
    const meta = readMeta(frame);
    if (!meta.ok) return;
    const report = meta.value;
    if (report.state === 'fault') {
      const { operation, ckr, remedy } = report;
      notices.fault({ operation: String(operation), ckr: String(ckr), remedy: remedyNamed(remedy) }, pid());
    } else if (report.state === 'alarm') notices.alarm(report);
    else onProgress(report);
  }

  /** Handles a frame that a child sends about its own state. */
  function onProgress(report: Readonly<Record<string, unknown>>): void {
    if (current.phase === 'absent' || current.phase === 'ending' || current.phase === 'stopping') return;
    const { process } = current;
    if (report.state === 'ready') {
      const afterMs = current.phase === 'starting' ? Math.round(now() - current.since) : 0;
      current = { phase: 'ready', process, readyAt: now() };
      // The report is JSON, because it came in a frame.
      history.hsm = (report.hsm ?? null) as Json;
      history.startsFailed = 0;
      state.enter('ready');
      log({ event: 'child-ready', token: token.name, pid: process.pid, afterMs });
      events.onReady();
    } else if (report.state === 'locked') {
      current = { phase: 'locked', process };
      history.startsFailed = 0;
      state.lock(String(report.command));
      const { command: run, pinTries } = report;
      log({ event: 'signer-locked', token: token.name, pid: process.pid, run, pinTries });
      const declined = state.declined(null);
      if (declined) events.onUnavailable(declined.retryAfterMs, declined.detail);
    } else if (report.state === 'opening') {
      // A PIN was received: opening the token has the same time limit as any start.
      current = { phase: 'starting', process, since: now() };
      state.enter('degraded');
    } else {
      current = { phase: 'ending', process, readyAt: readyAtOf(current), reason: String(report.detail) };
    }
  }

  function onGone(how: string): void {
    const ended = current;
    assert(ended.phase !== 'absent', 'a child ends once');
    const isStopping = ended.phase === 'stopping';
    const reason = ended.phase === 'ending' ? ended.reason : null;
    const detail = reason ?? `the child ended: ${how}`;
    // When the child reported a reason or was killed, its fault was reported already.
    if (reason === null && !isStopping) noteReplaced('process', how);
    history.lastError = detail;
    const facts = { token: token.name, pid: ended.process.pid, how, detail, ...events.counts() };
    log({ event: isStopping ? 'child-stopped' : 'child-gone', ...facts });
    current = { phase: 'absent', restart: null };
    events.onGone(detail);
    if (isStopping) return void ended.onStopped();
    const readyAt = readyAtOf(ended);
    if (readyAt !== null && now() - readyAt > STABLE_AFTER_MS) backOff.reset();
    const pauseMs = backOff.next();
    history.startsFailed = readyAt === null ? history.startsFailed + 1 : 0;
    // Waiting does not help a child that reported why it cannot start, nor after several failed
    // starts.
    const isDown = (readyAt === null && reason !== null) || history.startsFailed >= STARTS_FAILED_DOWN;
    state.enter(isDown ? 'down' : 'degraded');
    if (isDown) events.onUnavailable(Math.max(pauseMs, START_FAILED_RETRY_MS), detail);
    current = { phase: 'absent', restart: setTimeout(start, pauseMs) };
  }

  function noteReplaced(operation: string, ckr: string): void {
    notices.fault({ operation, ckr, remedy: 'replace' }, pid());
  }

  function kill(reason: string): void {
    if (current.phase === 'absent' || current.phase === 'ending' || current.phase === 'stopping') return;
    const { process } = current;
    current = { phase: 'ending', process, readyAt: readyAtOf(current), reason };
    if (state.name() === 'ready') state.enter('degraded');
    log({ event: 'child-killed', token: token.name, pid: process.pid, why: reason });
    process.kill();
  }

  return {
    start,
    isReady: (): boolean => current.phase === 'ready',
    /**
     * Sends an encoded frame; only called while a child exists. Returns false when the caller must
     * wait for `onDrain`.
     */
    send(encoded: Uint8Array): boolean {
      assert(current.phase !== 'absent', 'frames are sent to a child that exists');
      return current.process.send(encoded);
    },
    /** Returns the milliseconds frames have waited for the child; 0: none wait, or no child. */
    blockedMs: (at: number): number => (current.phase === 'absent' ? 0 : current.process.blockedMs(at)),
    /** Called when the child has answered a request. */
    succeeded: backOff.reset,
    /**
     * Kills a child that has missed a time limit. `waitedMs`: how long its oldest request has
     * waited.
     */
    watch(waitedMs: number): void {
      const missed = missedLimit(current, limits, waitedMs);
      if (missed === null) return;
      noteReplaced(missed.operation, 'no-answer');
      kill(missed.reason);
    },
    reportBadSignature(): void {
      notices.badSignatureReported({ operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID', remedy: 'replace' }, pid());
      if (current.phase === 'ready' && now() - current.readyAt > BAD_SIGNATURE_AFTER_READY_MS)
        kill('a signature of this token did not verify');
    },
    facts: () => ({ ...history, pid: pid() }),
    /** Resolves when the child has ended. */
    stop(): Promise<void> {
      const last = current;
      if (last.phase === 'absent') {
        if (last.restart) clearTimeout(last.restart);
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        current = { phase: 'stopping', process: last.process, onStopped: resolve };
        last.process.kill();
      });
    },
  };
}

/** Returns the time at which the child was ready; null: it never was. */
function readyAtOf(state: ChildState): number | null {
  return state.phase === 'ready' || state.phase === 'ending' ? state.readyAt : null;
}

function missedLimit(
  state: ChildState,
  {
    startDeadlineMs,
    requestDeadlineMs,
  }: Required<Pick<SupervisorConfiguration, 'startDeadlineMs' | 'requestDeadlineMs'>>,
  waitedMs: number,
): { readonly operation: 'start' | 'request'; readonly reason: string } | null {
  if (state.phase === 'starting' && now() - state.since > startDeadlineMs)
    return { operation: 'start', reason: `not ready after ${startDeadlineMs} ms` };
  if (state.phase === 'ready' && waitedMs > requestDeadlineMs)
    return { operation: 'request', reason: `no answer in ${requestDeadlineMs} ms` };
  return null;
}

/**
 * Returns the remedy with this name. A faulty child may send any other name, which counts as
 * `replace`.
 */
function remedyNamed(name: unknown): RemedyName {
  return REMEDIES.find((remedy) => remedy === name) ?? 'replace';
}
