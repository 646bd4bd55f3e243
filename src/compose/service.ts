/** The one place where adapters meet operations: the service of a home folder, with all its roles in one process. */
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignerClient } from '../../hsm/client/client.js';
import { type SupervisorProcess, startSupervisorProcess } from '../../hsm/client/spawn-supervisor.js';
import { acquireLock } from '../../hsm/exclusive-lock.js';
import type { AccessAuthority } from '../access/break-glass.js';
import { blockedKeyFiles, readBlockedKeys } from '../config/blocked-keys.js';
import type { Address } from '../config/schema/listen.js';
import { createApi, createApiServer } from '../http/api/api.js';
import { createAuthenticate } from '../http/api/authenticate.js';
import { createOperatorsServer } from '../http/operators/server.js';
import { drain, type HttpServer, listen } from '../http/server/listening.js';
import { createPublicationServer } from '../http/status/server.js';
import { CLOCK_WATCH_EVERY_MS, createClockWatch } from '../jobs/clock-watch.js';
import { HORIZONS_EVERY_MS, warnOfHorizons } from '../jobs/horizons.js';
import { auditOcspAnswers } from '../jobs/journals/ocsp-audit.js';
import { type JournalPlace, reconcileJournals, recordNotes } from '../jobs/journals/reconcile.js';
import { type CrlPublication, createCrlPublication } from '../jobs/lists/crl-publication.js';
import { REVOKED_ISSUERS_EVERY_MS, type RevokedIssuers, watchRevokedIssuers } from '../jobs/lists/revoked-issuers.js';
import { createMassRevocations, MASS_REVOCATIONS_EVERY_MS, type MassRevocations } from '../jobs/mass-revocations.js';
import { type Job, type Schedule, startSchedule } from '../jobs/runner.js';
import { RESPONDERS_EVERY_MS } from '../jobs/status/responders.js';
import { createKeptFile, type KeptFile } from '../jobs/status/save-answers.js';
import { SIGN_AHEAD_EVERY_MS } from '../jobs/status/sign-ahead.js';
import { STATUS_FEED_EVERY_MS } from '../jobs/status/status-poller.js';
import { toHex } from '../kernel/bytes.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import { createLog } from '../observe/log.js';
import { createMetrics, findingsOfService, type Metrics } from '../observe/metrics.js';
import { createSignerMetrics } from '../observe/signers.js';
import { importCrls } from '../operations/crl/import-crls.js';
import { keepPartitions } from '../operations/crl/partition-marks.js';
import { publishCrl } from '../operations/crl/publish-crl.js';
import type { CrlWorld } from '../operations/crl/world.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import { recallRevocations } from '../operations/restored/relearn.js';
import type { World } from '../operations/world.js';
import type { Log } from '../ports/world.js';
import { createFileOutlet } from '../publish/file-outlet.js';
import type { Issuer } from '../x509/model.js';
import { encodePem } from '../x509/pem.js';
import { readAccessAuthorities } from './access.js';
import type { Home } from './home.js';
import { type HomeIssuers, readIssuers, readOcspAuthorities } from './issuers.js';
import {
  announced,
  authoritiesServed,
  createPublication,
  type Publication,
  type PublicationWorld,
  practiceStatementOf,
} from './publication.js';
import { readinessOf } from './readiness.js';
import { connectSigners } from './signer-client.js';
import { createSignerReports, type SignerReport, type SignerReports } from './signer-reports.js';
import { planSigners } from './signers.js';
import { composeStatus, type Status } from './status.js';
import { openHomeStore } from './store.js';
import { systemClock, systemRandom } from './world.js';

/** Operations with a real world under them, without a listener: what first starts and tests drive too. */
export type Core = {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly access: readonly AccessAuthority[];
  readonly revoked: RevokedIssuers;
  readonly status: Status;
  /** Of answers that were signed ahead. */
  readonly kept: KeptFile;
  readonly crls: CrlPublication;
  readonly publication: Publication;
  readonly signer: SignerClient;
  readonly signerReports: SignerReports;
  readonly metrics: Metrics;
  readonly close: () => Promise<void>;
};

/** A service that is just ending is waited for; one that is running is not. */
const LOCK_WAIT_MS = 3 * SECOND_MS;

/** `program`: of the supervisor, this one's own file. `logFile`: where the log goes instead of standard error. */
export async function composeCore(
  home: Home,
  { program, logFile }: { readonly program: string; readonly logFile?: string },
): Promise<Result<Core, string>> {
  const log = createLog({ ...home.config.log, ...(logFile === undefined ? {} : { file: logFile }) });
  // Before anything else: a second service would give up the intents and sweep away the drafts that the first one works on.
  const held = await acquireLock(join(home.config.paths.run, 'service'), LOCK_WAIT_MS);
  if (!held.ok)
    return err(
      `${home.config.paths.home} is served already, by process ${held.error.owner}: use it, or stop it with Ctrl-C first`,
    );
  const supervisor = home.config.signers === 'supervised' ? superviseSigners(home, { program, log, logFile }) : null;
  const begun: (() => Promise<void> | void)[] = [held.value.release, async () => supervisor?.stop()];
  const failed = async (why: string): Promise<Result<never, string>> => {
    for (const end of begun.reverse()) await end();
    return err(why);
  };
  const issuers = readIssuers(home);
  if (!issuers.ok) return failed(issuers.error);
  const access = readAccessAuthorities(home);
  if (!access.ok) return failed(access.error);
  const authorities = readOcspAuthorities(issuers.value, home.policy);
  if (!authorities.ok) return failed(authorities.error);
  const blockedKeys = await readBlockedKeys(blockedKeyFiles(home.config));
  if (!blockedKeys.ok) return failed(blockedKeys.error);
  const store = await openHomeStore(home);
  if (!store.ok) return failed(store.error);
  const signer = connectSigners(home, { issuers: issuers.value, authorities: authorities.value }, log);
  begun.push(store.value.close, () => signer.close());
  const partitions = await keepPartitions(store.value, home.policy);
  if (!partitions.ok) return failed(partitions.error.detail);
  const metrics = createMetrics();
  const countFindings = findingsOfService(metrics);
  const outlet = createFileOutlet({ directory: home.config.paths.crl });
  await outlet.sweep();
  const revoked = await watchRevokedIssuers({ issuers: issuers.value, outlet, log });
  const world: World = {
    revokedIssuers: revoked.known,
    ...{ policy: home.policy, issuers: issuers.value, blockedKeys: blockedKeys.value, store: store.value },
    ...{ signer, clock: systemClock, random: systemRandom, log, countFindings },
    statusChanged: (changes) => {
      for (const { issuer, serial } of changes) responder.withdraw(issuer, serial);
      for (const issuer of new Set(changes.map((change) => change.issuer))) {
        publication.lag.changed(issuer);
        crls.soon(issuer);
      }
      feed?.soon();
    },
  };
  const recall = (issuer: Issuer) => recallRevocations({ ...world, outlet }, issuer);
  const status = await composeStatus({
    ...{ home, store: store.value, signer, authorities: authorities.value, log, countFindings },
    ...{ isShared: othersMayWork(home), keepsResponders: true },
    recall: async () => (await Promise.all(issuers.value.all().map(recall))).every(({ ok: done }) => done),
  });
  if (!status.ok) return failed(status.error);
  const { responder, feed } = status.value;
  const kept = createKeptFile(responder, join(home.config.paths.ocsp, 'answers-service.ndjson'), log);
  // Otherwise whoever asks has them made again.
  if (status.value.ahead !== null) await kept.takeUp();
  const { publication, crls } = composeLists({ home, world, issuers: issuers.value, outlet }, recall);
  begun.push(crls.stop);
  const imported = await importCrls({ ...world, outlet, recall });
  if (!imported.ok) return failed(imported.error.detail);
  return ok({
    home,
    world,
    issuers: issuers.value,
    access: access.value,
    revoked,
    status: status.value,
    crls,
    publication,
    signer,
    signerReports: createSignerReports(home, signer),
    metrics,
    kept,
    close: async () => {
      if (status.value.ahead !== null) await kept.end();
      await crls.stop();
      await publication.outlets.stop();
      signer.close();
      await store.value.close();
      await supervisor?.stop();
      held.value.release();
    },
  });
}

/** How lists are made, and what comes after. */
function composeLists(
  given: Omit<PublicationWorld, 'republish'>,
  recall: CrlWorld['recall'],
): Pick<Core, 'publication' | 'crls'> {
  const { world, outlet } = given;
  const publication = createPublication({ ...given, republish: (issuer) => crls.soon(issuer) });
  const crls = createCrlPublication(world, (issuer, kind) =>
    announced(publication, issuer, () => publishCrl({ ...world, outlet, recall }, issuer, kind)),
  );
  return { publication, crls };
}

type Supervising = { readonly program: string; readonly log: Log; readonly logFile: string | undefined };

function superviseSigners({ config }: Home, { program, log, logFile }: Supervising): SupervisorProcess {
  return startSupervisorProcess({
    argv: [process.execPath, '--max-semi-space-size=8', '--max-old-space-size=64', program, 'signer', '--attached'],
    env: {
      PATH: config.searchPath,
      PFCNG_HOME: config.paths.home,
      ...(config.file === null ? {} : { PFCNG_CONFIG: config.file }),
      PFCNG_PKCS11_MODULE: config.pkcs11.module,
      ...(config.credentials === null ? {} : { CREDENTIALS_DIRECTORY: config.credentials }),
    },
    log: ({ event, ...fields }) => log.info(event, { ...fields }),
    ...(logFile === undefined ? {} : { stderr: openSync(logFile, 'a') }),
  });
}

export type Service = {
  readonly core: Core;
  readonly addresses: { readonly api: string; readonly publication: string; readonly operators: string };
  /** Stops listening, lets what is under way finish, then closes everything. */
  readonly stop: () => Promise<void>;
};

/** Listens on all addresses and starts the periodic work. Open intents of a crash are finished before the API listens. */
export async function startService(core: Core, version: string): Promise<Result<Service, string>> {
  const { world, home } = core;
  const { config } = home;
  const { metrics } = core;
  const signerMetrics = createSignerMetrics(metrics);
  const tls = readTls(core);
  if (!tls.ok) return tls;
  const url = `https://127.0.0.1:${config.listen.api.port}`;
  const massRevocations = createMassRevocations(world);
  const api = createApi({
    context: { world, publishCrl: core.crls.now, massRevocationsDue: massRevocations.begin },
    authenticate: createAuthenticate(world, { authorities: config.accountAuthorities, access: core.access }),
    metrics,
    version,
    url,
  });
  const listeners: readonly [HttpServer, Address][] = [
    [createPublicationServer(publicationOptions(core, metrics)), config.listen.publication],
    [createOperatorsServer(metrics, () => readinessOf(core, metrics, signerMetrics)), config.listen.operators],
    [createApiServer(api, tls.value), config.listen.api],
  ];
  await recoverIntents(world, { ageMs: othersMayWork(home) ? REQUEST_MS_MAX : 0 });
  for (const [server, address] of listeners) {
    const bound = await listen(server, address);
    if (bound.ok) continue;
    for (const [other] of listeners) other.close();
    return bound;
  }
  core.publication.outlets.start();
  const schedule = startJobs(core, massRevocations);
  warnOfHorizons(world);
  return ok({
    core,
    addresses: {
      api: url,
      publication: `http://127.0.0.1:${config.listen.publication.port}`,
      operators: `http://127.0.0.1:${config.listen.operators.port}`,
    },
    stop: async () => {
      await Promise.all(listeners.map(([server]) => drain(server)));
      await massRevocations.stop();
      await Promise.all([core.crls.stop(), schedule.stop()]);
      await auditOcspAnswers(world, ocspJournals(home));
      await core.close();
    },
  });
}

/** More than a request waits for a signature: an intent that is older is nobody's. */
const REQUEST_MS_MAX = 10 * SECOND_MS;

/** A home has one service, which `hold` sees to: all open intents of its SQLite are those of the dead. A server may have more. */
function othersMayWork({ config }: Home): boolean {
  return config.database.kind !== 'sqlite';
}

/** What may be due when nobody was there to do it. */
const AT_START: readonly string[] = ['crls-due', 'responders'];

/** An intent that a request left open (the HSM was away) is finished seconds after the HSM is back. CRLs are renewed ahead of time. */
function startJobs(
  { home, world, crls, signer, status, publication, kept, revoked }: Core,
  massRevocations: MassRevocations,
): Schedule {
  const { selfCheckSeconds } = home.config.publication;
  const watch = createClockWatch(world, () => performance.now());
  const renewal = { store: world.store, random: world.random, signer, holder: toHex(world.random(16)) };
  const jobs: Job[] = [
    {
      name: 'recover-intents',
      everyMs: 3 * SECOND_MS,
      run: async () => void (await recoverIntents(world, { ageMs: REQUEST_MS_MAX })),
    },
    { name: 'crls-due', everyMs: MINUTE_MS, run: crls.due },
    { name: 'responders', everyMs: RESPONDERS_EVERY_MS, run: () => status.responders.renew(renewal) },
    { name: 'revoked-issuers', everyMs: REVOKED_ISSUERS_EVERY_MS, run: revoked.look },
    { name: 'horizons', everyMs: HORIZONS_EVERY_MS, run: async () => warnOfHorizons(world) },
    { name: 'mass-revocations', everyMs: MASS_REVOCATIONS_EVERY_MS, run: massRevocations.run },
    { name: 'clock-watch', everyMs: CLOCK_WATCH_EVERY_MS, run: watch.look },
    { name: 'ocsp-audit', everyMs: HOUR_MS, run: () => auditOcspAnswers(world, ocspJournals(home)) },
    { name: 'reconcile', everyMs: HOUR_MS, run: () => reconcile(home, world) },
    ...(selfCheckSeconds === 0
      ? []
      : [{ name: 'self-check', everyMs: selfCheckSeconds * SECOND_MS, run: publication.selfCheck.run }]),
  ];
  const { feed, ahead } = status;
  if (ahead !== null) jobs.push({ name: 'sign-ahead', everyMs: SIGN_AHEAD_EVERY_MS, run: ahead.run }, kept.job);
  if (feed !== null) jobs.push({ name: 'status-feed', everyMs: STATUS_FEED_EVERY_MS, run: feed.look });
  for (const { name, run } of jobs.filter((job) => AT_START.includes(job.name)))
    run().catch((error: unknown) => world.log.error('job.failed', { job: name, detail: String(error) }));
  return startSchedule(jobs, world.log);
}

function ocspJournals(home: Home): readonly JournalPlace[] {
  return planSigners(home)
    .tokens.filter(({ kind }) => kind === 'ocsp')
    .map(({ name, journalFile }) => ({ token: name, file: journalFile }));
}

/**
 * A signature that the database does not know is the mark of a stolen service: an alarm, and an audit entry. So is what a signer
 * has refused or found alarming since the last time.
 */
async function reconcile(home: Home, { store, log, clock }: World): Promise<void> {
  const journals = planSigners(home).tokens.map(({ name, journalFile }) => ({ token: name, file: journalFile }));
  const result = await reconcileJournals(store, journals);
  if (!result.ok) return log.error('reconcile.failed', { detail: result.error.detail });
  for (const { token, unknown, faults, notes } of result.value) {
    if (notes !== null) log.error('reconcile.signer-notes', { token, ...notes });
    const recorded = await recordNotes({ store, clock }, { token, notes });
    if (!recorded.ok) log.error('reconcile.failed', { token, detail: recorded.error.detail });
    if (unknown.length === 0 && faults.length === 0) continue;
    const details = { token, unknown: unknown.map(({ seq, detail }) => `${seq}: ${detail}`), faults };
    log.error('reconcile.alarm', details);
    await store.transaction((tx) =>
      tx.appendAudit([{ at: clock(), type: 'signer.unknown-signature', actor: 'system', outcome: 'failure', details }]),
    );
  }
}

function readTls({ home, issuers, access }: Core): Result<Parameters<typeof createApiServer>[1], string> {
  const { config } = home;
  const files = config.tls ?? {
    certificate: join(config.paths.credentials, 'server.crt.pem'),
    key: join(config.paths.credentials, 'server.key.pem'),
  };
  const vouching = issuers.all().filter(({ authority }) => config.accountAuthorities.includes(authority));
  const authorities = [...vouching, ...access].map(({ certificate }) => encodePem('CERTIFICATE', certificate));
  try {
    return ok({
      certificate: readFileSync(files.certificate, 'utf8'),
      key: readFileSync(files.key, 'utf8'),
      authorities,
    });
  } catch (error) {
    return err(
      `the API's certificate or key cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function publicationOptions({ home, issuers, status: { responder }, world, publication }: Core, metrics: Metrics) {
  return {
    ...{ responder, metrics, log: world.log, clock: world.clock, crls: publication.files },
    authorities: authoritiesServed({ home, issuers }),
    practiceStatement: practiceStatementOf(home),
    fastLane: home.config.listen.publication.fastLane,
  };
}

/** Waits until each signer is ready, waits for an officer, or has failed to start, at most `waitMs`; those that are not ready, by name. */
export async function awaitSigners(core: Core, waitMs: number): Promise<ReadonlyMap<string, SignerReport>> {
  const until = performance.now() + waitMs;
  for (;;) {
    const reports = await core.signerReports();
    const missing = new Map([...reports].filter(([, { state }]) => state !== 'ready'));
    if ([...missing.values()].every(isSettled) || performance.now() > until) return missing;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Locked, or down by its own supervisor's word; one whose supervisor does not answer yet may still be starting. */
function isSettled({ state, restarts }: SignerReport): boolean {
  return state === 'locked' || (state === 'down' && restarts !== null);
}
