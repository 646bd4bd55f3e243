/**
 * What an installation keeps for each thing that it does, beside the table of `ops/sizing.md`, and
 * whether its memory stays flat while it does everything at once. Without this test a disk would be
 * full, or a process would be ended, long before an operator expects it. PFCNG_SOAK_SECONDS is how
 * long everything runs at once.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from '../../support/machine/resident.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { isSignerChild } from '../../support/service/processes.js';
import { createService, type Service } from '../../support/service/service.js';
import { watchOcsp } from '../watch-ocsp.js';
import { issue, KINDS, type Kind } from './kinds.js';
import { growth, PARTS, type Sizes, sizesOf } from './sizes.js';

const SECONDS = Number(process.env.PFCNG_SOAK_SECONDS ?? 5);
/** Items of each kind in its own measurement, and in each round of the soak. */
const MEASURED = 100;
const ROUND = 20;
/** In fewer rounds memory is not settled, and what the service does by itself counts too much. */
const SETTLED_ROUNDS_MIN = 40;
/** How far the growth may be from what the page says. */
const TOLERANCE = 0.1;

describe('what an installation keeps', function soak() {
  this.timeout(600_000 + 2_000 * SECONDS);
  let at: ServiceHome;
  let service: Service;

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    // The first of each kind makes the pages that all others share.
    for (const { work } of KINDS) await work(service, 5);
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
      for (const part of PARTS) assertNear(`${kind.name}, ${part}`, grown[part] / MEASURED, said(kind)[part]);
    });

  it('grows with everything that happens at once as the page says, in flat memory', async () => {
    const relyingParties = await watchOcsp({ publication: service.urls.publication, cards: 1, perSecond: 50 });
    const [watched] = await issue(service, 1, 'fort/cps-authentication');
    relyingParties.see(1, [watched?.serialNumber ?? '']);
    const before = await sizesOf(service);
    const memory: number[] = [];
    const end = performance.now() + SECONDS * 1_000;
    let rounds = 0;
    for (; performance.now() < end; rounds += 1) {
      await Promise.all(KINDS.map(({ work }) => work(service, ROUND)));
      memory.push(residentOf(service));
    }
    const grown = growth(before, await sizesOf(service));
    const ratios: (readonly [string, number])[] = [];
    for (const part of PARTS) {
      const expected = KINDS.reduce((sum, kind) => sum + rounds * ROUND * said(kind)[part], 0);
      const ratio = grown[part] / expected;
      process.stdout.write(`      ${part}: ${grown[part]} octets, ${ratio.toFixed(3)} of the page\n`);
      ratios.push([part, ratio]);
    }
    const { asked, failed, notGood } = await relyingParties.stop();
    assert.deepEqual([failed, notGood], [0, []], `of ${asked} OCSP requests`);
    if (rounds < SETTLED_ROUNDS_MIN) return;
    for (const [part, ratio] of ratios) assert.ok(Math.abs(ratio - 1) <= TOLERANCE, `${part}: ${ratio} of the page`);
    const quarter = Math.ceil(memory.length / 4);
    const [settled, last] = [Math.max(...memory.slice(quarter, 2 * quarter)), Math.max(...memory.slice(-quarter))];
    process.stdout.write(`      ${rounds} rounds; memory ${settled.toFixed(0)} MB, then ${last.toFixed(0)} MB\n`);
    assert.ok(last <= 1.1 * settled, `memory grew from ${settled} to ${last} MB`);
  });
});

/** The memory of the service and its signers. */
function residentOf(service: Service): number {
  const signers = service.tree().filter(isSignerChild);
  return residentMb(service.pid()) + signers.reduce((sum, { pid }) => sum + residentMb(pid), 0);
}

/** The row of the page: octets by part. */
function said({ name }: Kind): Sizes {
  const page = readFileSync(join(PACKAGE_ROOT, 'ops/sizing.md'), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  assert.ok(row !== undefined, `ops/sizing.md has no row for ${name}`);
  const [database = 0, journals = 0, log = 0] = row
    .split('|')
    .slice(2, 5)
    .map((cell) => Number(cell.replaceAll(',', '').trim()));
  return { database, journals, log };
}

function assertNear(what: string, measured: number, expected: number): void {
  const isNear = Math.abs(measured - expected) <= Math.max(TOLERANCE * expected, 100);
  assert.ok(isNear, `${what}: ${Math.round(measured)} octets, and the page says ${expected}`);
}
