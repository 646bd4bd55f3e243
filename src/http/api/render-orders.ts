/** Converts orders to the JSON of the API. */
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { openLinesOf, type ShownOrder } from '../../operations/orders/read.js';
import type { Order } from '../../ports/store/orders.js';

export function renderOrder({ order, acknowledged, progress }: ShownOrder): Json {
  return {
    id: order.id,
    state: order.state,
    dryRun: order.dryRun,
    reference: order.reference,
    account: order.accountId,
    bureau: order.bureauId,
    octets: order.octets,
    lines: order.lines,
    acknowledged,
    counts: renderCounts(order),
    receivedAt: formatInstant(order.receivedAt),
    acceptedAt: instantOrNull(order.acceptedAt),
    finishedAt: instantOrNull(order.finishedAt),
    deadlineAt: instantOrNull(order.deadlineAt),
    linesPerSecond: progress.linesPerSecond,
    estimatedEnd: instantOrNull(progress.estimatedEnd),
    waitingFor: progress.waitingFor.map(({ reason, profile, until }) => ({
      reason,
      profile,
      until: formatInstant(until),
    })),
    pausedBy: order.pausedBy,
    requestSha256: order.requestSha256,
    resultsSha256: order.resultsSha256,
  };
}

/**
 * Renders the number of lines by outcome. Only a dry run has the outcomes `wouldIssue` and
 * `wouldBeDuplicate`.
 */
function renderCounts(order: Order): { readonly [outcome: string]: Json } {
  const { counts } = order;
  return {
    issued: counts.issued,
    duplicate: counts.duplicate,
    refused: counts.refused,
    notIssued: counts['not-issued'],
    cancelled: counts.cancelled,
    open: openLinesOf(order),
    ...(order.dryRun ? { wouldIssue: counts['would-issue'], wouldBeDuplicate: counts['would-be-duplicate'] } : {}),
  };
}
