/**
 * One token as the supervisor runs it: a child, restarted when it dies and killed when it hangs, and the requests put to it.
 * A request that a child did not answer is put to the next one, the same bytes; a CRL in mid-stream is answered `unavailable`.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Json } from '../../src/kernel/json.js';
import { createBackOff } from '../back-off.js';
import { DEFAULTS } from '../configuration.js';
import type { Remedy } from '../pkcs11/ckr.js';
import { unavailableFrame } from '../wire/answers.js';
import { encodeFrame, type Frame, type Meta, readMeta, renumber } from '../wire/frames.js';
import { REMEDIES } from '../wire/token-fault.js';
import { type ChildPlan, type ChildProcess, startChild } from './child-process.js';
import { createRequests, type Request } from './requests.js';
import { createSupervisorNotices, type RefusalNotice } from './supervisor-notices.js';
import { createTokenState, LOCKED_RETRY_MS } from './token-state.js';

export type SupervisorLog = (event: {
  readonly event: string;
  readonly token: string;
  readonly [fact: string]: unknown;
}) => void;

/** A CRL on its way to the child. */
export type CrlPassage = {
  /** A chunk or the end. False: wait for `onDrain` before the next. */
  forward(frame: Frame): boolean;
  abort(): void;
};
export type CrlCaller = { readonly answer: (whole: Buffer) => void; readonly onDrain: () => void };

export type TokenHost = {
  ask(request: Request): void;
  /** Null when the child is not ready: the answer was given. */
  openCrl(begin: Frame, caller: CrlCaller): CrlPassage | null;
  /** A signature of this token did not verify: its child is replaced before it signs anything else. */
  doubt(): void;
  /** The desk has refused what came in on the socket of this role. */
  refused(refusal: RefusalNotice): void;
  /**
   * State for operators: `ready`, `degraded` (being restarted), `down` (the last start failed), `locked` (waits for an officer to type
   * the PIN; `unlock` is the command); all faults by number; and for how long its oldest request has waited.
   */
  status(): Meta;
  /** Resolves when the child is gone. */
  stop(): Promise<void>;
};

type Stream = CrlCaller & { endedAt: number | null };
/** When the last child that was ready was, by the monotonic clock, and what it said of its token and keys. */
type Opened = { readonly at: number; readonly hsm: Json };
const CONTROL_ID = 0;
const WATCH_MS = 100;
/** A child that was ready for so long starts the back-off anew, asked or not. */
const STABLE_AFTER_MS = 10_000;
/** A doubt that comes so soon is about a signature of the child before; it also bounds what a caller can do by doubting. */
const DOUBT_AFTER_READY_MS = 1_000;
const START_FAILED_RETRY_MS = 1_000;
const STARTS_FAILED_DOWN = 3;

const now = (): number => performance.now();

export function createTokenHost(plan: ChildPlan, log: SupervisorLog): TokenHost {
  const { supervisor, token } = plan;
  const requestDeadlineMs = supervisor.requestDeadlineMs ?? DEFAULTS.requestDeadlineMs;
  const startDeadlineMs = supervisor.startDeadlineMs ?? DEFAULTS.startDeadlineMs;
  const requests = createRequests({
    requestDeadlineMs,
    queuedRequestsMax: supervisor.queuedRequestsMax ?? DEFAULTS.queuedRequestsMax,
    queuedAnonymousMax: supervisor.queuedAnonymousMax ?? DEFAULTS.queuedAnonymousMax,
    inFlightMax: supervisor.inFlightMax ?? DEFAULTS.inFlightMax,
  });
  const streams = new Map<number, Stream>();
  const backOff = createBackOff();
  const notices = createSupervisorNotices(token.name, log);
  let child: ChildProcess | null = null;
  let ready = false;
  let startedAt = 0;
  let opened: Opened = { at: 0, hsm: null };
  /** Since when the child has not taken what was written to it. */
  let blockedSince: number | null = null;
  const state = createTokenState(token.name);
  /** Of the last child that ended, and why this one is ending. */
  let lastError: string | null = null;
  let reason: string | null = null;
  let restarts = -1;
  let startsFailed = 0;
  let restartTimer: NodeJS.Timeout | null = null;
  let stopped: (() => void) | null = null;

  function send(whole: Uint8Array): boolean {
    assert(child, 'frames go to a child that is there');
    if (child.send(whole)) return true;
    blockedSince ??= now();
    return false;
  }

  /** Not once it has been told to go, or has said that it goes. */
  function isServing(): boolean {
    return ready && reason === null;
  }

  function pump(): void {
    if (isServing()) requests.pump(send, now());
  }

  function start(): void {
    restartTimer = null;
    restarts += 1;
    startedAt = now();
    reason = null;
    child = startChild(plan, { onFrame, onDrain, onGone });
    log({ event: 'child-started', token: token.name, pid: child.pid, restarts });
  }

  function onFrame(frame: Frame): void {
    if (frame.type === 'refused') notices.refused({ rule: ruleOf(frame), role: null });
    if (frame.id === CONTROL_ID) {
      onControl(frame);
    } else if (requests.answered(frame)) {
      backOff.reset();
      pump();
    } else {
      streams.get(frame.id)?.answer(frame.whole);
      streams.delete(frame.id);
    }
  }

  function onControl(frame: Frame): void {
    const meta = readMeta(frame);
    if (meta.ok && meta.value.state === 'ready') {
      ready = true;
      // It came as JSON in a frame of our own child.
      opened = { at: now(), hsm: (meta.value.hsm ?? null) as Json };
      startsFailed = 0;
      state.enter('ready');
      log({ event: 'child-ready', token: token.name, pid: child?.pid, afterMs: Math.round(now() - startedAt) });
      pump();
    } else if (meta.ok && (meta.value.state === 'locked' || meta.value.state === 'opening')) {
      onWait(meta.value);
    } else if (meta.ok && meta.value.state === 'fault') {
      const { operation, ckr, remedy } = meta.value;
      notices.fault(
        { operation: String(operation), ckr: String(ckr), remedy: remedyNamed(remedy) },
        child?.pid ?? null,
      );
    } else if (meta.ok && meta.value.state === 'alarm') {
      notices.alarm(meta.value);
    } else if (meta.ok) reason = String(meta.value.detail);
  }

  /** An officer may take hours: no deadline runs until a PIN has come. Then the token has as long as at any start. */
  function onWait(said: Readonly<Record<string, unknown>>): void {
    startedAt = now();
    if (said.state === 'opening') {
      state.enter('degraded');
      return;
    }
    startsFailed = 0;
    state.lock(String(said.command));
    log({ event: 'signer-locked', token: token.name, pid: child?.pid, run: said.command, pinTries: said.pinTries });
    requests.declineAll(LOCKED_RETRY_MS, state.lockedDetail());
  }

  function onDrain(): void {
    blockedSince = null;
    for (const stream of streams.values()) stream.onDrain();
  }

  function onGone(how: string): void {
    const wasReady = ready;
    const detail = reason ?? `the child ended: ${how}`;
    // Who gave a reason has told the fault; so has whoever killed it.
    if (reason === null && !stopped) noteOwn('process', how);
    lastError = detail;
    const event = stopped ? 'child-stopped' : 'child-gone';
    log({ event, token: token.name, pid: child?.pid, how, detail, ...requests.counts() });
    child = null;
    ready = false;
    blockedSince = null;
    requests.childGone(detail);
    for (const { answer } of streams.values()) {
      answer(
        encodeFrame(unavailableFrame(CONTROL_ID, START_FAILED_RETRY_MS, 'the signer ended while it read the CRL')),
      );
    }
    streams.clear();
    if (stopped) {
      stopped();
      return;
    }
    if (wasReady && now() - opened.at > STABLE_AFTER_MS) backOff.reset();
    const pauseMs = backOff.next();
    startsFailed = wasReady ? 0 : startsFailed + 1;
    // A child that said why it will not start, or several that ended before they were ready, will not be helped by waiting.
    const isDown = (!wasReady && reason !== null) || startsFailed >= STARTS_FAILED_DOWN;
    state.enter(isDown ? 'down' : 'degraded');
    if (isDown) requests.declineAll(Math.max(pauseMs, START_FAILED_RETRY_MS), detail);
    restartTimer = setTimeout(start, pauseMs);
  }

  function noteOwn(operation: string, ckr: string): void {
    notices.fault({ operation, ckr, remedy: 'replace' }, child?.pid ?? null);
  }

  function kill(why: string): void {
    if (reason !== null) return;
    reason = why;
    if (state.name() === 'ready') state.enter('degraded');
    log({ event: 'child-killed', token: token.name, pid: child?.pid, why });
    child?.kill();
  }

  /** Whether the child has missed a deadline; seen at most `WATCH_MS` late. */
  function watch(): void {
    const at = now();
    requests.declineOverdue(at);
    if (child === null || state.isLocked()) return;
    if (!ready) {
      if (at - startedAt > startDeadlineMs) killHung('start', `not ready after ${startDeadlineMs} ms`);
      return;
    }
    if (waitedMs(at) > requestDeadlineMs) killHung('request', `no answer in ${requestDeadlineMs} ms`);
  }

  function waitedMs(at: number): number {
    // For how long the child has not done what it has had longest.
    const ended = Math.min(...[...streams.values()].flatMap(({ endedAt }) => endedAt ?? []));
    const ages = [requests.oldestAgeMs(at), at - (blockedSince ?? at), Number.isFinite(ended) ? at - ended : 0];
    return Math.max(...ages);
  }

  function killHung(operation: string, why: string): void {
    if (reason !== null) return;
    noteOwn(operation, 'no-answer');
    kill(why);
  }
  const watchTimer = setInterval(watch, WATCH_MS);
  start();

  return {
    ask(request) {
      const declined = state.declined(lastError);
      if (declined) return request.answer(declined);
      requests.accept(request, now());
      pump();
    },
    openCrl(begin, caller) {
      if (!isServing()) {
        const detail = `${token.name} is ${state.name()}: ${lastError}`;
        caller.answer(
          state.declined(lastError) ?? encodeFrame(unavailableFrame(CONTROL_ID, START_FAILED_RETRY_MS, detail)),
        );
        return null;
      }
      const id = requests.takeId();
      const stream: Stream = { ...caller, endedAt: null };
      streams.set(id, stream);
      send(renumber(begin.whole, id));
      return {
        forward(frame) {
          if (streams.get(id) !== stream) return true;
          if (frame.type === 'crl-end') stream.endedAt = now();
          return send(renumber(frame.whole, id));
        },
        abort() {
          if (streams.get(id) !== stream) return;
          streams.delete(id);
          send(encodeFrame({ type: 'crl-abort', id }));
        },
      };
    },
    doubt() {
      const fault = { operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID', remedy: 'replace' } as const;
      notices.doubted(fault, child?.pid ?? null);
      if (ready && now() - opened.at > DOUBT_AFTER_READY_MS) kill('a signature of this token did not verify');
    },
    refused(refusal) {
      // What is written down here is so in the child's journal too; the gate keeps a flood off both.
      if (!notices.refused(refusal) || !isServing()) return;
      send(encodeFrame({ type: 'refused', id: CONTROL_ID, meta: { rule: refusal.rule } }));
    },
    status: () => ({
      token: token.name,
      kind: token.kind,
      ...state.facts(),
      lastError,
      restarts,
      pid: child?.pid ?? null,
      ...notices.counts(),
      ...requests.counts(),
      waitedMs: Math.round(waitedMs(now())),
      hsm: opened.hsm,
    }),
    stop() {
      if (restartTimer) clearTimeout(restartTimer);
      clearInterval(watchTimer);
      requests.declineAll(START_FAILED_RETRY_MS, 'the signer is being stopped');
      if (child === null) return Promise.resolve();
      const last = child;
      return new Promise((resolve) => {
        stopped = resolve;
        last.kill();
      });
    },
  };
}

function ruleOf(frame: Frame): string {
  const meta = readMeta(frame);
  return meta.ok ? String(meta.value.rule).slice(0, 80) : 'frame-meta';
}

/** From our own child, which may have lost its mind: a name of ours or none. */
function remedyNamed(name: unknown): Remedy['do'] {
  return REMEDIES.find((remedy) => remedy === name) ?? 'replace';
}
