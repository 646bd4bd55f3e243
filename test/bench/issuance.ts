/** Issuance over HTTPS: several runs of the load in its own process, with the processor time that each process used. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Service } from '../support/service.js';
import { credentialOf, trustOf } from '../support/service-client.js';
import { type CpuUse, cpuBetween, sampleCpu } from './cpu-time.js';
import type { Load, LoadReport } from './issuance-load.js';

export const CONNECTIONS = 32;

export type Run = LoadReport & {
  /** Certificates a second. */
  readonly rate: number;
  /** Of the service's processes, during the run. */
  readonly cpu: readonly CpuUse[];
};

export type RunPlan = {
  readonly name: string;
  readonly seconds: number | null;
  readonly prepared: number;
  /** Called when the load begins; what it returns is called when it has ended. */
  readonly during?: () => Promise<() => Promise<void>>;
};

/** More requests than can be answered in time at this rate. */
export function enoughFor(rateMax: number, seconds: number): number {
  return Math.ceil(rateMax * seconds * 1.3) + 2 * CONNECTIONS;
}

/** Throws where anything was not answered with 201. */
export async function runIssuance(service: Service, plan: RunPlan): Promise<Run> {
  const load: Load = {
    url: service.urls.api,
    trust: trustOf(service.at),
    ...credentialOf(service.at, 'card-management'),
    connections: CONNECTIONS,
    seconds: plan.seconds,
    prepared: plan.prepared,
    name: plan.name,
  };
  const child = fork(fileURLToPath(new URL('./issuance-load.js', import.meta.url)), {
    execArgv: ['--enable-source-maps'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the load ended with ${code}`);
  });
  const next = (): Promise<unknown> => Promise.race([once(child, 'message').then(([message]) => message), died]);
  child.send(load);
  await next();
  const ended = await plan.during?.();
  const before = sampleCpu(service.tree());
  child.send('go');
  const report = (await next()) as LoadReport;
  const cpu = cpuBetween(before, sampleCpu(service.tree()));
  died.catch(() => undefined);
  await ended?.();
  if (report.other > 0) throw new Error(`${report.other} requests were not answered with 201: ${report.firstOther}`);
  return { ...report, rate: report.issued / report.seconds, cpu };
}
