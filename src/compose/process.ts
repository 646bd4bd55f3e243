/**
 * Takes the steps that services and responders have in common: opens their common parts, listens,
 * runs the jobs, and closes everything at the end.
 */
import { join } from 'node:path';
import { acquireLock } from '../../hsm/exclusive-lock.js';
import type { CallerRole } from '../../hsm/wire/permissions.js';
import type { Address } from '../config/schema/listen.js';
import { drain, type HttpServer, listen, listenOnSocket, type SocketFile } from '../http/server/listening.js';
import type { Job } from '../jobs/job.js';
import type { JobObserver } from '../jobs/runner/shared-job.js';
import { createRunner, type Runner, type RunnerWorld } from '../jobs/runner.js';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import { createLog } from '../observe/log.js';
import { createMetrics, type Metrics } from '../observe/metrics.js';
import type { OcspAuthority } from '../ocsp/responder.js';
import type { PlatformKey } from '../orders/receipt.js';
import type { Continuity } from '../ports/store/continuity.js';
import type { Log } from '../ports/world.js';
import type { ClosingStack } from './closing.js';
import type { HomeContinuity } from './database/continuity.js';
import type { OpenedDatabase } from './database/start.js';
import { type ConnectionLimits, openFilesMax, planDescriptors } from './descriptors.js';
import { type Home, homeFolderFault } from './home.js';
import { type HomeIssuers, readIssuers, readOcspAuthorities } from './issuers.js';
import type { ListenerName } from './roles.js';
import { type ConnectedSigners, connectSigners } from './signers/client.js';
import { readPlatformKey } from './signers/platform-key.js';
import { type SupervisorOptions, superviseSigners } from './signers/supervisor.js';
import { systemClock, systemSteadyMs } from './world.js';

/**
 * Defines what one kind of process opens and does: a service (`service.ts`) or a responder
 * (`responder.ts`).
 */
export type ProcessDefinition<HomeStore, Parts> = {
  /**
   * Names of the locks that the process takes in the home folder. One process at a time can have
   * each.
   */
  readonly locks: readonly string[];
  readonly store: (
    home: Home,
    use: { readonly continuity: Continuity; readonly lockWaited: (ms: number) => void },
  ) => Promise<Result<HomeStore, string>>;
  /** Creates the memory of what the process knows of its database (`database/continuity.ts`). */
  readonly continuity: (markFile: string, log: Log) => HomeContinuity;
  /** Checks the database before anything is answered from it. The error says what is wrong. */
  readonly checkDatabase: (parts: OpenedDatabase<HomeStore>) => Promise<Result<void, string>>;
  readonly calls: readonly CallerRole[];
  /**
   * Whether the process starts the supervisor of the signers, which it does only if the
   * configuration says `signers: supervised`.
   */
  readonly supervises: boolean;
  /** The listeners, in the order in which they are opened. */
  readonly listeners: readonly ListenerName[];
  readonly jobs: readonly Job<Parts>[];
};

/** Every process has these parts. */
export type CommonParts<HomeStore> = Omit<ConnectedSigners, 'close'> & {
  readonly home: Home;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly issuers: HomeIssuers;
  readonly authorities: readonly OcspAuthority[];
  readonly platformKey: PlatformKey | null;
  readonly store: HomeStore;
  /** What this process knows of the database. */
  readonly continuity: HomeContinuity;
  readonly connections: ConnectionLimits;
  readonly closing: ClosingStack;
};

/**
 * `supervisor`: options of the supervisor of the signers; null: the process never starts a
 * supervisor.
 */
type CommonPartsOptions<HomeStore> = {
  readonly closing: ClosingStack;
  readonly supervisor: SupervisorOptions | null;
  /** Called when the database is open and checked, before any signer is started. */
  readonly onDatabaseOpen?: (
    parts: Pick<CommonParts<HomeStore>, 'store' | 'log' | 'metrics'>,
  ) => Promise<Result<void, string>>;
};

/**
 * How long to wait for a lock. A process that is just stopping releases it within this time; if it
 * does not, the start fails.
 */
const LOCK_WAIT_MS = 3 * SECOND_MS;

export async function openCommonParts<HomeStore extends { readonly close: () => Promise<void> | void }>(
  home: Home,
  definition: Omit<ProcessDefinition<HomeStore, never>, 'listeners' | 'jobs'>,
  { closing, supervisor, onDatabaseOpen }: CommonPartsOptions<HomeStore>,
): Promise<Result<CommonParts<HomeStore>, string>> {
  const { config } = home;
  const logFile = supervisor?.logFile;
  const log = createLog({ ...config.log, ...(logFile === undefined ? {} : { file: logFile }) });
  const { connections, shortage } = planDescriptors(openFilesMax());
  if (shortage !== null) log.warn('process.few-files', { ...shortage, connections });
  // The locks are taken first, because a second service would abandon the intents and delete the
  // drafts of the first one.
  for (const name of definition.locks) {
    const locked = await lockHome(home, name, closing);
    if (!locked.ok) return locked;
  }
  // The home folder is checked again under the locks: a restore, which takes the same locks, may
  // have been interrupted since the home folder was loaded.
  const fault = homeFolderFault(home);
  if (fault !== null) return err(fault);
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers;
  const authorities = readOcspAuthorities(issuers.value, home.policy);
  if (!authorities.ok) return authorities;
  const platformKey = readPlatformKey(home);
  if (!platformKey.ok) return platformKey;
  const continuity = definition.continuity(config.paths.databaseMark, log);
  closing.push(continuity.close);
  const metrics = createMetrics();
  const lockWaited = (ms: number): void => metrics.writeLockWait.observe(ms / SECOND_MS);
  const store = await definition.store(home, { continuity, lockWaited });
  if (!store.ok) return store;
  closing.push(() => store.value.close());
  const checked = await definition.checkDatabase({ home, issuers: issuers.value, store: store.value, log, continuity });
  if (!checked.ok) return checked;
  const entered = await onDatabaseOpen?.({ store: store.value, log, metrics });
  if (entered?.ok === false) return entered;
  if (definition.supervises && config.signers === 'supervised' && supervisor !== null) {
    const supervising = superviseSigners(home, supervisor, log);
    closing.push(() => supervising.stop());
  }
  const known = { issuers: issuers.value, authorities: authorities.value };
  const { close, ...signers } = connectSigners(home, known, { roles: definition.calls, log });
  closing.push(close);
  const keys = { ...signers, platformKey: platformKey.value };
  return ok({ home, log, metrics, ...known, ...keys, store: store.value, continuity, connections, closing });
}

async function lockHome({ config }: Home, name: string, closing: ClosingStack): Promise<Result<void, string>> {
  const lock = await acquireLock(join(config.paths.run, name), LOCK_WAIT_MS);
  if (!lock.ok) {
    const { owner } = lock.error;
    return err(
      `${config.paths.home} is served already, by process ${owner} (lock ${name}): use it, or stop it with Ctrl-C first`,
    );
  }
  closing.push(lock.value.release);
  return ok(undefined);
}

export type Listener = { readonly server: HttpServer; readonly address: Address | SocketFile };

type ProcessWork<Parts> = {
  /** Makes a listener of the process; null: the configuration has none. */
  readonly listener: (name: ListenerName) => Listener | null;
  /** The values that the jobs use. */
  readonly parts: Parts;
  readonly shared: RunnerWorld['shared'];
  /** Called with the runner of the jobs, before anything listens. */
  readonly onRunner?: (runner: Runner) => void;
};

/**
 * Listens on the addresses of the process, then starts its jobs. At the end, no more shared jobs
 * begin, requests in progress are answered, then all jobs stop. After a failure the caller closes
 * all that is open.
 */
export async function startListenersAndJobs<Parts>(
  { log, closing, metrics }: Pick<CommonParts<unknown>, 'log' | 'closing' | 'metrics'>,
  definition: Pick<ProcessDefinition<never, Parts>, 'listeners' | 'jobs'>,
  { listener, parts, shared, onRunner }: ProcessWork<Parts>,
): Promise<Result<void, string>> {
  const observer = createJobObserver(metrics);
  const runner = createRunner(definition.jobs, parts, { log, steadyMs: systemSteadyMs, observer, shared });
  onRunner?.(runner);
  closing.push(runner.stop);
  const listening: HttpServer[] = [];
  closing.push(async () => {
    runner.stopSharedJobs();
    await Promise.all(listening.map((server) => drain(server)));
  });
  for (const name of definition.listeners) {
    const made = listener(name);
    if (made === null) continue;
    const { server, address } = made;
    const bound = await ('path' in address ? listenOnSocket(server, address) : listen(server, address));
    if (!bound.ok) return bound;
    listening.push(server);
  }
  runner.start();
  return ok(undefined);
}

export function createJobObserver({ jobRuns, jobSeconds, jobSuccess, leasesHeld }: Metrics): JobObserver {
  return {
    ended: (job, outcome, durationMs) => {
      jobRuns.inc({ job_name: job, outcome });
      jobSeconds.observe({ job_name: job }, durationMs / SECOND_MS);
      if (outcome === 'done' || outcome === 'more') jobSuccess.set({ job_name: job }, systemClock() / SECOND_MS);
    },
    leaseCountChanged: (job, change) => leasesHeld.inc({ job_name: job }, change),
  };
}
