/**
 * The role `all`: the service of a home folder in one process, with operations, listeners and jobs.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignerClient } from '../../hsm/client/client.js';
import type { AccessAuthority } from '../access/break-glass.js';
import { everyTag, type TagKeys } from '../audit/tags.js';
import { blockedKeyFiles, readBlockedKeys } from '../config/blocked-keys.js';
import { createApi } from '../http/api/api.js';
import { createAuthenticate } from '../http/api/authenticate.js';
import { createOperatorsServer } from '../http/operators/server.js';
import { type ConnectionObserver, createConnections } from '../http/server/connections.js';
import { createApiServer } from '../http/server/tls.js';
import { createRequestTrail } from '../http/trail/request-trail.js';
import { type CeremonyLists, createCeremonyLists } from '../jobs/lists/ceremony-lists.js';
import type { Heartbeat } from '../jobs/nodes/heartbeat.js';
import { createRunnerAccess, type RunnerAccess } from '../jobs/runner/access.js';
import { type AnswersFile, createAnswersFile } from '../jobs/status/save-answers.js';
import { createWriteState, type WriteState } from '../jobs/write-state.js';
import { present } from '../kernel/assert.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { findingsOfService, type Metrics } from '../observe/metrics.js';
import { createSignerMetrics } from '../observe/signers.js';
import { importCrls } from '../operations/crl/import-crls.js';
import { keepPartitions } from '../operations/crl/partition-marks.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import { relearnRevocations } from '../operations/restored/relearn.js';
import { registerCertificates } from '../operations/status/register-certificates.js';
import type { World } from '../operations/world.js';
import type { Store } from '../ports/store.js';
import { createFileOutlet } from '../publish/file-outlet.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import type { Issuer } from '../x509/model.js';
import { encodePem } from '../x509/pem.js';
import { accessFaultLines, readAccessAuthorities } from './access.js';
import { type ClosingStack, openOrClose } from './closing.js';
import type { HomeContinuity } from './database/continuity.js';
import { homeTagKeys } from './database/tag-keys.js';
import type { ConnectionLimits } from './descriptors.js';
import { foundingFiles } from './founding.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import type { ServiceParts } from './jobs.js';
import { type OwnRun, openRun } from './nodes/run.js';
import { createNotifier } from './notifier.js';
import { type CommonParts, type Listener, openCommonParts, startListenersAndJobs } from './process.js';
import { createPublication, type Publication } from './publication.js';
import { publicationListener } from './publication-listener.js';
import { serviceReadiness } from './readiness.js';
import { apiTlsFiles, periodFault } from './requirements/api.js';
import { type ListenerName, ROLES } from './roles.js';
import { planSigners } from './signers/plan.js';
import { createSignerReports, type SignerReports } from './signers/reports.js';
import type { SupervisorOptions } from './signers/supervisor.js';
import { composeStatus, type Status } from './status.js';
import { systemClock, systemRandom, systemSteadyMs } from './world.js';

/** A service without listeners and jobs, which commands and tests use directly. */
export type ServiceCore = {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly access: readonly AccessAuthority[];
  readonly ceremonyLists: CeremonyLists;
  readonly status: Status;
  /** null: responses are not kept over a restart. */
  readonly answersFile: AnswersFile | null;
  readonly publication: Publication;
  readonly continuity: HomeContinuity;
  readonly heartbeat: Heartbeat;
  readonly writes: WriteState;
  /** The jobs of the process, which start last. */
  readonly jobs: RunnerAccess;
  /** Resolves when others have ended the run of this process, which then has to stop. */
  readonly ended: Promise<void>;
  readonly tagKeys: TagKeys;
  readonly signer: SignerClient;
  readonly signerReports: SignerReports;
  readonly metrics: Metrics;
  readonly connections: ConnectionLimits;
  /** Parts that are opened later can be added here, so that `close` closes them too. */
  readonly closing: ClosingStack;
  readonly close: () => Promise<void>;
};

export function composeServiceCore(home: Home, supervisor: SupervisorOptions): Promise<Result<ServiceCore, string>> {
  return openOrClose(async (closing) => {
    let own: OwnRun | null = null;
    const enter = async (parts: Pick<CommonParts<Store>, 'store' | 'log' | 'metrics'>) => {
      const opened = await openRun(home, ['all'], { ...parts, closing });
      if (opened.ok) own = opened.value;
      return opened.ok ? ok(undefined) : opened;
    };
    const foundation = await openCommonParts(home, ROLES.all, { closing, supervisor, enter });
    if (!foundation.ok) return foundation;
    const access = readAccessAuthorities(home);
    if (!access.ok) return err(accessFaultLines(access.error).join('\n'));
    const blockedKeys = await readBlockedKeys(blockedKeyFiles(home.config));
    if (!blockedKeys.ok) return blockedKeys;
    const tagKeys = homeTagKeys(home);
    if (!tagKeys.ok) return tagKeys;
    const partitions = await keepPartitions(foundation.value.store, home.policy);
    if (!partitions.ok) return err(partitions.error.detail);
    return compose(foundation.value, {
      own: present<OwnRun>(own, 'the run of this process'),
      tagKeys: tagKeys.value,
      access: access.value,
      blockedKeys: blockedKeys.value,
    });
  });
}

type ServiceFiles = {
  readonly own: OwnRun;
  readonly tagKeys: TagKeys;
  readonly access: readonly AccessAuthority[];
  readonly blockedKeys: World['blockedKeys'];
};

async function compose(
  foundation: CommonParts<Store>,
  { own, tagKeys, access, blockedKeys }: ServiceFiles,
): Promise<Result<ServiceCore, string>> {
  const { home, log, metrics, issuers, store, continuity, signer, connections, closing } = foundation;
  const writes = createWriteState(systemSteadyMs);
  const countFindings = findingsOfService(metrics);
  const outlet = createFileOutlet({ directory: home.config.paths.crl });
  await outlet.sweep();
  const statusChanges = createNotifier<Parameters<World['statusChanged']>[0]>();
  const world: World = {
    node: own.node,
    run: own.run,
    underWay: new Set(),
    policy: home.policy,
    issuers,
    blockedKeys,
    store,
    signer,
    clock: systemClock,
    random: systemRandom,
    log,
    countFindings,
    statusChanged: statusChanges.notify,
  };
  const relearn = (issuer: Issuer) => relearnRevocations({ ...world, outlet }, issuer);
  const composed = await composeStatus({
    ...foundation,
    countFindings,
    isShared: isShared(home),
    partSuffix: '.new',
    relearn: async () => (await Promise.all(issuers.all().map(relearn))).every(({ ok: done }) => done),
  });
  if (!composed.ok) return composed;
  const status = composed.value;
  own.onReplaced(status.beginAgain);
  const answersFile = await openAnswersFile(home, status, log);
  const jobs = createRunnerAccess();
  const publication = createPublication({ home, world, issuers, outlet, relearn, wake: jobs.wake });
  closing.push(publication.crls.stop);
  statusChanges.subscribe((changes) => {
    for (const { issuer, serial } of changes) status.responder.withdraw(issuer, serial);
    for (const issuer of new Set(changes.map((change) => change.issuer))) {
      publication.lag.changed(issuer);
      publication.crls.publishSoon(issuer);
    }
    status.poller?.pollSoon();
  });
  // Other nodes may revoke without making lists.
  status.poller?.subscribe({
    changed: (changes) => {
      for (const issuer of new Set(changes.map((change) => change.issuer))) publication.crls.publishSoon(issuer);
    },
    replaced: () => undefined,
  });
  // These are registered before revocations are relearned from CRLs, which may list one of them.
  const registered = await registerCertificates(world, [...issuers.responderFiles(), ...foundingFiles(home)]);
  if (!registered.ok) return err(registered.error.detail);
  const imported = await importCrls({ ...world, outlet, relearn });
  if (!imported.ok) return err(imported.error.detail);
  const ceremonyLists = createCeremonyLists({ ...world, outlet });
  const read = await ceremonyLists.read();
  if (!read.ok) return err(read.error.detail);
  const signerReports = createSignerReports(home, signer);
  const common = { home, world, issuers, access, ceremonyLists, continuity, writes, tagKeys, signer, signerReports };
  const ofRun = { heartbeat: own.heartbeat, ended: own.ended };
  const parts = { ...common, ...ofRun, jobs, status, answersFile, publication };
  return ok({ ...parts, metrics, connections, closing, close: closing.close });
}

/**
 * Responses are saved only where they are pre-signed; elsewhere the next request of a client makes
 * each one again.
 */
async function openAnswersFile(
  { config }: Home,
  { responder, signAhead }: Status,
  log: World['log'],
): Promise<AnswersFile | null> {
  if (signAhead === null) return null;
  const file = createAnswersFile(responder, join(config.paths.ocsp, 'answers-service.ndjson'), log);
  await file.load();
  return file;
}

/**
 * Whether several services may use the database. A home folder has one service, which its lock
 * ensures, so no other process uses its SQLite database. A database server may have several
 * services.
 */
function isShared({ config }: Home): boolean {
  return config.database.kind !== 'sqlite';
}

export type Service = {
  readonly core: ServiceCore;
  readonly addresses: { readonly api: string; readonly publication: string; readonly operators: string };
  /** Stops listening, finishes the requests and jobs in progress, then closes everything. */
  readonly stop: () => Promise<void>;
};

/**
 * Listens on all addresses and starts the jobs. Intents that a crash left open are finished before
 * the API listens.
 */
export async function startService(core: ServiceCore, version: string): Promise<Result<Service, string>> {
  const { world, home, closing, publication } = core;
  const { config } = home;
  const tls = readTls(core);
  if (!tls.ok) return tls;
  const url = `https://127.0.0.1:${config.listen.api.port}`;
  const connections = createConnections(core.connections.api, connectionObserver(core.metrics));
  const requestTrail = createRequestTrail(world);
  const api = createApi({
    trail: requestTrail,
    context: {
      world,
      serverKeys: [tls.value.keySha256],
      publishCrl: publication.crls.publishNow,
      startMassRevocations: () => core.jobs.wake('mass-revocation', null),
      tagsOf: (kind, value) => everyTag(core.tagKeys, kind, value),
    },
    authenticate: createAuthenticate(world, { authorities: config.accountAuthorities, access: core.access }),
    metrics: core.metrics,
    version,
    url,
    connections,
  });
  const listeners = listenersOf(core, createApiServer(api.callback(), tls.value, { connections, trail: requestTrail }));
  await recoverIntents(world, 'ended');
  const started = await startListenersAndJobs({ log: world.log, closing, metrics: core.metrics }, ROLES.all, {
    listeners,
    parts: jobParts(core, requestTrail),
    shared: world,
    onRunner: core.jobs.connect,
  });
  if (!started.ok) return started;
  // What an outlet has is compared after each start.
  for (const name of publication.outlets.names) core.jobs.wake('outlet', name);
  return ok({
    core,
    addresses: {
      api: url,
      publication: `http://127.0.0.1:${config.listen.publication.port}`,
      operators: `http://127.0.0.1:${config.listen.operators.port}`,
    },
    stop: core.close,
  });
}

function connectionObserver({ apiConnections, apiConnectionsClosed }: Metrics): ConnectionObserver {
  return {
    counted: (kind, connections) => apiConnections.set({ class: kind }, connections),
    closed: (kind) => apiConnectionsClosed.inc({ class: kind }),
  };
}

function listenersOf(core: ServiceCore, api: Listener['server']): Readonly<Record<ListenerName, Listener>> {
  const { home, issuers, status, world, publication, metrics, connections } = core;
  const { listen } = home.config;
  const signerMetrics = createSignerMetrics(metrics);
  return {
    api: { server: api, address: listen.api },
    publication: publicationListener({
      home,
      issuers,
      responder: status.responder,
      crls: publication.files,
      metrics,
      log: world.log,
      connectionsMax: connections.publication,
    }),
    operators: {
      server: createOperatorsServer(metrics, () => serviceReadiness(core, metrics, signerMetrics)),
      address: listen.operators,
    },
  };
}

function jobParts(core: ServiceCore, requestTrail: ServiceParts['requestTrail']): ServiceParts {
  const { home, world, signer, status, publication, ceremonyLists, answersFile, continuity, writes, tagKeys } = core;
  const { tokens } = planSigners(home);
  const journals = tokens.map(({ name, kind, journalFolder }) => ({ token: name, kind, folder: journalFolder }));
  return {
    ...world,
    ...status,
    signer,
    steadyMs: systemSteadyMs,
    heartbeat: core.heartbeat,
    tagKeys,
    writes: {
      ...writes,
      written: () => {
        writes.written();
        continuity.sync();
      },
    },
    crls: publication.crls,
    homeLists: publication.homeLists,
    outlets: publication.outlets,
    requestTrail,
    ceremonyLists,
    answersFile,
    selfCheck: publication.selfCheck,
    selfCheckSeconds: home.config.publication.selfCheckSeconds,
    journals,
    ocspJournals: journals.filter(({ kind }) => kind === 'ocsp'),
  };
}

type ServerTls = Parameters<typeof createApiServer>[1] & {
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly keySha256: string;
};

/** Clients refuse an expired certificate, but the start goes on: status answers do not need it. */
function reportPeriod({ raw }: X509Certificate, file: string, log: World['log']): void {
  const read = readCertificate(new Uint8Array(raw));
  const fault = read.ok ? periodFault(read.value) : null;
  if (fault !== null) log.error('api.certificate-expired', { file, detail: fault.en });
}

function readTls({ home, issuers, access, world }: ServiceCore): Result<ServerTls, string> {
  const { config } = home;
  const files = apiTlsFiles(config);
  const vouching = issuers.all().filter(({ authority }) => config.accountAuthorities.includes(authority));
  const authorities = [...vouching, ...access].map(({ certificate }) => encodePem('CERTIFICATE', certificate));
  try {
    const certificate = readFileSync(files.certificate, 'utf8');
    const read = new X509Certificate(certificate);
    reportPeriod(read, files.certificate, world.log);
    const { publicKey } = read;
    return ok({
      certificate,
      keySha256: sha256Hex(publicKey.export({ type: 'spki', format: 'der' })),
      key: readFileSync(files.key, 'utf8'),
      authorities,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return err(`the API's certificate or key cannot be read: ${detail}`);
  }
}
