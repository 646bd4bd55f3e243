import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Generous, because another process may slow this one down. */
const DEADLINE_MS = 300_000;
const POLL_MS = 100;

/** Waits for a condition; a test in which it does not come true within `DEADLINE_MS` fails. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; !(await holds()); await sleep(POLL_MS))
    assert.ok(performance.now() < end, `never: ${what}`);
}
