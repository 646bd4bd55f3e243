/**
 * A process that gives events to an endpoint and sends them until it is killed. Its arguments are
 * one JSON document. Its clock runs a thousand times faster, so that pauses of minutes are over
 * soon.
 */
import { createPrivateKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../src/db/open.js';
import { fanOutEventsJob } from '../../../src/jobs/webhooks/fan-out.js';
import { sendWebhooksJob } from '../../../src/jobs/webhooks/send.js';
import type { WebhookEndpoint } from '../../../src/orders/webhooks.js';
import { databaseFrom } from '../db/argument.js';
import { AUDIT_ORIGIN } from '../db/records.js';
import { sharedWorldOf, workDue } from '../job-run.js';
import { SILENT_LOG } from '../status/authority.js';
import { webhookParts } from './parts.js';

export type SenderArguments = {
  /** See `support/db/argument.ts`. */
  readonly database: string;
  readonly endpoint: WebhookEndpoint;
  readonly ca: string;
  /** PEM. */
  readonly key: string;
  /** When the clock began to run faster. */
  readonly since: number;
};

const SPEED = 1_000;
const PAUSE_MS = 5;

const { database, endpoint, ca, key, since } = JSON.parse(process.argv[2] ?? '') as SenderArguments;
const clock = () => since + (Date.now() - since) * SPEED;
const opened = await openStore({
  database: databaseFrom(database),
  environmentMark: 'development',
  auditOrigin: AUDIT_ORIGIN,
  clock,
  othersWrite: true,
});
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const store = opened.value;
const parts = webhookParts({ store, clock, log: SILENT_LOG, key: createPrivateKey(key), endpoints: [endpoint], ca });
for (;;) {
  await workDue(fanOutEventsJob, parts, sharedWorldOf(store));
  await workDue(sendWebhooksJob, parts, sharedWorldOf(store));
  await sleep(PAUSE_MS);
}
