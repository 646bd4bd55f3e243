/**
 * The trace of refused requests, from the log and the database of a service: an auditor finds each
 * of them by its request id.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '../../../src/config/paths.js';
import type { RefusedAnswer } from './client.js';
import { openDatabase } from './database.js';
import type { ServiceHome } from './home.js';

type LogLine = {
  readonly event: string;
  readonly requestId?: string;
  readonly status?: number;
  readonly code?: string;
  readonly account?: string | null;
  /** How many requests have no line. */
  readonly count?: number;
};
type RefusalEntry = {
  readonly actor: string;
  readonly request: string | null;
  readonly details: {
    readonly code?: string;
    readonly firstRequestId?: string;
    readonly lastRequestId?: string;
  } | null;
};

/** Counts are written every ten seconds; a busy machine is slower. */
const TRACE_MS_MAX = 60_000;
/** The whole log and all refusals are read each time. */
const POLL_MS = 1_000;

/**
 * Fails if a refused request has no line in the log and is not counted there among those that were
 * left out (clients without an account have 600 lines in a minute), or if the audit log has neither
 * an entry of it nor a count of the refusals of its account, code and time.
 */
export async function assertTraced(at: ServiceHome, refused: readonly RefusedAnswer[]): Promise<void> {
  const until = performance.now() + TRACE_MS_MAX;
  let missing = await untraced(at, refused);
  while (missing.length > 0 && performance.now() < until) {
    await sleep(POLL_MS);
    missing = await untraced(at, refused);
  }
  assert.deepEqual(missing.slice(0, 5), [], `${missing.length} of ${refused.length} refused requests left no trace`);
}

async function untraced(at: ServiceHome, refused: readonly RefusedAnswer[]): Promise<readonly string[]> {
  if (refused.length === 0) return [];
  const logged = linesOf(at);
  const lines = new Map(logged.map((line) => [line.requestId, line]));
  let leftOut = logged.reduce((sum, { count = 0 }) => sum + count, 0);
  const entries = await refusalsIn(at);
  const recorded = new Map(entries.map(({ request, actor }) => [request, actor]));
  return refused.flatMap(({ method, path, status, code, requestId }) => {
    const what = `${method} ${path} ${status} ${code} ${requestId}`;
    const line = lines.get(requestId);
    if (line === undefined) leftOut -= 1;
    if (line === undefined ? leftOut < 0 : line.status !== status || line.code !== code)
      return [`not in the log: ${what}`];
    const actor = typeof line?.account === 'string' ? `account:${line.account}` : 'anonymous';
    const isCounted = (entry: RefusalEntry): boolean => entry.actor === actor && covers(entry, code, requestId);
    // A request of an account always has its line.
    const isRecorded = line === undefined ? recorded.get(requestId) === 'anonymous' : recorded.has(requestId);
    return isRecorded || entries.some(isCounted) ? [] : [`not in the audit log: ${what}`];
  });
}

function linesOf({ home }: ServiceHome): readonly LogLine[] {
  const lines = readFileSync(homePaths(home).log, 'utf8').split('\n');
  const isOfRequests = /"http\.request(s-not-logged)?"/;
  return lines.flatMap((line) => (isOfRequests.test(line) ? [JSON.parse(line) as LogLine] : []));
}

async function refusalsIn(at: ServiceHome): Promise<readonly RefusalEntry[]> {
  const database = await openDatabase(at);
  const rows = await database.all(
    `select bytes from audit_entries where type in ('access.denied', 'request.refused', 'proof.rejected') order by seq`,
  );
  await database.close();
  return rows.map(({ bytes }) => JSON.parse(String(bytes)) as RefusalEntry);
}

/** Request ids begin with their time in milliseconds. */
const timeOf = (requestId: string): string => requestId.slice(0, 13);

function covers({ details }: RefusalEntry, code: string, requestId: string): boolean {
  if (details?.firstRequestId === undefined || details.lastRequestId === undefined || details.code !== code)
    return false;
  const time = timeOf(requestId);
  return timeOf(details.firstRequestId) <= time && time <= timeOf(details.lastRequestId);
}
