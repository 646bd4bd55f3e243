/**
 * Random lives of cards in the field: messages are lost, doubled, late, reordered or forged, cards
 * lose their power at any write, and processes of the service die. Without this test, some order of
 * such events could leave a card without a live set. PFCNG_UPDATE_LIVES is the number of lives,
 * PFCNG_UPDATE_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { cleanUp, freshDatabase } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { nextNumber, tokenId } from '../../support/service/orders.js';
import { openUpdateService } from '../../support/updates/update-service.js';
import { COMMANDS, counted, type UpdateCommand } from './commands.js';
import { finish } from './finish.js';
import type { Model } from './model.js';
import { issueCard, type RunningUpdates } from './real.js';
import { TOUR } from './tour.js';

const SEED = Number(process.env.PFCNG_UPDATE_SEED ?? randomInt(2 ** 31));
const LIVES = Number(process.env.PFCNG_UPDATE_LIVES ?? 8);

/**
 * Every change of state of the page (ops/card-updates.md) but `issuing -> ended`: whoever opposes
 * the card then gives its intents up, so that the update fails. The table of states has it
 * (`test/unit/lifecycle/update-states.test.ts`).
 */
const TRANSITIONS = [
  'issuing -> offered',
  'issuing -> failed',
  'offered -> confirmed',
  'offered -> writing',
  'offered -> abandoned',
  'offered -> undetermined',
  'writing -> confirmed',
  'writing -> abandoned',
  'writing -> undetermined',
  'undetermined -> confirmed',
  'undetermined -> abandoned',
  'confirmed -> completed',
  'confirmed -> ended',
  'offered -> ended',
  'writing -> ended',
  'undetermined -> ended',
];

describe(`cards in the field (PFCNG_UPDATE_SEED=${SEED})`, () => {
  afterEach(cleanUp);
  const transitions = new Map<string, number>();

  /** Two cards of one holder, and one of another. */
  async function live(commands: Iterable<UpdateCommand>): Promise<void> {
    const database = await freshDatabase('sqlite');
    const service = await openUpdateService(database);
    const real: RunningUpdates = { service, database: await rawDatabase(database), accepted: new Set() };
    try {
      const [one, other] = [nextNumber(), nextNumber()];
      const cards = [];
      for (const holder of [one, one, other])
        cards.push(await issueCard(real, { number: tokenId(nextNumber()), holder }));
      const model: Model = { cards, now: service.time.now, revoked: new Set(), late: [], transitions };
      await fc.asyncModelRun(() => ({ model, real }), commands);
      await finish(model, real);
    } finally {
      await service.close();
      await real.database.close();
    }
  }

  it('go through every change of state of an update', async () => {
    await live(TOUR);
    for (const name of TRANSITIONS) assert.ok(transitions.has(name), name);
  });

  it(`always have a live set, in ${LIVES} lives`, async function lives() {
    this.timeout(Math.max(900_000, LIVES * 5_000));
    const property = fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 40, size: 'max' }), async (commands) => {
      await live(commands);
      await cleanUp();
    });
    await fc.assert(property, { seed: SEED, numRuns: LIVES });
    const steps = [...counted].map(([name, count]) => `${name} ${count}`).sort();
    process.stdout.write(`      ${LIVES} lives: ${steps.join(', ')}\n`);
  });
});
