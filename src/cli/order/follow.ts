/** Follows an order until it ends, also over lost connections and restarts of the service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, systemSteadyMs } from '../../compose/world.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { createProgressLine } from '../../terminal/progress-line.js';
import { fail } from '../../terminal/say.js';
import { type Api, ask, Refused } from '../common/api-command.js';
import { faultOf, hasEnded, progressOf, type ShownOrder } from './order-view.js';

const POLL_MS = SECOND_MS;
/** After this long without an answer the command gives up; the order itself goes on. */
const SILENCE_MS_MAX = 30 * MINUTE_MS;

export function orderOf(api: Api, id: string): Promise<ShownOrder> {
  return ask<ShownOrder>(api, `/v1/orders/${encodeURIComponent(id)}`);
}

/**
 * Shows the progress at `shownAt` until the order ends. The exit code is 1 if a line has no
 * certificates.
 */
export async function follow(api: Api, id: string, shownAt: NodeJS.WriteStream = process.stdout): Promise<ShownOrder> {
  const progress = createProgressLine(systemSteadyMs, shownAt);
  let answeredAt = systemSteadyMs();
  for (;;) {
    try {
      const order = await orderOf(api, id);
      answeredAt = systemSteadyMs();
      const line = progressOf(order, systemClock());
      if (hasEnded(order)) {
        progress.end(line);
        const fault = faultOf(order);
        if (fault !== null) fail([fault]);
        return order;
      }
      progress.show(line);
    } catch (error) {
      if (isFinal(error) || systemSteadyMs() - answeredAt > SILENCE_MS_MAX) {
        progress.end(`the order goes on; follow it again with: pfcng order show ${id} --follow`);
        throw error;
      }
      progress.show('no answer from the service; trying again');
    }
    await sleep(POLL_MS);
  }
}

/**
 * What does not end by itself: a refusal (not found, or not permitted), or a file of the
 * credentials that cannot be read or used.
 */
function isFinal(error: unknown): boolean {
  if (error instanceof Refused) return error.status < 500 && error.status !== 429;
  const { path, code } = error as NodeJS.ErrnoException;
  return path !== undefined || code?.startsWith('ERR_OSSL') === true;
}
