/**
 * `npm run drill:roca`: ROCA day in full, in a folder that keeps the installation. The same command
 * goes on after it was stopped, and the report is written for officers.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgressLine } from '../../src/terminal/progress-line.js';
import { say } from '../../src/terminal/say.js';
import { keepFolder } from '../support/ceremony/hierarchy.js';
import { configure, listenOn, makeServiceHome, type ServiceHome, servicePorts } from '../support/service/home.js';
import { isAlive, processTree, spokenSecretsPlaces } from '../support/service/processes.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { drillReport } from './drill-report.js';
import type { Fleet } from './fleet.js';
import { type Drill, type FleetReport, issueCards, openCampaign, updateCards } from './roca-day.js';

const USAGE = `npm run drill:roca -- [OPTION...]
  --folder FOLDER    installation, files and report of the drill (default: var/drill); the same folder goes on
  --cards NUMBER     cards of the fleet (default: 1300000; 25 GB of disk)
  --priority NUMBER  cards of the class that comes first (default: 35000, or a fortieth of the fleet)
  --key-type TYPE    of the CAs: p-256 (default) or rsa-4096
  --at-once NUMBER   cards that come at once (default: 64)
  --ocsp NUMBER      OCSP requests a second while cards are updated (default: 200)`;

type Progress = {
  readonly at: ServiceHome;
  readonly fleet: Fleet;
  readonly keyType: string;
  /** How often the drill was started. */
  starts: number;
  /** The service of the last start; null: it was stopped. */
  servicePid: number | null;
  /** The time of issuing first sets, of all starts together. */
  issuedSeconds: number;
  /** Whether every card has its first set. */
  isIssued: boolean;
  campaign: string | null;
  /** What all starts have come to. */
  report: FleetReport | null;
  isOver: boolean;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: 'var/drill' },
      cards: { type: 'string', default: '1300000' },
      priority: { type: 'string' },
      'key-type': { type: 'string', default: 'p-256' },
      'at-once': { type: 'string', default: '64' },
      ocsp: { type: 'string', default: '200' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const { folder } = values;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'progress.json');
  const save = (progress: Progress): void => {
    writeFileSync(`${file}.new`, JSON.stringify(progress, null, 2));
    // A drill that is killed meanwhile finds the file as it was before.
    renameSync(`${file}.new`, file);
  };
  const progress = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Progress)
    : await begin({ cards: Number(values.cards), priority: values.priority, keyType: values['key-type'] });
  await endLeftService(progress);
  progress.starts += 1;
  const service = await startService(progress.at);
  progress.servicePid = service.pid();
  save(progress);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    await perform(progress, {
      service,
      folder,
      save: () => save(progress),
      stopped: stopping.signal,
      atOnce: Number(values['at-once']),
      ocspPerSecond: Number(values.ocsp),
    });
    const text = await reportOf(progress);
    writeFileSync(join(folder, 'report.md'), text);
    say(text);
    say(`The report is in ${join(folder, 'report.md')}; delete ${folder} to drill again.`);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    say(`The drill was stopped. The same command goes on: ${progress.report?.through ?? 0} cards are done.`);
  } finally {
    await service.stop();
    progress.servicePid = null;
    save(progress);
  }
}

/** A drill that was killed leaves its service, which has the tokens and the database open. */
async function endLeftService({ servicePid, at }: Progress): Promise<void> {
  if (servicePid === null || !isAlive(servicePid)) return;
  // Another process may have got the number since.
  if (!spokenSecretsPlaces(servicePid).includes(at.configFile)) return;
  const tree = processTree(servicePid);
  process.kill(servicePid, 'SIGTERM');
  await until('the service of the killed drill ends', async () => !tree.some(({ pid }) => isAlive(pid)));
}

type DrillOptions = { readonly cards: number; readonly priority: string | undefined; readonly keyType: string };

async function begin({ cards, priority, keyType }: DrillOptions): Promise<Progress> {
  if (!Number.isSafeInteger(cards) || cards < 1) throw new Error(`no number of cards: ${cards}\n${USAGE}`);
  if (keyType !== 'p-256' && keyType !== 'rsa-4096') throw new Error(`no key type ${keyType}\n${USAGE}`);
  say('The installation of the drill is made; keys of RSA-4096 take a minute.');
  const at = await makeServiceHome(keyType);
  // The next start goes on with it.
  keepFolder(at.home);
  const first = Number(priority ?? Math.min(35_000, Math.ceil(cards / 40)));
  const fleet = { seed: `drill-${cards}`, cards, priority: first };
  const nothing = { servicePid: null, issuedSeconds: 0, isIssued: false, campaign: null, report: null, isOver: false };
  return { at, fleet, keyType, starts: 0, ...nothing };
}

/** The ports of an earlier start may be taken by now. */
async function startService(at: ServiceHome): Promise<Service> {
  const ports = await servicePorts();
  const listen = listenOn({ ports });
  configure(at, { publicAddress: `http://127.0.0.1:${ports.publication}`, listen });
  const service = createService({ ...at, ports });
  await service.start();
  return service;
}

type Means = {
  readonly service: Service;
  readonly folder: string;
  readonly save: () => void;
  readonly stopped: AbortSignal;
  readonly atOnce: number;
  readonly ocspPerSecond: number;
};

async function perform(
  progress: Progress,
  { service, folder, save, stopped, atOnce, ocspPerSecond }: Means,
): Promise<void> {
  const line = createProgressLine(() => performance.now());
  const drill: Drill = {
    fleet: progress.fleet,
    service,
    folder: join(folder, 'orders'),
    atOnce,
    watched: 1_000,
    ocspPerSecond,
    say: line.show,
    stopped,
  };
  if (!progress.isIssued) {
    await timed(() => issueCards(drill), {
      from: progress.issuedSeconds,
      note: (seconds) => {
        progress.issuedSeconds = seconds;
        save();
      },
    });
    progress.isIssued = true;
    save();
    line.end(`${progress.fleet.cards} cards have their first set`);
  }
  if (progress.campaign === null) {
    progress.campaign = await openCampaign(drill);
    save();
    line.end(`the campaign ${progress.campaign} is open`);
  }
  if (progress.isOver) return;
  await updateCards(drill, {
    ...(progress.report === null ? {} : { earlier: progress.report }),
    save: (report) => {
      progress.report = report;
      save();
    },
  });
  progress.isOver = true;
  save();
  line.end('every card is confirmed or at a desk');
}

const NOTE_EVERY_MS = 1_000;

type Timing = { readonly from: number; readonly note: (seconds: number) => void };

/** Notes each second how long the work takes, with what it took in earlier starts. */
async function timed(work: () => Promise<void>, { from, note }: Timing): Promise<void> {
  const began = performance.now();
  const noteNow = (): void => note(from + (performance.now() - began) / 1_000);
  const noting = setInterval(noteNow, NOTE_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(noting);
    noteNow();
  }
}

async function reportOf({ fleet, keyType, report, issuedSeconds, campaign, starts, at }: Progress): Promise<string> {
  if (report === null || campaign === null) throw new Error('the drill is not over');
  const checks = await Promise.all(
    (['audit verify', 'hsm reconcile'] as const).map(async (command) => {
      const { status, stdout } = await runPfcng(at, ...command.split(' '));
      return { command, status, lastLine: stdout.trim().split('\n').at(-1) ?? '' };
    }),
  );
  return drillReport({ fleet, keyType, campaign, starts, issuedSeconds, report, checks });
}

await main();
