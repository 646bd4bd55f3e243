/**
 * `npm run bench [-- --quick] [-- --write]`: each figure beside its limit measured in the same run, as a ratio. `--quick`:
 * shorter runs, to see that everything works. `--write`: into ops/bench.md as well.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createService, type Service } from '../support/service.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome } from '../support/service-home.js';
import { isSignerChild, type ProcessFacts, pssMb, tokenOf } from '../support/service-processes.js';
import { CONNECTIONS, type IssuanceFigures, measureIssuance } from './issuance.js';
import { measureOcsp, OCSP_CONNECTIONS, type OcspFigures } from './ocsp.js';
import { buildRawSign, measureRawSigning } from './raw-signing.js';
import { measureSqlite, type SqliteRates } from './sqlite-rate.js';
import { circumstances, type Line, number, percent, renderTable, writeFigures } from './table.js';

const quick = process.argv.includes('--quick');
const EFFORT = quick
  ? { runs: 1, issuanceSeconds: 3, ocspSeconds: 2, rawSeconds: 2, sqliteSeconds: 1 }
  : { runs: 3, issuanceSeconds: 8, ocspSeconds: 5, rawSeconds: 5, sqliteSeconds: 3 };
const THREADS = 2;
const PSS_LIMIT_MB = 500;
const READY_LIMIT_MS = 2_000;
const IDLE_MS = 3_000;

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

type Memory = { readonly name: string; readonly mb: number };

function memoryOf(service: Service): readonly Memory[] {
  const nameOf = (one: ProcessFacts): string => {
    if (isSignerChild(one)) return `signer ${tokenOf(one)}`;
    return one.commandLine.includes('signer') ? 'supervisor' : 'service';
  };
  return service.tree().map((one) => ({ name: nameOf(one), mb: pssMb(one.pid) }));
}

/** Median of the starts after the first, which makes the credentials. */
async function measureStarts(service: Service): Promise<number> {
  await service.start();
  const times: number[] = [];
  for (let run = 0; run < EFFORT.runs; run += 1) {
    await service.stop();
    times.push(await service.start());
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function tableOf(measured: {
  readonly raw: number;
  readonly issuance: IssuanceFigures;
  readonly ocsp: readonly OcspFigures[];
  readonly sqlite: SqliteRates;
  readonly readyMs: number;
  readonly memory: readonly Memory[];
}): readonly Line[] {
  const { raw, issuance, ocsp, sqlite, readyMs, memory } = measured;
  const sum = memory.reduce((total, { mb }) => total + mb, 0);
  return [
    {
      what: `Issuance over HTTPS, CA key RSA-4096, ${CONNECTIONS} connections`,
      figure: `${number(issuance.rate)} certificates/s (median ${number(issuance.medianMs)} ms, p99 ${number(issuance.p99Ms)} ms)`,
      limit: `${number(raw)} C_Sign/s, ${THREADS} threads of a C program`,
      ratio: percent(issuance.rate / raw),
    },
    {
      what: 'The same against plain durable INSERTs',
      figure: `${number(2 * issuance.rate)} transactions/s`,
      limit: `${number(sqlite.singles)} single commits/s, ${number(sqlite.grouped)} rows/s by 100`,
      ratio: percent((2 * issuance.rate) / sqlite.singles),
    },
    ...ocsp.map(({ method, rate, bareRate, p99, answerBytes }) => ({
      what: `OCSP from the cache, ${method}, ${OCSP_CONNECTIONS} connections, ${answerBytes} octets`,
      figure: `${number(rate)} answers/s (p99 ${p99})`,
      limit: `${number(bareRate)} answers/s of bare node:http`,
      ratio: percent(rate / bareRate),
    })),
    {
      what: 'Second start, from the command to ready',
      figure: `${(readyMs / 1000).toFixed(2)} s`,
      limit: `${READY_LIMIT_MS / 1000} s`,
      ratio: percent(readyMs / READY_LIMIT_MS),
    },
    {
      what: `Idle memory, sum of PSS of ${memory.length} processes`,
      figure: `${number(sum)} MB`,
      limit: `${PSS_LIMIT_MB} MB`,
      ratio: percent(sum / PSS_LIMIT_MB),
    },
    ...memory.map(({ name, mb }) => ({ what: `of which ${name}`, figure: `${number(mb)} MB`, limit: '', ratio: '' })),
  ];
}

async function bench(): Promise<string> {
  say('compiling the C program, making a home with RSA-4096 keys');
  const program = await buildRawSign();
  const at = await makeServiceHome('rsa-4096');
  const service = createService(at);
  const rawOnce = () => measureRawSigning(program, at, { seconds: EFFORT.rawSeconds, threads: THREADS });
  try {
    say('raw C_Sign, first half');
    const before = await rawOnce();
    say('second start, idle memory');
    const readyMs = await measureStarts(service);
    await sleep(IDLE_MS);
    const memory = memoryOf(service);
    say('issuance');
    const { runs } = EFFORT;
    const issuance = await measureIssuance(service, { runs, seconds: EFFORT.issuanceSeconds, rateMax: before });
    say('OCSP');
    const ocsp = await measureOcsp(service.urls.publication, issuance.certificates, {
      runs,
      seconds: EFFORT.ocspSeconds,
    });
    await service.stop();
    say('raw C_Sign, second half; SQLite');
    const after = await rawOnce();
    const sqlite = await measureSqlite(EFFORT.sqliteSeconds);
    const raw = (before + after) / 2;
    const lines = tableOf({ raw, issuance, ocsp, sqlite, readyMs, memory });
    return [...circumstances(quick).map((line) => `- ${line}`), '', renderTable(lines)].join('\n');
  } finally {
    await service.stop();
    removeServiceHome(at);
  }
}

const figures = await bench();
process.stdout.write(`${figures}\n`);
if (process.argv.includes('--write')) {
  writeFigures(join(PACKAGE_ROOT, 'ops/bench.md'), figures);
  say('written to ops/bench.md');
}
