/**
 * The trace that each request of the API leaves: an id in its response, a line in the log and, if
 * it was refused, an entry in the audit log. Nothing of it has the name of a holder: a line has the
 * pattern of the path and not the path.
 */
import { recordIdFrom } from '../../issuance/record-id.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { createRefusalLog, type RefusalLog } from './refusals.js';

type AnsweredRequest = {
  readonly requestId: string;
  /** null: the input was not a request. */
  readonly method: string | null;
  /** The pattern of the path; null: there is no such route. */
  readonly route: string | null;
  readonly status: number;
  /** The code of the problem; null: the request succeeded. */
  readonly code: string | null;
  /** null: the client did not authenticate. */
  readonly accountId: string | null;
  readonly address: string | null;
  /** From the head of the request to the end of the response; null: there was no request. */
  readonly durationMs: number | null;
  /** Octets of the response, with its head. */
  readonly bytes: number;
  /** Whether the client got the whole response. */
  readonly isComplete: boolean;
};

export type RequestTrail = {
  /** UUID version 7: the ids of later requests are greater. */
  readonly newRequestId: () => string;
  readonly logAnswer: (answered: AnsweredRequest) => void;
  readonly recordRefusal: RefusalLog['record'];
  /** Writes what was only counted since the previous call. */
  readonly writeCounts: () => Promise<void>;
};

/**
 * Lines in a minute for requests without an account: at 400 bytes a line, less than 400 MB a day.
 * Requests of accounts all have their line.
 */
const ANONYMOUS_LINES_PER_MINUTE_MAX = 600;

export function createRequestTrail(world: Pick<World, 'store' | 'clock' | 'random' | 'log'>): RequestTrail {
  const { clock, random, log } = world;
  const refusals = createRefusalLog(world);
  let minute = 0;
  let anonymousLines = 0;
  let leftOut = 0;
  const hasLine = (accountId: string | null): boolean => {
    if (accountId !== null) return true;
    const now = Math.floor(clock() / MINUTE_MS);
    anonymousLines = now === minute ? anonymousLines + 1 : 1;
    minute = now;
    return anonymousLines <= ANONYMOUS_LINES_PER_MINUTE_MAX;
  };
  return {
    newRequestId: () => recordIdFrom(clock(), random(10)),
    logAnswer: ({ accountId, durationMs, isComplete, ...rest }) => {
      if (!hasLine(accountId)) {
        leftOut += 1;
        return;
      }
      const ms = durationMs === null ? null : Math.round(durationMs * 10) / 10;
      log.info('http.request', { ...rest, account: accountId, ms, complete: isComplete });
    },
    recordRefusal: refusals.record,
    writeCounts: async () => {
      if (leftOut > 0) log.warn('http.requests-not-logged', { count: leftOut });
      leftOut = 0;
      await refusals.writeCounts();
    },
  };
}
