/**
 * Composes the parts that answer OCSP requests: the responders, the cached responses, and the
 * poller for changes of status by other processes.
 */
import { join } from 'node:path';
import { readRegularFile } from '../config/regular-file.js';
import { replaceFile } from '../config/replace-file.js';
import { createRelearning, type RelearningWork } from '../jobs/status/relearning.js';
import { type CurrentResponders, createCurrentResponders } from '../jobs/status/responders.js';
import { type AnswersFile, createAnswersFile } from '../jobs/status/save-answers.js';
import { createSignAhead, type SignAhead } from '../jobs/status/sign-ahead.js';
import { createStatusPoller, type StatusPoller } from '../jobs/status/status-poller.js';
import { present } from '../kernel/assert.js';
import { equalBytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type DelegatedResponder, type OcspAuthority, readDelegatedResponder } from '../ocsp/responder.js';
import { createOcspResponder, type OcspResponder } from '../operations/status/answer-ocsp.js';
import type { World } from '../operations/world.js';
import type { Signer } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import type { Log } from '../ports/world.js';
import type { Issuer } from '../x509/model.js';
import type { HomeContinuity } from './database/continuity.js';
import type { Home } from './home.js';
import { respondersAtHome } from './signers/plan.js';
import { systemClock, systemSteadyMs } from './world.js';

export type Status = {
  readonly responder: OcspResponder;
  readonly responders: CurrentResponders;
  /**
   * null: no other process changes the database. This process then removes the cached responses
   * that its own changes have made untrue.
   */
  readonly poller: StatusPoller | null;
  /** null: no response is signed before a client asks. */
  readonly signAhead: SignAhead | null;
  /**
   * Called when another database was put in place: discards the cached responses and relearns
   * revocations.
   */
  readonly discardAndRelearn: () => void;
};

type StatusWorld = {
  readonly home: Home;
  readonly store: Pick<Store, 'read' | 'groupedRead'>;
  readonly signer: Pick<Signer, 'ocsp' | 'reportBadSignature'>;
  readonly authorities: readonly OcspAuthority[];
  readonly log: Log;
  readonly countFindings: NonNullable<World['countFindings']>;
  /** Whether other processes change this database too. */
  readonly isShared: boolean;
  /**
   * Name of this process among those of its home folder. Each of them saves the renewed
   * certificates of responders there, so that the names of part files contain it.
   */
  readonly processName: string;
  /**
   * Relearns the revocations that are missing in a database that has replaced another one. Resolves
   * with false if the caller must retry.
   */
  readonly relearn: () => Promise<boolean>;
  readonly continuity: Pick<HomeContinuity, 'onChange'>;
  /** Runs and repeats `relearn`. Default: with the waiting times of a service. */
  readonly relearning?: RelearningWork;
};

export async function composeStatus(parts: StatusWorld): Promise<Result<Status, string>> {
  const { home, store, authorities, log, countFindings } = parts;
  const { policy, config } = home;
  const { signAhead: rates, answersMax, answersMegabytesMax, oneClientPerSecondMax } = config.ocsp;
  const responders = createCurrentResponders(
    { policy, store, log, clock: systemClock },
    authorities,
    async (issuer, renewed) => {
      saveResponder(home, { issuer, renewed, processName: parts.processName });
    },
  );
  await responders.adopt();
  const relearning = parts.relearning ?? createRelearning(log);
  const poller = parts.isShared ? createStatusPoller({ store, log, steadyMs: systemSteadyMs }) : null;
  const responder = createOcspResponder({
    store,
    signer: parts.signer,
    authorities: responders.authorities,
    clock: systemClock,
    ...(poller === null
      ? {}
      : {
          staleMs: () => (relearning.isUnderWay() ? Number.POSITIVE_INFINITY : poller.staleMs()),
          changes: poller,
        }),
    answers: policy.environment.ocspAnswers,
    log,
    countFindings,
    limits: {
      cacheEntriesMax: answersMax,
      cacheBytesMax: answersMegabytesMax * 1024 * 1024,
      oneClientPerSecondMax,
    },
  });
  const discardAndRelearn = (): void => {
    responder.forget();
    void relearning.begin(parts.relearn);
  };
  // The poller would notice another database only at its next poll, when responses may have been
  // made from it.
  if (poller !== null) parts.continuity.onChange(discardAndRelearn);
  poller?.subscribe({
    changed: (changes) => {
      for (const { issuer, serial } of changes) responder.withdraw(issuer, serial);
    },
    replaced: discardAndRelearn,
  });
  const preSigned = authorities.flatMap(({ issuer }) => {
    const perSecondMax = rates[issuer.authority];
    return perSecondMax === undefined ? [] : [{ issuer, perSecondMax }];
  });
  const signAheadWorld = { store, responder, clock: systemClock, steadyMs: systemSteadyMs, log };
  const signAhead = preSigned.length === 0 ? null : createSignAhead(signAheadWorld, preSigned);
  const begun = (await poller?.begin()) ?? ok(undefined);
  return begun.ok ? ok({ responder, responders, poller, signAhead, discardAndRelearn }) : err(begun.error.detail);
}

type SavedResponder = {
  readonly issuer: Issuer;
  readonly renewed: DelegatedResponder;
  readonly processName: string;
};

/**
 * Replaces the certificate of the responder with the same key in the home folder, unless another
 * process has done so.
 */
function saveResponder({ config }: Home, { issuer, renewed, processName }: SavedResponder): void {
  const current = respondersAtHome(config.paths, issuer.id).flatMap(({ file }) => {
    const read = readDelegatedResponder(issuer, new Uint8Array(readRegularFile(file)));
    return read.ok && equalBytes(read.value.spki, renewed.spki) ? [{ file, saved: read.value.certificate }] : [];
  });
  const { file, saved } = present(current[0], `the file of a responder of ${issuer.id}`);
  if (equalBytes(saved, renewed.certificate)) return;
  replaceFile(file, renewed.certificate, { part: `${file}.${processName}.new`, mode: 0o644 });
}

/**
 * Opens the file for saved responses, and loads it. null: no responses are pre-signed here, so that
 * none are saved, and each is made again at the first request of a client after a restart.
 */
export async function openAnswersFile(
  { config }: Home,
  { responder, signAhead }: Status,
  log: Log,
): Promise<AnswersFile | null> {
  if (signAhead === null) return null;
  const file = createAnswersFile(responder, join(config.paths.ocsp, 'answers-service.ndjson'), log);
  await file.load();
  return file;
}
