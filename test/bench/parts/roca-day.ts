/**
 * A day on which all cards get new keys, in a size that a bench allows: the rate, the class that
 * comes first, what relying parties notice, and the processor time of each process.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyType } from '../../../src/x509/model.js';
import { latencyQuantile } from '../../scale/latencies.js';
import {
  type Drill,
  type FleetReport,
  issueCards,
  openCampaign,
  sumOf,
  updateCards,
  watchIdle,
} from '../../scale/roca-day.js';
import { residentMb } from '../../support/machine/resident.js';
import { runPfcng, type Service } from '../../support/service/service.js';
import { attribute } from '../attribution.js';
import { type CpuUse, cpuBetween, sampleCpu, sumMs } from '../cpu-time.js';
import type { Database } from '../databases.js';
import { profileBySignal } from '../inspector.js';
import { describeShares } from '../profile-text.js';
import { atLeast, atMost, type Line, number } from '../table.js';
import { type Bench, type PartResult, withService } from './part.js';

/** Certificates a second, so that 2.6 million take an hour (P-256) or two (RSA-4096). */
const RATE_GOALS = { 'p-256': 722, 'rsa-4096': 361 } as const;
const PRIORITY = { cards: 35_000, seconds: 300 } as const;
/** A larger part of a small fleet belongs to the first class, so that its rate means something. */
const PRIORITY_OF = 4;
const OCSP = { perSecond: 200, watched: 1_000, p99Goal: 5 } as const;
const CERTIFICATES_OF_CARD = 2;
const CARDS_AT_ONCE = 64;
/** Growth of the service's memory from the middle of the day to its end. */
const GROWTH_GOAL = 1.1;

export type Under = { readonly database: Database; readonly keyType: keyof typeof RATE_GOALS & KeyType };

export async function measureRocaDay(bench: Bench, { database, keyType }: Under): Promise<PartResult> {
  const { effort, say } = bench;
  const cards = effort.campaignCards;
  say(`ROCA day of ${number(cards)} cards, ${keyType}, ${database.name}`);
  const opened = await database.open();
  try {
    return await withService({ keyType, database: opened.options }, async (service) => {
      await service.start();
      const priority = Math.ceil(cards / PRIORITY_OF);
      const drill: Drill = {
        fleet: { seed: 'bench', cards, priority },
        service,
        folder: join(service.at.folder, 'drill'),
        atOnce: CARDS_AT_ONCE,
        watched: OCSP.watched,
        ocspPerSecond: OCSP.perSecond,
        say: () => undefined,
      };
      await issueCards(drill);
      await openCampaign(drill);
      const idle = await watchIdle(drill, effort.ocspSeconds * 1_000);
      const sample = () => sampleCpu([...service.tree(), ...opened.processes()]);
      const before = sample();
      const load = process.cpuUsage();
      const memory = watchMemory(service);
      const profiling = bench.profile ? await profileBySignal(service.pid()) : null;
      const report = await updateCards(drill);
      const profile = await profiling?.stop();
      const used = process.cpuUsage(load);
      const cpu = cpuBetween(before, sample());
      const { middleMb, lastMb } = memory.stop();
      const facts = { report, idle, cpu, loadMs: (used.user + used.system) / 1_000, middleMb, lastMb };
      const lines = [...linesOf({ database, keyType }, drill, facts), ...(await recordLines(service))];
      const title = `JavaScript thread of the service on a ROCA day, ${keyType}, ${database.name}, milliseconds a card`;
      const shares = { count: report.confirmed, unit: 'ms' } as const;
      const notes =
        profile === undefined ? [] : [describeShares(title, { attribution: attribute(profile), ...shares })];
      return { lines, notes };
    });
  } finally {
    await opened.close();
  }
}

type Quantiles = { readonly p99: number; readonly median: number };

type Facts = {
  readonly report: FleetReport;
  readonly idle: FleetReport['ocsp'];
  readonly cpu: readonly CpuUse[];
  readonly loadMs: number;
  readonly middleMb: number;
  readonly lastMb: number;
};

function linesOf({ database, keyType }: Under, { fleet }: Drill, facts: Facts): readonly Line[] {
  const { report, idle, cpu, loadMs, middleMb, lastMb } = facts;
  const where = `${keyType}, ${database.name}`;
  const rate = (CERTIFICATES_OF_CARD * report.confirmed) / report.seconds;
  const goal = RATE_GOALS[keyType];
  const priorityRate = fleet.priority / (report.classes.priority?.seconds ?? report.seconds);
  const priorityGoal = PRIORITY.cards / PRIORITY.seconds;
  const atDesk = sumOf(report.desks);
  const [busyMs, idleMs] = [report.ocsp, idle].map(({ latencies }) => ({
    p99: latencyQuantile(latencies, 0.99),
    median: latencyQuantile(latencies, 0.5),
  })) as [Quantiles, Quantiles];
  const ended = `${report.confirmed} confirmed, ${sumOf(report.resumed)} of them after a fault; ${atDesk} at a desk`;
  const asked = `${number(report.ocsp.asked)} (${number(report.ocsp.asked / report.seconds)}/s)`;
  const each = (ms: number): string => `${(ms / report.confirmed).toFixed(2)} ms`;
  const names = [...new Set(cpu.map(({ name }) => name))];
  return [
    {
      what: `ROCA day of ${number(fleet.cards)} cards on these processors, load included, ${where}`,
      figure: `${number(rate)} certificates/s`,
      limit: `${goal} certificates/s`,
      ...atLeast(rate / goal, 1),
    },
    {
      what: `of it, the priority class (${number(fleet.priority)} cards)`,
      figure: `${number(priorityRate)} cards/s`,
      limit: `${number(priorityGoal)} cards/s: 35,000 in five minutes`,
      ...atLeast(priorityRate / priorityGoal, 1),
    },
    {
      what: 'of it, cards that are neither confirmed nor at a desk',
      figure: `${fleet.cards - report.confirmed - atDesk} (${ended})`,
      goal: `none${fleet.cards === report.confirmed + atDesk ? '' : ': missed'}`,
    },
    {
      what: `of it, OCSP beside it, ${OCSP.perSecond} requests/s: answers that were not good, and requests that failed`,
      figure: `${report.ocsp.notGood.length} and ${report.ocsp.failed} of ${asked}`,
      goal: `none${report.ocsp.notGood.length + report.ocsp.failed === 0 ? '' : ': missed'}`,
    },
    {
      what: 'of it, the slowest OCSP answer in a hundred',
      figure: `${number(busyMs.p99)} ms (median ${number(busyMs.median)} ms)`,
      limit: `${number(idleMs.p99)} ms without the campaign (median ${number(idleMs.median)} ms)`,
      ...atMost(busyMs.p99 / idleMs.p99, OCSP.p99Goal),
    },
    {
      what: 'of it, resident memory of the service at the end',
      figure: `${number(lastMb)} MB`,
      limit: `${number(middleMb)} MB in the middle`,
      ...atMost(lastMb / middleMb, GROWTH_GOAL),
    },
    ...names
      .map((name) => ({ name, ms: sumMs(cpu.filter((use) => use.name === name)) }))
      .filter(({ ms }) => ms / report.confirmed >= 0.02)
      .map(({ name, ms }) => ({ what: `of it, processor time of a card: ${name}`, figure: each(ms) })),
    { what: 'of it, processor time of a card: the load itself', figure: each(loadMs) },
  ];
}

/** Each certificate has its entry and its signature in a journal. */
async function recordLines({ at }: Service): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const words of [
    ['audit', 'verify'],
    ['hsm', 'reconcile'],
  ]) {
    const { status, stdout } = await runPfcng(at, ...words);
    const figure = `exit code ${status}: ${stdout.trim().split('\n').at(-1) ?? ''}`;
    lines.push({ what: `after it, pfcng ${words.join(' ')}`, figure, goal: `0${status === 0 ? '' : ': missed'}` });
  }
  return lines;
}

const MEMORY_EVERY_MS = 1_000;

/** Resident memory of the service, each second. */
function watchMemory(service: Service): { readonly stop: () => Pick<Facts, 'middleMb' | 'lastMb'> } {
  const pid = service.pid();
  const seen: number[] = [];
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      seen.push(residentMb(pid));
      await sleep(MEMORY_EVERY_MS);
    }
  };
  void watch();
  return {
    stop: () => {
      isOver = true;
      const lastMb = residentMb(pid);
      return { middleMb: seen[Math.floor(seen.length / 2)] ?? lastMb, lastMb };
    },
  };
}
