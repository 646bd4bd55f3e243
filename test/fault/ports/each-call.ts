/**
 * Each port call of each operation fails in four ways: before it is made, after it has taken
 * effect, and by kill -9 of the process before and after it. Then the service is restarted, the
 * client retries, and the promises are checked. It runs on both databases. `npm test` tests one of
 * these eight ways at each sixth call, all of them in turns; PFCNG_FAULT_WAYS=8 tests all of them
 * at each call.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { present } from '../../../src/kernel/assert.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { databaseArgument } from '../../support/db/argument.js';
import type { DatabaseKind } from '../../support/db/fixture.js';
import { PORT_CALLS } from './calls.js';
import { unreachedLines, wrongEntries } from './coverage/after-failures.js';
import {
  callSites,
  exportedFunctions,
  ofOthersAndNamed,
  operationSources,
  uncalled,
  unwrittenAuditTypes,
  withoutScenario,
} from './coverage.js';
import { createTheatre, type Slot, type Theatre } from './places.js';
import { listsNow, type Outcome, playAndFail, settleAfterKill } from './play.js';
import { brokenPromises } from './promises.js';
import { SCENARIOS, type Scenario } from './scenarios/all.js';
import type { Call, Fault, How } from './tap.js';
import type { VictimRun } from './victim.js';

/** A bundle (`scripts/lib/bundle.mjs`), because fifty of these processes are started. */
const VICTIM = join(packageRoot(), 'dist/test/bin/victim.js');
/**
 * Number of slots of each crew. While the processes of one crew are killed, the other one is reset.
 */
const CREW = 32;
const AT_ONCE = 6;

const FAILS: readonly How[] = ['fails-before', 'fails-after'];
const KILLS: readonly How[] = ['killed-before', 'killed-after'];

/** A failure or a kill, before or after a call, on one of the two databases. */
const WAYS = 8;
/** The number of calls of which `npm test` tests one, because testing each takes minutes. */
const CALLS_FOR_ONE_TEST = 6;

type Run = { readonly scenario: Scenario; readonly fault: Fault };

/**
 * Defines the tests for one database. The two files take longest of all and run in parallel.
 * `ways`: 8, all ways at each call; or 1, one way at each sixth call.
 */
export function describePortFaults(kind: DatabaseKind, ways: number): void {
  describe(`each port call of each operation fails, on ${kind}`, () => {
    let theatre: Theatre;
    const counted = new Map<Scenario, readonly Call[]>();
    /** Lines that were reached after a failure. */
    const afterFailures = new Set<string | null>();
    const runsOf = (scenario: Scenario, hows: readonly How[]): readonly Run[] =>
      faultsAt(present(counted.get(scenario), 'the calls of a scenario, which the first test counts'), hows)
        .filter(({ at, how }) => ways === WAYS || isInTurn({ at: at + SCENARIOS.indexOf(scenario), how }, kind))
        .map((fault) => ({ scenario, fault }));
    before(async function setUp() {
      theatre = await createTheatre(kind, 2 * CREW);
    });
    after(async function tearDown() {
      await theatre.close();
    });

    it('and without a fault every promise is kept', async function count() {
      const [slot] = theatre.slots;
      assert.ok(slot);
      const written = new Set<string>();
      for (const scenario of SCENARIOS) {
        const { facts, calls, played } = await playAndFail({ theatre, slot, scenario }, null);
        await slot.leave();
        assert.ok(!('thrown' in played), `${scenario.name}: ${'thrown' in played ? String(played.thrown) : ''}`);
        assert.deepEqual(await brokenPromises(facts), [], scenario.name);
        for (const { type } of facts.settled.audit) written.add(type);
        counted.set(
          scenario,
          calls.map((call) => ({ ...call })),
        );
      }
      assert.deepEqual(unwrittenAuditTypes(written), []);
    });

    for (const scenario of SCENARIOS) {
      it(`${scenario.name}; and the service goes on`, async function survive() {
        const runs = runsOf(scenario, FAILS);
        await inTurns(runs, theatre.slots.slice(0, AT_ONCE), async ({ fault }, slot) => {
          const outcome = await playAndFail({ theatre, slot, scenario }, fault);
          await slot.leave();
          assertMet(fault, outcome);
          for (const { site } of outcome.calls.slice(fault.at)) afterFailures.add(site);
          assert.deepEqual(await brokenPromises(outcome.facts), [], describeFault(fault));
        });
      });
    }

    it('and the process is killed with SIGKILL at each of them', async function die() {
      const runs = SCENARIOS.flatMap((scenario) => runsOf(scenario, KILLS));
      assert.ok(runs.length > 0);
      const waiting = [...runs];
      const crews = [theatre.slots.slice(0, CREW), theatre.slots.slice(CREW)];
      const ended = await Promise.allSettled(
        crews.map(async (crew) => {
          while (waiting.length > 0) await killTogether(theatre, crew, waiting.splice(0, crew.length));
        }),
      );
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
    });

    it('which is all of them: each operation, each line that calls a port, each method of a port', async () => {
      const calls = [...counted.values()].flat();
      const sources = operationSources();
      const reached = new Set(calls.map(({ site }) => site));
      const allReached = new Set([...reached, ...afterFailures]);
      // Only the large form makes each call fail, so that nothing excuses a line there.
      const unreached = ways === WAYS ? unreachedLines(sources, allReached, {}) : unreachedLines(sources, allReached);
      assert.deepEqual(withoutScenario(await exportedFunctions()), [], 'operations without a scenario');
      assert.deepEqual(unreached, [], 'lines of src/operations that no scenario comes by');
      assert.deepEqual(wrongEntries(sources, reached), [], 'entries of AFTER_FAILURES that are wrong');
      assert.deepEqual(uncalled(calls), [], 'methods of ports that no scenario calls');
      assert.deepEqual(ofOthersAndNamed(sources), [], 'methods that are said to be of others');
      say(counted, runsOf, callSites(sources).length);
    });
  });
}

function isInTurn({ at, how }: Pick<Fault, 'at' | 'how'>, kind: DatabaseKind): boolean {
  const way = 2 * [...FAILS, ...KILLS].indexOf(how) + (kind === 'sqlite' ? 0 : 1);
  return at % (WAYS * CALLS_FOR_ONE_TEST) === way;
}

/** Prints the counts. */
function say(
  counted: ReadonlyMap<Scenario, readonly Call[]>,
  runsOf: (scenario: Scenario, hows: readonly How[]) => readonly Run[],
  sites: number,
): void {
  const rows = [...counted].map(([scenario, calls]) => ({
    name: scenario.name,
    calls: calls.length,
    failures: runsOf(scenario, FAILS).length,
    deaths: runsOf(scenario, KILLS).length,
  }));
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const total = {
    name: `all, by ${sites} lines of src/operations`,
    calls: sum(({ calls }) => calls),
    failures: sum(({ failures }) => failures),
    deaths: sum(({ deaths }) => deaths),
  };
  for (const { name, calls, failures, deaths } of [...rows, total])
    process.stdout.write(`      ${calls} calls, ${failures} failures, ${deaths} deaths: ${name}\n`);
}

/** The kills that are not equal to another one, and the failures that are possible. */
function faultsAt(calls: readonly Call[], hows: readonly How[]): readonly Fault[] {
  return calls.flatMap(({ name, follows }, at) =>
    hows
      .filter((how) => (how.startsWith('fails') ? PORT_CALLS[name] !== 'never' : how === 'killed-after' || !follows))
      .map((how) => ({ at: at + 1, name, how })),
  );
}

function describeFault({ at, name, how }: Fault): string {
  return `${name}, call ${at}, ${how}`;
}

/**
 * The run has reached its call. An expected failure of a port must not make the operation throw.
 */
function assertMet(fault: Fault, { played, calls }: Outcome): void {
  assert.equal(calls[fault.at - 1]?.name, fault.name, describeFault(fault));
  const failing = PORT_CALLS[fault.name];
  if ('thrown' in played)
    assert.ok(failing === 'bug' || failing === 'file-throws', `${describeFault(fault)}: ${String(played.thrown)}`);
}

/** Runs `work` for all items, as many at a time as there are places. */
async function inTurns<Item, Place>(
  items: readonly Item[],
  places: readonly Place[],
  work: (item: Item, place: Place) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const ended = await Promise.allSettled(
    places.map(async (place) => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item, place);
    }),
  );
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** Each run has its own slot, and all are in one process. */
async function killTogether(theatre: Theatre, crew: readonly Slot[], runs: readonly Run[]): Promise<void> {
  const cast = runs.map((run, at) => ({ ...run, slot: present(crew[at], 'a slot for each') }));
  await Promise.all(cast.map(({ slot, scenario }) => slot.reset(scenario.onBackup ? 'backup' : 'stage')));
  const before = new Map(
    await Promise.all(cast.map(async ({ slot }) => [slot, await listsNow(theatre, slot)] as const)),
  );
  const condemned = cast.map(({ scenario, fault, slot: { place } }): VictimRun => {
    return { scenario: scenario.name, fault, folder: place.folder, database: databaseArgument(place.database) };
  });
  await kill(theatre, condemned);
  await inTurns(cast, [1, 2, 3], async ({ slot, scenario, fault }) => {
    const facts = await settleAfterKill({ theatre, slot, scenario }, before.get(slot) ?? []);
    await slot.leave();
    assert.deepEqual(await brokenPromises(facts), [], `${scenario.name}: ${describeFault(fault)}`);
  });
}

async function kill({ folder, stageFile }: Theatre, condemned: readonly VictimRun[]): Promise<void> {
  const file = join(mkdtempSync(join(folder, 'kill-')), 'condemned.json');
  writeFileSync(file, JSON.stringify(condemned));
  const child = spawn(process.execPath, [VICTIM, stageFile, file], { stdio: ['ignore', 'inherit', 'pipe'] });
  const errors = text(child.stderr);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.deepEqual({ code, signal }, { code: null, signal: 'SIGKILL' }, `the process was not killed: ${await errors}`);
}
