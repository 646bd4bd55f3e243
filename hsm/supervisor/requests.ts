/**
 * Manages the requests of one token, between its sockets and its child: the queue, the requests in
 * flight, their time limits and retries.
 */
import { RECENT_MS } from '../../src/kernel/interactive-work.js';
import { unavailableFrame } from '../wire/answers.js';
import { encodeFrame, type Frame, setRequestId } from '../wire/frames.js';
import { PRIORITIES, type Priority } from '../wire/priorities.js';

/** A request from a socket. `answer` gets an encoded frame, and must set its request id. */
export type Request = {
  readonly encoded: Buffer;
  readonly priority: Priority;
  readonly answer: (encoded: Buffer) => void;
  /** Returns false when the caller has disconnected: then the request is dropped. */
  readonly isWanted: () => boolean;
};

type QueuedRequest = Request & { readonly acceptedAt: number; attempts: number; sentAt: number };

type RequestLimits = {
  /** Limit of queued requests of all priorities except `one-client`. */
  readonly queuedRequestsMax: number;
  readonly queuedOneClientMax: number;
  readonly inFlightMax: number;
  readonly requestDeadlineMs: number;
};

/** A request that was unanswered in this many children is not sent to another. */
const ATTEMPTS_MAX = 3;
/** Requests for one client take at most `inFlightMax` divided by this: one quarter. */
const ONE_CLIENT_DIVISOR = 4;
/**
 * Batch requests take at most `inFlightMax` divided by this, one sixteenth, while an interactive
 * request came in the last second, because an interactive request waits for those that the child
 * has already.
 */
const BATCH_DIVISOR = 16;

/**
 * Creates an empty queue. Times are milliseconds of a monotonic clock, which the caller reads.
 * `onAnswer` gets each answer with the encoded request, which shares the memory of its chunk.
 */
export function createRequestQueue(
  limits: RequestLimits,
  onAnswer: (request: Buffer, answer: Frame) => void = () => undefined,
) {
  const queues: Readonly<Record<Priority, QueuedRequest[]>> = {
    refresh: [],
    interactive: [],
    batch: [],
    'one-client': [],
  };
  const inOrder = PRIORITIES.map((priority) => queues[priority]);
  /** Requests by the id that they have at the child, oldest first. */
  const inFlight = new Map<number, QueuedRequest>();
  const inFlightOf: Record<Priority, number> = { refresh: 0, interactive: 0, batch: 0, 'one-client': 0 };
  let nextId = 1;
  let lastInteractiveAt = Number.NEGATIVE_INFINITY;

  const queued = (): number => inOrder.reduce((sum, { length }) => sum + length, 0);

  function isFull(priority: Priority): boolean {
    const oneClient = queues['one-client'].length;
    if (priority === 'one-client') return oneClient >= limits.queuedOneClientMax;
    return queued() - oneClient >= limits.queuedRequestsMax;
  }

  /** Whether the child has as many requests of this priority as it may have now. */
  function isAtShareLimit(priority: Priority, now: number): boolean {
    const isBatchLimited = priority === 'batch' && now - lastInteractiveAt < RECENT_MS;
    const divisor = priority === 'one-client' ? ONE_CLIENT_DIVISOR : isBatchLimited ? BATCH_DIVISOR : 1;
    return inFlightOf[priority] * divisor >= limits.inFlightMax;
  }

  /** Returns the next request that may be sent to the child, and removes it from its queue. */
  function take(now: number): QueuedRequest | undefined {
    for (const priority of PRIORITIES) {
      if (isAtShareLimit(priority, now)) continue;
      const request = queues[priority].shift();
      if (request) return request;
    }
    return undefined;
  }

  function decline({ answer }: Request, retryAfterMs: number, detail: string): void {
    answer(encodeFrame(unavailableFrame(0, retryAfterMs, detail)));
  }

  return {
    /**
     * Allocates request ids for the child, for requests and CRL streams. 0 is for control frames.
     */
    takeId(): number {
      const id = nextId;
      nextId = nextId === 0xffff_ffff ? 1 : nextId + 1;
      return id;
    },
    accept(request: Request, now: number): void {
      if (request.priority === 'interactive') lastInteractiveAt = now;
      if (isFull(request.priority)) {
        decline(request, limits.requestDeadlineMs, `${queued()} requests are waiting`);
      } else queues[request.priority].push({ ...request, acceptedAt: now, attempts: 0, sentAt: 0 });
    },
    /** Sends the requests that may be sent now. */
    pump(send: (encoded: Buffer) => void, now: number): void {
      while (inFlight.size < limits.inFlightMax) {
        const request = take(now);
        if (!request) return;
        if (!request.isWanted()) continue;
        const id = this.takeId();
        request.attempts += 1;
        request.sentAt = now;
        inFlight.set(id, request);
        inFlightOf[request.priority] += 1;
        send(setRequestId(request.encoded, id));
      }
    },
    /** Passes an answer on. Returns false when the frame answers no request. */
    answered(frame: Frame): boolean {
      const request = inFlight.get(frame.id);
      if (!request) return false;
      inFlight.delete(frame.id);
      inFlightOf[request.priority] -= 1;
      onAnswer(request.encoded, frame);
      request.answer(frame.encoded);
      return true;
    },
    /**
     * Called when the child has ended. Its unanswered requests go back to the front of their
     * queues, in their order, for the next child; those that had `ATTEMPTS_MAX` attempts are
     * declined.
     */
    childGone(detail: string): void {
      const again = [...inFlight.values()].filter((request) => {
        if (request.attempts < ATTEMPTS_MAX) return true;
        decline(request, limits.requestDeadlineMs, `no answer after ${request.attempts} attempts: ${detail}`);
        return false;
      });
      inFlight.clear();
      for (const priority of PRIORITIES) inFlightOf[priority] = 0;
      for (const request of again.reverse()) queues[request.priority].unshift(request);
    },
    /** Returns how long the child has had its oldest request; 0: it has none. */
    oldestAgeMs(now: number): number {
      for (const { sentAt } of inFlight.values()) return now - sentAt;
      return 0;
    },
    /**
     * Declines requests that have waited longer than twice the time limit of a request, which is
     * enough to detect that a child hangs and to start another.
     */
    declineOverdue(now: number): void {
      const waitMsMax = 2 * limits.requestDeadlineMs;
      for (const queue of inOrder) {
        while (queue[0] && now - queue[0].acceptedAt > waitMsMax) {
          const request = queue.shift();
          if (request) decline(request, limits.requestDeadlineMs, `waited ${waitMsMax} ms`);
        }
      }
    },
    declineAll(retryAfterMs: number, detail: string): void {
      for (const queue of inOrder) for (const request of queue.splice(0)) decline(request, retryAfterMs, detail);
    },
    counts: () => ({ queued: queued(), inFlight: inFlight.size }),
  };
}
