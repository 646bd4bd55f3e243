/** The promise of updates: state, certificates and procedure change in one commit. */
import type { Snapshot } from '../facts.js';
import type { Facts } from '../promises.js';

/** The statuses that the new certificates may have in each state of their update. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  issuing: ['open'],
  offered: ['pending', 'revoked'],
  writing: ['pending', 'revoked'],
  undetermined: ['pending', 'revoked'],
  confirmed: ['issued', 'suspended', 'revoked'],
  completed: ['issued', 'suspended', 'revoked'],
  abandoned: ['revoked'],
  // One intent is given up before the others.
  failed: ['open', 'revoked'],
  ended: ['revoked'],
};
const OPEN: readonly string[] = ['issuing', 'offered', 'writing', 'undetermined'];

export function halfUpdated({ crashed, settled }: Facts): readonly string[] {
  const left = settled.updates.filter(({ state }) => state === 'issuing').map(({ id }) => `update ${id} is issuing`);
  return [...left, ...[crashed, settled].flatMap(halfIn)];
}

function halfIn({ updates, miscounted, certificates, procedures }: Snapshot): readonly string[] {
  const counts = miscounted.map((state) => `the updates in ${state} are miscounted`);
  const states = updates.flatMap(({ id, state }) => {
    const own = certificates.filter(({ updateId }) => updateId === id);
    const wrong = own.filter(({ status }) => STATUSES[state]?.includes(status) !== true);
    const isOpen = procedures.includes(id);
    return [
      ...(own.length === 0 ? [`update ${id} has no certificates`] : []),
      ...wrong.map(({ status }) => `update ${id} is ${state}, and a certificate of it is ${status}`),
      ...(isOpen === OPEN.includes(state)
        ? []
        : [`update ${id} is ${state}, its procedure is ${isOpen ? '' : 'not '}open`]),
    ];
  });
  return [...counts, ...states];
}
