/**
 * Orders: the rate of a large one beside that of single requests, what single requests notice of
 * it, memory, the rate at which uploads are received, and that of deliveries of events.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonOf, uploadFile } from '../../../src/cli/common/client.js';
import type { ShownOrder } from '../../../src/cli/order/order-view.js';
import type { KeyType } from '../../../src/x509/model.js';
import { clientOf } from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import type { Service } from '../../support/service/service.js';
import { openReceiver } from '../../support/webhooks/receiver.js';
import type { Database, OpenDatabase } from '../databases.js';
import { endpointOf, measureDeliveries, measurePlatformKey, measurePosts } from '../deliveries.js';
import { enoughFor, runLoad } from '../issuance.js';
import { CARD_PROFILES, contentDigest, writeCards, writeNoise } from '../order-files.js';
import { measurePostgresql } from '../peers/postgresql-rate.js';
import { measureSqlite } from '../peers/sqlite-rate.js';
import { quantile } from '../statistics.js';
import { atLeast, atMost, type Line, number } from '../table.js';
import { type Bench, type Part, withService } from './part.js';
import { resident } from './soak.js';

const RATE_GOAL = 0.9;
const BESIDE_GOALS = { rate: 0.5, median: 2.5, p99: 10 } as const;
const FIRST_OUTCOME_GOAL_MS = 1_000;
const MEMORY_GOAL_MB = 50;
const DELIVERY_GOAL = 0.5;
/** More than issuance reaches here. */
const RATE_MAX = 2_000;
const INTERACTIVE_EVERY_MS = 100;
const ROW_OCTETS = 1_500;

export const measureOrders: Part = async (bench) => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-bench-orders-'));
  const at = (name: string): string => join(folder, `${name}.ndjson`);
  const { orderCards, otherOrderCards, besideCards, orderUploadOctets } = bench.effort;
  const ordered = [
    { file: at('cards'), cards: orderCards },
    { file: at('others'), cards: otherOrderCards },
  ] as const;
  const files = { beside: at('beside'), noise: at('noise') };
  try {
    bench.say(`orders, requests of ${number(orderCards)} cards`);
    for (const { file, cards } of ordered) await writeCards(file, cards);
    await writeCards(files.beside, besideCards);
    await writeNoise(files.noise, orderUploadOctets);
    const lines: Line[] = [];
    for (const database of bench.databases) {
      for (const keyType of ['p-256', 'rsa-4096'] as const) {
        const order = ordered[keyType === 'p-256' && database.name === 'SQLite' ? 0 : 1];
        lines.push(...(await measureOn(bench, { database, keyType, files }, order)));
      }
      const under = { database, keyType: 'p-256', files } as const;
      lines.push(...(await measureIntake(bench, under)), ...(await measureEvents(bench, under)));
    }
    return { lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type Under = {
  readonly database: Database;
  readonly keyType: KeyType;
  readonly files: { readonly beside: string; readonly noise: string };
};
type OrderFile = { readonly file: string; readonly cards: number };

async function withOpen<Value>(
  { database, keyType }: Under,
  use: (service: Service) => Promise<Value>,
  config: object = {},
): Promise<Value> {
  const opened: OpenDatabase = await database.open();
  try {
    return await withService({ keyType, database: opened.options, config }, async (service) => {
      await service.start();
      return use(service);
    });
  } finally {
    await opened.close();
  }
}

async function measureOn(bench: Bench, under: Under, order: OrderFile): Promise<readonly Line[]> {
  const { effort, say } = bench;
  const where = `${under.keyType}, ${under.database.name}`;
  say(`orders, ${where}`);
  const alone = await withOpen(under, async (service) => {
    const seconds = effort.issuanceSeconds;
    await runLoad(service, { name: 'WARM', seconds, prepared: enoughFor(RATE_MAX, seconds) });
    const single = await runLoad(service, { name: 'SINGLE', seconds, prepared: enoughFor(RATE_MAX, seconds) });
    return { single: single.rate, ...(await workOff(service, order.file)) };
  });
  say(`orders beside single requests, ${where}`);
  const beside = await withOpen(under, async (service) => {
    const idle = await interactive(service, sleep(effort.issuanceSeconds * 1_000));
    const order = workOff(service, under.files.beside);
    return { idle, busy: await interactive(service, order), ...(await order) };
  });
  const { idle, busy } = beside;
  const size = `of ${number(order.cards)} cards with ${CARD_PROFILES.length} certificates each, ${where}`;
  const other = `an order of ${number(effort.besideCards)} cards, ${where}`;
  return [
    {
      what: `An order ${size}`,
      figure: `${number(alone.rate)} certificates/s`,
      limit: `${number(alone.single)} certificates/s of single requests`,
      ...atLeast(alone.rate / alone.single, RATE_GOAL),
    },
    {
      what: 'From the acceptance of the order to its first outcome',
      figure: `${number(alone.firstOutcomeMs)} ms`,
      limit: `${FIRST_OUTCOME_GOAL_MS} ms`,
      ...atMost(alone.firstOutcomeMs / FIRST_OUTCOME_GOAL_MS, 1),
    },
    ...(['service', 'signer'] as const).map((what) => ({
      what: `Resident memory of the ${what} during the order, beyond that at its beginning`,
      figure: `${number(alone.grownMb[what])} MB`,
      limit: `${MEMORY_GOAL_MB} MB`,
      ...atMost(alone.grownMb[what] / MEMORY_GOAL_MB, 1),
    })),
    {
      what: `A single request each ${INTERACTIVE_EVERY_MS} ms beside ${other}: median`,
      figure: `${number(busy.medianMs)} ms`,
      limit: `${number(idle.medianMs)} ms without the order`,
      ...atMost(busy.medianMs / idle.medianMs, BESIDE_GOALS.median),
    },
    {
      what: 'of it, the slowest in a hundred',
      figure: `${number(busy.p99Ms)} ms`,
      limit: `${number(idle.p99Ms)} ms without the order`,
      ...atMost(busy.p99Ms / idle.p99Ms, BESIDE_GOALS.p99),
    },
    {
      what: 'The order beside these requests',
      figure: `${number(beside.rate)} certificates/s`,
      limit: `${number(alone.rate)} certificates/s alone`,
      ...atLeast(beside.rate / alone.rate, BESIDE_GOALS.rate),
    },
  ];
}

type WorkedOff = {
  /** Certificates a second, from the acceptance to the last outcome. */
  readonly rate: number;
  readonly firstOutcomeMs: number;
  readonly grownMb: Readonly<Record<'service' | 'signer', number>>;
};

async function submit(service: Service, file: string, query = ''): Promise<ShownOrder> {
  const credential = (name: string): string => join(service.at.home, 'credentials', name);
  const response = await uploadFile(`${service.urls.api}/v1/orders${query}`, {
    files: {
      trust: credential('tls-ca.pem'),
      certificate: credential('card-management.crt.pem'),
      key: credential('card-management.key.pem'),
    },
    file,
    octets: statSync(file).size,
    headers: { 'content-digest': await contentDigest(file) },
  });
  const answer = await jsonOf(response);
  if (response.statusCode !== 202) throw new Error(`the order was refused: ${JSON.stringify(answer)}`);
  return answer as ShownOrder;
}

/** Hands the order over, and waits for its end. */
async function workOff(service: Service, file: string): Promise<WorkedOff> {
  const client = clientOf(service, 'card-management');
  try {
    const before = resident(service);
    let most = before;
    const { id } = await submit(service, file);
    const acceptedAt = performance.now();
    let firstOutcomeMs: number | null = null;
    for (;;) {
      const order = await client.expect<ShownOrder>('GET', `/v1/orders/${id}`);
      const now = resident(service);
      most = {
        serviceMb: Math.max(most.serviceMb, now.serviceMb),
        signerMb: Math.max(most.signerMb, now.signerMb),
      };
      if (order.counts.open < order.lines) firstOutcomeMs ??= performance.now() - acceptedAt;
      if (order.counts.open === 0) {
        if (order.counts.issued !== order.lines) throw new Error(JSON.stringify(order.counts));
        const seconds = (performance.now() - acceptedAt) / 1_000;
        return {
          rate: (CARD_PROFILES.length * order.lines) / seconds,
          firstOutcomeMs: firstOutcomeMs ?? 0,
          grownMb: { service: most.serviceMb - before.serviceMb, signer: most.signerMb - before.signerMb },
        };
      }
      await sleep(firstOutcomeMs === null ? 20 : 500);
    }
  } finally {
    await client.close();
  }
}

type Latency = { readonly medianMs: number; readonly p99Ms: number };

/** Requests one certificate each 100 ms until `end`, whether or not the last one was answered. */
async function interactive(service: Service, end: Promise<unknown>): Promise<Latency> {
  const client = clientOf(service, 'card-management');
  const latencies: number[] = [];
  let hasEnded = false;
  void end
    .catch(() => undefined)
    .then(() => {
      hasEnded = true;
    });
  const issue = async (): Promise<void> => {
    const body = bodyOf('elementaire/org-auth-cli');
    const began = performance.now();
    await client.expect('POST', '/v1/certificates', { body });
    latencies.push(performance.now() - began);
  };
  const pending: Promise<void>[] = [];
  while (!hasEnded) {
    pending.push(issue());
    await sleep(INTERACTIVE_EVERY_MS);
  }
  await Promise.all(pending);
  await client.close();
  latencies.sort((one, other) => one - other);
  return { medianMs: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}

/** The upload is paused, so that it is received and stored, and nothing else. */
async function measureIntake({ effort, say }: Bench, under: Under): Promise<readonly Line[]> {
  const { database, files } = under;
  say(`intake of an order, ${database.name}`);
  const octets = statSync(files.noise).size;
  const seconds = await withOpen(under, async (service) => {
    const began = performance.now();
    await submit(service, files.noise, '?paused=true');
    return (performance.now() - began) / 1_000;
  });
  const peer = database.name === 'SQLite' ? measureSqlite : measurePostgresql;
  const { grouped } = await peer(effort.insertSeconds);
  const rate = octets / seconds / 1e6;
  const limit = (grouped * ROW_OCTETS) / 1e6;
  return [
    {
      what: `Intake of an order of ${number(octets / 1e6)} MB, ${database.name}`,
      figure: `${number(rate)} MB/s`,
      limit: `${number(limit)} MB/s of durable INSERTs`,
      ratio: `${((100 * rate) / limit).toFixed(0)} %`,
    },
  ];
}

/** The platform key is a P-256 key, whatever the keys of the CAs are. */
async function measureEvents({ effort, say }: Bench, under: Under): Promise<readonly Line[]> {
  say(`deliveries of events, ${under.database.name}`);
  const receiver = await openReceiver();
  try {
    const measured = await withOpen(
      under,
      async (service) => {
        const rate = await measureDeliveries(service, receiver, effort.events);
        const posts = await measurePosts(receiver, effort.events);
        return { rate, posts, key: await measurePlatformKey(service, effort.rawSeconds) };
      },
      endpointOf(receiver),
    );
    return [
      {
        what: `Deliveries of events to one receiver on this machine, ${under.database.name}`,
        figure: `${number(measured.rate)} events/s`,
        limit: `${number(measured.key)} signatures/s of the platform key at its signer's socket`,
        ...atLeast(measured.rate / measured.key, DELIVERY_GOAL),
      },
      {
        what: `The same deliveries, ${under.database.name}`,
        figure: `${number(measured.rate)} events/s`,
        limit: `${number(measured.posts)} POSTs/s of a bare HTTPS client to the same receiver`,
        ...atLeast(measured.rate / measured.posts, DELIVERY_GOAL),
      },
    ];
  } finally {
    await receiver.close();
  }
}
