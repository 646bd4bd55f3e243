/**
 * Three nodes on one PostgreSQL database against one node, on the same machine and in turns:
 * issuance and its processor time, the time until a revocation is known at every node, and the
 * reconciliation of an hour after many older entries of a journal.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal } from '../../../hsm/signer/journal.js';
import { openStore } from '../../../src/db/open.js';
import { reconcileJournals } from '../../../src/jobs/journals/reconcile.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import type { NodeId } from '../../../src/ports/node.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { NEW_ID, unwrap } from '../../support/db/fixture.js';
import { AUDIT_ORIGIN, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, nodeHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createPreparedService, createService, type Service } from '../../support/service/service.js';
import { type CpuUse, sumMs } from '../cpu-time.js';
import { DATABASES, type OpenDatabase } from '../databases.js';
import { CONNECTIONS, enoughFor, runLoad } from '../issuance.js';
import { requestsFor } from '../ocsp.js';
import { expectStatus, statusAt } from '../revocation-latency.js';
import { mean, median } from '../statistics.js';
import { atLeast, atMost, type Line, number } from '../table.js';
import type { Bench, Part } from './part.js';

const NODES = 3;
const CPU_GOAL = 1.25;
const RATE_GOAL = 0.8;
/** Processor time of a certificate. */
const PROCESS_MS_MIN = 0.02;
const REVOKED_GOAL_MS = 1_000;
const RECONCILED_GOAL_MS = 1_000;
const RATE_MAX = 4_000;
/** The warm-up of one node, in warm-ups of other parts. */
const WARM_UPS = 3;
const REVOCATIONS_A_RUN = 10;
const GIVE_UP_MS = 10_000;
/** Signatures of an hour: one a second. */
const NEW_ENTRIES = 3_600;
const APPENDED_AT_ONCE = 10_000;
const NODE = '00000000000000aa' as NodeId;

type Installation = { readonly services: readonly Service[]; readonly opened: OpenDatabase };

export const measureNodes: Part = async (bench) => {
  const lines = await withNodes(1, (one) =>
    withNodes(NODES, async (several) => [
      ...(await compareIssuance(bench, { one, several })),
      await measureRevocations(bench, several),
    ]),
  );
  return { lines: [...lines, await measureReconciliation(bench)] };
};

/** Nodes with signers of their own, which have started, on a cluster of their own. */
async function withNodes<Value>(count: number, use: (nodes: Installation) => Promise<Value>): Promise<Value> {
  const opened = await openPostgresql();
  const homes: ServiceHome[] = [];
  const services: Service[] = [];
  try {
    const first = await makeServiceHome('p-256', { database: opened.options });
    homes.push(first);
    // The first start issues the development credentials, which all nodes have.
    await createPreparedService(first);
    while (homes.length < count) homes.push(await nodeHome(first, null));
    for (const at of homes) {
      const service = createService(at);
      services.push(service);
      await service.start();
    }
    return await use({ services, opened });
  } finally {
    for (const service of services) await service.stop();
    for (const at of homes) removeServiceHome(at);
    await opened.close();
  }
}

function openPostgresql(): Promise<OpenDatabase> {
  const database = DATABASES.find(({ name }) => name === 'PostgreSQL');
  if (database === undefined) throw new Error('no PostgreSQL');
  return database.open();
}

/** `cpu`: of all processes, and of a certificate. */
type IssuanceRun = { readonly rate: number; readonly cpu: readonly CpuUse[]; readonly cpuMs: number };

type NodesLoad = { readonly name: string; readonly connections: number; readonly seconds: number };

/**
 * The connections are divided among the nodes. All loads begin when the last one has prepared its
 * requests, because the preparation would take processor time from the others.
 */
async function runOn(
  { services, opened }: Installation,
  { name, connections, seconds }: NodesLoad,
): Promise<IssuanceRun> {
  const begin = createBarrier(services.length);
  const runs = await Promise.all(
    services.map((service, at) =>
      runLoad(service, {
        name: `${name}-${at}`,
        seconds,
        prepared: enoughFor(RATE_MAX / services.length, seconds),
        connections: Math.ceil(connections / services.length),
        during: async () => {
          await begin();
          return async () => undefined;
        },
        // The processes of the database are counted once.
        ...(at === 0 ? { others: opened.processes } : {}),
      }),
    ),
  );
  const answered = runs.reduce((sum, run) => sum + run.answered, 0);
  const cpu = runs.flatMap((run) => run.cpu.map((use) => ({ ...use, ms: use.ms / answered })));
  return { rate: runs.reduce((sum, { rate }) => sum + rate, 0), cpu, cpuMs: sumMs(cpu) };
}

/** Resolves for all callers when the last of them has called. */
function createBarrier(callers: number): () => Promise<void> {
  let missing = callers;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

type Installations = Readonly<Record<'one' | 'several', Installation>>;

async function compareIssuance(bench: Bench, { one, several }: Installations): Promise<readonly Line[]> {
  const { effort, say } = bench;
  say(`issuance by ${NODES} nodes and by one`);
  // Node compiles what is executed often, so every node issues as many certificates beforehand.
  for (const nodes of [one, several]) {
    const seconds = WARM_UPS * nodes.services.length * effort.warmUpSeconds;
    await runOn(nodes, { name: 'WARM', connections: CONNECTIONS * NODES, seconds });
  }
  return [
    ...(await compareWith(bench, { one, several }, NODES * CONNECTIONS)),
    ...(await compareWith(bench, { one, several }, CONNECTIONS)),
  ];
}

/** Each gets as many connections in all as the other, in turns. */
async function compareWith(
  { effort }: Bench,
  { one, several }: Installations,
  connections: number,
): Promise<readonly Line[]> {
  const found: Readonly<Record<'one' | 'several', IssuanceRun[]>> = { one: [], several: [] };
  for (let run = 0; run < effort.runs; run += 1) {
    const load = { name: `NODES-${connections}-${run}`, connections, seconds: effort.issuanceSeconds };
    found.one.push(await runOn(one, load));
    found.several.push(await runOn(several, load));
  }
  const [rateOfOne, rate] = [found.one, found.several].map((runs) => median(runs.map((run) => run.rate)));
  const [cpuOfOne, cpu] = [found.one, found.several].map((runs) => mean(runs.map(({ cpuMs }) => cpuMs)));
  if (rateOfOne === undefined || rate === undefined || cpuOfOne === undefined || cpu === undefined)
    throw new Error('both were measured');
  return [
    {
      what: `Issuance by ${NODES} nodes on one machine, PostgreSQL, ${connections} connections in all`,
      figure: `${number(rate)} certificates/s`,
      limit: `${number(rateOfOne)} certificates/s by one node`,
      ...atLeast(rate / rateOfOne, RATE_GOAL),
    },
    {
      what: `of which processor time of a certificate, the database included`,
      figure: `${cpu.toFixed(2)} ms`,
      limit: `${cpuOfOne.toFixed(2)} ms with one node`,
      ...atMost(cpu / cpuOfOne, CPU_GOAL),
    },
    ...processLines(found),
  ];
}

/** The processor time of a certificate by process. Those that hardly do anything have no line. */
function processLines({ one, several }: Readonly<Record<'one' | 'several', readonly IssuanceRun[]>>): readonly Line[] {
  const names = new Set(several.flatMap(({ cpu }) => cpu.map(({ name }) => name)));
  const of = (runs: readonly IssuanceRun[], name: string): number =>
    mean(runs.map(({ cpu }) => sumMs(cpu.filter((use) => use.name === name))));
  return [...names]
    .map((name) => ({ name, ofOne: of(one, name), ms: of(several, name) }))
    .filter(({ ms }) => ms >= PROCESS_MS_MIN)
    .sort((a, b) => b.ms - a.ms)
    .map(({ name, ofOne, ms }) => ({
      what: `of which ${name}`,
      figure: `${ms.toFixed(2)} ms`,
      limit: `${ofOne.toFixed(2)} ms with one node`,
    }));
}

/** From the answer of one node to the first `revoked` of the last node. */
async function measureRevocations({ effort, say }: Bench, { services }: Installation): Promise<Line> {
  say('from a revocation to `revoked` at every node');
  const [first] = services;
  if (first === undefined) throw new Error('no node');
  const client = clientOf(first, 'card-management');
  const found: number[] = [];
  try {
    for (let sample = 0; sample < REVOCATIONS_A_RUN * effort.runs; sample += 1) {
      const body = bodyOf('elementaire/org-auth-cli');
      const issued = await client.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
      const [request] = await requestsFor(first.urls.publication, [issued.certificate]);
      if (request === undefined) throw new Error('no request');
      for (const { urls } of services) await expectStatus(urls.publication, request, 'good');
      await client.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
      const revokedAt = performance.now();
      await Promise.all(services.map(({ urls }) => untilRevoked(urls.publication, request)));
      found.push(performance.now() - revokedAt);
    }
  } finally {
    await client.close();
  }
  const slowest = Math.max(...found);
  return {
    what: `From a revocation to \`revoked\` at every one of ${NODES} nodes`,
    figure: `${median(found).toFixed(0)} ms, at most ${slowest.toFixed(0)} ms`,
    limit: `${REVOKED_GOAL_MS} ms`,
    ...atMost(slowest / REVOKED_GOAL_MS, 1),
  };
}

async function untilRevoked(url: string, request: Buffer): Promise<void> {
  const end = performance.now() + GIVE_UP_MS;
  while ((await statusAt(url, request)) !== 'revoked') {
    if (performance.now() > end) throw new Error(`not revoked after ${GIVE_UP_MS} ms`);
    await sleep(5);
  }
}

/** The job of an hour reads what is new of a journal, however many entries are older. */
async function measureReconciliation({ effort, say }: Bench): Promise<Line> {
  const older = effort.olderEntries;
  say(`a journal of ${number(older)} entries`);
  const folder = await temporaryFolder('pfcng-journal-');
  const opened = await openPostgresql();
  try {
    if (opened.options === 'sqlite') throw new Error('PostgreSQL was opened');
    const origin = { environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: () => NOW } as const;
    const store = unwrap(await openStore({ database: opened.options, newId: NEW_ID, ...origin }));
    const locations = [{ token: 'ca-fort', kind: 'ca', folder }] as const;
    try {
      await append(folder, older, (at) => platformEvent(at));
      const [before] = unwrap(await reconcileJournals(store, locations, { from: 'last-entry' }));
      const { journalId = null, last = null } = before ?? {};
      if (journalId === null || last === null) throw new Error('the journal has no entries');
      const progress = { journal: journalId, purpose: 'reconcile', token: 'ca-fort', position: last } as const;
      unwrap(await store.transaction((tx) => tx.setJournalPosition({ ...progress, node: NODE })));
      const records = Array.from({ length: NEW_ENTRIES }, (_, at) => intent(at));
      unwrap(await store.transaction((tx) => insertIntents(tx, records)));
      await append(folder, NEW_ENTRIES, (at) => {
        const { issuer, serial, profile, tbs } = records[at] ?? intent(at);
        return { kind: 'certificate', issuer, serial, profile, sha256: sha256Hex(tbs) } as const;
      });
      const took: number[] = [];
      for (let run = 0; run < effort.runs; run += 1) {
        const began = performance.now();
        const [read] = unwrap(await reconcileJournals(store, locations, { from: 'last-entry' }));
        took.push(performance.now() - began);
        if (read?.entries !== NEW_ENTRIES || read.unknown.count > 0) throw new Error(JSON.stringify(read));
      }
      return {
        what: `Reconciliation of an hour (${number(NEW_ENTRIES)} certificates) after ${number(older)} older entries`,
        figure: `${median(took).toFixed(0)} ms`,
        limit: `${RECONCILED_GOAL_MS} ms`,
        ...atMost(median(took) / RECONCILED_GOAL_MS, 1),
      };
    } finally {
      await store.close();
    }
  } finally {
    await opened.close();
  }
}

const platformEvent = (at: number) =>
  ({ kind: 'platform', issuer: 'platform', purpose: 'receipt', sha256: sha256Hex(String(at)) }) as const;

type Event = Parameters<Awaited<ReturnType<typeof openedJournal>>['append']>[0]['event'];

async function openedJournal(folder: string) {
  return unwrap(await openJournal(folder)).journal;
}

async function append(folder: string, count: number, eventOf: (at: number) => Event): Promise<void> {
  const journal = await openedJournal(folder);
  for (let from = 0; from < count; from += APPENDED_AT_ONCE) {
    const length = Math.min(APPENDED_AT_ONCE, count - from);
    const events = Array.from({ length }, (_, at) => ({ at: NOW, steadyAt: null, event: eventOf(from + at) }));
    for (const appended of await Promise.all(events.map((one) => journal.append(one)))) unwrap(appended);
  }
  await journal.close();
}
