/** Requests at a steady rate. Each is repeated with its own key until it has its certificate. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../support/service/client.js';
import { type Attempt, makeAttempts, type Outcome, send } from './storm.js';

export type Story = {
  readonly attempt: Attempt;
  /** Milliseconds of the monotonic clock. */
  readonly sentAt: number;
  /** Time of the last response; null while the request is repeated. */
  readonly settledAt: number | null;
  /** All responses; the last one is a 201 when the request is done. */
  readonly outcomes: readonly Outcome[];
};

export type Stream = {
  readonly stories: readonly Story[];
  /** Sends no more, and waits at most `waitMsMax` for what was sent. */
  readonly stop: (waitMsMax: number) => Promise<void>;
};

const ASK_AGAIN_MS_MIN = 1_000;
/** On a busy machine the rate falls, so that requests do not queue until their deadlines. */
const UNANSWERED_MAX = 50;

export function startStream(client: Client, perSecond: number): Stream {
  const stories: { attempt: Attempt; sentAt: number; settledAt: number | null; outcomes: Outcome[] }[] = [];
  const asking = new Set<Promise<void>>();
  const beganAt = performance.now();
  let ready: Attempt[] = [];
  let sent = 0;
  let unanswered = 0;
  let isOver = false;

  async function pursue(attempt: Attempt): Promise<void> {
    const story = { attempt, sentAt: performance.now(), settledAt: null as number | null, outcomes: [] as Outcome[] };
    stories.push(story);
    while (!isOver) {
      unanswered += 1;
      const outcome = await send(client, attempt);
      unanswered -= 1;
      story.outcomes.push(outcome);
      if (outcome.answer?.status === 201) {
        story.settledAt = performance.now();
        return;
      }
      await sleep(retryAfterMs(outcome));
    }
  }

  // By the clock and not by the tick, so that a slow moment of this process is made up for.
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - beganAt) * perSecond) / 1_000);
    for (; sent < due; sent += 1) {
      if (unanswered >= UNANSWERED_MAX) continue;
      if (ready.length === 0) ready = makeAttempts(4).map((one) => ({ ...one, key: one.key ?? randomUUID() }));
      const attempt = ready.shift();
      if (!attempt) return;
      const one = pursue(attempt).finally(() => asking.delete(one));
      asking.add(one);
    }
  }, 1_000 / perSecond);

  return {
    stories,
    async stop(waitMsMax) {
      clearInterval(timer);
      const until = performance.now() + waitMsMax;
      while (asking.size > 0 && performance.now() < until) await sleep(50);
      isOver = true;
      await Promise.all(asking);
    },
  };
}

/** As the service asks (RFC 9110 10.2.3), so that waiting clients add no load. */
function retryAfterMs({ answer }: Outcome): number {
  const seconds = Number(answer?.headers['retry-after'] ?? 0);
  return Math.max(ASK_AGAIN_MS_MIN, Number.isFinite(seconds) ? seconds * 1_000 : 0);
}
