/**
 * Revocation lists of a large authority, published on demand by REST: signed, read back and
 * verified, and under their name when the answer comes. Full lists of two lengths, deltas of a
 * thousand changes on both, and from a revocation to the list that has it.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { isSignerChild, tokenOf } from '../../support/service/processes.js';
import { type Service, serviceEnvironment } from '../../support/service/service.js';
import type { Database } from '../databases.js';
import { FILLED_PROFILE, ISSUED_AN_HOUR, ISSUED_FROM } from '../fill/filled.js';
import { median } from '../statistics.js';
import { atMost, type Line, number } from '../table.js';
import { type Bench, type Part, withService } from './part.js';

const CA = 'aci-el-org';
const FULL_SECONDS_GOAL = 6;
const ON_DEMAND_SECONDS_GOAL = 2;
const DELTA_SECONDS_GOAL = 0.1;
const MEMORY_MB_GOAL = 100;
const TIMES = 10;
const HOURS_ISSUED = 4;
const HOUR_MS = 3_600_000;

export const measureCrl: Part = async (bench) => {
  const lines: Line[] = [];
  for (const database of bench.databases) lines.push(...(await measureOn(bench, database)));
  return { lines };
};

/** Nothing but what is asked for is published meanwhile. */
function environment(): object {
  const file = join(PACKAGE_ROOT, 'policies', 'environments', 'development.json');
  const { crl } = JSON.parse(readFileSync(file, 'utf8')) as { readonly crl: object };
  return { crl: { ...crl, afterRevocation: 'PT1H', afterRevocationMax: 'PT1H' } };
}

async function measureOn(bench: Bench, database: Database): Promise<readonly Line[]> {
  const opened = await database.open();
  const small = Math.floor(bench.scale / TIMES);
  try {
    return await withService(
      { keyType: 'p-256', database: opened.options, environment: environment() },
      async (service) => {
        // The first start makes the schema.
        await service.start();
        await service.stop();
        await fill(service, small, HOURS_ISSUED * ISSUED_AN_HOUR);
        await opened.settle();
        const few = await measureWith(bench, service, { entries: small, hours: [0, 1] });
        await fill(service, bench.scale - small, 0);
        await opened.settle();
        const many = await measureWith(bench, service, { entries: bench.scale, hours: [2, 3] });
        return linesOf(database.name, { small, large: bench.scale }, { few, many });
      },
    );
  } finally {
    await opened.close();
  }
}

type CrlFigures = {
  readonly fullSeconds: number;
  readonly bytes: number;
  readonly memoryMb: ReadonlyMap<string, number>;
  readonly deltaSeconds: number;
  readonly deltaEntries: number;
  readonly onDemandSeconds: number;
};

type Load = {
  readonly entries: number;
  /** The hours in which a thousand of the issued certificates each are revoked. */
  readonly hours: readonly number[];
};

async function measureWith({ effort, say }: Bench, service: Service, { entries, hours }: Load): Promise<CrlFigures> {
  await service.start();
  const officer = clientOf(service, 'officer-1');
  try {
    const publish = (kind: 'full' | 'delta') => officer.expect<List>('POST', `/v1/cas/${CA}/crl`, { body: { kind } });
    // What is due at the start is being published.
    await sleep(5_000);
    const before = residentOf(service);
    await publish('full');
    const full: number[] = [];
    for (let run = 0; run < effort.runs; run += 1) full.push(await seconds(() => publish('full')));
    const rises = risesOf(service, before);
    const list = await publish('full');
    if (list.entries < entries) throw new Error(`a list of ${list.entries} entries, ${entries} are revoked`);
    say(`${number(entries)} revoked: a full list in ${median(full).toFixed(2)} s`);
    const onDemand = await onDemandSeconds(service, () => publish('full'));
    const delta: number[] = [];
    let deltaEntries = 0;
    for (const hour of hours.slice(0, 1)) await revokeHour(officer, hour);
    for (let run = 0; run < effort.runs; run += 1)
      delta.push(
        await seconds(async () => {
          deltaEntries = (await publish('delta')).entries;
        }),
      );
    say(`a delta of ${number(deltaEntries)} changes in ${(1_000 * median(delta)).toFixed(0)} ms`);
    return {
      fullSeconds: median(full),
      bytes: await sizeOf(service),
      memoryMb: rises,
      deltaSeconds: median(delta),
      deltaEntries,
      onDemandSeconds: onDemand,
    };
  } finally {
    await officer.close();
    await service.stop();
  }
}

type List = { readonly number: number; readonly base?: number; readonly entries: number };

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}

/** From the request to revoke to the answer that says that the list is published. */
async function onDemandSeconds(service: Service, publish: () => Promise<unknown>): Promise<number> {
  const cards = clientOf(service, 'card-management');
  try {
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    return await seconds(async () => {
      await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
      await publish();
    });
  } finally {
    await cards.close();
  }
}

async function revokeHour(officer: Client, hour: number): Promise<void> {
  const from = ISSUED_FROM + hour * HOUR_MS;
  const select = {
    profile: FILLED_PROFILE,
    issuedFrom: new Date(from).toISOString(),
    issuedUntil: new Date(from + HOUR_MS - 1).toISOString(),
  };
  const order = await officer.expect<{ readonly id: string; readonly matched: number }>('POST', '/v1/revocations', {
    body: { select, reason: 'superseded', expectedCount: ISSUED_AN_HOUR },
  });
  if (order.matched !== ISSUED_AN_HOUR) throw new Error(`${order.matched} certificates of that hour`);
  for (;;) {
    const { state } = await officer.expect<{ readonly state: string }>('GET', `/v1/revocations/${order.id}`);
    if (state === 'completed') return;
    await sleep(100);
  }
}

async function sizeOf(service: Service): Promise<number> {
  const answer = await fetch(`${service.urls.publication}/CRL/${CA.toUpperCase()}.crl`, { method: 'HEAD' });
  return Number(answer.headers.get('content-length') ?? 0);
}

type Resident = ReadonlyMap<number, { readonly name: string; readonly mb: number }>;

/**
 * The peak memory of each process of the service. Resets the peak, so that the next reading starts
 * from here (proc(5), clear_refs).
 */
function residentOf(service: Service): Resident {
  return new Map(
    service.tree().map((one) => {
      writeFileSync(`/proc/${one.pid}/clear_refs`, '5');
      const name = isSignerChild(one) ? `signer ${tokenOf(one)}` : one.pid === service.pid() ? 'service' : 'supervisor';
      return [one.pid, { name, mb: statusMb(one.pid, 'VmRSS') }];
    }),
  );
}

function risesOf(service: Service, before: Resident): ReadonlyMap<string, number> {
  return new Map(
    service.tree().flatMap(({ pid }) => {
      const then = before.get(pid);
      return then === undefined ? [] : [[then.name, statusMb(pid, 'VmHWM') - then.mb] as const];
    }),
  );
}

function statusMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}

type Sizes = { readonly small: number; readonly large: number };

function linesOf(
  name: string,
  { small, large }: Sizes,
  { few, many }: { readonly few: CrlFigures; readonly many: CrlFigures },
): readonly Line[] {
  const [most, risen] = [...many.memoryMb].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  return [
    {
      what: `Full CRL of ${number(large)} revoked, signed, verified and published, ${name}`,
      figure: `${many.fullSeconds.toFixed(2)} s, ${number(many.bytes / 2 ** 20)} MiB`,
      limit: `${FULL_SECONDS_GOAL} s`,
      ...atMost(many.fullSeconds / FULL_SECONDS_GOAL, 1),
    },
    {
      what: `of which ${TIMES} times the entries cost, ${name}`,
      figure: `${(many.fullSeconds / few.fullSeconds).toFixed(1)} times the time`,
      limit: `${few.fullSeconds.toFixed(2)} s for ${number(small)}`,
      ...atMost(many.fullSeconds / few.fullSeconds / TIMES, 1),
    },
    {
      what: `of which resident memory of any process rises by, ${name}`,
      figure: `${number(risen)} MB (${most})`,
      limit: `${MEMORY_MB_GOAL} MB`,
      ...atMost(risen / MEMORY_MB_GOAL, 1),
    },
    ...(
      [
        [small, few],
        [large, many],
      ] as const
    ).map(([entries, { deltaSeconds, deltaEntries }]) => ({
      what: `Delta CRL of ${number(deltaEntries)} changes to ${number(entries)} revoked, ${name}`,
      figure: `${number(1_000 * deltaSeconds)} ms`,
      limit: `${1_000 * DELTA_SECONDS_GOAL} ms`,
      ...atMost(deltaSeconds / DELTA_SECONDS_GOAL, 1),
    })),
    {
      what: `From a revocation to a published CRL on demand, ${number(small)} revoked, ${name}`,
      figure: `${few.onDemandSeconds.toFixed(2)} s`,
      limit: `${ON_DEMAND_SECONDS_GOAL} s`,
      ...atMost(few.onDemandSeconds / ON_DEMAND_SECONDS_GOAL, 1),
    },
  ];
}

function fill(service: Service, revoked: number, issued: number): Promise<void> {
  const entry = fileURLToPath(new URL('../fill/fill-revoked.js', import.meta.url));
  const args = ['--enable-source-maps', entry, CA, String(revoked), String(issued)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: serviceEnvironment(service.at),
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the fill ended with ${code}`))));
  });
}
