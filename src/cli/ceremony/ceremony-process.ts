/**
 * Performs one development ceremony in a process of its own, which
 * `src/cli/development/ceremonies.ts` starts: slow PKCS#11 calls do not block the parent, and two
 * ceremonies can run at once. It reads and writes PINs itself; its arguments and environment
 * contain none.
 */
import type { ProgressEvent } from '../../ceremony/world.js';
import { performPlan } from '../../ceremony-host/session.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { KEY_TYPES, type KeyType } from '../../x509/model.js';

export type CeremonyReport =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'performed' }
  | { readonly kind: 'refused'; readonly lines: readonly Bilingual[] };

/** The parent has ended: what is made so far remains, and the next start continues from it. */
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
await report(performed.ok ? { kind: 'performed' } : { kind: 'refused', lines: performed.error.lines });
process.exit(performed.ok ? 0 : 1);
