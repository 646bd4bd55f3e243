/**
 * Random histories of three processes that work on the items of a job, on one real store and on a
 * simple model: who gets a lease, whose transactions are refused, and when an item is due again.
 * Without it, only the histories that somebody thought of would be tested.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { JobFailed, type JobLease, type JobName, LeaseLost } from '../../../src/jobs/job.js';
import { type AttemptEnd, runAttempt } from '../../../src/jobs/runner/attempt.js';
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { nodeOf, runFacts, runOf } from '../../support/db/runs.js';
import { sharedWorldOf } from '../../support/job-run.js';

const SEED = Number(process.env.PFCNG_RUNNER_SEED ?? randomInt(2 ** 31));
const HISTORIES = { sqlite: 200, postgresql: 20 } as const;
const CONSTRAINTS = { maxCommands: 40, size: 'max' } as const;

const NAME = 'a-job' as JobName;
const EVERY_MS = MINUTE_MS;
const LEASE_MS = 10 * SECOND_MS;
const BUDGET_MS = 25 * SECOND_MS;
/** The random bytes of the test are zero, so the jitter shortens each pause by 20 %. */
const pauseAfter = (failures: number): number => Math.min(5 * MINUTE_MS, SECOND_MS * 2 ** (failures - 1)) * 0.8;

type ModelItem = {
  nextAt: number | null;
  failures: number;
  token: number;
  holder: number | null;
  heldUntil: number;
  written: string | null;
};
type ModelPiece = {
  readonly token: number;
  readonly askedAt: number;
  readonly failures: number;
  validUntil: number;
  isTaken: boolean;
};
type Model = {
  now: number;
  readonly processes: { steady: number; isPaused: boolean; hasEnded: boolean }[];
  readonly items: ModelItem[];
  /** Pieces of work in progress, by process and item. */
  readonly pieces: Map<string, ModelPiece>;
};

type Outcome = 'done' | 'more' | 'failed';
type RealPiece = {
  readonly leased: JobLease;
  readonly renew: () => void;
  readonly finish: (outcome: Outcome | 'lost') => Promise<AttemptEnd>;
};
type RunnerUnderTest = {
  readonly store: Store;
  readonly history: number;
  readonly clocks: Model;
  readonly pieces: Map<string, RealPiece>;
};

const PROCESSES = 3;
const ITEMS = 2;
const keyOf = (process: number, item: number): string => `${process} ${item}`;
const runOfProcess = ({ history }: Pick<RunnerUnderTest, 'history'>, process: number) =>
  runOf(1 + history * PROCESSES + process);
const itemOf = ({ history }: Pick<RunnerUnderTest, 'history'>, item: number): string => `${history}-${item}`;

type Begin = { readonly process: number; readonly item: number; readonly woken: boolean };

type RunnerCommand = fc.AsyncCommand<Model, RunnerUnderTest>;
const command = (
  says: string,
  check: (model: Readonly<Model>) => boolean,
  run: (model: Model, real: RunnerUnderTest) => Promise<void>,
): RunnerCommand => ({ check, run, toString: () => says });

/** Whether another process has the lease; that of an ended run does not bind. */
function isHeldByOther({ now, processes }: Model, { holder, heldUntil }: ModelItem, process: number): boolean {
  return holder !== null && holder !== process && heldUntil > now && processes[holder]?.hasEnded === false;
}

function expectBegin(model: Model, { process, item: at, woken }: Begin): AttemptEnd | 'begun' {
  const item = model.items[at] as ModelItem;
  const isWaiting = item.nextAt !== null && item.nextAt > model.now && !(woken && item.failures === 0);
  if (isWaiting) return 'not-due';
  return isHeldByOther(model, item, process) ? 'held' : 'begun';
}

const begin = (process: number, at: number, woken: boolean): RunnerCommand =>
  command(
    `begin(${process}, ${at}${woken ? ', woken' : ''})`,
    ({ pieces }) => !pieces.has(keyOf(process, at)),
    async (model, real) => {
      const item = model.items[at] as ModelItem;
      const own = model.processes[process] as Model['processes'][number];
      const expected = expectBegin(model, { process, item: at, woken });
      if (expected === 'begun') {
        item.token += 1;
        Object.assign(item, { nextAt: model.now, holder: process, heldUntil: model.now + LEASE_MS });
        const { token, failures } = item;
        const askedAt = own.steady;
        model.pieces.set(keyOf(process, at), {
          token,
          failures,
          askedAt,
          validUntil: askedAt + LEASE_MS,
          isTaken: false,
        });
      }
      assert.equal(await beginReal(real, { process, item: at, woken }), expected);
    },
  );

async function beginReal(real: RunnerUnderTest, { process, item, woken }: Begin): Promise<AttemptEnd | 'begun'> {
  let renew = (): void => undefined;
  let finish: (outcome: Outcome | 'lost') => void = () => undefined;
  const ended = new Promise<Outcome | 'lost'>((resolve) => {
    finish = resolve;
  });
  const world = sharedWorldOf(real.store, {
    run: runOfProcess(real, process),
    steadyMs: () => real.clocks.processes[process]?.steady ?? 0,
    timers: {
      every: (_, run) => {
        renew = run;
        return () => undefined;
      },
      after: () => () => undefined,
    },
  });
  let end: Promise<AttemptEnd> | null = null;
  const leased = new Promise<JobLease>((resolve) => {
    const work = async (lease: JobLease): Promise<'done' | 'more'> => {
      resolve(lease);
      const outcome = await ended;
      if (outcome === 'failed') throw new JobFailed('a failure');
      if (outcome === 'lost') throw new LeaseLost('a loss');
      return outcome;
    };
    const job = { name: NAME, leaseDurationMs: LEASE_MS, budgetMs: BUDGET_MS, isEssential: false };
    const prepared = { job, work: { due: async () => [], work }, everyMs: EVERY_MS };
    const request = { item: itemOf(real, item), woken, isStopping: () => false, begun: () => undefined };
    end = runAttempt(world, prepared, request);
  });
  const first = await Promise.race([leased, end as unknown as Promise<AttemptEnd>]);
  if (typeof first === 'string') return first;
  real.pieces.set(keyOf(process, item), {
    leased: first,
    renew: () => renew(),
    finish: (outcome) => {
      finish(outcome);
      return end as unknown as Promise<AttemptEnd>;
    },
  });
  return 'begun';
}

const isAnyWorking = ({ pieces }: Readonly<Model>): boolean => pieces.size > 0;

/** One of the pieces of work in progress. */
function inProgress(model: Model, real: RunnerUnderTest, which: number) {
  const key = [...model.pieces.keys()][which % model.pieces.size] ?? assert.fail('a piece of work');
  const [piece, realPiece] = [model.pieces.get(key), real.pieces.get(key)];
  assert.ok(piece !== undefined && realPiece !== undefined);
  const [process = 0, at = 0] = key.split(' ').map(Number);
  const steady = model.processes[process]?.steady ?? 0;
  return { key, at, item: model.items[at] as ModelItem, piece, realPiece, steady };
}

const write = (which: number, value: number): RunnerCommand =>
  command(`write(${which})`, isAnyWorking, async (model, real) => {
    const { key, at, item, piece, realPiece, steady } = inProgress(model, real, which);
    const text = `${key}: ${value}`;
    const isRefused = piece.isTaken || steady >= piece.validUntil || item.token !== piece.token;
    if (steady < piece.validUntil && item.token !== piece.token) piece.isTaken = true;
    if (!isRefused) item.written = text;
    // The lease throws before or in the transaction.
    const writing = (async () =>
      unwrap(await realPiece.leased.transaction((tx) => tx.setMark(`written-${itemOf(real, at)}`, text))))();
    if (isRefused) await assert.rejects(writing, LeaseLost);
    else await writing;
  });

const renew = (which: number): RunnerCommand =>
  command(`renew(${which})`, isAnyWorking, async (model, real) => {
    const { item, piece, realPiece, steady } = inProgress(model, real, which);
    if (!piece.isTaken && steady - piece.askedAt <= BUDGET_MS) {
      if (item.token === piece.token) {
        item.heldUntil = model.now + LEASE_MS;
        piece.validUntil = steady + LEASE_MS;
      } else piece.isTaken = true;
    }
    realPiece.renew();
    // The renewal is a transaction; the store makes one at a time.
    unwrap(await real.store.transaction(async () => undefined));
    await new Promise(setImmediate);
    const isLost = piece.isTaken || steady >= piece.validUntil;
    assert.equal(realPiece.leased.isLost(), isLost);
  });

const finish = (which: number, outcome: Outcome): RunnerCommand =>
  command(`finish(${which}, ${outcome})`, isAnyWorking, async (model, real) => {
    const { key, item, piece, realPiece } = inProgress(model, real, which);
    const isCurrent = item.token === piece.token;
    if (isCurrent) {
      const failures = outcome === 'failed' ? piece.failures + 1 : 0;
      const pauseMs = { done: EVERY_MS, more: 0, failed: pauseAfter(failures) }[outcome];
      Object.assign(item, { failures, nextAt: model.now + pauseMs, heldUntil: 0 });
    }
    model.pieces.delete(key);
    real.pieces.delete(key);
    assert.equal(await realPiece.finish(outcome), isCurrent ? outcome : 'lost');
  });

const advance = (ms: number): RunnerCommand =>
  command(
    `advance(${ms})`,
    () => true,
    async (model) => {
      model.now += ms;
      for (const process of model.processes) if (!process.isPaused) process.steady += ms;
    },
  );

/** A paused process has just looked at its clock: only its token can stop it. */
const pause = (process: number): RunnerCommand =>
  command(
    `pause(${process})`,
    () => true,
    async ({ processes }) => {
      const own = processes[process];
      if (own !== undefined) own.isPaused = !own.isPaused;
    },
  );

const endRun = (process: number): RunnerCommand =>
  command(
    `endRun(${process})`,
    ({ processes }) => processes[process]?.hasEnded === false,
    async (model, real) => {
      Object.assign(model.processes[process] ?? {}, { hasEnded: true });
      const run = runOfProcess(real, process);
      unwrap(await real.store.transaction((tx) => tx.endRun(run, { at: model.now, reason: 'stopped' })));
    },
  );

const aProcess = fc.nat(PROCESSES - 1);
const anItem = fc.nat(ITEMS - 1);
const ANY_COMMAND: readonly fc.Arbitrary<RunnerCommand>[] = [
  fc.tuple(aProcess, anItem, fc.boolean()).map((given) => begin(...given)),
  fc.tuple(fc.nat(5), fc.nat()).map((given) => write(...given)),
  fc.nat(5).map(renew),
  fc.tuple(fc.nat(5), fc.constantFrom<Outcome>('done', 'more', 'failed')).map((given) => finish(...given)),
  fc.constantFrom(500, 3 * SECOND_MS, LEASE_MS, BUDGET_MS, EVERY_MS).map(advance),
  aProcess.map(pause),
  aProcess.map(endRun),
];

describeOnEach(`the runner of jobs (PFCNG_RUNNER_SEED=${SEED})`, ({ kind, opened }) => {
  it('does in every history of three processes what a simple model does', async function histories() {
    let clock = NOW;
    const store = await opened({ clock: () => clock });
    let history = 0;
    const property = fc.asyncProperty(fc.commands([...ANY_COMMAND], CONSTRAINTS), async (commands) => {
      history += 1;
      const model: Model = {
        get now() {
          return clock;
        },
        set now(at) {
          clock = at;
        },
        processes: Array.from({ length: PROCESSES }, () => ({ steady: 0, isPaused: false, hasEnded: false })),
        items: Array.from({ length: ITEMS }, () => ({
          nextAt: null,
          failures: 0,
          token: 0,
          holder: null,
          heldUntil: 0,
          written: null,
        })),
        pieces: new Map(),
      };
      const real: RunnerUnderTest = { store, history, clocks: model, pieces: new Map() };
      unwrap(
        await store.transaction(async (tx) => {
          for (let at = 0; at < PROCESSES; at += 1) {
            const facts = runFacts({ run: runOfProcess(real, at), node: nodeOf(history * PROCESSES + at) });
            await tx.insertRun(facts, { at: clock, clockOffsetMs: 0 });
          }
        }),
      );
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await assertStored(real, model);
      } finally {
        for (const piece of real.pieces.values()) await piece.finish('lost');
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: HISTORIES[kind] });
  });
});

async function assertStored(real: RunnerUnderTest, { now, processes, items }: Model): Promise<void> {
  for (const [at, item] of items.entries()) {
    const [stored, written] = unwrap(
      await real.store.read(async (reads) => [
        await reads.job({ job: NAME, item: itemOf(real, at) }),
        await reads.mark(`written-${itemOf(real, at)}`),
      ]),
    );
    const { nextAt, failures, holder, heldUntil } = item;
    const isHeld = holder !== null && heldUntil > now && processes[holder]?.hasEnded === false;
    const expected = nextAt === null ? null : [nextAt, failures, isHeld ? runOfProcess(real, holder) : null];
    assert.deepEqual(stored === null ? null : [stored.nextAt, stored.failures, stored.holder], expected);
    assert.equal(written ?? null, item.written);
  }
}
