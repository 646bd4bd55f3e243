/**
 * One development ceremony as a process of its own (`src/cli/development/ceremonies.ts` starts it): PKCS#11 calls that take seconds
 * do not stop the one who waits, and two ceremonies have their tokens in two readers. It reads and writes PINs itself;
 * its arguments and environment hold none.
 */

import type { ProgressEvent } from '../../ceremony/world.js';
import { performPlan } from '../../ceremony-host/session.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { KEY_TYPES, type KeyType } from '../../x509/model.js';

export type CeremonyReport =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'performed'; readonly head: string; readonly before: boolean }
  | { readonly kind: 'refused'; readonly lines: readonly string[] };

/** The one who waits is gone: what is made so far stays, and the next start goes on from there. */
process.once('disconnect', () => process.exit(1));

const report = (message: CeremonyReport): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });

const [home = '', planFile = '', keyType] = process.argv.slice(2);
const performed = await performPlan({
  clock: systemClock,
  random: systemRandom,
  home,
  planFile,
  keyType: KEY_TYPES.find((type: KeyType) => type === keyType),
  people: { kind: 'played', show: () => undefined },
  progress: (event) => void report({ kind: 'progress', event }),
});
await report(
  performed.ok
    ? { kind: 'performed', head: performed.value.head, before: performed.value.before }
    : { kind: 'refused', lines: performed.error.lines },
);
process.exit(performed.ok ? 0 : 1);
