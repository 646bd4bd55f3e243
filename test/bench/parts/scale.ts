/**
 * What a large database costs, against an empty one, in turns: issuing, and reading by id, serial
 * number, card and holder.
 */
import { clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { bodyOf, orderOf, PROFILES } from '../../support/service/orders.js';
import type { Service } from '../../support/service/service.js';
import type { Database } from '../databases.js';
import type { FilledCertificate } from '../fill/fill-database.js';
import { runFill } from '../fill/run-fill.js';
import { enoughFor, runLoad } from '../issuance.js';
import { prepareNonces, prepareOcsp, requestsFor, runWrk } from '../ocsp.js';
import { median } from '../statistics.js';
import { atMost, type Line, number } from '../table.js';
import { ONE_CLIENT_PER_SECOND_MAX } from './ocsp.js';
import { type Bench, type Part, withService } from './part.js';

const COST_GOAL = 1.2;
/** From this number of certificates on, the database is larger than the memory. */
const LARGE = { scale: 10_000_000, costGoal: 1.3 } as const;
const RATE_MAX = 4_000;
/** Certificates of each profile in the empty database, so that it has something to read. */
const READ_FROM_EMPTY = 10;
const OCSP_CERTIFICATES = 200;
/** The first number of the holders that the fill makes; the load uses lower numbers. */
const FIRST_NUMBER = 900_000;

const READS = [
  ['by id', ({ id }) => `/v1/certificates/${id}`],
  ['by serial number', ({ serial }) => `/v1/certificates?serialNumber=${serial}`],
  [
    'by card',
    ({ cardTokenId }) => (cardTokenId === null ? null : `/v1/certificates?card=${encodeURIComponent(cardTokenId)}`),
  ],
  ['by holder', ({ holderId }) => `/v1/certificates?holder=${encodeURIComponent(holderId)}`],
] as const satisfies readonly (readonly [string, (one: FilledCertificate) => string | null])[];

export const measureScale: Part = async (bench) => {
  const lines: Line[] = [];
  for (const database of bench.databases) lines.push(...(await measureOn(bench, database)));
  return { lines };
};

async function measureOn(bench: Bench, database: Database): Promise<readonly Line[]> {
  const [small, large] = [await database.open(), await database.open()];
  try {
    const config = { ocsp: { oneClientPerSecondMax: ONE_CLIENT_PER_SECOND_MAX } };
    return await withService({ keyType: 'p-256', database: small.options, config }, (empty) =>
      withService({ keyType: 'p-256', database: large.options, config }, async (full) => {
        // The first start makes the schema.
        await full.start();
        await full.stop();
        bench.say(`filling ${database.name} with ${number(bench.scale)} certificates`);
        await large.hasten();
        const sample = await runFill(full.at, bench.scale);
        await large.settle();
        const gigabytes = (await database.sizeBytes(full.at.database)) / 2 ** 30;
        bench.say(`${gigabytes.toFixed(2)} GiB; measuring against an empty one`);
        await empty.start();
        await full.start();
        const few = await issueSome(empty);
        return compare(bench, { empty, full, few, sample, where: `${database.name}, ${gigabytes.toFixed(1)} GiB` });
      }),
    );
  } finally {
    await small.close();
    await large.close();
  }
}

type Comparison = {
  readonly empty: Service;
  readonly full: Service;
  readonly few: readonly FilledCertificate[];
  readonly sample: readonly FilledCertificate[];
  /** The large one. */
  readonly where: string;
};

async function compare({ effort, scale }: Bench, compared: Comparison): Promise<readonly Line[]> {
  const { empty, full, few, sample, where } = compared;
  const seconds = effort.issuanceSeconds;
  const prepared = enoughFor(RATE_MAX, seconds);
  const inTurns = async (what: string, run: (service: Service, turn: string) => Promise<number>): Promise<Line> => {
    const rates: { small: number[]; large: number[] } = { small: [], large: [] };
    for (let turn = 0; turn < effort.runs; turn += 1) {
      rates.small.push(await run(empty, `EMPTY-${turn}`));
      rates.large.push(await run(full, `FULL-${turn}`));
    }
    const [small, large] = [median(rates.small), median(rates.large)];
    return {
      what: `${what}, ${number(scale)} certificates (${where})`,
      figure: `${number(large)}/s`,
      limit: `${number(small)}/s with an empty database`,
      ...atMost(small / large, scale >= LARGE.scale ? LARGE.costGoal : COST_GOAL),
    };
  };
  for (const service of [empty, full])
    await runLoad(service, {
      name: 'WARM',
      seconds: effort.warmUpSeconds,
      prepared: enoughFor(RATE_MAX, effort.warmUpSeconds),
    });
  const lines = [
    await inTurns(
      'Cost of issuing',
      async (service, name) => (await runLoad(service, { name, seconds, prepared })).rate,
    ),
  ];
  for (const [how, pathOf] of READS) {
    const paths = (from: readonly FilledCertificate[]) => from.flatMap((one) => pathOf(one) ?? []);
    const [small, large] = [paths(few), shuffled(paths(sample))];
    lines.push(
      await inTurns(`Cost of reading ${how}`, async (service, name) => {
        const plan = { name, seconds: effort.ocspSeconds, prepared: 0, paths: service === empty ? small : large };
        return (await runLoad(service, plan)).rate;
      }),
    );
  }
  for (const how of ['from the cache', 'with a nonce'] as const) {
    const files = new Map<Service, OcspLoad>();
    for (const service of [empty, full]) files.set(service, await ocspLoadOf(service, how));
    lines.push(
      await inTurns(`Cost of an OCSP response ${how}`, async (service) => {
        const { file, nonceOctets } = files.get(service) ?? { file: '', nonceOctets: 0 };
        return runWrk(service.urls.publication, { file, nonceOctets }, effort.ocspSeconds).rate;
      }),
    );
  }
  return lines;
}

type OcspLoad = { readonly file: string; readonly nonceOctets: number };

/** About some that it has just issued, among all the others; those from the cache are in it. */
async function ocspLoadOf(service: Service, how: 'from the cache' | 'with a nonce'): Promise<OcspLoad> {
  // Idempotency keys are made of it.
  const name = `OCSP ${how}`.replaceAll(' ', '-');
  const issued = await runLoad(service, { name, seconds: null, prepared: OCSP_CERTIFICATES });
  const { publication } = service.urls;
  const certificates = issued.certificates.map(({ certificate }) => certificate);
  if (how === 'with a nonce') return prepareNonces(await requestsFor(publication, certificates), null);
  const [requests] = await prepareOcsp(publication, certificates);
  if (requests === undefined) throw new Error('no requests');
  return { file: requests.file, nonceOctets: 0 };
}

/**
 * Some of every profile, through the API; as in the large one the certificates of a card and of a
 * holder are as many as their profiles.
 */
async function issueSome(service: Service): Promise<readonly FilledCertificate[]> {
  const client = clientOf(service, 'card-management');
  const issued: FilledCertificate[] = [];
  try {
    for (const profile of PROFILES) {
      for (let at = 0; at < READ_FROM_EMPTY; at += 1) {
        const body = { ...bodyOf(profile), ...orderOf(profile, FIRST_NUMBER + at) };
        const one = await client.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
        const { idNat, application, names, structure } = body.holder as Readonly<Record<string, string>> & {
          readonly names?: readonly string[];
          readonly structure?: { readonly id: string };
        };
        const holderId = idNat ?? names?.[0] ?? `${structure?.id}/${application}`;
        issued.push({ id: one.id, serial: one.serialNumber, holderId, cardTokenId: one.card?.tokenId ?? null });
      }
    }
  } finally {
    await client.close();
  }
  return issued;
}

/** In an order that has nothing to do with that of their birth; the same in every run. */
function shuffled(paths: readonly string[]): readonly string[] {
  return paths
    .map((path, at) => ({ path, key: (at * 7919) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ path }) => path);
}
