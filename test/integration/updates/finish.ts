/** The end of a life: every card that nobody opposed comes back, and gets exactly one good set. */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { presentSet } from '../../support/updates/field-card.js';
import { time } from './commands.js';
import { resume } from './messages.js';
import { certificatesOf, liveUpdate, type Model, type ModelCard } from './model.js';
import { assertHolds, type RunningUpdates } from './real.js';

export async function finish(model: Model, real: RunningUpdates): Promise<void> {
  for (const card of model.cards) await resume(model, card, real);
  // What nobody can confirm any more ends by its timers: word, old certificates, overlap.
  for (let timer = 1; timer <= 3; timer += 1) await time(8 * DAY_MS).run(model, real);
  await assertHolds(model, real);
  for (const card of model.cards) {
    assert.equal(liveUpdate(card), null, `the card ${card.number} has a live update`);
    if (!card.isOpposed) await assertOneSet(model, card, real);
  }
}

/** Unless somebody revoked the set that the card uses, it is the only one that is good. */
async function assertOneSet(model: Model, card: ModelCard, { service }: RunningUpdates): Promise<void> {
  const present = certificatesOf(presentSet(card));
  if (present.some(({ id }) => model.revoked.has(id))) return;
  const sets = [...card.sets, ...card.updates.flatMap(({ oldSet, newSet }) => [oldSet, newSet])];
  const all = [...sets.flatMap(certificatesOf), ...card.updates.flatMap(({ certificates }) => certificates)];
  const good: string[] = [];
  for (const serial of new Set(all.map(({ serialNumber }) => serialNumber)))
    if ((await service.status(serial)) === 'good') good.push(serial);
  assert.deepEqual(good.sort(), present.map(({ serialNumber }) => serialNumber).sort(), `card ${card.number}`);
}
