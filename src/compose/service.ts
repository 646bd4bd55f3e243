/**
 * Composes and starts the processes that write to the database: a service with all roles, or a
 * process with some of them.
 */
import { setImmediate } from 'node:timers/promises';
import type { SignerClient } from '../../hsm/client/client.js';
import type { AccessAuthority } from '../access/break-glass.js';
import type { TagKeys } from '../audit/tags.js';
import { blockedKeyFiles, readBlockedKeys } from '../config/blocked-keys.js';
import { LINE_FORM } from '../http/api/card-request.js';
import { createServedCrls } from '../http/status/files.js';
import { createRequestTrail } from '../http/trail/request-trail.js';
import { createPublishByWorker } from '../jobs/lists/list-requests.js';
import { createRootCrlImporter, type RootCrlImporter } from '../jobs/lists/root-crl-importer.js';
import type { Heartbeat } from '../jobs/nodes/heartbeat.js';
import { createRunnerAccess, type RunnerAccess } from '../jobs/runner/runner-access.js';
import type { AnswersFile } from '../jobs/status/save-answers.js';
import { createWriteState, type WriteState } from '../jobs/write-state.js';
import { present } from '../kernel/assert.js';
import { createInteractiveWork, type InteractiveWork } from '../kernel/interactive-work.js';
import { err, ok, type Result } from '../kernel/result.js';
import { findingsOfService, type Metrics } from '../observe/metrics.js';
import { orderWindow } from '../operations/batch-world.js';
import { importCrls } from '../operations/crl/import-crls.js';
import { keepPartitions } from '../operations/crl/partition-marks.js';
import { recoverIntents } from '../operations/issuance/recover.js';
import { relearnRevocations } from '../operations/restored/relearn.js';
import { registerCertificates } from '../operations/status/register-certificates.js';
import type { World } from '../operations/world.js';
import type { PlatformKey } from '../orders/receipt.js';
import type { IssuerId } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import { createFileOutlet } from '../publish/file-outlet.js';
import type { Issuer } from '../x509/model.js';
import { accessFaultLines, readAccessAuthorities } from './access.js';
import { type ClosingStack, openOrClose } from './closing.js';
import { createRecordedContinuity, type HomeContinuity } from './database/continuity.js';
import { openRegistrationKeys } from './database/registration-keys.js';
import { checkServiceDatabase } from './database/start.js';
import { readOrCreateTagKeys } from './database/tag-keys.js';
import type { ConnectionLimits } from './descriptors.js';
import { foundingFiles } from './founding.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import { jobsOf, type ServiceParts } from './jobs.js';
import { type PortName, urlOf } from './listeners/addresses.js';
import { listenerMakers } from './listeners/all.js';
import { apiListeners } from './listeners/api.js';
import { cmpServing } from './listeners/cmp.js';
import { createCmpParts } from './listeners/cmp-parts.js';
import { publishedListsFrom } from './listeners/published-lists.js';
import { countCertificates } from './metrics/certificate-metrics.js';
import { secretFailuresOf } from './metrics/secret-failures.js';
import { type OwnRun, openRun } from './nodes/run.js';
import { createNotifier } from './notifier.js';
import { type CommonParts, openCommonParts, type ProcessDefinition, startListenersAndJobs } from './process.js';
import { createPublication, type Publication } from './publication.js';
import { callersOf, isDatabaseShared, isEveryRole, listenersOf, type Roles, servedByApi } from './roles.js';
import { createReadiness, readinessForPages } from './service-readiness.js';
import { cmpSignerFilesOf, readCmpSigners } from './signers/cmp-signers.js';
import { planSigners } from './signers/plan.js';
import { platformKeyFile } from './signers/platform-key.js';
import { createSignerReports, type SignerReports } from './signers/reports.js';
import type { SupervisorOptions } from './signers/supervisor.js';
import { composeStatus, openAnswersFile, type Status } from './status.js';
import { openServiceStore } from './store.js';
import { createWebhooks } from './webhooks/webhooks.js';
import { systemClock, systemRandom, systemSteadyMs } from './world.js';

/** Defines a process with at least one role that writes to the database. */
export function writingProcess(roles: Roles, interactive: InteractiveWork): ProcessDefinition<Store, ServiceParts> {
  return {
    // Only one process of a home folder can have a role at a time, because a second one would end
    // the run of the first.
    locks: [...roles],
    store: (home, use) => openServiceStore(home, { ...use, interactive, othersWrite: !isEveryRole(roles) }),
    continuity: createRecordedContinuity,
    checkDatabase: checkServiceDatabase,
    calls: callersOf(roles),
    supervises: isEveryRole(roles),
    listeners: listenersOf(roles),
    jobs: jobsOf(roles),
  };
}

/** A service without listeners and jobs, which commands and tests use directly. */
export type ServiceCore = {
  readonly home: Home;
  readonly roles: Roles;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly access: readonly AccessAuthority[];
  readonly ceremonyLists: RootCrlImporter;
  readonly status: Status;
  /** null: cached responses are not saved, so that they are lost at a restart. */
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
  readonly platformKey: PlatformKey | null;
  readonly signerReports: SignerReports;
  readonly metrics: Metrics;
  readonly connections: ConnectionLimits;
  /** Parts that are opened later can be added here, so that `close` closes them too. */
  readonly closing: ClosingStack;
  readonly close: () => Promise<void>;
};

export function composeServiceCore(
  home: Home,
  roles: Roles,
  supervisor: SupervisorOptions,
): Promise<Result<ServiceCore, string>> {
  return openOrClose(async (closing) => {
    let own: OwnRun | null = null;
    const interactive = createInteractiveWork(systemSteadyMs);
    const onDatabaseOpen = async (parts: Pick<CommonParts<Store>, 'store' | 'log' | 'metrics'>) => {
      const opened = await openRun(home, roles, { ...parts, closing });
      if (opened.ok) own = opened.value;
      return opened.ok ? ok(undefined) : opened;
    };
    const options = { closing, supervisor, onDatabaseOpen };
    const foundation = await openCommonParts(home, writingProcess(roles, interactive), options);
    if (!foundation.ok) return foundation;
    const access = readAccessAuthorities(home);
    if (!access.ok) return err(accessFaultLines(access.error).join('\n'));
    const blockedKeys = await readBlockedKeys(blockedKeyFiles(home.config));
    if (!blockedKeys.ok) return blockedKeys;
    const tagKeys = readOrCreateTagKeys(home);
    if (!tagKeys.ok) return tagKeys;
    const registrationKeys = await openRegistrationKeys(home, foundation.value.store);
    if (!registrationKeys.ok) return registrationKeys;
    const cmpSigners = readCmpSigners(foundation.value);
    if (!cmpSigners.ok) return cmpSigners;
    const partitions = await keepPartitions(foundation.value.store, home.policy);
    if (!partitions.ok) return err(partitions.error.detail);
    return compose(foundation.value, {
      roles,
      interactive,
      own: present<OwnRun>(own, 'the run of this process'),
      tagKeys: tagKeys.value,
      registrationKeys: registrationKeys.value,
      cmpSigners: cmpSigners.value,
      access: access.value,
      blockedKeys: blockedKeys.value,
    });
  });
}

type ServiceInputs = {
  readonly roles: Roles;
  readonly own: OwnRun;
  readonly tagKeys: TagKeys;
  readonly access: readonly AccessAuthority[];
} & Pick<World, 'blockedKeys' | 'registrationKeys' | 'cmpSigners' | 'interactive'>;

/** Makes the world of the operations: the clock, the database and all else that they use. */
function worldOf(
  { home, issuers, store, signer, batchSigner, log, metrics }: CommonParts<Store>,
  { own, blockedKeys, registrationKeys, cmpSigners, interactive, access }: ServiceInputs,
  others: Pick<World, 'statusChanged' | 'countFindings' | 'publishedLists'>,
): World {
  return {
    ...others,
    node: own.node,
    run: own.run,
    underWay: new Set(),
    policy: home.policy,
    issuers,
    blockedKeys,
    registrationKeys,
    cmpSigners,
    cmpParts: createCmpParts({
      accountAuthorities: home.config.accountAuthorities,
      access,
      steadyMs: systemSteadyMs,
      metrics,
    }),
    secretFailed: secretFailuresOf(log, metrics),
    store,
    signer,
    batchSigner,
    interactive,
    clock: systemClock,
    random: systemRandom,
    log,
  };
}

async function compose(foundation: CommonParts<Store>, files: ServiceInputs): Promise<Result<ServiceCore, string>> {
  const { home, log, metrics, issuers, continuity, signer, platformKey, connections, closing } = foundation;
  const { roles, own, tagKeys, access } = files;
  if (roles.has('worker') && platformKey === null) log.warn('receipt.no-key', { file: platformKeyFile(home) });
  const writes = createWriteState(systemSteadyMs);
  const countFindings = findingsOfService(metrics);
  const outlet = createFileOutlet({ directory: home.config.paths.crl });
  if (roles.has('worker')) await outlet.sweep();
  const statusChanges = createNotifier<Parameters<World['statusChanged']>[0]>();
  const crls = createServedCrls(home.config.paths.crl, systemClock);
  const publishedLists = publishedListsFrom(crls, log);
  const world = worldOf(foundation, files, { countFindings, publishedLists, statusChanged: statusChanges.notify });
  const relearn = (issuer: Issuer) => relearnRevocations({ ...world, outlet }, issuer);
  const composed = await composeStatus({
    ...foundation,
    countFindings,
    isShared: isDatabaseShared(home.config, roles),
    processName: [...roles].join('-'),
    relearn: async () => (await Promise.all(issuers.all().map(relearn))).every(({ ok: done }) => done),
  });
  if (!composed.ok) return composed;
  const status = composed.value;
  own.onReplaced(status.discardAndRelearn);
  const answersFile = roles.has('responder') ? await openAnswersFile(home, status, log) : null;
  const jobs = createRunnerAccess();
  const publication = createPublication({
    home,
    world,
    issuers,
    files: crls,
    platformKey,
    outlet,
    relearn,
    wake: jobs.wake,
  });
  closing.push(publication.crls.stop);
  const publishChanges = (changes: readonly { readonly issuer: IssuerId }[]): void => {
    if (!roles.has('worker')) return;
    for (const issuer of new Set(changes.map((change) => change.issuer))) {
      publication.lag.noteChange(issuer);
      publication.crls.publishSoon(issuer);
    }
  };
  statusChanges.subscribe((changes) => {
    for (const { issuer, serial } of changes) status.responder.withdraw(issuer, serial);
    if (status.poller === null) publishChanges(changes);
    else status.poller.pollSoon();
  });
  // The poller finds the changes of this process, too.
  status.poller?.subscribe({ changed: publishChanges, replaced: () => undefined });
  // These certificates are registered before revocations are relearned, because a CRL may list one
  // of them.
  const signerFiles = [...issuers.responderFiles(), ...cmpSignerFilesOf({ home, issuers })];
  const registered = await registerCertificates(world, [...signerFiles, ...foundingFiles(home)]);
  if (!registered.ok) return err(registered.error.detail);
  const imported = await importCrls({ ...world, outlet, relearn });
  if (!imported.ok) return err(imported.error.detail);
  const ceremonyLists = createRootCrlImporter({ ...world, outlet });
  const read = await ceremonyLists.read();
  if (!read.ok) return err(read.error.detail);
  const common = {
    home,
    roles,
    world,
    issuers,
    access,
    ceremonyLists,
    continuity,
    writes,
    tagKeys,
    signer,
    platformKey,
    signerReports: createSignerReports(home, roles, signer),
  };
  const { heartbeat, ended } = own;
  const parts = { ...common, heartbeat, ended, jobs, status, answersFile, publication };
  return ok({ ...parts, metrics, connections, closing, close: closing.close });
}

export type Service = {
  readonly core: ServiceCore;
  /** The addresses of the listeners at TCP ports, as URLs. */
  readonly addresses: Readonly<Partial<Record<PortName, string>>>;
  /** Stops listening, finishes the requests and jobs in progress, then closes everything. */
  readonly stop: () => Promise<void>;
};

/**
 * Listens on all addresses and starts the jobs. Before that, intents that ended runs have left open
 * are recovered as far as possible (`recoverIntents`).
 */
export async function startService(core: ServiceCore, version: string): Promise<Result<Service, string>> {
  const { world, closing, publication, roles } = core;
  const requestTrail = createRequestTrail(world);
  const readiness = createReadiness(core);
  const serves = servedByApi(roles);
  const cmp = cmpServing({ world, trail: requestTrail, metrics: core.metrics }, core.connections.cmp);
  const api =
    serves === null
      ? null
      : apiListeners({
          ...core,
          serves,
          cmp,
          trail: requestTrail,
          connectionsMax: core.connections.api,
          version,
          publishCrl: roles.has('worker')
            ? publication.crls.publishNow
            : createPublishByWorker({ ...world, steadyMs: systemSteadyMs }),
          startMassRevocations: () => core.jobs.wake('mass-revocation', null),
          webhooks: webhooksOf(core),
          startOrders: () => core.jobs.wake('order', null),
          readiness: readinessForPages(readiness),
          checkAddresses: publication.selfCheck.checkNow,
        });
  if (api?.ok === false) return api;
  await recoverIntents(world, 'ended');
  const definition = writingProcess(roles, world.interactive);
  const makers = listenerMakers({ ...core, log: world.log, api: api?.value ?? null, cmp, readiness });
  const started = await startListenersAndJobs({ log: world.log, closing, metrics: core.metrics }, definition, {
    listener: (name) => makers[name](),
    parts: jobParts(core, requestTrail),
    shared: world,
    onRunner: core.jobs.connect,
  });
  if (!started.ok) return started;
  // After each start, the content of each outlet is compared with what it must have.
  for (const name of publication.outlets.names) core.jobs.wake('outlet', name);
  const ports = definition.listeners.filter((name) => name !== 'proxy');
  const addresses = Object.fromEntries(ports.map((name) => [name, urlOf(core, name)]));
  return ok({ core, addresses, stop: core.close });
}

function webhooksOf({ home, metrics, jobs }: ServiceCore) {
  return createWebhooks(home, metrics, (endpoint) => jobs.wake('webhook-send', endpoint));
}

function jobParts(core: ServiceCore, requestTrail: ServiceParts['requestTrail']): ServiceParts {
  const { home, world, signer, status, publication, ceremonyLists, answersFile, continuity, writes, tagKeys, metrics } =
    core;
  const { tokens } = planSigners(home);
  const journals = tokens.map(({ name, kind, journalFolder }) => ({ token: name, kind, folder: journalFolder }));
  return {
    ...world,
    ...status,
    signer,
    platformKey: core.platformKey,
    certificatesCounted: countCertificates(world.policy, metrics),
    countUnacknowledged: (cards) => core.metrics.cardsUnacknowledged.set(cards),
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
    homeListFetcher: publication.homeListFetcher,
    outlets: publication.outlets,
    requestTrail,
    webhooks: webhooksOf(core),
    ceremonyLists,
    answersFile,
    lineForm: LINE_FORM,
    linesAtOnceMax: () => orderWindow(world.interactive),
    countLine: (outcome) => metrics.orderLines.inc({ outcome }),
    yieldTurn: () => setImmediate(),
    selfCheck: publication.selfCheck,
    selfCheckSeconds: home.config.publication.selfCheckSeconds,
    journals,
    ocspJournals: journals.filter(({ kind }) => kind === 'ocsp'),
  };
}
