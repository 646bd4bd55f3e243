/** Ceremonies that tests perform with real tokens, played people and P-256 keys. */
import { performPlan } from '../../../src/ceremony-host/session.js';
import { systemClock, systemRandom } from '../../../src/compose/world.js';
import { inBothLanguages } from '../../../src/kernel/bilingual.js';

/** Performs the plan in this file: `performed`, or what the command says of the failure. */
export async function performPlayed(home: string, planFile: string): Promise<string> {
  const done = await performPlan({
    clock: systemClock,
    random: systemRandom,
    home,
    planFile,
    keyType: 'p-256',
    people: { kind: 'played', show: () => undefined },
    progress: () => undefined,
  });
  return done.ok ? 'performed' : done.error.lines.map(inBothLanguages).join('\n');
}
