/**
 * `npm run drill:roca`: ROCA day in full, in a folder that keeps the installation. The same command
 * goes on after it was stopped, and the report is written for officers.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgressLine } from '../../src/terminal/progress-line.js';
import { say } from '../../src/terminal/say.js';
import { freePorts } from '../support/machine/ports.js';
import { configure, makeServiceHome, type ServiceHome } from '../support/service/home.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import type { Fleet } from './fleet.js';
import { type Drill, type FleetReport, issueCards, openCampaign, updateCards } from './roca-day.js';

const USAGE = `npm run drill:roca -- [OPTION...]
  --folder FOLDER    installation, files and report of the drill (default: var/drill); the same folder goes on
  --cards NUMBER     cards of the fleet (default: 1300000; 25 GB of disk)
  --priority NUMBER  cards of the class that comes first (default: 35000, or a fortieth of the fleet)
  --key-type TYPE    of the CAs: p-256 (default) or rsa-4096`;

type Progress = {
  readonly at: ServiceHome;
  readonly fleet: Fleet;
  readonly keyType: string;
  /** How often the drill was started. */
  starts: number;
  issuedSeconds: number | null;
  campaign: string | null;
  report: FleetReport | null;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: 'var/drill' },
      cards: { type: 'string', default: '1300000' },
      priority: { type: 'string' },
      'key-type': { type: 'string', default: 'p-256' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const { folder } = values;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'progress.json');
  const save = (progress: Progress): void => writeFileSync(file, JSON.stringify(progress, null, 2));
  const progress = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Progress)
    : await begin({ cards: Number(values.cards), priority: values.priority, keyType: values['key-type'] });
  progress.starts += 1;
  save(progress);
  const service = await startService(progress.at);
  try {
    await perform(progress, { service, folder, save: () => save(progress) });
    const text = await reportOf(progress);
    writeFileSync(join(folder, 'report.md'), text);
    say(text);
    say(`The report is in ${join(folder, 'report.md')}; delete ${folder} to drill again.`);
  } finally {
    await service.stop();
  }
}

type DrillOptions = { readonly cards: number; readonly priority: string | undefined; readonly keyType: string };

async function begin({ cards, priority, keyType }: DrillOptions): Promise<Progress> {
  if (!Number.isSafeInteger(cards) || cards < 1) throw new Error(`no number of cards: ${cards}\n${USAGE}`);
  if (keyType !== 'p-256' && keyType !== 'rsa-4096') throw new Error(`no key type ${keyType}\n${USAGE}`);
  say('The installation of the drill is made; keys of RSA-4096 take a minute.');
  const at = await makeServiceHome(keyType);
  const first = Number(priority ?? Math.min(35_000, Math.ceil(cards / 40)));
  const fleet = { seed: `drill-${cards}`, cards, priority: first };
  return { at, fleet, keyType, starts: 0, issuedSeconds: null, campaign: null, report: null };
}

/** The ports of an earlier start may be taken by now. */
async function startService(at: ServiceHome): Promise<Service> {
  const [api = 0, publication = 0, operators = 0] = await freePorts(3);
  const ports = { api, publication, operators };
  const listen = { api: { port: api }, publication: { port: publication }, operators: { port: operators } };
  configure(at, { publicAddress: `http://127.0.0.1:${publication}`, listen });
  const service = createService({ ...at, ports });
  await service.start();
  return service;
}

type Means = { readonly service: Service; readonly folder: string; readonly save: () => void };

async function perform(progress: Progress, { service, folder, save }: Means): Promise<void> {
  const line = createProgressLine(() => performance.now());
  const drill: Drill = {
    fleet: progress.fleet,
    service,
    folder: join(folder, 'orders'),
    atOnce: 64,
    watched: 1_000,
    ocspPerSecond: 200,
    say: line.show,
  };
  if (progress.issuedSeconds === null) {
    const began = performance.now();
    await issueCards(drill);
    progress.issuedSeconds = (performance.now() - began) / 1_000;
    save();
    line.end(`${progress.fleet.cards} cards have their first set`);
  }
  if (progress.campaign === null) {
    progress.campaign = await openCampaign(drill);
    save();
    line.end(`the campaign ${progress.campaign} is open`);
  }
  if (progress.report === null) {
    progress.report = await updateCards(drill);
    save();
    line.end('every card is confirmed or at a desk');
  }
}

async function reportOf({ fleet, keyType, report, issuedSeconds, campaign, starts, at }: Progress): Promise<string> {
  if (report === null) throw new Error('the drill is not over');
  const { confirmed, resumed, desks, seconds, classSeconds, ocsp } = report;
  const atDesk = Object.values(desks).reduce((sum, count) => sum + count, 0);
  const judged = await Promise.all(
    [
      ['audit', 'verify'],
      ['hsm', 'reconcile'],
    ].map(async (words) => {
      const { status, stdout } = await runPfcng(at, ...words);
      const verdict = status === 0 ? 'nothing is missing' : `exit code ${status}`;
      return `- \`pfcng ${words.join(' ')}\`: ${verdict}. ${stdout.trim().split('\n').at(-1) ?? ''}`;
    }),
  );
  const minutes = (value: number): string => `${(value / 60).toFixed(1)} minutes`;
  const again = starts === 1 ? '' : 's; times and faults below are those of the last start';
  const reasons = Object.entries(desks).map(([reason, count]) => `${count} for \`${reason}\``);
  const faults = 'a lost connection, a loss of power, lost keys';
  return [
    `# Drill: ${fleet.cards} cards get new keys in one day`,
    '',
    `CA keys: ${keyType}. Campaign ${campaign}. The drill was started ${starts} time${again}.`,
    '',
    `- **${confirmed} cards confirmed their new keys** in ${minutes(seconds)}: ${(confirmed / seconds).toFixed(0)} a second.`,
    `- ${resumed} of them met a fault on the way (${faults}) and went on with their number and their key.`,
    `- ${atDesk} cards must go to a desk: ${reasons.join(', ') || 'none'}.`,
    `- ${fleet.cards - confirmed - atDesk} cards are neither: there should be none.`,
    ...Object.entries(classSeconds).map(
      ([name, value]) => `- The last card of the class \`${name}\` was done after ${minutes(value)}.`,
    ),
    `- Relying parties asked OCSP ${ocsp.asked} times about the set that a card signs with.`,
    `- ${ocsp.notGood.length} of the answers were not \`good\`, and ${ocsp.failed} requests failed.`,
    `- OCSP answered in ${ocsp.medianMs.toFixed(1)} ms (median; p99 ${ocsp.p99Ms.toFixed(1)} ms).`,
    `- Issuing the first sets took ${minutes(issuedSeconds ?? 0)}.`,
    ...judged,
    '',
  ].join('\n');
}

await main();
