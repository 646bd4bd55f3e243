/** What answers relying parties about the status of certificates: responders, their answers, and what others change meanwhile. */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createRelearning, type Relearning } from '../jobs/status/relearning.js';
import { createResponders, type Responders } from '../jobs/status/responders.js';
import { createSignAhead, type SignAhead } from '../jobs/status/sign-ahead.js';
import { createStatusFeed, type StatusFeed } from '../jobs/status/status-poller.js';
import { present } from '../kernel/assert.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type OcspAuthority, readDelegatedResponder } from '../ocsp/responder.js';
import { createOcspResponder, type OcspResponder } from '../operations/status/answer-ocsp.js';
import type { World } from '../operations/world.js';
import type { Signer } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import type { Log } from '../ports/world.js';
import type { Home } from './home.js';
import { respondersAtHome } from './signers.js';
import { systemClock } from './world.js';

export type Status = {
  readonly responder: OcspResponder;
  readonly responders: Responders;
  /** null: nobody else changes the database, and whoever changes it withdraws what it made untrue. */
  readonly feed: StatusFeed | null;
  /** null: nothing is signed before somebody asks. */
  readonly ahead: SignAhead | null;
};

type Parts = {
  readonly home: Home;
  readonly store: Pick<Store, 'read' | 'groupedRead'>;
  readonly signer: Pick<Signer, 'ocsp' | 'doubt'>;
  readonly authorities: readonly OcspAuthority[];
  readonly log: Log;
  readonly countFindings: NonNullable<World['countFindings']>;
  /** Others change this database too. */
  readonly isShared: boolean;
  /** Puts renewed certificates of responders into the home folder. */
  readonly keepsResponders: boolean;
  /** Brings back what another database, which has taken the place of the one before, may have forgotten; false: to be tried again. */
  readonly relearn: () => Promise<boolean>;
  /** That of a service, without it. */
  readonly relearning?: Relearning;
};

export async function composeStatus({
  home,
  store,
  signer,
  authorities,
  log,
  countFindings,
  isShared,
  keepsResponders,
  relearn,
  relearning = createRelearning(log),
}: Parts): Promise<Result<Status, string>> {
  const { policy, config } = home;
  const { signAhead, answersMax, answersMegabytesMax } = config.ocsp;
  const strange = Object.keys(signAhead).find((id) => policy.authorities.get(id)?.kind !== 'issuing');
  if (strange !== undefined) return err(`ocsp/signAhead: ${strange} is no issuing authority`);
  const world = { policy, store, log, countFindings, clock: systemClock };
  const responders = createResponders(world, authorities, async (issuer, { spki, certificate }) => {
    if (!keepsResponders) return;
    const ofKey = respondersAtHome(config.paths, issuer.id).find(({ file }) => {
      const read = readDelegatedResponder(issuer, new Uint8Array(readFileSync(file)));
      return read.ok && equalBytes(read.value.spki, spki);
    });
    await replaceFile(present(ofKey, `the file of a responder of ${issuer.id}`).file, certificate);
  });
  await responders.adopt();
  const feed = isShared
    ? createStatusFeed({
        ...{ store, log, clock: systemClock, steadyMs: () => performance.now() },
        changed: (changes) => {
          for (const { issuer, serial } of changes) responder.withdraw(issuer, serial);
        },
        lost: () => {
          responder.forget();
          void relearning.begin(relearn);
        },
      })
    : null;
  const responder = createOcspResponder({
    store,
    signer,
    authorities: responders.authorities,
    clock: systemClock,
    ...(feed === null ? {} : { staleMs: () => (relearning.isUnderWay() ? Number.POSITIVE_INFINITY : feed.staleMs()) }),
    answers: policy.environment.ocspAnswers,
    log,
    countFindings,
    limits: { cacheEntriesMax: answersMax, cacheBytesMax: answersMegabytesMax * 1024 * 1024 },
  });
  const wanted = authorities.flatMap(({ issuer }) => {
    const perSecondMax = signAhead[issuer.authority];
    return perSecondMax === undefined ? [] : [{ issuer, perSecondMax }];
  });
  const steadyMs = (): number => performance.now();
  const ahead =
    wanted.length === 0 ? null : createSignAhead({ store, responder, clock: systemClock, steadyMs, log }, wanted);
  const begun = (await feed?.begin()) ?? ok(undefined);
  return begun.ok ? ok({ responder, responders, feed, ahead }) : err(begun.error.detail);
}

/** The old one or the new one, whatever happens. */
async function replaceFile(path: string, bytes: Bytes): Promise<void> {
  const part = `${path}.new`;
  const file = await open(part, 'w', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
