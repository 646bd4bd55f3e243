/**
 * A process that only tells the status of certificates: OCSP, and the lists and certificates that are in its home folder. It reads the
 * database, perhaps a replica, writes nothing to it, and reaches no signer but those of OCSP. As many as there is need for
 * may run beside a service, or on machines of their own.
 */

import { join } from 'node:path';
import type { SignerClient } from '../../hsm/client/client.js';
import type { Address } from '../config/schema/listen.js';
import { createOperatorsServer, type Readiness } from '../http/operators/server.js';
import { drain, type HttpServer, listen } from '../http/server/listening.js';
import { createPublishedFiles } from '../http/status/files.js';
import { createPublicationServer } from '../http/status/server.js';
import { type Job, startSchedule } from '../jobs/runner.js';
import { RESPONDERS_EVERY_MS } from '../jobs/status/responders.js';
import { createKeptFile, type KeptFile } from '../jobs/status/save-answers.js';
import { SIGN_AHEAD_EVERY_MS } from '../jobs/status/sign-ahead.js';
import { STATUS_FEED_EVERY_MS } from '../jobs/status/status-poller.js';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import { createLog } from '../observe/log.js';
import { createMetrics, findingsOfService, type Metrics } from '../observe/metrics.js';
import type { Store } from '../ports/store.js';
import type { Log } from '../ports/world.js';
import type { Home } from './home.js';
import { type HomeIssuers, readIssuers, readOcspAuthorities } from './issuers.js';
import { authoritiesServed, practiceStatementOf } from './publication.js';
import { noteStatus } from './readiness.js';
import { connectSigners } from './signer-client.js';
import { groupSockets } from './signers.js';
import { composeStatus, type Status } from './status.js';
import { openHomeReader } from './store.js';
import { systemClock } from './world.js';

export type ResponderProcess = {
  readonly addresses: { readonly publication: string; readonly operators: string };
  /** Stops listening, lets what is under way finish, keeps the answers. */
  readonly stop: () => Promise<void>;
};

type Parts = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly store: Pick<Store, 'read' | 'groupedRead' | 'close'>;
  readonly signer: SignerClient;
  readonly status: Status;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** `worker`: of several processes on one address its number, from 0, which is added to the port of the operators. */
export async function startResponder(home: Home, worker: number): Promise<Result<ResponderProcess, string>> {
  const log = createLog(home.config.log);
  const metrics = createMetrics();
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers;
  const authorities = readOcspAuthorities(issuers.value, home.policy);
  if (!authorities.ok) return authorities;
  const store = await openHomeReader(home);
  if (!store.ok) return store;
  const signer = connectSigners(home, { issuers: issuers.value, authorities: authorities.value }, log);
  const closed = async (why: string): Promise<Result<never, string>> => {
    signer.close();
    await store.value.close();
    return err(why);
  };
  const status = await composeStatus({
    ...{ home, store: store.value, signer, authorities: authorities.value, log },
    countFindings: findingsOfService(metrics),
    isShared: true,
    keepsResponders: false,
    // The lists are the services'.
    recall: async () => true,
  });
  if (!status.ok) return closed(status.error);
  const parts = { home, issuers: issuers.value, store: store.value, signer, status: status.value, log, metrics };
  const kept = createKeptFile(status.value.responder, join(home.config.paths.ocsp, `answers-${worker}.ndjson`), log);
  await kept.takeUp();
  const listening = await openListeners(parts, worker);
  return listening.ok ? ok(run(parts, listening.value, kept)) : closed(listening.error);
}

type Listeners = { readonly servers: readonly HttpServer[]; readonly addresses: ResponderProcess['addresses'] };

async function openListeners(parts: Parts, worker: number): Promise<Result<Listeners, string>> {
  const { home, issuers, status, log, metrics } = parts;
  const { publication, operators } = home.config.listen;
  const files = createPublishedFiles(home.config.paths.crl, systemClock);
  const ofOperators = { ...operators, port: operators.port + worker };
  const listeners = [
    [
      createPublicationServer({
        ...{ responder: status.responder, crls: files, clock: systemClock, metrics, log },
        authorities: authoritiesServed({ home, issuers }),
        practiceStatement: practiceStatementOf(home),
        fastLane: publication.fastLane,
      }),
      publication,
    ],
    [createOperatorsServer(metrics, () => readinessOf(parts)), ofOperators],
  ] as const;
  for (const [server, address] of listeners) {
    const bound = await listen(server, address);
    if (bound.ok) continue;
    for (const [other] of listeners) other.close();
    return bound;
  }
  const at = ({ host, port }: Address): string => `http://${host}:${port}`;
  return ok({
    servers: listeners.map(([server]) => server),
    addresses: { publication: at(publication), operators: at(ofOperators) },
  });
}

function run(
  { status: { responders, feed, ahead }, signer, store, log }: Parts,
  { servers, addresses }: Listeners,
  kept: KeptFile,
): ResponderProcess {
  const jobs: readonly Job[] = [
    ...(feed === null ? [] : [{ name: 'status-feed', everyMs: STATUS_FEED_EVERY_MS, run: feed.look }]),
    { name: 'responders', everyMs: RESPONDERS_EVERY_MS, run: responders.adopt },
    ...(ahead === null ? [] : [{ name: 'sign-ahead', everyMs: SIGN_AHEAD_EVERY_MS, run: ahead.run }]),
    kept.job,
  ];
  const schedule = startSchedule(jobs, log);
  return {
    addresses,
    stop: async () => {
      await Promise.all(servers.map((server) => drain(server)));
      await schedule.stop();
      await kept.end();
      signer.close();
      await store.close();
    },
  };
}

async function readinessOf({ home, issuers, signer, status, metrics }: Parts): Promise<Readiness> {
  noteStatus(status, metrics);
  const hierarchies = new Set(issuers.all().flatMap(({ hierarchy, kind }) => (kind === 'root' ? [] : [hierarchy])));
  const names = [...hierarchies].map((hierarchy) => `ocsp-${hierarchy}`);
  const tokens = await tokenStates(
    signer,
    new Map(names.map((name) => [name, groupSockets(home.config, 'responder', name)])),
  );
  const { maxAgeMs } = home.policy.environment.ocspAnswers;
  const isCurrent = (status.feed?.staleMs() ?? 0) <= maxAgeMs;
  const whole = isCurrent && [...tokens.values()].every((state) => state === 'ready');
  const staleSeconds = Math.round((status.feed?.staleMs() ?? 0) / SECOND_MS);
  return {
    // Without signers what is kept goes on; without a database that says all, `good` does not.
    ready: isCurrent,
    state: whole ? 'ready' : isCurrent ? 'degraded' : 'down',
    parts: { signers: Object.fromEntries(tokens), database: isCurrent ? 'ready' : 'down', staleSeconds },
  };
}

/** Asked all at once: with every signer away the answer takes no longer than with one. */
export async function tokenStates(
  signer: Pick<SignerClient, 'status'>,
  sockets: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, string>> {
  const asked = [...sockets].map(async ([name, paths]) => [name, await stateOf(signer, paths)] as const);
  return new Map(await Promise.all(asked));
}

/** Of a group of tokens one is enough. */
async function stateOf(signer: Pick<SignerClient, 'status'>, sockets: readonly string[]): Promise<string> {
  const told = await Promise.all(sockets.map((path) => signer.status(path)));
  const states = told.map((one) => (one.ok && typeof one.value.state === 'string' ? one.value.state : 'down'));
  return states.find((state) => state === 'ready') ?? states[0] ?? 'down';
}
