/** What the parts of the bench share: how long to measure, and who hears of it. */
import type { KeyType } from '../../../src/x509/model.js';
import { configure, makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { createService, type Service } from '../../support/service/service.js';
import type { Database, OpenDatabase } from '../databases.js';
import type { Line } from '../table.js';

export type Effort = {
  /** Runs for each figure, of which the median counts. */
  readonly runs: number;
  readonly signerRuns: number;
  /** The duration of one run. */
  readonly issuanceSeconds: number;
  readonly ocspSeconds: number;
  readonly rawSeconds: number;
  readonly insertSeconds: number;
  readonly warmUpSeconds: number;
  /** The minimum number of signatures before a signer is measured. */
  readonly warmUpSignatures: number;
  readonly soakIssuances: number;
  /** Issuances whose steps are measured alone. */
  readonly stepIssuances: number;
  /** Cards of one order, each with two certificates, with P-256 keys and on SQLite. */
  readonly orderCards: number;
  /** Cards of the same order with other keys and on other databases. */
  readonly otherOrderCards: number;
  /** Cards of an order beside which single requests are measured. */
  readonly besideCards: number;
  /** Events that one receiver gets. */
  readonly events: number;
  /** The size of an upload that is only received. */
  readonly orderUploadOctets: number;
  /** Cards that are updated one after the other. */
  readonly updateCards: number;
  /** Cards that all get new keys in one campaign. */
  readonly campaignCards: number;
  /** Entries of a journal that were compared before. */
  readonly olderEntries: number;
};

const USUAL: Effort = {
  runs: 3,
  signerRuns: 5,
  issuanceSeconds: 8,
  ocspSeconds: 5,
  rawSeconds: 4,
  insertSeconds: 3,
  warmUpSeconds: 6,
  warmUpSignatures: 10_000,
  soakIssuances: 100_000,
  stepIssuances: 6_600,
  orderCards: 100_000,
  otherOrderCards: 30_000,
  besideCards: 10_000,
  events: 20_000,
  orderUploadOctets: 1e9,
  updateCards: 300,
  campaignCards: 10_000,
  olderEntries: 1_000_000,
};
const QUICK: Effort = {
  runs: 1,
  signerRuns: 1,
  issuanceSeconds: 3,
  ocspSeconds: 2,
  rawSeconds: 2,
  insertSeconds: 1,
  warmUpSeconds: 2,
  warmUpSignatures: 1,
  soakIssuances: 2_000,
  stepIssuances: 220,
  orderCards: 1_000,
  otherOrderCards: 1_000,
  besideCards: 500,
  events: 1_000,
  orderUploadOctets: 2e7,
  updateCards: 20,
  campaignCards: 500,
  olderEntries: 20_000,
};

export function effortOf({ quick }: { readonly quick: boolean }): Effort {
  return quick ? QUICK : USUAL;
}

export type Bench = {
  readonly effort: Effort;
  /** The C program that signs: the limit. */
  readonly rawSign: string;
  readonly profile: boolean;
  readonly databases: readonly Database[];
  /** Certificates of the large database. */
  readonly scale: number;
  readonly say: (line: string) => void;
};

export type PartResult = {
  readonly lines: readonly Line[];
  /** Printed under the table. */
  readonly notes?: readonly string[];
};
export type Part = (bench: Bench) => Promise<PartResult>;

type BenchSelection = {
  readonly keyType: KeyType;
  readonly database?: OpenDatabase['options'];
  /** What the environment of its policy says otherwise. */
  readonly environment?: object;
  /** Members of its configuration beside what it has. */
  readonly config?: object;
};

/** A service on a home of its own, not started yet; both are gone afterwards, whatever happens. */
export async function withService<Value>(
  { keyType, database = 'sqlite', environment = {}, config = {} }: BenchSelection,
  use: (service: Service) => Promise<Value>,
): Promise<Value> {
  const at = await makeServiceHome(keyType, { database, environment });
  configure(at, config);
  const service = createService(at);
  try {
    return await use(service);
  } finally {
    await service.stop();
    removeServiceHome(at);
  }
}
