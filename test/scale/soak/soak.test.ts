/**
 * What an installation keeps for each thing that it does, beside the table of `ops/sizing.md`, and
 * whether its memory and its descriptors stay flat while it does everything at once. Without this
 * test a disk would be full, or a process would be ended, long before an operator expects it.
 * PFCNG_SOAK_SECONDS is how long everything runs at once on each database.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_KINDS, type DatabaseKind } from '../../support/db/fixture.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { createService, type Service } from '../../support/service/service.js';
import { watchOcsp } from '../watch-ocsp.js';
import { issue, KINDS, type Kind } from './kinds.js';
import { growthOf, type Resources, resourcesOf } from './resources.js';
import { growth, PARTS, type Sizes, setAutovacuum, sizesOf } from './sizes.js';

const SECONDS = Number(process.env.PFCNG_SOAK_SECONDS ?? 5);
/** Items of each kind in its own measurement, and in each round of the soak. */
const MEASURED = 100;
const ROUND = 20;
/** In fewer rounds, what the service does by itself counts too much. */
const JUDGED_ROUNDS_MIN = 40;
/**
 * V8 lets the heap of a new service grow from one full collection to the next, about every dozen
 * rounds: only over many of them does the largest size say something.
 */
const SETTLED_ROUNDS_MIN = 200;
/** How far the growth may be from what the page says. */
const TOLERANCE = 0.1;
/**
 * How far one item may differ when it is measured over a hundred. Each table and index of
 * PostgreSQL grows by whole pages of 8 KiB, an index splits many of its pages at about the same
 * time, and old versions of rows stay, because autovacuum is off meanwhile. The page has the mean
 * of four runs in which it was on.
 */
const TOLERANCE_OF_HUNDRED = { sqlite: TOLERANCE, postgresql: 0.25 } as const;
/** Octets that one item may differ in any case. */
const SLACK = 100;

for (const kind of DATABASE_KINDS) describe(`what an installation keeps, on ${kind}`, soakOn(kind));

function soakOn(databaseKind: DatabaseKind): (this: Mocha.Suite) => void {
  return function soak() {
    this.timeout(600_000 + 2_000 * SECONDS);
    let at: ServiceHome;
    let service: Service;

    before(async () => {
      at = await makeServiceHome('p-256', { database: databaseKind });
      service = createService(at);
      await service.start();
      // The first of each kind makes the pages that all others share.
      for (const { work } of KINDS) await work(service, 5);
      await setAutovacuum(service, false);
    });
    after(async () => {
      await service.stop();
      removeServiceHome(at);
    });

    for (const kind of KINDS)
      it(`of ${kind.name} is what ops/sizing.md says`, async () => {
        const before = await sizesOf(service);
        await kind.work(service, MEASURED);
        const grown = growth(before, await sizesOf(service));
        const each = PARTS.map((part) => `${Math.round(grown[part] / MEASURED)} of the ${part}`);
        process.stdout.write(`      octets: ${each.join(', ')}\n`);
        const expected = said(kind, databaseKind);
        for (const part of PARTS) {
          const tolerance = part === 'database' ? TOLERANCE_OF_HUNDRED[databaseKind] : TOLERANCE;
          const difference = Math.abs(grown[part] / MEASURED - expected[part]);
          const isNear = difference <= Math.max(tolerance * expected[part], SLACK);
          assert.ok(isNear, `${part}: ${grown[part] / MEASURED} octets, and the page says ${expected[part]}`);
        }
      });

    it('grows with everything that happens at once as the page says, in flat memory', async () => {
      await setAutovacuum(service, true);
      const relyingParties = await watchOcsp({ publication: service.urls.publication, cards: 1, perSecond: 50 });
      const [watched] = await issue(service, 1, 'fort/cps-authentication');
      relyingParties.see(1, [watched?.serialNumber ?? '']);
      const before = await sizesOf(service);
      const resources: Resources[] = [];
      const end = performance.now() + SECONDS * 1_000;
      let rounds = 0;
      for (; performance.now() < end; rounds += 1) {
        await Promise.all(KINDS.map(({ work }) => work(service, ROUND)));
        resources.push(resourcesOf(service));
      }
      const grown = growth(before, await sizesOf(service));
      const ratios: (readonly [string, number])[] = [];
      for (const part of PARTS) {
        const expected = KINDS.reduce((sum, kind) => sum + rounds * ROUND * said(kind, databaseKind)[part], 0);
        const ratio = grown[part] / expected;
        process.stdout.write(`      ${part}: ${grown[part]} octets, ${ratio.toFixed(3)} of the page\n`);
        ratios.push([part, ratio]);
      }
      const { asked, failed, notGood } = await relyingParties.stop();
      assert.deepEqual([failed, notGood], [0, []], `of ${asked} OCSP requests`);
      if (rounds < JUDGED_ROUNDS_MIN) return;
      const { memory, descriptors, lines } = growthOf(resources);
      process.stdout.write(`      ${rounds} rounds, from the second quarter to the last:\n${lines.join('\n')}\n`);
      for (const [part, ratio] of ratios) assert.ok(Math.abs(ratio - 1) <= TOLERANCE, `${part}: ${ratio} of the page`);
      if (rounds < SETTLED_ROUNDS_MIN) return;
      assert.ok(memory.last <= 1.1 * memory.settled, `memory grew:\n${lines.join('\n')}`);
      assert.ok(descriptors.last <= 1.1 * descriptors.settled, `descriptors grew:\n${lines.join('\n')}`);
    });
  };
}

/** The row of the page: octets by part. */
function said({ name }: Kind, database: DatabaseKind): Sizes {
  const page = readFileSync(join(PACKAGE_ROOT, 'ops/sizing.md'), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  assert.ok(row !== undefined, `ops/sizing.md has no row for ${name}`);
  const [sqlite = 0, postgresql = 0, journals = 0, log = 0] = row
    .split('|')
    .slice(2, 6)
    .map((cell) => Number(cell.replaceAll(',', '').trim()));
  return { database: database === 'sqlite' ? sqlite : postgresql, journals, log };
}
