/** What the parts of the bench share: how long to measure, and who hears of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { KeyType } from '../../src/x509/model.js';
import { createService, type Service } from '../support/service.js';
import { makeServiceHome, removeServiceHome } from '../support/service-home.js';
import type { Line } from './table.js';

export type Effort = {
  /** Of each figure; the median counts. */
  readonly runs: number;
  readonly signerRuns: number;
  /** Of one run. */
  readonly issuanceSeconds: number;
  readonly ocspSeconds: number;
  readonly rawSeconds: number;
  readonly sqliteSeconds: number;
  readonly warmUpSeconds: number;
  /** Of a signer, at least. */
  readonly warmUpSignatures: number;
  readonly soakIssuances: number;
};

const USUAL: Effort = {
  runs: 3,
  signerRuns: 5,
  issuanceSeconds: 8,
  ocspSeconds: 5,
  rawSeconds: 4,
  sqliteSeconds: 3,
  warmUpSeconds: 6,
  warmUpSignatures: 10_000,
  soakIssuances: 100_000,
};
const QUICK: Effort = {
  runs: 1,
  signerRuns: 1,
  issuanceSeconds: 3,
  ocspSeconds: 2,
  rawSeconds: 2,
  sqliteSeconds: 1,
  warmUpSeconds: 2,
  warmUpSignatures: 1,
  soakIssuances: 2_000,
};

export function effortOf({ quick }: { readonly quick: boolean }): Effort {
  return quick ? QUICK : USUAL;
}

export type Bench = {
  readonly effort: Effort;
  /** The C program that signs: the limit. */
  readonly rawSign: string;
  readonly profile: boolean;
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

/** A service on a home of its own, not started yet; both are gone afterwards, whatever happens. */
export async function withService<Value>(
  { keyType, config = {} }: { readonly keyType: KeyType; readonly config?: object },
  use: (service: Service) => Promise<Value>,
): Promise<Value> {
  const at = await makeServiceHome(keyType);
  if (Object.keys(config).length > 0) patchConfig(at.configFile, config);
  const service = createService(at);
  try {
    return await use(service);
  } finally {
    await service.stop();
    removeServiceHome(at);
  }
}

/** Members that the configuration of a service under test shall have beside what it has. */
function patchConfig(file: string, members: object): void {
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, ...members }));
}
