/**
 * 200 requests a second while backups are made one after the other, beside the same without them,
 * in turns on one service.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTwoRecipients } from '../../support/backup/recipients.js';
import { configure } from '../../support/service/home.js';
import { runPfcng, type Service } from '../../support/service/service.js';
import { enoughFor, type Run, runLoad } from '../issuance.js';
import { middle } from '../statistics.js';
import { atLeast, type Line, number } from '../table.js';
import { type Bench, type Part, withService } from './part.js';

const GOAL = 0.9;
const PER_SECOND = 200;

export const measureBackup: Part = async (bench) => {
  const lines: Line[] = [];
  for (const { name, open } of bench.databases) {
    bench.say(`backups under load, ${name}`);
    const { options, close } = await open();
    try {
      const under = { keyType: 'p-256', database: options } as const;
      lines.push(await withService(under, (service) => measureOn(service, name, bench)));
    } finally {
      await close();
    }
  }
  return { lines };
};

async function measureOn(service: Service, database: string, { effort }: Bench): Promise<Line> {
  const { at } = service;
  configure(at, { backup: { recipients: await makeTwoRecipients(at.folder) } });
  await service.start();
  let backups = 0;
  const measure = (name: string, during?: () => Promise<() => Promise<void>>): Promise<Run> => {
    const seconds = effort.issuanceSeconds;
    const plan = { name, seconds, prepared: enoughFor(PER_SECOND, seconds), perSecond: PER_SECOND };
    return runLoad(service, during === undefined ? plan : { ...plan, during });
  };
  await measure('WARM');
  const runs: Record<'alone' | 'beside', Run[]> = { alone: [], beside: [] };
  for (let run = 1; run <= effort.runs; run += 1) {
    runs.alone.push(await measure(`ALONE-${run}`));
    runs.beside.push(
      await measure(`BACKUP-${run}`, async () => {
        let isOver = false;
        const ended = repeatBackup(service, () => isOver);
        return async () => {
          isOver = true;
          backups += await ended;
        };
      }),
    );
  }
  const alone = middle(runs.alone, ({ rate }) => rate);
  const beside = middle(runs.beside, ({ rate }) => rate);
  const p99 = ({ p99Ms }: Run): string => `p99 ${number(p99Ms)} ms`;
  return {
    what: `${PER_SECOND} requests/s while backups are made, P-256, ${database}, ${backups} backups`,
    figure: `${number(beside.rate)} certificates/s (${p99(beside)})`,
    limit: `${number(alone.rate)} certificates/s without a backup (${p99(alone)})`,
    ...atLeast(beside.rate / alone.rate, GOAL),
  };
}

/** Returns how many were made. */
async function repeatBackup({ at }: Service, isOver: () => boolean): Promise<number> {
  let made = 0;
  for (; !isOver(); made += 1) {
    const file = join(at.folder, 'bench.cms');
    const { status, stderr } = await runPfcng(at, 'backup', '--output', file);
    if (status !== 0) throw new Error(stderr);
    rmSync(file);
  }
  return made;
}
