/**
 * Pages of the console on a large database: the home page, and each search by an id, one at a time,
 * beside the bare queries of the page.
 */
import { openReader, type ReaderStore } from '../../../src/db/open.js';
import type { Reads } from '../../../src/ports/store.js';
import { createVisitor } from '../../support/console/visitor.js';
import type { Service } from '../../support/service/service.js';
import type { Database } from '../databases.js';
import type { FilledCertificate } from '../fill/fill-database.js';
import { runFill } from '../fill/run-fill.js';
import { median } from '../statistics.js';
import { atMost, type Line, number } from '../table.js';
import { type Bench, type Part, withService } from './part.js';

/** What a page may take. */
const GOAL_MS = 300;
/** Visits of each page, each to another certificate; the first ones warm up. */
const VISITS = 60;
const QUICK_VISITS = 12;
const WARM_UP = 4;

type Visit = {
  readonly what: string;
  /** null: the page does not fit the certificate. */
  readonly path: (one: FilledCertificate) => string | null;
  /** The queries without a page, an account and an audit entry. */
  readonly bare: (reads: Reads, one: FilledCertificate) => Promise<unknown>;
};

const query = (criteria: Readonly<Record<string, string>>): string =>
  `/console/certificates?${new URLSearchParams(criteria)}`;
const search = (reads: Reads, criteria: Readonly<Record<string, string>>): Promise<unknown> =>
  reads.search({ ...criteria, limit: 50, now: Date.now() });

const VISITS_TO: readonly Visit[] = [
  {
    what: 'home page',
    path: () => '/console/',
    bare: async (reads) => {
      await reads.runs(200);
      await reads.orderTotals();
      await reads.updateTotals();
      await reads.countOpenApprovals();
    },
  },
  {
    what: 'certificate by id',
    path: ({ id }) => `/console/certificates/${id}`,
    bare: (reads, { id }) => reads.certificatesByIds([id]),
  },
  {
    what: 'search by serial number',
    path: ({ serial }) => query({ serial }),
    bare: (reads, { serial }) => search(reads, { serial }),
  },
  {
    what: 'search by card',
    path: ({ cardTokenId }) => (cardTokenId === null ? null : query({ card: cardTokenId })),
    bare: (reads, { cardTokenId }) => search(reads, { cardTokenId: cardTokenId ?? '' }),
  },
  {
    what: 'search by holder',
    path: ({ holderId }) => query({ holder: holderId }),
    bare: (reads, { holderId }) => search(reads, { holderId }),
  },
];

export const measureConsole: Part = async (bench) => {
  const lines: Line[] = [];
  for (const database of bench.databases) lines.push(...(await measureOn(bench, database)));
  return { lines };
};

async function measureOn(bench: Bench, database: Database): Promise<readonly Line[]> {
  const opened = await database.open();
  try {
    return await withService({ keyType: 'p-256', database: opened.options }, async (service) => {
      // The first start makes the schema.
      await service.start();
      await service.stop();
      bench.say(`filling ${database.name} with ${number(bench.scale)} certificates`);
      const sample = await runFill(service.at, bench.scale);
      await opened.settle();
      await service.start();
      const store = await openReader({
        database: service.at.database,
        environmentMark: 'development',
        clock: Date.now,
      });
      if (!store.ok) throw new Error(store.error.detail);
      try {
        return await visitAll(bench, service, { store: store.value, sample, name: database.name });
      } finally {
        await store.value.close();
      }
    });
  } finally {
    await opened.close();
  }
}

type FilledDatabase = {
  readonly store: Pick<ReaderStore, 'read'>;
  readonly sample: readonly FilledCertificate[];
  readonly name: string;
};

async function visitAll(
  { effort, scale, say }: Bench,
  service: Service,
  { store, sample, name }: FilledDatabase,
): Promise<readonly Line[]> {
  const visits = effort.runs === 1 ? QUICK_VISITS : VISITS;
  const visitor = createVisitor(service, 'officer-1');
  const lines: Line[] = [];
  try {
    for (const { what, path, bare } of VISITS_TO) {
      say(`${what}, ${name}`);
      const fitting = sample.filter((one) => path(one) !== null);
      const chosen = Array.from({ length: WARM_UP + visits }, (_, at) => fitting[(at * 37) % fitting.length]);
      const times: { readonly page: number[]; readonly bare: number[] } = { page: [], bare: [] };
      for (const one of chosen) {
        if (one === undefined) throw new Error(`no certificate for ${what}`);
        times.page.push(
          await timed(async () => {
            const { status, html } = await visitor.open(path(one) ?? '');
            if (status !== 200) throw new Error(`${what}: ${status} ${html}`);
          }),
        );
        times.bare.push(
          await timed(async () => {
            const read = await store.read((reads) => bare(reads, one));
            if (!read.ok) throw new Error(read.error.detail);
          }),
        );
      }
      const page = times.page.slice(WARM_UP);
      const middle = median(page);
      lines.push({
        what: `Console, ${what}, ${number(scale)} certificates, ${name}: median`,
        figure: `${number(middle)} ms (longest ${number(Math.max(...page))} ms)`,
        limit: `${number(median(times.bare.slice(WARM_UP)))} ms for its bare queries; the ratio is to ${GOAL_MS} ms`,
        ...atMost(middle / GOAL_MS, 1),
      });
    }
  } finally {
    await visitor.close();
  }
  return lines;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
