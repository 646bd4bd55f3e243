/** Founding certificates by the example plans that ship, made in memory. */
import type { CeremonyPlan } from '../../../src/ceremony/plan/model.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Policy } from '../../../src/policy/model.js';
import { type HolderKey, makeCsr, makeKey } from '../service/csr.js';
import { type Disk, emptyDisk, NOW } from './fake-world.js';
import { editedExample, inMemory } from './in-memory.js';

export type EditablePlan = Record<string, unknown> & {
  steps: Record<string, unknown>[];
  outputs: string[];
};
export type Edit = (plan: EditablePlan) => unknown;

export const FOUNDING_FORT = 'founding-fort';
export const REGAIN = 'regain-access';
export const LATER = NOW + 100 * DAY_MS;

/** Paths of the certificates of the examples. */
export const OFFICER = 'ceremony/fort/founding/officer-1.cer';
export const OTHER_OFFICER = 'ceremony/fort/founding/officer-2.cer';
export const AGAIN = 'ceremony/regain-access/founding/officer-1-again.cer';

export function chainOf(certificate: string): string {
  return certificate.replace(/\.cer$/, '.chain.pem');
}

/** Ceremonies of founding certificates, each with a request on a key of its own. */
export function foundingCeremonies(policy: Policy) {
  const ceremonies = inMemory(policy, { now: NOW, machine: { swap: true } });
  const keys: Readonly<Record<string, HolderKey>> = Object.fromEntries(
    ['officer-1', 'officer-2', 'officer-1-again', 'api', 'card-management'].map((name) => [name, makeKey()]),
  );
  const { done } = ceremonies;
  const planOf = (example: string, edit: Edit = () => undefined): CeremonyPlan =>
    ceremonies.planOf(editedExample(example, edit));
  /** An empty folder with all requests. */
  const fresh = (): Disk => {
    const disk = emptyDisk();
    for (const [name, key] of Object.entries(keys)) disk.files.set(`requests/${name}.csr.pem`, utf8(makeCsr(key)));
    return disk;
  };
  return {
    ...ceremonies,
    keys,
    planOf,
    faultsOf: (example: string, edit: Edit) => ceremonies.faultsOf(editedExample(example, edit)),
    fresh,
    /** The folder after the ceremony of the hierarchy, which certifies the first officers. */
    async founded(example = FOUNDING_FORT): Promise<Disk> {
      const disk = fresh();
      await done(disk, planOf(example));
      return disk;
    },
  };
}
