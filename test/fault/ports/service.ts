/**
 * A service on a place (a database and a folder). Only the tap is between its operations and the
 * world.
 */

import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CmpSignerCertificate } from '../../../src/cmp/signer-certificate.js';
import { type DatabaseOptions, openStore } from '../../../src/db/open.js';
import { LINE_FORM } from '../../../src/http/api/card-request.js';
import { processMassRevocationsJob } from '../../../src/jobs/mass-revocation.js';
import { type OrderJobParts, processOrdersJob } from '../../../src/jobs/orders/order.js';
import { endOrdersJob } from '../../../src/jobs/orders/order-end.js';
import { present } from '../../../src/kernel/assert.js';
import type { Instant } from '../../../src/kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { createInteractiveWork } from '../../../src/kernel/interactive-work.js';
import type { Result } from '../../../src/kernel/result.js';
import { createCmpSigner } from '../../../src/operations/cmp/cmp-signers.js';
import { importCrls } from '../../../src/operations/crl/import-crls.js';
import type { CrlWorld } from '../../../src/operations/crl/world.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import { relearnRevocations } from '../../../src/operations/restored/relearn.js';
import { createOcspResponder, type OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import type { World } from '../../../src/operations/world.js';
import type { NodeId } from '../../../src/ports/node.js';
import type { Outlet } from '../../../src/ports/outlet.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import { createFileOutlet, type FileOutlet } from '../../../src/publish/file-outlet.js';
import { cmpPartsOf } from '../../support/cmp/cmp-parts.js';
import { certifyTestCmpKey } from '../../support/cmp/cmp-signers.js';
import { NEW_ID, PATIENT } from '../../support/db/fixture.js';
import type { RawDatabase } from '../../support/db/raw.js';
import { AUDIT_ORIGIN, NOW, RUN } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { issuersOf } from '../../support/issuers-of.js';
import { stillWorldOf, workDue } from '../../support/job-run.js';
import { NO_BLOCKED_KEYS } from '../../support/no-blocked-keys.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { digestOf, listName, type ReportedCertificate } from './facts.js';
import { createSoftwareSigner, type SoftwareSigner } from './signer.js';
import type { Stage } from './stage.js';
import type { Tap } from './tap.js';

/** It can be passed to another process. */
export type Place = { readonly folder: string; readonly database: DatabaseOptions };

export type ServiceWorld = World & Pick<CrlWorld, 'relearn'> & { readonly outlet: Outlet };

export type Service = {
  readonly stage: Stage;
  readonly place: Place;
  /** Goes through the tap. */
  readonly world: ServiceWorld;
  /** Bypasses the tap, for others and for what happened before. */
  readonly bare: ServiceWorld;
  readonly responder: OcspResponder;
  readonly signer: SoftwareSigner;
  /** Ids of the existing certificates, by name. */
  readonly ids: Map<string, string>;
  readonly outlet: FileOutlet;
};

/** A reservation of this age belongs to a dead process, and the next start abandons it. */
export const RESTARTED: Instant = NOW + 20 * MINUTE_MS;

/**
 * When the CRLs of the stage were made: at any later moment they are older than one that was made
 * after `NOW`.
 */
export const LISTED: Instant = NOW - 40 * MINUTE_MS;

const NODE = '00c0ffee00c0ffee' as NodeId;

export async function openStoreOn(database: DatabaseOptions, now: Instant = NOW): Promise<Store> {
  // A run that halts in a transaction keeps it until its process is killed. No other run reaches a
  // limit because the machine is busy.
  const limits = { ...PATIENT, transactionMsMax: HOUR_MS, writerIdleMsMax: HOUR_MS };
  const store = accept(
    await openStore({
      database,
      environmentMark: 'development',
      auditOrigin: AUDIT_ORIGIN,
      clock: () => now,
      limits,
      newId: NEW_ID,
    }),
  );
  return withRun(store, { node: NODE }, now);
}

export type Means = {
  readonly stage: Stage;
  readonly place: Place;
  readonly store: Store;
  readonly witness: () => Promise<RawDatabase>;
  readonly tap: Tap | null;
  /** The time of its start. Each reading of the clock advances it by a millisecond. */
  readonly now: Instant;
};

export function createService({ stage, place, store, witness, tap, now }: Means): Service {
  let ticks = 0;
  const outlet = createFileOutlet({ directory: folders(place).crl });
  const signer = createSoftwareSigner(stage, { journal: folders(place).journal, witness });
  const issuers = stage.authorities.map(({ issuer }) => issuer);
  const bare: ServiceWorld = {
    node: NODE,
    run: RUN,
    underWay: new Set(),
    policy: stage.policy,
    issuers: issuersOf(issuers),
    blockedKeys: NO_BLOCKED_KEYS,
    registrationKeys: new Map([['20270101T000000Z', new Uint8Array(32)]]),
    cmpSigners: cmpSignersOf(stage, signer.port),
    publishedLists: { find: async () => null },
    cmpParts: cmpPartsOf(() => 0),
    store,
    signer: signer.port,
    batchSigner: signer.port,
    interactive: createInteractiveWork(() => 0),
    clock: () => {
      ticks += 1;
      return now + ticks;
    },
    random: (length) => new Uint8Array(randomBytes(length)),
    log: SILENT_LOG,
    statusChanged: (changes) => {
      for (const { issuer, serial } of changes) responder.withdraw(issuer, serial);
    },
    outlet,
    relearn: (issuer) => relearnRevocations(bare, issuer),
  };
  const tapped = tap === null ? bare : tap.world(bare);
  const world: ServiceWorld = {
    ...tapped,
    cmpSigners: cmpSignersOf(stage, tapped.signer),
    relearn: (issuer) => relearnRevocations(tapped, issuer),
  };
  const responder = createOcspResponder({
    store: world.store,
    signer: world.signer,
    authorities: () => stage.authorities,
    clock: world.clock,
    answers: stage.policy.environment.ocspAnswers,
    log: SILENT_LOG,
  });
  return { stage, place, world, bare, responder, signer, ids: new Map(), outlet };
}

const CMP_CERTIFICATES = new WeakMap<Stage, CmpSignerCertificate>();

/** CMP signers of all authorities, on the platform key of the stage. */
function cmpSignersOf(stage: Stage, signer: World['signer']): World['cmpSigners'] {
  const signed = CMP_CERTIFICATES.get(stage) ?? certifyTestCmpKey(stage.platformKey);
  CMP_CERTIFICATES.set(stage, signed);
  return {
    of: (authority) => createCmpSigner({ signer, log: SILENT_LOG }, { authority, key: 'cmp-test', signed, chain: [] }),
  };
}

export function folders({ folder }: Pick<Place, 'folder'>) {
  return {
    crl: join(folder, 'crl'),
    journal: join(folder, 'journal.ndjson'),
    reported: join(folder, 'reported.ndjson'),
    ids: join(folder, 'ids.json'),
  } as const;
}

/** Names of the certificates that the stage made. */
export function idsOf(place: Place): ReadonlyMap<string, string> {
  return new Map(JSON.parse(readFileSync(folders(place).ids, 'utf8')) as [string, string][]);
}

/** Starts as `src/compose/service.ts` does, and runs the first jobs. */
export async function recover({ bare, outlet }: Service): Promise<void> {
  await outlet.sweep();
  accept(await importCrls(bare));
  accept(await recoverIntents(bare, 'own'));
  await workPeriodicJobs({ bare });
}

/** The intents of the run of this process, then those of ended runs. */
export async function recoverEach(world: World): ReturnType<typeof recoverIntents> {
  const own = await recoverIntents(world, 'own');
  return own.ok ? recoverIntents(world, 'ended') : own;
}

/** Works off what is due of mass revocations and orders. */
export async function workPeriodicJobs({ bare }: Pick<Service, 'bare'>): Promise<void> {
  await workDue(processMassRevocationsJob, bare, stillWorldOf(bare.store));
  await workDue(processOrdersJob, orderPartsOf(bare), stillWorldOf(bare.store));
  await workDue(endOrdersJob, { ...bare, platformKey: null }, stillWorldOf(bare.store));
}

export function orderPartsOf(world: ServiceWorld): OrderJobParts {
  return {
    ...world,
    lineForm: LINE_FORM,
    // One line after the other, so that the calls of each run have the same numbers.
    linesAtOnceMax: () => 1,
    countLine: () => undefined,
    yieldTurn: async () => undefined,
    steadyMs: () => performance.now(),
  };
}

export function accept<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/**
 * Records what was reported to a client: it has to be kept from now on, whatever happens to this
 * process.
 */
export function report({ place }: Service, reported: readonly ReportedCertificate[]): void {
  for (const one of reported) appendFileSync(folders(place).reported, `${JSON.stringify(one)}\n`);
}

export function reportOf({ id, issuer, serial, state, tbs, signature }: CertificateRecord): ReportedCertificate {
  return {
    kind: 'certificate',
    id,
    issuer,
    serial,
    status: state.status,
    tbsSha256: digestOf(tbs),
    signature: signature === null ? null : Buffer.from(signature).toString('hex'),
  };
}

export function crlReportOf({ issuer, scope, number, sha256 }: CrlRecord): ReportedCertificate {
  return { kind: 'crl', issuer: listName(issuer, scope), number, sha256 };
}

export function idOf({ ids }: Service, name: string): string {
  return present(ids.get(name), name);
}
