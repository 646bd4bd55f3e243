/**
 * Reports for `/readyz` whether a process is ready and which of its parts are not, and sets the
 * metrics of these parts.
 */
import { statfs } from 'node:fs/promises';
import type { SignerClient } from '../../hsm/client/client.js';
import type { AccessAuthority } from '../access/break-glass.js';
import { missingYears, type TagKeys, yearOf } from '../audit/tags.js';
import type { HomePaths } from '../config/paths.js';
import { currentHorizons, horizonStates } from '../jobs/horizons.js';
import type { Heartbeat } from '../jobs/nodes/heartbeat.js';
import { isSilent } from '../jobs/nodes/run-record.js';
import type { RunnerAccess } from '../jobs/runner/runner-access.js';
import { WRITE_AGE_MS_MAX, type WriteState } from '../jobs/write-state.js';
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { Metrics } from '../observe/metrics.js';
import type { SignerMetrics } from '../observe/signers.js';
import { findUnusableAccounts } from '../operations/accounts/find-unusable-accounts.js';
import { clockFault } from '../operations/clock.js';
import { COMPARED, driftOf } from '../operations/nodes/drift.js';
import type { World } from '../operations/world.js';
import type { Policy } from '../policy/model.js';
import type { Readiness } from '../ports/readiness.js';
import type { DatabaseClock } from '../ports/store/clock.js';
import type { CrlRecord, CrlSeries } from '../ports/store/crls.js';
import type { StoreFailure } from '../ports/store/failure.js';
import { type RunRecord, SILENT_MS } from '../ports/store/nodes.js';
import type { HomeContinuity } from './database/continuity.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import { reportCertificateEnds } from './metrics/certificate-metrics.js';
import { reportCrls } from './metrics/report-crls.js';
import { reportWork } from './metrics/report-work.js';
import { type Publication, publishedSeries } from './publication.js';
import { type PublicationState, reportPublication } from './publication-state.js';
import { type Roles, servedByApi } from './roles.js';
import { groupSockets } from './signers/plan.js';
import type { SignerReports } from './signers/reports.js';
import type { Status } from './status.js';

type ServiceReadinessParts = {
  readonly home: Home;
  readonly roles: Roles;
  readonly world: Pick<World, 'store' | 'clock' | 'run' | 'cmpSigners'>;
  readonly issuers: HomeIssuers;
  readonly access: readonly Pick<AccessAuthority, 'id' | 'certificate'>[];
  readonly signerReports: SignerReports;
  readonly publication: Publication;
  readonly status: Status;
  readonly continuity: Pick<HomeContinuity, 'fault'>;
  readonly heartbeat: Pick<Heartbeat, 'ageMs'>;
  readonly writes: Pick<WriteState, 'state'>;
  readonly tagKeys: TagKeys;
  readonly jobs: Pick<RunnerAccess, 'late'>;
};

export async function serviceReadiness(
  parts: ServiceReadinessParts,
  metrics: Metrics,
  signerMetrics: SignerMetrics,
): Promise<Readiness> {
  const { home, roles, world, issuers, access, signerReports, publication, status, continuity, writes, tagKeys } =
    parts;
  const series = publishedSeries(home, issuers.all());
  const authenticating = { authorities: home.config.accountAuthorities, access: access.map(({ id }) => id) };
  const [reports, lists, clock, live, space, durable, disk, unusable, published] = await Promise.all([
    signerReports(),
    world.store.read((reads) => reads.latestCrls(series)),
    world.store.read((reads) => reads.databaseClock()),
    world.store.read((reads) => reads.liveRuns()),
    world.store.confirmSpace(),
    world.store.read((reads) => reads.durabilityFault()),
    readFreeSpace(home.config.paths, metrics),
    world.store.read((reads) => findUnusableAccounts(reads, { ...authenticating, now: world.clock() })),
    roles.has('worker') ? reportPublication({ home, publication, issuers, store: world.store }, metrics) : null,
    roles.has('worker') ? reportWork(world.store, metrics) : null,
  ]);
  const accounts = servedByApi(roles) !== null && unusable.ok ? unusable.value : [];
  const lastWrite = writes.state();
  metrics.databaseWriteAge.set(lastWrite.ageMs / SECOND_MS);
  const database = databaseState({ fault: continuity.fault(), read: lists, space, lastWrite });
  const isTimely = reportClock(clock, world.clock(), metrics);
  if (roles.has('responder')) setStatusMetrics(status, metrics);
  setCertificateEndMetrics(parts, metrics);
  const horizons = reportHorizons(home.policy, issuers, metrics);
  for (const [token, report] of reports) signerMetrics.set(token, report);
  const signers = Object.fromEntries([...reports].map(([token, { state }]) => [token, state]));
  const up = Object.values(signers).filter((state) => state === 'ready').length;
  const runs = live.ok && clock.ok ? reportRuns(parts, { live: live.value, now: clock.value.now }, metrics) : null;
  const tags = tagKeyState(tagKeys, world.clock());
  const listed = reportLists(parts, { series, lists, published, runs }, metrics);
  const late = lateJobs(parts.jobs);
  const isHealthy =
    listed.isHealthy &&
    isTimely &&
    runs?.isHealthy !== false &&
    tags.isHealthy &&
    disk === 'ready' &&
    accounts.length === 0 &&
    late === null &&
    up === Object.keys(signers).length;
  const durability = (durable.ok ? durable.value : durable.error.detail) ?? 'ready';
  const isDown = database !== 'ready' || durability !== 'ready' || up === 0 || runs?.hasOwnRun === false;
  const state = isDown ? 'down' : isHealthy ? 'ready' : 'degraded';
  const groups = groupStates(home.config.pkcs11.replicas, signers);
  return {
    ready: state !== 'down',
    state,
    parts: {
      signers,
      groups,
      database,
      durability,
      disk,
      clock: isTimely ? 'ready' : 'wrong',
      ...(runs?.parts ?? { runs: 'unknown', drift: 'unknown' }),
      // Each account that cannot be used, with the reason.
      accounts: Object.fromEntries(accounts.map(({ account, detail }) => [account, detail])),
      tagKeys: tags.state,
      jobs: late ?? 'ready',
      ...listed.parts,
      // Reported but not counted as degraded: certificates get a shorter, still correct, validity.
      horizons: horizonStates(horizons, world.clock()),
    },
  };
}

type ReadLists = {
  readonly series: readonly CrlSeries[];
  readonly lists: Result<readonly (CrlRecord | null)[], StoreFailure>;
  /** null: this process does not have the role worker. */
  readonly published: PublicationState | null;
  /** null: the runs could not be read. */
  readonly runs: Pick<RunState, 'ageMs'> | null;
};

/**
 * Reports the lists, the outlets and the public addresses, for which the worker is responsible. A
 * process without this role reports none of them.
 */
function reportLists(
  { world }: Pick<ServiceReadinessParts, 'world'>,
  { series, lists, published, runs }: ReadLists,
  metrics: Metrics,
): PublicationState {
  if (published === null) return { isHealthy: true, parts: {} };
  const latest = lists.ok ? series.map((one, at) => ({ series: one, latest: lists.value[at] ?? null })) : [];
  const crls = reportCrls(latest, { now: world.clock(), runMs: runs?.ageMs ?? 0 }, metrics);
  const areFresh = Object.values(crls).every((state) => state === 'fresh' || state === 'none yet');
  return { isHealthy: areFresh && published.isHealthy, parts: { crls, ...published.parts } };
}

function setCertificateEndMetrics(
  { home, issuers, access, status, world }: ServiceReadinessParts,
  metrics: Metrics,
): void {
  const used = { access, responders: status.responders.authorities(), cmpSigners: world.cmpSigners };
  reportCertificateEnds({ issuers, policy: home.policy, ...used }, metrics);
}

function reportHorizons(policy: Policy, issuers: HomeIssuers, metrics: Metrics): ReturnType<typeof currentHorizons> {
  const horizons = currentHorizons(policy, issuers);
  for (const { issuer, horizon } of horizons)
    for (const [profile, from] of horizon.shortensFrom)
      metrics.shortenedFrom.set({ issuer: issuer.id, profile }, from / SECOND_MS);
  return horizons;
}

/** Returns by how much each essential job is late; null: none is late. */
function lateJobs({ late }: ServiceReadinessParts['jobs']): Readonly<Record<string, string>> | null {
  const found = Object.entries(late());
  return found.length === 0 ? null : Object.fromEntries(found.map(([job, seconds]) => [job, `late by ${seconds} s`]));
}

/**
 * Sets the metrics of the clocks of this process and of the database, and returns whether they are
 * right, as far as is known.
 */
function reportClock(read: Result<DatabaseClock, StoreFailure>, own: Instant, metrics: Metrics): boolean {
  const wrong = read.ok ? clockFault(read.value, own) : null;
  metrics.clockBehind.set((wrong?.behindMs ?? 0) / SECOND_MS);
  if (read.ok) metrics.clockOffset.set((own - read.value.now) / SECOND_MS);
  return wrong === null;
}

type RunState = {
  /**
   * Whether the run of this process is still in the database: without it, nothing can be issued.
   */
  readonly hasOwnRun: boolean;
  /** How long the run of this process has gone on; 0 if it is not in the database. */
  readonly ageMs: number;
  readonly isHealthy: boolean;
  readonly parts: { readonly runs: string; readonly drift: Json };
};

/**
 * Sets the metrics of the runs, and returns their state. The installation counts as degraded while
 * a run is silent and not ended, and while the nodes differ in what must be equal (`COMPARED`).
 */
function reportRuns(
  { world, heartbeat }: Pick<ServiceReadinessParts, 'world' | 'heartbeat'>,
  { live, now }: { readonly live: readonly RunRecord[]; readonly now: Instant },
  metrics: Metrics,
): RunState {
  metrics.runLive.reset();
  for (const { name, roles } of live) for (const role of roles) metrics.runLive.set({ node: name, role }, 1);
  const differing = driftOf(live, now);
  for (const what of COMPARED) metrics.nodeDrift.set({ what }, differing.has(what) ? 1 : 0);
  const drift = differing.size === 0 ? 'ready' : Object.fromEntries(differing);
  const own = live.find(({ run }) => run === world.run);
  if (own === undefined) {
    const runs = 'down: the run of this process was ended';
    return { hasOwnRun: false, ageMs: 0, isHealthy: false, parts: { runs, drift } };
  }
  const silent = live.filter((run) => run.run !== world.run && isSilent(run, now)).map(({ name }) => name);
  if (heartbeat.ageMs() > SILENT_MS) silent.unshift('this node');
  const runs = silent.length === 0 ? 'ready' : `silent: ${silent.join(', ')}`;
  const isHealthy = silent.length === 0 && differing.size === 0;
  return { hasOwnRun: true, ageMs: now - own.startedAt, isHealthy, parts: { runs, drift } };
}

/**
 * Reports the years without a tag key. The key of the next year is reported as missing from
 * November on, but only a missing key of this year counts as degraded.
 */
function tagKeyState(keys: TagKeys, now: Instant): { readonly state: string; readonly isHealthy: boolean } {
  const missing = missingYears(keys, now);
  return {
    state: missing.length === 0 ? 'ready' : `no key for ${missing.join(', ')}`,
    isHealthy: !missing.includes(yearOf(now)),
  };
}

type DatabaseFacts = {
  readonly fault: string | null;
  readonly read: Result<unknown, StoreFailure>;
  /** Whether the disk of the database has space for the commit of a request. */
  readonly space: Result<unknown, StoreFailure>;
  readonly lastWrite: ReturnType<WriteState['state']>;
};

/**
 * Returns `ready`, or `down` with the reason. A database that cannot be written counts as down,
 * because every request that changes something fails.
 */
function databaseState({ fault, read, space, lastWrite }: DatabaseFacts): string {
  if (fault !== null) return `down: ${fault}`;
  if (!read.ok) return `down: ${read.error.detail}`;
  if (!space.ok) return `down: ${space.error.detail}`;
  if (lastWrite.ageMs <= WRITE_AGE_MS_MAX) return 'ready';
  const seconds = Math.round(lastWrite.ageMs / SECOND_MS);
  return `down: nothing was written for ${seconds} s${lastWrite.detail === null ? '' : ` (${lastWrite.detail})`}`;
}

/**
 * A disk with less free space is reported as nearly full. The alert in `ops/prometheus` fires
 * earlier.
 */
export const FREE_BYTES_MIN = 16 * 1024 * 1024;

/**
 * Sets the metrics of free space. Returns `ready`, or the folders of the home folder whose disk is
 * nearly full.
 */
async function readFreeSpace(paths: HomePaths, metrics: Metrics): Promise<string> {
  const low: string[] = [];
  for (const folder of ['home', 'crl', 'signers'] as const) {
    const bytes = await freeBytes(paths[folder]);
    if (bytes === null) continue;
    metrics.diskFree.set({ folder }, bytes);
    if (bytes < FREE_BYTES_MIN) low.push(`${folder}: ${Math.floor(bytes / 1024 ** 2)} MB free`);
  }
  return low.length === 0 ? 'ready' : `nearly full (${low.join(', ')})`;
}

/**
 * Returns the free space of the disk of a folder, in bytes; null: the folder does not exist, or its
 * file system does not report it.
 */
export async function freeBytes(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found === null ? null : found.bavail * found.bsize;
}

function setStatusMetrics({ poller, responder, signAhead }: Status, metrics: Metrics): void {
  metrics.ocspStatusAge.set((poller?.staleMs() ?? 0) / SECOND_MS);
  const { entries, bytes } = responder.size();
  metrics.ocspKept.set(entries);
  metrics.ocspKeptBytes.set(bytes);
  metrics.ocspAheadSigned.reset();
  for (const [{ id: issuer }, { last, signed }] of signAhead?.states() ?? []) {
    metrics.ocspAheadSigned.inc({ issuer }, signed);
    if (last !== null) metrics.ocspAheadMissing.set({ issuer }, last.live - last.ready);
  }
}

/**
 * Returns the state of each group of tokens with the same keys: `degraded` when only some of its
 * tokens sign, `down` when none does.
 */
function groupStates(
  replicas: Home['config']['pkcs11']['replicas'],
  signers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const groups = Object.entries(replicas).filter(([, { length }]) => length > 0);
  return Object.fromEntries(
    groups.map(([token, members]) => {
      const names = [token, ...members.map(({ name }) => name)];
      const up = names.filter((name) => signers[name] === 'ready').length;
      return [token, up === names.length ? 'ready' : up > 0 ? 'degraded' : 'down'];
    }),
  );
}

type ResponderReadinessParts = Pick<ServiceReadinessParts, 'home' | 'issuers' | 'status' | 'continuity'> & {
  readonly signer: Pick<SignerClient, 'status'>;
};

export async function responderReadiness(
  { home, issuers, signer, status, continuity }: ResponderReadinessParts,
  metrics: Metrics,
): Promise<Readiness> {
  setStatusMetrics(status, metrics);
  const used = { access: [], responders: status.responders.authorities(), cmpSigners: { of: () => null } };
  reportCertificateEnds({ issuers, policy: home.policy, ...used }, metrics);
  const hierarchies = new Set(issuers.all().flatMap(({ hierarchy, kind }) => (kind === 'root' ? [] : [hierarchy])));
  const names = [...hierarchies].map((hierarchy) => `ocsp-${hierarchy}`);
  const sockets = new Map(names.map((name) => [name, groupSockets(home.config, 'responder', name)]));
  const tokens = await tokenStates(signer, sockets);
  const staleMs = status.poller?.staleMs() ?? 0;
  const fault = continuity.fault();
  const isCurrent = fault === null && staleMs <= home.policy.environment.ocspAnswers.staleMsMax;
  const isHealthy = isCurrent && [...tokens.values()].every((state) => state === 'ready');
  return {
    // Without signers the cached responses are still served; without a current database no response
    // with `good` is.
    ready: isCurrent,
    state: isHealthy ? 'ready' : isCurrent ? 'degraded' : 'down',
    parts: {
      signers: Object.fromEntries(tokens),
      database: isCurrent ? 'ready' : fault === null ? 'down' : `down: ${fault}`,
      staleSeconds: Math.round(staleMs / SECOND_MS),
    },
  };
}

/**
 * Returns the state of each group of tokens by its name. All signers are asked at the same time, so
 * that the answer takes no longer when all of them are down than when one is.
 */
export async function tokenStates(
  signer: Pick<SignerClient, 'status'>,
  sockets: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, string>> {
  const states = [...sockets].map(async ([name, paths]) => [name, await stateOf(signer, paths)] as const);
  return new Map(await Promise.all(states));
}

/** Returns the state of one group of tokens, which is ready when one of its tokens is. */
async function stateOf(signer: Pick<SignerClient, 'status'>, sockets: readonly string[]): Promise<string> {
  const reports = await Promise.all(sockets.map((path) => signer.status(path)));
  const states = reports.map((one) => (one.ok && typeof one.value.state === 'string' ? one.value.state : 'down'));
  return states.find((state) => state === 'ready') ?? states[0] ?? 'down';
}
