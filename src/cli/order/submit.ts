/** Submits an order: uploads a file with one line of JSON for each card. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { systemSteadyMs } from '../../compose/world.js';
import { createProgressLine } from '../../terminal/progress-line.js';
import { say } from '../../terminal/say.js';
import { withPath } from '../../terminal/system-error.js';
import { type Api, type Caller, type JsonOption, Refused } from '../common/api-command.js';
import { jsonOf, uploadFile } from '../common/client.js';
import { follow } from './follow.js';
import type { ShownOrder } from './order-view.js';

export type Submit = Caller &
  JsonOption & {
    readonly dryRun?: boolean;
    readonly paused?: boolean;
    readonly reference?: string;
    readonly bureau?: string;
    readonly key?: string;
    readonly follow?: boolean;
  };

/**
 * Returns the order: as it was accepted, or as it ended if it is followed. With `json`, progress
 * goes to standard error.
 */
export async function submit(api: Api, file: string, options: Submit): Promise<ShownOrder> {
  const { octets, sha256 } = await digestOf(file);
  // A file is always the same order, so that the command can be repeated after any failure.
  const key = options.key ?? `${options.dryRun === true ? 'dry-run' : 'order'}-${sha256.toString('hex')}`;
  const shownAt = options.json === true ? process.stderr : process.stdout;
  shownAt.write(`Idempotency-Key: ${key}\n`);
  const progress = createProgressLine(systemSteadyMs, shownAt);
  const response = await uploadFile(`${api.url}/v1/orders${queryOf(options)}`, {
    files: api.files,
    file,
    octets,
    headers: { 'content-digest': `sha-256=:${sha256.toString('base64')}:`, 'idempotency-key': key },
    onProgress: (sent) => progress.show(`sent ${sent} of ${octets} octets`),
  });
  const answer = await jsonOf(response);
  if ((response.statusCode ?? 0) >= 300) throw new Refused(answer);
  const order = answer as ShownOrder;
  progress.end(`order ${order.id}: ${order.lines} lines, ${order.state}`);
  const last = options.follow === true ? await follow(api, order.id, shownAt) : order;
  if (options.json === true) say(JSON.stringify(last));
  return last;
}

function queryOf({ dryRun, paused, reference, bureau }: Submit): string {
  const query = new URLSearchParams({
    ...(dryRun === true ? { dryRun: 'true' } : {}),
    ...(paused === true ? { paused: 'true' } : {}),
    ...(reference === undefined ? {} : { reference }),
    ...(bureau === undefined ? {} : { bureau }),
  });
  return query.size === 0 ? '' : `?${query.toString()}`;
}

async function digestOf(file: string): Promise<{ readonly octets: number; readonly sha256: Buffer }> {
  const hash = createHash('sha256');
  let octets = 0;
  try {
    for await (const part of createReadStream(file)) {
      hash.update(part as Buffer);
      octets += (part as Buffer).length;
    }
  } catch (error) {
    throw withPath(error, file);
  }
  return { octets, sha256: hash.digest() };
}
