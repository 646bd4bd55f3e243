/**
 * The responder role: a process that only serves the status of certificates, by OCSP and by the
 * lists and certificates in its home folder. It reads the database, which may be a replica, writes
 * nothing to it, and calls only the OCSP signers. Any number of responders may run beside a
 * service, or on other machines.
 */
import { join } from 'node:path';
import type { Address } from '../config/schema/listen.js';
import { createOperatorsServer } from '../http/operators/server.js';
import { createServedCrls } from '../http/status/files.js';
import { createAnswersFile } from '../jobs/status/save-answers.js';
import { ok, type Result } from '../kernel/result.js';
import { findingsOfService } from '../observe/metrics.js';
import { openOrClose } from './closing.js';
import type { Home } from './home.js';
import { openCommonParts, startListenersAndJobs } from './process.js';
import { publicationListener } from './publication-listener.js';
import { responderReadiness } from './readiness.js';
import { ROLES } from './roles.js';
import { composeStatus } from './status.js';
import { systemClock } from './world.js';

type ResponderProcess = {
  readonly addresses: { readonly publication: string; readonly operators: string };
  /** Stops listening, finishes the requests in progress, and saves the responses. */
  readonly stop: () => Promise<void>;
};

/**
 * `worker`: number, from 0, of this process among several on one address; it is added to the port
 * for operators.
 */
export function startResponder(home: Home, worker: number): Promise<Result<ResponderProcess, string>> {
  return openOrClose(async (closing) => {
    const opened = await openCommonParts(home, ROLES.responder, { closing, supervisor: null });
    if (!opened.ok) return opened;
    const { log, metrics, issuers, signer, connections, continuity } = opened.value;
    const composed = await composeStatus({
      ...opened.value,
      countFindings: findingsOfService(metrics),
      isShared: true,
      // Where no service uses the home folder, its OCSP signers read the renewed certificates from
      // it at their next start. The first worker is enough.
      partSuffix: worker === 0 ? '.responder.new' : null,
      // A responder has no CRLs to learn from.
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
    const { publication, operators } = home.config.listen;
    const operatorsAddress = { ...operators, port: operators.port + worker };
    const started = await startListenersAndJobs(opened.value, ROLES.responder, {
      listeners: {
        publication: publicationListener({
          home,
          issuers,
          responder: status.responder,
          crls: createServedCrls(home.config.paths.crl, systemClock),
          metrics,
          log,
          connectionsMax: connections.publication,
        }),
        operators: {
          server: createOperatorsServer(metrics, () =>
            responderReadiness({ home, issuers, signer, status, continuity }, metrics),
          ),
          address: operatorsAddress,
        },
      },
      parts: { ...status, answersFile },
      shared: null,
    });
    if (!started.ok) return started;
    const urlOf = ({ host, port }: Address): string => `http://${host}:${port}`;
    return ok({
      addresses: { publication: urlOf(publication), operators: urlOf(operatorsAddress) },
      stop: closing.close,
    });
  });
}
