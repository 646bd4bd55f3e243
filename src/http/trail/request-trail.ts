/**
 * The trail of requests: an id in the response, a line in the log and, if the request was refused,
 * an entry in the audit log. Every request of an account has its line. Beyond limits in each
 * minute, lines of requests without an account, and entries of one account with the same problem
 * code, are only counted. The trail never contains the name of a holder: a line has the pattern of
 * the path (`/v1/cards/{tokenId}`) instead of the path.
 */
import { recordIdFrom } from '../../issuance/intent.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { createRefusalLog, type RefusalLog } from './refusals.js';

type AnsweredRequest = {
  readonly requestId: string;
  /** null: the input was not a request. */
  readonly method: string | null;
  /** The pattern of the path; null: no route matches. */
  readonly route: string | null;
  readonly status: number;
  /**
   * The problem code of the refusal; null: the request was not refused, or CMP refused it by a
   * PKIMessage.
   */
  readonly code: string | null;
  /**
   * The account that has authenticated, or whose client certificate was refused; null: it is not
   * known.
   */
  readonly accountId: string | null;
  readonly address: string | null;
  /**
   * Milliseconds from the head of the request until its response was sent or its connection was
   * closed; null: the input was not a request.
   */
  readonly durationMs: number | null;
  /**
   * Bytes of the response, including its head; if the input was not a request, of its body only.
   */
  readonly bytes: number;
  /** Whether the whole response was written to the connection. */
  readonly isComplete: boolean;
};

export type RequestTrail = {
  /** Makes a UUID version 7, so that ids ascend with the clock, to the millisecond. */
  readonly newRequestId: () => string;
  /**
   * Writes the log line of a request. The number of lines for requests without an account is
   * limited.
   */
  readonly logAnswer: (answered: AnsweredRequest) => void;
  readonly recordRefusal: RefusalLog['record'];
  /** Writes how many refusals and lines were only counted since the previous call. */
  readonly writeCounts: () => Promise<void>;
};

/**
 * Limit of log lines in a minute for requests without an account: at 400 bytes a line, less than
 * 400 MB a day.
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
