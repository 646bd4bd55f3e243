/**
 * The API over HTTPS: a run of the load in its own process, with the processor time that each
 * process used meanwhile.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentialOf, trustOf } from '../support/service/client.js';
import type { ProcessFacts } from '../support/service/processes.js';
import type { Service } from '../support/service/service.js';
import { type CpuUse, cpuBetween, sampleCpu } from './cpu-time.js';
import type { Load, LoadReport } from './loads/api-load.js';
import { startLoadProcess } from './loads/load-process.js';

export const CONNECTIONS = 32;

export type Run = LoadReport & {
  /** Answers a second. */
  readonly rate: number;
  /** The processor time of the service's processes during the run. */
  readonly cpu: readonly CpuUse[];
};

export type RunPlan = Pick<Load, 'name' | 'seconds' | 'prepared' | 'perSecond' | 'paths' | 'protocol'> & {
  /** For CMP: the DER certificates of the CAs between the account's certificate and the root. */
  readonly chain?: readonly string[];
  /** Default: `CONNECTIONS`. */
  readonly connections?: number;
  /** Called when the load begins; what it returns is called when it has ended. */
  readonly during?: () => Promise<() => Promise<void>>;
  /** Whose processor time is counted beside the service's own processes. */
  readonly others?: () => readonly ProcessFacts[];
};

/** More requests than can be answered in time at this rate. */
export function enoughFor(rateMax: number, seconds: number): number {
  return Math.ceil(rateMax * seconds * 1.3) + 2 * CONNECTIONS;
}

/** Throws where anything was not answered as it should be. */
export async function runLoad(service: Service, plan: RunPlan): Promise<Run> {
  const { name, seconds, prepared, paths, protocol = 'rest', connections = CONNECTIONS } = plan;
  const { perSecond, during, others = () => [], chain = [] } = plan;
  const load: Load = {
    url: protocol.startsWith('cmp') ? service.urls.cmp : service.urls.api,
    trust: trustOf(service.at),
    ...credentialOf(service.at, 'card-management'),
    secret: readFileSync(join(service.at.home, 'credentials', 'card-management.secret.txt'), 'utf8').trim(),
    chain,
    connections,
    seconds,
    prepared,
    name,
    protocol,
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(paths === undefined ? {} : { paths }),
  };
  const { child, next } = await startLoadProcess('./api-load.js', load);
  const ended = await during?.();
  const sample = () => sampleCpu([...service.tree(), ...others()]);
  const before = sample();
  child.send('go');
  const report = (await next()) as LoadReport;
  const cpu = cpuBetween(before, sample());
  await ended?.();
  if (report.other > 0) throw new Error(`${report.other} requests were not answered as asked: ${report.firstOther}`);
  return { ...report, rate: report.answered / report.seconds, cpu };
}
