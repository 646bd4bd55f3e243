/** Requests of one token between the sockets and the child: queue, in flight, deadlines, asking again. */
import { unavailableFrame } from '../wire/answers.js';
import { encodeFrame, type Frame, renumber } from '../wire/frames.js';
import { PRIORITIES, type Priority } from '../wire/priorities.js';

/** A request as a socket hands it in. `answer` gets a whole frame, to be renumbered. */
export type Request = {
  readonly whole: Buffer;
  readonly priority: Priority;
  readonly answer: (whole: Buffer) => void;
  /** False once whoever asked has gone: nothing is signed for nobody. */
  readonly isWanted: () => boolean;
};

type Asked = Request & { readonly acceptedAt: number; attempts: number; sentAt: number };

export type RequestLimits = {
  /** All but anonymous ones; these have a limit of their own. */
  readonly queuedRequestsMax: number;
  readonly queuedAnonymousMax: number;
  readonly inFlightMax: number;
  readonly requestDeadlineMs: number;
};

/** A request that has killed this many children is not put to another. */
const ATTEMPTS_MAX = 3;
/** What is asked for nobody in particular takes no more than this part of what the child may have. */
const ANONYMOUS_SHARE = 4;

/** Times are milliseconds of a monotonic clock, given by the caller. */
export function createRequests(limits: RequestLimits) {
  const queues: Readonly<Record<Priority, Asked[]>> = { refresh: [], interactive: [], batch: [], anonymous: [] };
  const inOrder = PRIORITIES.map((priority) => queues[priority]);
  /** By the number the child knows it under, oldest first. */
  const inFlight = new Map<number, Asked>();
  let nextId = 1;
  let anonymousInFlight = 0;

  const queued = (): number => inOrder.reduce((sum, { length }) => sum + length, 0);

  function isFull(priority: Priority): boolean {
    const anonymous = queues.anonymous.length;
    if (priority === 'anonymous') return anonymous >= limits.queuedAnonymousMax;
    return queued() - anonymous >= limits.queuedRequestsMax;
  }

  /** The next in the order of service that may go to the child. */
  function take(): Asked | undefined {
    for (const priority of PRIORITIES) {
      if (priority === 'anonymous' && anonymousInFlight * ANONYMOUS_SHARE >= limits.inFlightMax) return undefined;
      const asked = queues[priority].shift();
      if (asked) return asked;
    }
    return undefined;
  }

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
      if (isFull(request.priority)) {
        decline(request, limits.requestDeadlineMs, `${queued()} requests are waiting`);
      } else queues[request.priority].push({ ...request, acceptedAt: now, attempts: 0, sentAt: 0 });
    },
    /** Hands over what may be sent now. */
    pump(send: (whole: Buffer) => void, now: number): void {
      while (inFlight.size < limits.inFlightMax) {
        const asked = take();
        if (!asked) return;
        if (!asked.isWanted()) continue;
        const id = this.takeId();
        asked.attempts += 1;
        asked.sentAt = now;
        inFlight.set(id, asked);
        if (asked.priority === 'anonymous') anonymousInFlight += 1;
        send(renumber(asked.whole, id));
      }
    },
    /** True when the frame answered a request. */
    answered(frame: Frame): boolean {
      const asked = inFlight.get(frame.id);
      if (!asked) return false;
      inFlight.delete(frame.id);
      if (asked.priority === 'anonymous') anonymousInFlight -= 1;
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
      anonymousInFlight = 0;
      for (const asked of again.reverse()) queues[asked.priority].unshift(asked);
    },
    /** Milliseconds that the child has had its oldest request; 0 without any. */
    oldestAgeMs(now: number): number {
      for (const asked of inFlight.values()) return now - asked.sentAt;
      return 0;
    },
    /** Declines what has waited longer than two deadlines: time for one child to be found hung and another to start. */
    declineOverdue(now: number): void {
      const waitMsMax = 2 * limits.requestDeadlineMs;
      for (const queue of inOrder) {
        while (queue[0] && now - queue[0].acceptedAt > waitMsMax) {
          const asked = queue.shift();
          if (asked) decline(asked, limits.requestDeadlineMs, `waited ${waitMsMax} ms`);
        }
      }
    },
    declineAll(retryAfterMs: number, detail: string): void {
      for (const queue of inOrder) for (const asked of queue.splice(0)) decline(asked, retryAfterMs, detail);
    },
    counts: () => ({ queued: queued(), inFlight: inFlight.size }),
  };
}
