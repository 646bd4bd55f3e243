/**
 * ROCA day, small form: every card gets new keys in one campaign, one card of ten meets a fault,
 * and relying parties ask OCSP meanwhile. Without this test, a mass re-key could leave cards
 * without a live set, or lose some of them. PFCNG_ROCA_CARDS is the number of cards;
 * `npm run drill:roca` is the full form.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { rawDatabase } from '../support/db/raw.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import type { Fleet } from './fleet.js';
import { latencyQuantile } from './latencies.js';
import { type CardFault, FAULTS, faultOf } from './play-card.js';
import { type Drill, issueCards, openCampaign, updateCards } from './roca-day.js';

const CARDS = Number(process.env.PFCNG_ROCA_CARDS ?? 400);
/** For each card: its order, its update, and the OCSP requests meanwhile. */
const CARD_MS = 100;

describe(`a day on which ${CARDS} cards get new keys (Estonia 2017, Entrust 2024)`, function day() {
  this.timeout(900_000 + CARDS * CARD_MS);
  const fleet: Fleet = { seed: 'roca', cards: CARDS, priority: Math.ceil(CARDS / 40) };
  let at: ServiceHome;
  let service: Service;

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
  });
  after(async () => {
    await service.stop();
    removeServiceHome(at);
  });

  it('ends with one confirmed update for each card, or at a desk with its reason', async () => {
    const folder = join(at.folder, 'drill');
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const drill: Drill = { fleet, service, folder, atOnce: 32, watched: 50, ocspPerSecond: 20, say };
    await issueCards(drill);
    assert.equal(said.at(-1), `issued: ${CARDS} of ${CARDS} cards`);
    const id = await openCampaign(drill);
    assert.equal(said.at(-1), `campaign ${id}: ready`);
    said.length = 0;
    const report = await updateCards(drill);
    const numbers = Array.from({ length: CARDS }, (_, number) => number + 1);
    const faults = numbers.flatMap((number) => faultOf(fleet, number) ?? []);
    const of = (kind: CardFault): number => faults.filter((fault) => fault === kind).length;
    const atDesk = of('no-spare-container');
    assert.deepEqual(report.desks, { 'no-spare-container': atDesk });
    const resumed = Object.fromEntries(
      FAULTS.filter((kind) => kind !== 'no-spare-container').map((kind) => [kind, of(kind)]),
    );
    assert.deepEqual([report.confirmed, report.resumed], [CARDS - atDesk, resumed], JSON.stringify(report));
    const steps = Math.floor(CARDS / Math.max(100, Math.floor(CARDS / 1_000)));
    assert.equal(said.length, steps);
    for (const line of said) assert.match(line, /^updated: \d+00 of \d+ cards, \d+\/s, \d+ minutes left$/);
    assert.deepEqual([report.ocsp.notGood, report.ocsp.failed], [[], 0]);
    assert.ok(report.ocsp.asked > 0);
    const perSecond = (report.confirmed / report.seconds).toFixed(0);
    const p99Ms = latencyQuantile(report.ocsp.latencies, 0.99);
    process.stdout.write(`      ${perSecond} updates/s, OCSP p99 ${p99Ms.toFixed(1)} ms\n`);
  });

  it('leaves each card with a live set, and a record of every signature', async () => {
    const database = await rawDatabase(at.database);
    try {
      const dead = await database.all(
        `select token_id from cards where token_id in (select distinct card_token_id from card_updates) and not exists
         (select 1 from certificates where card_token_id = token_id and status in ('issued', 'pending'))`,
      );
      assert.deepEqual(dead, []);
    } finally {
      await database.close();
    }
    for (const words of [
      ['audit', 'verify'],
      ['hsm', 'reconcile'],
    ]) {
      const { status, stdout, stderr } = await runPfcng(at, ...words);
      assert.equal(status, 0, `${words.join(' ')}: ${stdout}${stderr}`);
    }
  });
});
