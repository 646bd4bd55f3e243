/** Issuance over HTTPS: rates, and the processor time of a certificate by process and by step. */
import type { KeyType } from '../../../../src/x509/model.js';
import type { Service } from '../../../support/service/service.js';
import { attribute, type CpuProfile } from '../../attribution.js';
import { type CpuUse, DATABASE_PROCESS, sumMs } from '../../cpu-time.js';
import type { Database, OpenDatabase } from '../../databases.js';
import { profileBySignal } from '../../inspector.js';
import { CONNECTIONS, enoughFor, type Run, runLoad } from '../../issuance.js';
import { measureCfssl } from '../../peers/cfssl.js';
import { openRawSigning, type RawRate, type RawSigning, THREADS } from '../../peers/raw-signing.js';
import { describeShares } from '../../profile-text.js';
import { mean, median, middle } from '../../statistics.js';
import { atLeast, atMost, type Line, number, percent } from '../../table.js';
import { type Bench, type Part, type PartResult, withService } from '../part.js';

const RSA_GOAL = 0.65;
/** The goal for the processor time of all processes of the service, without the signature. */
const CPU_GOAL_MS = 0.7;
/** More than P-256 issuance will reach here: so many requests are prepared. */
const RATE_MAX = 4_000;
/** Also measured with P-256, because larger groups share more of each transaction. */
const MORE_CONNECTIONS = [64, 128] as const;
const OTHERS_BELOW_MS = 0.02;

export const measureIssuance: Part = async (bench) => {
  const results: PartResult[] = [];
  for (const database of bench.databases) {
    for (const keyType of ['rsa-4096', 'p-256'] as const) {
      bench.say(`issuance, ${keyType}, ${database.name}`);
      const opened = await database.open();
      try {
        results.push(await measureOn(bench, { database, opened, keyType }));
      } finally {
        await opened.close();
      }
    }
    bench.say(`plain INSERTs, ${database.name}`);
    const figure = await database.measureInserts(bench.effort.insertSeconds);
    results.push({ lines: [{ what: `Plain durable INSERTs into ${database.name}, rows of 1,500 bytes`, figure }] });
  }
  bench.say('issuance, cfssl');
  const cfssl = await measureCfssl(bench.effort.issuanceSeconds);
  const peer: Line = {
    what: `For comparison: cfssl serve, P-256 key in a file, no database, plain HTTP, ${CONNECTIONS} connections`,
    figure: typeof cfssl === 'string' ? cfssl : `${number(cfssl)} certificates/s`,
  };
  return { lines: [...results.flatMap(({ lines }) => lines), peer], notes: results.flatMap(({ notes = [] }) => notes) };
};

type Under = { readonly database: Database; readonly opened: OpenDatabase; readonly keyType: KeyType };

function measureOn(bench: Bench, under: Under): Promise<PartResult> {
  const { keyType, opened } = under;
  return withService({ keyType, database: opened.options }, async (service) => {
    const raw = await openRawSigning(bench.rawSign, service.at);
    await service.start();
    const { runs, raws } = await runInTurns(bench, { service, raw, under });
    const more = keyType === 'p-256' ? await runWithMore(bench, service, under) : [];
    const notes = bench.profile ? [await profileOf(bench, service, under)] : [];
    return { lines: [...linesOf(under, runs, raws), ...more], notes };
  });
}

type Turns = { readonly service: Service; readonly raw: RawSigning; readonly under: Under };

async function runInTurns({ effort }: Bench, { service, raw, under: { opened } }: Turns) {
  const seconds = effort.issuanceSeconds;
  const raws: RawRate[] = [await raw.measure(effort.rawSeconds)];
  const rateMax = Math.min(RATE_MAX, raws[0]?.rate ?? RATE_MAX);
  const warm = { name: 'WARM', seconds: effort.warmUpSeconds, prepared: enoughFor(rateMax, effort.warmUpSeconds) };
  await runLoad(service, warm);
  const runs: Run[] = [];
  for (let run = 1; run <= effort.runs; run += 1) {
    const plan = { name: `BENCH-${run}`, seconds, prepared: enoughFor(rateMax, seconds), others: opened.processes };
    runs.push(await runLoad(service, plan));
    raws.push(await raw.measure(effort.rawSeconds));
  }
  return { runs, raws };
}

async function runWithMore({ effort }: Bench, service: Service, { opened }: Under): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const connections of MORE_CONNECTIONS) {
    const runs: Run[] = [];
    for (let run = 1; run <= effort.runs; run += 1)
      runs.push(
        await runLoad(service, {
          name: `MORE-${connections}-${run}`,
          seconds: effort.issuanceSeconds,
          prepared: enoughFor(RATE_MAX, effort.issuanceSeconds),
          others: opened.processes,
          connections,
        }),
      );
    const { rate, medianMs, p99Ms, cpu, answered } = middle(runs, (run) => run.rate);
    const times = `median ${number(medianMs)} ms, p99 ${number(p99Ms)} ms`;
    const cpuMs = sumMs(ourCpu(cpu)) / answered;
    lines.push({
      what: `of it, ${connections} connections`,
      figure: `${number(rate)} certificates/s (${times}), ${cpuMs.toFixed(2)} ms of processor time with the signature`,
    });
  }
  return lines;
}

function ourCpu(cpu: readonly CpuUse[]): readonly CpuUse[] {
  return cpu.filter(({ name }) => name !== DATABASE_PROCESS);
}

function linesOf({ database, keyType }: Under, runs: readonly Run[], raws: readonly RawRate[]): readonly Line[] {
  const { rate, medianMs, p99Ms } = middle(runs, (run) => run.rate);
  const raw = median(raws.map((one) => one.rate));
  const rawCpuMs = mean(raws.map(({ cpuMs }) => cpuMs));
  const where = `${keyType}, ${database.name}`;
  const isRsa = keyType === 'rsa-4096';
  const goal = isRsa
    ? atLeast(rate / raw, RSA_GOAL)
    : {
        ratio: percent(rate / raw),
        goal: `at least ${number(database.goal)}/s${rate < database.goal ? ': missed' : ''}`,
      };
  const each = (run: Run, ms: number): number => ms / run.answered;
  const beyond = mean(runs.map((run) => each(run, sumMs(ourCpu(run.cpu))) - rawCpuMs));
  return [
    {
      what: `Issuance over HTTPS, ${where}, ${CONNECTIONS} connections`,
      figure: `${number(rate)} certificates/s (median ${number(medianMs)} ms, p99 ${number(p99Ms)} ms)`,
      limit: `${number(raw)} C_Sign/s, ${THREADS} threads of a C program`,
      ...goal,
    },
    {
      what: `Processor time of a certificate in the service's processes beyond the signature itself, ${where}`,
      figure: `${beyond.toFixed(2)} ms`,
      limit: `${CPU_GOAL_MS} ms, in addition to C_Sign's ${rawCpuMs.toFixed(2)} ms`,
      ...atMost(beyond / CPU_GOAL_MS, 1),
    },
    ...cpuLines(runs, each),
    {
      what: `The load itself, on the same processors`,
      figure: `${mean(runs.map((run) => each(run, run.cpuMs))).toFixed(2)} ms`,
    },
  ];
}

/** By process; those that hardly do anything together. */
function cpuLines(runs: readonly Run[], each: (run: Run, ms: number) => number): readonly Line[] {
  const names = [...new Set(runs.flatMap(({ cpu }) => cpu.map(({ name }) => name)))];
  const found = names.map((name) => {
    const of = (pick: (use: CpuUse) => number): number =>
      mean(
        runs.map((run) =>
          each(
            run,
            run.cpu.filter((use) => use.name === name).reduce((sum, use) => sum + pick(use), 0),
          ),
        ),
      );
    return { name, ms: of((use) => use.ms), mainMs: of((use) => use.mainThreadMs) };
  });
  const large = found.filter(({ ms }) => ms >= OTHERS_BELOW_MS).sort((a, b) => b.ms - a.ms);
  const small = found.filter(({ ms }) => ms < OTHERS_BELOW_MS).reduce((sum, { ms }) => sum + ms, 0);
  return [
    ...large.map(({ name, ms, mainMs }) => ({
      what: `of which ${name}${name.startsWith('signer') ? ', its C_Sign included' : ''}`,
      figure: `${ms.toFixed(2)} ms (first thread ${mainMs.toFixed(2)})`,
    })),
    { what: 'of which all others', figure: `${small.toFixed(2)} ms` },
  ];
}

/** A run of its own, which does not count: sampling costs. */
async function profileOf({ effort }: Bench, service: Service, { database, keyType }: Under): Promise<string> {
  const seconds = effort.issuanceSeconds;
  const profiles: CpuProfile[] = [];
  const run = await runLoad(service, {
    name: 'PROFILE',
    seconds,
    prepared: enoughFor(RATE_MAX, seconds),
    during: async () => {
      const profiling = await profileBySignal(service.pid());
      return async () => void profiles.push(await profiling.stop());
    },
  });
  const title = `JavaScript thread of the service, ${keyType}, ${database.name}, milliseconds a certificate`;
  return profiles
    .map((profile) => describeShares(title, { attribution: attribute(profile), count: run.answered, unit: 'ms' }))
    .join('\n\n');
}
