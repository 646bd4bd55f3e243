/** Issuance over HTTPS: median of several runs of the load in its own process. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/hierarchy.js';
import type { Service } from '../support/service.js';
import { credentialOf, trustOf } from '../support/service-client.js';
import type { Load, LoadReport } from './issuance-load.js';

export const CONNECTIONS = 32;

export type IssuanceFigures = {
  /** Certificates a second, median of the runs. */
  readonly rate: number;
  readonly rates: readonly number[];
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly certificates: readonly string[];
};

export async function measureIssuance(
  service: Service,
  { runs, seconds, rateMax }: { readonly runs: number; readonly seconds: number; readonly rateMax: number },
): Promise<IssuanceFigures> {
  const reports: LoadReport[] = [];
  const credential = credentialOf(service.at, 'card-management');
  const prepared = Math.ceil(rateMax * seconds * 1.5) + CONNECTIONS;
  for (let run = 1; run <= runs; run += 1) {
    const load: Load = {
      url: service.urls.api,
      trust: trustOf(service.at),
      ...credential,
      connections: CONNECTIONS,
      seconds,
      prepared,
      name: `BENCH-${run}`,
    };
    const report = await runLoad(load);
    if (report.other > 0) throw new Error(`${report.other} requests were not answered with 201`);
    reports.push(report);
  }
  const sorted = [...reports].sort((a, b) => a.issued / a.seconds - b.issued / b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no run');
  return {
    rate: middle.issued / middle.seconds,
    rates: reports.map(({ issued, seconds: took }) => issued / took),
    medianMs: middle.medianMs,
    p99Ms: middle.p99Ms,
    certificates: middle.certificates,
  };
}

async function runLoad(load: Load): Promise<LoadReport> {
  const file = join(await temporaryFolder('pfcng-load-'), 'load.json');
  writeFileSync(file, JSON.stringify(load), { mode: 0o600 });
  const entry = fileURLToPath(new URL('./issuance-load.js', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(said) as LoadReport) : reject(new Error(`the load ended with ${code}`)),
    );
  });
}
