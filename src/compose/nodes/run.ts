/**
 * Begins the run of a process: inserts what the process says about itself into the table of runs,
 * and writes heartbeats.
 */
import { createReadStream } from 'node:fs';
import { hostname } from 'node:os';
import { blockedKeyFiles } from '../../config/blocked-keys.js';
import type { Config } from '../../config/load.js';
import { packageVersion } from '../../config/version.js';
import { programLevelOf } from '../../db/schema/levels.js';
import { createHeartbeat, type Heartbeat } from '../../jobs/nodes/heartbeat.js';
import { beginRun, endRun } from '../../jobs/nodes/run-record.js';
import { createRunner } from '../../jobs/runner.js';
import { sha256Hex, sha256HexOfStream } from '../../kernel/digest.js';
import { errorMessage } from '../../kernel/errors.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RunId } from '../../ports/node.js';
import type { RunFacts } from '../../ports/store/nodes.js';
import type { Store } from '../../ports/store.js';
import type { Home } from '../home.js';
import { JOBS_BEFORE_LISTENING } from '../jobs.js';
import { createNotifier } from '../notifier.js';
import { type CommonParts, createJobObserver } from '../process.js';
import { isDatabaseShared, type Roles } from '../roles.js';
import { systemClock, systemRandom, systemSteadyMs } from '../world.js';
import { homeDigest, newRunId, readOrCreateNodeId } from './node.js';

const HOST_CHARACTERS_MAX = 255;

export type OwnRun = Pick<RunFacts, 'run' | 'node'> & {
  readonly heartbeat: Heartbeat;
  /** Resolves when others have ended the run: the process has to stop. */
  readonly ended: Promise<void>;
  /** Registers a listener, which is called when another database was put in place. */
  readonly onReplaced: (listener: () => void) => void;
};

/**
 * Inserts the run of this process, and starts its heartbeats at once, because the process may have
 * to wait for its signers before it serves. `closing` ends the run.
 */
export async function openRun(
  home: Home,
  roles: Roles,
  { store, log, metrics, closing }: Pick<CommonParts<Store>, 'store' | 'log' | 'metrics' | 'closing'>,
): Promise<Result<OwnRun, string>> {
  const run = newRunId(systemRandom);
  const self = await describeRun(home, { run, roles: [...roles] });
  if (!self.ok) return self;
  const world = { store, clock: systemClock, log, self: self.value };
  const begun = await beginRun(world);
  if (!begun.ok) return err(begun.error.detail);
  closing.push(() => endRun(world));
  const replaced = createNotifier<null>();
  let stop = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const heartbeat = createHeartbeat({
    ...world,
    steadyMs: systemSteadyMs,
    isShared: isDatabaseShared(home.config, roles),
    ended: () => stop(),
    replaced: () => replaced.notify(null),
  });
  const runner = createRunner(
    JOBS_BEFORE_LISTENING,
    { heartbeat },
    { log, steadyMs: systemSteadyMs, observer: createJobObserver(metrics), shared: null },
  );
  closing.push(runner.stop);
  runner.start();
  return ok({ run, node: self.value.node, heartbeat, ended, onReplaced: replaced.subscribe });
}

async function describeRun(
  home: Home,
  { run, roles }: { readonly run: RunId; readonly roles: readonly string[] },
): Promise<Result<RunFacts, string>> {
  const { config, policy } = home;
  const node = readOrCreateNodeId(config.paths.node, systemRandom);
  if (!node.ok) return node;
  const configDigest = await configDigestOf(config);
  if (!configDigest.ok) return configDigest;
  const host = hostname().slice(0, HOST_CHARACTERS_MAX);
  return ok({
    run,
    node: node.value,
    name: config.node.name ?? host.slice(0, NAME_CHARACTERS_MAX),
    host,
    home: homeDigest(config.paths.node),
    roles,
    version: packageVersion(),
    schemaLevel: programLevelOf(),
    policyDigest: policy.digest,
    configDigest: configDigest.value,
    publicationUrl: config.advertise.publication ?? null,
  });
}

const NAME_CHARACTERS_MAX = 64;

/**
 * Returns the SHA-256 of the settings that must be equal on all nodes: who may authenticate, which
 * keys are blocked, and where lists are published.
 */
async function configDigestOf(
  config: Pick<
    Config,
    'accountAuthorities' | 'holderAuthorities' | 'accessAuthorities' | 'policies' | 'blockedKeys' | 'publication'
  >,
): Promise<Result<string, string>> {
  const blockedKeys: string[] = [];
  for (const file of blockedKeyFiles(config)) {
    try {
      blockedKeys.push(await sha256HexOfStream(createReadStream(file)));
    } catch (error) {
      return err(`${file} cannot be read: ${errorMessage(error)}`);
    }
  }
  const equal: Json = {
    accountAuthorities: [...config.accountAuthorities].sort(),
    holderAuthorities: [...config.holderAuthorities].sort(),
    accessAuthorities: config.accessAuthorities.map(({ id, sha256 }) => `${id} ${sha256}`).sort(),
    blockedKeys: blockedKeys.sort(),
    outlets: config.publication.outlets.map((outlet) => `${outlet.kind} ${outlet.name} ${placeOf(outlet)}`).sort(),
  };
  return ok(sha256Hex(canonicalJson(equal)));
}

function placeOf(outlet: Config['publication']['outlets'][number]): string {
  return outlet.kind === 'directory' ? outlet.path : outlet.url;
}
