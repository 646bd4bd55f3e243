/**
 * The steps that all roles have in common: open the parts that every process has, listen, run the
 * jobs, and close everything at the end.
 */
import { join } from 'node:path';
import type { SignerClient } from '../../hsm/client/client.js';
import { acquireLock } from '../../hsm/exclusive-lock.js';
import type { Address } from '../config/schema/listen.js';
import { drain, type HttpServer, listen } from '../http/server/listening.js';
import type { JobObserver } from '../jobs/runner/shared-job.js';
import { createRunner, type Runner, type RunnerWorld } from '../jobs/runner.js';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import { createLog } from '../observe/log.js';
import { createMetrics, type Metrics } from '../observe/metrics.js';
import type { OcspAuthority } from '../ocsp/responder.js';
import type { Log } from '../ports/world.js';
import type { ClosingStack } from './closing.js';
import type { HomeContinuity } from './database/continuity.js';
import { type ConnectionLimits, openFilesMax, planDescriptors } from './descriptors.js';
import type { Home } from './home.js';
import { type HomeIssuers, readIssuers, readOcspAuthorities } from './issuers.js';
import type { ListenerName, RoleDefinition } from './roles.js';
import { connectSigners } from './signers/client.js';
import { type SupervisorOptions, superviseSigners } from './signers/supervisor.js';
import { systemClock, systemSteadyMs } from './world.js';

/** The parts that the process of every role has. */
export type CommonParts<HomeStore> = {
  readonly home: Home;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly issuers: HomeIssuers;
  readonly authorities: readonly OcspAuthority[];
  readonly store: HomeStore;
  /** What this process knows of the database. */
  readonly continuity: HomeContinuity;
  readonly signer: SignerClient;
  readonly connections: ConnectionLimits;
  readonly closing: ClosingStack;
};

/**
 * `supervisor`: the options of the supervisor for a role that supervises signers; null for other
 * roles.
 */
type FoundationOptions<HomeStore> = {
  readonly closing: ClosingStack;
  readonly supervisor: SupervisorOptions | null;
  /** Called with the database, before any signer is started. Left out: nothing is done. */
  readonly enter?: (parts: Pick<CommonParts<HomeStore>, 'store' | 'log' | 'metrics'>) => Promise<Result<void, string>>;
};

/**
 * A process that is just stopping releases the lock within this time; the start fails if it does
 * not.
 */
const LOCK_WAIT_MS = 3 * SECOND_MS;

export async function openCommonParts<HomeStore extends { readonly close: () => Promise<void> | void }>(
  home: Home,
  role: Pick<
    RoleDefinition<HomeStore, ListenerName, never>,
    'lock' | 'store' | 'continuity' | 'arm' | 'signers' | 'supervises'
  >,
  { closing, supervisor, enter }: FoundationOptions<HomeStore>,
): Promise<Result<CommonParts<HomeStore>, string>> {
  const { config } = home;
  const logFile = supervisor?.logFile;
  const log = createLog({ ...config.log, ...(logFile === undefined ? {} : { file: logFile }) });
  const { connections, shortage } = planDescriptors(openFilesMax());
  if (shortage !== null) log.warn('process.few-files', { ...shortage, connections });
  // The lock is taken first, because a second service would abandon the intents and delete the
  // drafts of the first one.
  const locked = role.lock === null ? ok(undefined) : await lockHome(home, role.lock, closing);
  if (!locked.ok) return locked;
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers;
  const authorities = readOcspAuthorities(issuers.value, home.policy);
  if (!authorities.ok) return authorities;
  const continuity = role.continuity(config.paths.databaseMark, log);
  closing.push(continuity.close);
  const metrics = createMetrics();
  const lockWaited = (ms: number): void => metrics.writeLockWait.observe(ms / SECOND_MS);
  const store = await role.store(home, { continuity, lockWaited });
  if (!store.ok) return store;
  closing.push(() => store.value.close());
  const armed = await role.arm({ home, issuers: issuers.value, store: store.value, log, continuity });
  if (!armed.ok) return armed;
  const entered = await enter?.({ store: store.value, log, metrics });
  if (entered?.ok === false) return entered;
  if (role.supervises && config.signers === 'supervised' && supervisor !== null) {
    const supervising = superviseSigners(home, supervisor, log);
    closing.push(() => supervising.stop());
  }
  const known = { issuers: issuers.value, authorities: authorities.value };
  const signer = connectSigners(home, known, { roles: role.signers, log });
  closing.push(() => signer.close());
  const stored = { store: store.value, continuity };
  return ok({ home, log, metrics, ...known, ...stored, signer, connections, closing });
}

async function lockHome({ config }: Home, name: string, closing: ClosingStack): Promise<Result<void, string>> {
  const lock = await acquireLock(join(config.paths.run, name), LOCK_WAIT_MS);
  if (!lock.ok) {
    const { owner } = lock.error;
    return err(`${config.paths.home} is served already, by process ${owner}: use it, or stop it with Ctrl-C first`);
  }
  closing.push(lock.value.release);
  return ok(undefined);
}

export type Listener = { readonly server: HttpServer; readonly address: Address };

type ProcessWork<Name extends ListenerName, Parts> = {
  readonly listeners: Readonly<Record<Name, Listener>>;
  /** The values that the jobs use. */
  readonly parts: Parts;
  readonly shared: RunnerWorld['shared'];
  /** Called before anything listens. */
  readonly onRunner?: (runner: Runner) => void;
};

/**
 * Listens on the addresses of the role, then starts its jobs. At the end, requests in progress are
 * answered first, then the jobs stop. After a failure the caller closes everything that is open.
 */
export async function startListenersAndJobs<Name extends ListenerName, Parts>(
  { log, closing, metrics }: Pick<CommonParts<unknown>, 'log' | 'closing' | 'metrics'>,
  role: Pick<RoleDefinition<never, Name, Parts>, 'listeners' | 'jobs'>,
  { listeners, parts, shared, onRunner }: ProcessWork<Name, Parts>,
): Promise<Result<void, string>> {
  const observer = createJobObserver(metrics);
  const runner = createRunner(role.jobs, parts, { log, steadyMs: systemSteadyMs, observer, shared });
  onRunner?.(runner);
  closing.push(runner.stop);
  const listening: HttpServer[] = [];
  closing.push(async () => {
    await Promise.all(listening.map((server) => drain(server)));
  });
  for (const name of role.listeners) {
    const { server, address } = listeners[name];
    const bound = await listen(server, address);
    if (!bound.ok) return bound;
    listening.push(server);
  }
  runner.start();
  return ok(undefined);
}

export function createJobObserver({ jobRuns, jobSeconds, jobSuccess, leasesHeld }: Metrics): JobObserver {
  return {
    ended: (job, outcome, durationMs) => {
      jobRuns.inc({ job, outcome });
      jobSeconds.observe({ job }, durationMs / SECOND_MS);
      if (outcome === 'done' || outcome === 'more') jobSuccess.set({ job }, systemClock() / SECOND_MS);
    },
    held: (job, change) => leasesHeld.inc({ job }, change),
  };
}
