/**
 * Answers for all certificates of an authority, before anybody asks: where a policy or a contract wants a signer that may be away for half
 * an answer's life without anybody's noticing, who asked for the first time. Off by default. It goes round by serial number, signs so
 * many a second at most, and last of all that the signer has to do; what is kept over a restart is not signed again.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { questionAbout } from '../../ocsp/question.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Issuer } from '../../x509/model.js';

export const SIGN_AHEAD_EVERY_MS = SECOND_MS;
/** Serial numbers of one read. */
const PAGE = 500;
/** Looked at in one run; most have their answer. */
const LOOKED_AT_MAX = 5_000;
/** Before every certificate is looked at again. */
const ROUND_MS_MIN = 60 * SECOND_MS;

export type Ahead = {
  readonly issuer: Issuer;
  /** Signatures a second. */
  readonly perSecondMax: number;
};

export type AheadState = {
  /** Of the last whole round: certificates that are not over, and those of them with a fresh answer; null: none was finished yet. */
  readonly last: { readonly live: number; readonly ready: number } | null;
  /** Signatures made, since the start. */
  readonly signed: number;
};

export type SignAhead = {
  readonly run: () => Promise<void>;
  readonly states: () => readonly (readonly [Issuer, AheadState])[];
};

type AheadWorld = {
  readonly store: Pick<Store, 'read'>;
  readonly responder: Pick<OcspResponder, 'ahead'>;
  readonly clock: Clock;
  /** Milliseconds of a clock that nobody sets. */
  readonly steadyMs: () => number;
  readonly log: Log;
};

type Round = {
  after: string;
  live: number;
  ready: number;
  began: number;
  isOver: boolean;
  /** Told once. */
  trouble: string | null;
  state: AheadState;
};

export function createSignAhead(world: AheadWorld, wanted: readonly Ahead[]): SignAhead {
  const rounds = new Map(wanted.map((one) => [one, newRound()]));
  return {
    run: async () => {
      for (const [one, round] of rounds) await goOn(world, one, round);
    },
    states: () => [...rounds].map(([{ issuer }, { state }]) => [issuer, state]),
  };
}

function newRound(): Round {
  const state = { last: null, signed: 0 };
  return { after: '', live: 0, ready: 0, began: Number.NEGATIVE_INFINITY, isOver: true, trouble: null, state };
}

async function goOn(world: AheadWorld, { issuer, perSecondMax }: Ahead, round: Round): Promise<void> {
  const { store, clock, steadyMs } = world;
  if (round.isOver) {
    if (steadyMs() - round.began < ROUND_MS_MIN) return;
    Object.assign(round, { after: '', live: 0, ready: 0, began: steadyMs(), isOver: false });
  }
  let left = perSecondMax;
  for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX; lookedAt += PAGE) {
    const page = await store.read((reads) =>
      reads.liveSerials(issuer.id, { after: round.after, now: clock(), limit: PAGE }),
    );
    if (!page.ok) return tell(world, issuer, { round, trouble: page.error.detail });
    for (const serial of page.value) {
      if (left === 0) return;
      const outcome = await world.responder.ahead(questionAbout(issuer, serial));
      round.after = serial;
      round.live += 1;
      // The next round comes by it again; where the signer is away, one request a second says so.
      if (outcome === 'failed') return tell(world, issuer, { round, trouble: 'no answer is to be had' });
      if (outcome === 'signed') left -= 1;
      if (outcome !== 'no-room') round.ready += 1;
      if (outcome === 'signed') round.state = { ...round.state, signed: round.state.signed + 1 };
    }
    if (page.value.length < PAGE) return end(world, issuer, round);
  }
}

function end(world: AheadWorld, issuer: Issuer, round: Round): void {
  const { live, ready } = round;
  round.isOver = true;
  round.state = { ...round.state, last: { live, ready } };
  tell(world, issuer, { round, trouble: ready === live ? null : `answers about ${ready} of ${live} certificates` });
}

function tell({ log }: AheadWorld, { id }: Issuer, { round, trouble }: { round: Round; trouble: string | null }): void {
  if (trouble === round.trouble) return;
  round.trouble = trouble;
  if (trouble === null) log.info('sign-ahead.well', { issuer: id });
  else log.warn('sign-ahead.behind', { issuer: id, detail: trouble });
}
