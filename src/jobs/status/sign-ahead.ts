/**
 * Pre-signs the OCSP responses of all certificates of an authority. This is for policies and
 * contracts that require that a signer outage of half the validity of a response goes unnoticed,
 * even by clients that ask for the first time. Off by default. It works in rounds by serial number,
 * limits its signatures per second, and every other request to the signer goes first. Responses
 * that were saved over a restart are not signed again.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { ocspRequestFor } from '../../ocsp/question.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Issuer } from '../../x509/model.js';
import type { RunJob } from '../job.js';

/** Serial numbers that one read returns. */
const PAGE = 500;
/** Certificates that one run checks; most of them have a fresh response already. */
const CHECKED_MAX = 5_000;
/** Time between the beginnings of two rounds. */
const ROUND_MS_MIN = 60 * SECOND_MS;

/** `signAhead`: null where no authority has pre-signed responses. */
export const preSignResponses: RunJob<{ readonly signAhead: SignAhead | null }, 'responder'> = {
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
  /** Signatures per second. */
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
  let left = perSecondMax;
  for (let checked = 0; checked < CHECKED_MAX; checked += PAGE) {
    const page = await store.read((reads) =>
      reads.unexpiredSerials(issuer.id, { after: round.after, now: clock(), limit: PAGE }),
    );
    if (!page.ok) return note(world, issuer, { round, problem: page.error.detail });
    for (const serial of page.value) {
      if (left === 0) return;
      const outcome = await world.responder.ahead(ocspRequestFor(issuer, serial));
      round.after = serial;
      round.live += 1;
      // The next round retries it. While the signer is down, one request per second is made to find
      // out whether it is available again.
      if (outcome === 'failed') return note(world, issuer, { round, problem: 'no response could be made' });
      if (outcome === 'signed') left -= 1;
      if (outcome !== 'no-room') round.ready += 1;
      if (outcome === 'signed') round.state = { ...round.state, signed: round.state.signed + 1 };
    }
    if (page.value.length < PAGE) return end(world, issuer, round);
  }
}

function end(world: SignAheadWorld, issuer: Issuer, round: Round): void {
  const { live, ready } = round;
  round.isComplete = true;
  round.state = { ...round.state, last: { live, ready } };
  note(world, issuer, { round, problem: ready === live ? null : `responses for ${ready} of ${live} certificates` });
}

function note(
  { log }: SignAheadWorld,
  { id }: Issuer,
  { round, problem }: { round: Round; problem: string | null },
): void {
  if (problem === round.problem) return;
  round.problem = problem;
  if (problem === null) log.info('sign-ahead.complete', { issuer: id });
  else log.warn('sign-ahead.behind', { issuer: id, detail: problem });
}
