/**
 * Pre-signs the OCSP responses of all unexpired certificates of an issuer. Then a signer outage of
 * up to half the validity of a response is not noticed, even by clients that send their first
 * request. Some policies and contracts require this; it is off by default. The job works in rounds
 * in the order of serial numbers and limits its signatures per second; every other request to the
 * signer goes first. Responses that were saved before a restart are not signed again if they are
 * still correct.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { ocspRequestFor } from '../../ocsp/make-request.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Issuer } from '../../x509/model.js';
import type { RunJob } from '../job.js';

/** Limit of the serial numbers that one read returns. */
const SERIALS_PER_READ_MAX = 500;
/**
 * Limit of the certificates of an issuer that the job checks in one period; most of them have a
 * fresh response already.
 */
const CERTIFICATES_PER_PERIOD_MAX = 5_000;
/** Shortest time between the beginnings of two rounds. */
const ROUND_MS_MIN = 60 * SECOND_MS;

/** `signAhead`: null if responses are pre-signed for no issuer. */
export const preSignResponsesJob: RunJob<{ readonly signAhead: SignAhead | null }, 'responder'> = {
  name: 'sign-ahead',
  scope: 'run',
  roles: ['responder'],
  everyMs: SECOND_MS,
  isEssential: false,
  alsoRuns: [],
  prepare: ({ signAhead }) => (signAhead === null ? null : { run: signAhead.run }),
};

type SignAheadIssuer = {
  readonly issuer: Issuer;
  /** Limit of the signatures per second. */
  readonly perSecondMax: number;
};

type SignAheadState = {
  /**
   * Unexpired certificates of the last complete round, and how many of them had a fresh response;
   * null: no round is complete yet.
   */
  readonly last: { readonly live: number; readonly ready: number } | null;
  /** Number of signatures since the start. */
  readonly signed: number;
};

export type SignAhead = {
  readonly run: () => Promise<void>;
  readonly states: () => readonly (readonly [Issuer, SignAheadState])[];
};

type SignAheadWorld = {
  readonly store: Pick<Store, 'read'>;
  readonly responder: Pick<OcspResponder, 'ahead'>;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly log: Log;
};

/** The progress of the current round of one issuer. It changes while the job runs. */
type Round = {
  after: string;
  live: number;
  ready: number;
  began: number;
  isComplete: boolean;
  /** The problem that was logged last, so that it is logged once. */
  problem: string | null;
  state: SignAheadState;
};

export function createSignAhead(world: SignAheadWorld, issuers: readonly SignAheadIssuer[]): SignAhead {
  const rounds = new Map(issuers.map((one) => [one, newRound()]));
  return {
    run: async () => {
      for (const [one, round] of rounds) await continueRound(world, one, round);
    },
    states: () => [...rounds].map(([{ issuer }, { state }]) => [issuer, state]),
  };
}

function newRound(): Round {
  const state = { last: null, signed: 0 };
  return { after: '', live: 0, ready: 0, began: Number.NEGATIVE_INFINITY, isComplete: true, problem: null, state };
}

async function continueRound(
  world: SignAheadWorld,
  { issuer, perSecondMax }: SignAheadIssuer,
  round: Round,
): Promise<void> {
  const { store, clock, steadyMs } = world;
  if (round.isComplete) {
    if (steadyMs() - round.began < ROUND_MS_MIN) return;
    Object.assign(round, { after: '', live: 0, ready: 0, began: steadyMs(), isComplete: false });
  }
  let signaturesLeft = perSecondMax;
  for (let checked = 0; checked < CERTIFICATES_PER_PERIOD_MAX; checked += SERIALS_PER_READ_MAX) {
    const page = await store.read((reads) =>
      reads.unexpiredSerials(issuer.id, { after: round.after, now: clock(), limit: SERIALS_PER_READ_MAX }),
    );
    if (!page.ok) return logProblem(world, issuer, { round, problem: page.error.detail });
    for (const serial of page.value) {
      if (signaturesLeft === 0) return;
      const outcome = await world.responder.ahead(ocspRequestFor(issuer, serial));
      round.after = serial;
      round.live += 1;
      // The next round retries this certificate. While the signer is down, one request per second
      // is made to find out whether it is available again.
      if (outcome === 'failed') return logProblem(world, issuer, { round, problem: 'no response could be made' });
      if (outcome === 'signed') signaturesLeft -= 1;
      if (outcome !== 'no-room') round.ready += 1;
      if (outcome === 'signed') round.state = { ...round.state, signed: round.state.signed + 1 };
    }
    if (page.value.length < SERIALS_PER_READ_MAX) return endRound(world, issuer, round);
  }
}

function endRound(world: SignAheadWorld, issuer: Issuer, round: Round): void {
  const { live, ready } = round;
  round.isComplete = true;
  round.state = { ...round.state, last: { live, ready } };
  logProblem(world, issuer, {
    round,
    problem: ready === live ? null : `responses for ${ready} of ${live} certificates`,
  });
}

function logProblem(
  { log }: SignAheadWorld,
  { id }: Issuer,
  { round, problem }: { round: Round; problem: string | null },
): void {
  if (problem === round.problem) return;
  round.problem = problem;
  if (problem === null) log.info('sign-ahead.complete', { issuer: id });
  else log.warn('sign-ahead.behind', { issuer: id, detail: problem });
}
