/** Requests of one token between the sockets and the child: queue, in flight, deadlines, asking again. */
import { unavailableFrame } from './answers.js';
import { encodeFrame, type Frame, renumber } from './frames.js';

/** A request as a socket hands it in. `answer` gets a whole frame, to be renumbered. */
export type Request = {
  readonly whole: Buffer;
  readonly answer: (whole: Buffer) => void;
  /** False once whoever asked has gone: nothing is signed for nobody. */
  readonly isWanted: () => boolean;
};

type Asked = Request & { readonly acceptedAt: number; attempts: number; sentAt: number };

export type RequestLimits = {
  readonly queuedRequestsMax: number;
  readonly inFlightMax: number;
  readonly requestDeadlineMs: number;
};

/** A request that has killed this many children is not put to another. */
const ATTEMPTS_MAX = 3;

/** Times are milliseconds of a monotonic clock, given by the caller. */
export function createRequests(limits: RequestLimits) {
  const waiting: Asked[] = [];
  /** By the number the child knows it under, oldest first. */
  const inFlight = new Map<number, Asked>();
  let nextId = 1;

  function decline({ answer }: Request, retryAfterMs: number, detail: string): void {
    answer(encodeFrame(unavailableFrame(0, retryAfterMs, detail)));
  }

  return {
    /** Numbers of the child's side: requests and CRL streams share them. 0 is the supervisor's own. */
    takeId(): number {
      const id = nextId;
      nextId = nextId === 0xffff_ffff ? 1 : nextId + 1;
      return id;
    },
    accept(request: Request, now: number): void {
      if (waiting.length >= limits.queuedRequestsMax) {
        decline(request, limits.requestDeadlineMs, `${waiting.length} requests are waiting`);
      } else waiting.push({ ...request, acceptedAt: now, attempts: 0, sentAt: 0 });
    },
    /** Hands over what may be sent now. */
    pump(send: (whole: Buffer) => void, now: number): void {
      while (inFlight.size < limits.inFlightMax) {
        const asked = waiting.shift();
        if (!asked) return;
        if (!asked.isWanted()) continue;
        const id = this.takeId();
        asked.attempts += 1;
        asked.sentAt = now;
        inFlight.set(id, asked);
        send(renumber(asked.whole, id));
      }
    },
    /** True when the frame answered a request. */
    answered(frame: Frame): boolean {
      const asked = inFlight.get(frame.id);
      if (!asked) return false;
      inFlight.delete(frame.id);
      asked.answer(frame.whole);
      return true;
    },
    /** The child is gone: what it had goes first to its successor, in the order it was asked. */
    childGone(detail: string): void {
      const again = [...inFlight.values()].filter((asked) => {
        if (asked.attempts < ATTEMPTS_MAX) return true;
        decline(asked, limits.requestDeadlineMs, `asked ${asked.attempts} times: ${detail}`);
        return false;
      });
      inFlight.clear();
      waiting.unshift(...again);
    },
    /** Milliseconds that the child has had its oldest request; 0 without any. */
    oldestAgeMs(now: number): number {
      for (const asked of inFlight.values()) return now - asked.sentAt;
      return 0;
    },
    /** Declines what has waited longer than two deadlines: time for one child to be found hung and another to start. */
    declineOverdue(now: number): void {
      const waitMsMax = 2 * limits.requestDeadlineMs;
      while (waiting[0] && now - waiting[0].acceptedAt > waitMsMax) {
        const asked = waiting.shift();
        if (asked) decline(asked, limits.requestDeadlineMs, `waited ${waitMsMax} ms`);
      }
    },
    declineAll(retryAfterMs: number, detail: string): void {
      for (const asked of waiting.splice(0)) decline(asked, retryAfterMs, detail);
    },
    counts: () => ({ queued: waiting.length, inFlight: inFlight.size }),
    isIdle: () => waiting.length === 0 && inFlight.size === 0,
  };
}
