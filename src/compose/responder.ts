/**
 * Starts a responder, a process that only serves the status of certificates: OCSP responses, and
 * the lists and certificates in its home folder. It reads the database, which may be a replica,
 * writes nothing to it, and calls only the OCSP signers. Any number of responders may run beside a
 * service, or on other machines.
 */
import { join } from 'node:path';
import { type Address, operatorsAddress } from '../config/schema/listen.js';
import type { ReaderStore } from '../db/open.js';
import { createOperatorsServer, sharedReadiness } from '../http/operators/server.js';
import { createServedCrls } from '../http/status/files.js';
import { createAnswersFile } from '../jobs/status/save-answers.js';
import { ok, type Result } from '../kernel/result.js';
import { findingsOfService } from '../observe/metrics.js';
import { openOrClose } from './closing.js';
import { createContinuity } from './database/continuity.js';
import { checkReaderDatabase } from './database/start.js';
import type { Home } from './home.js';
import { RESPONDER_JOBS, type ResponderParts } from './jobs.js';
import { publicationListener } from './listeners/publication.js';
import { openCommonParts, type ProcessDefinition, startListenersAndJobs } from './process.js';
import { responderReadiness } from './readiness.js';
import { callersOf, listenersOf, RESPONDER_ALONE, responderName } from './roles.js';
import { composeStatus } from './status.js';
import { openHomeReader } from './store.js';
import { systemClock } from './world.js';

/**
 * Defines a process with the role `responder` alone, which may run beside a service. `worker`: the
 * number of this process, from 0, among several on one address; each of them saves its responses to
 * a file of its own.
 */
export function readingProcess(worker: number): ProcessDefinition<ReaderStore, ResponderParts> {
  return {
    locks: [responderName(worker)],
    store: openHomeReader,
    continuity: createContinuity,
    checkDatabase: checkReaderDatabase,
    calls: callersOf(RESPONDER_ALONE),
    supervises: false,
    listeners: listenersOf(RESPONDER_ALONE),
    jobs: RESPONDER_JOBS,
  };
}

type ResponderProcess = {
  readonly addresses: { readonly publication: string; readonly operators: string };
  /** Stops listening, finishes the requests in progress, and saves the responses. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a responder. `worker`: the number of this process, from 0, among several on one address;
 * it is added to the port for operators.
 */
export function startResponder(home: Home, worker: number): Promise<Result<ResponderProcess, string>> {
  const definition = readingProcess(worker);
  return openOrClose(async (closing) => {
    const opened = await openCommonParts(home, definition, { closing, supervisor: null });
    if (!opened.ok) return opened;
    const { log, metrics, issuers, platformKey, signer, connections, continuity } = opened.value;
    const composed = await composeStatus({
      ...opened.value,
      countFindings: findingsOfService(metrics),
      isShared: true,
      processName: responderName(worker),
      // A responder does not write to the database, so that it cannot relearn revocations.
      relearn: async () => true,
    });
    if (!composed.ok) return composed;
    const status = composed.value;
    const answersFile = createAnswersFile(
      status.responder,
      join(home.config.paths.ocsp, `answers-${worker}.ndjson`),
      log,
    );
    await answersFile.load();
    const { listen, paths } = home.config;
    const operators = operatorsAddress(listen, RESPONDER_ALONE);
    const addresses = { publication: listen.publication, operators: { ...operators, port: operators.port + worker } };
    const started = await startListenersAndJobs(opened.value, definition, {
      listener: (name) =>
        name === 'publication'
          ? publicationListener({
              home,
              issuers,
              platformKey,
              responder: status.responder,
              crls: createServedCrls(paths.crl, systemClock),
              metrics,
              log,
              connectionsMax: connections.publication,
            })
          : {
              server: createOperatorsServer(
                metrics,
                sharedReadiness(() => responderReadiness({ home, issuers, signer, status, continuity }, metrics)),
              ),
              address: addresses.operators,
            },
      parts: { ...status, answersFile },
      shared: null,
    });
    if (!started.ok) return started;
    const urlOf = ({ host, port }: Address): string => `http://${host}:${port}`;
    return ok({
      addresses: { publication: urlOf(addresses.publication), operators: urlOf(addresses.operators) },
      stop: closing.close,
    });
  });
}
