/**
 * Measures how long changes of status wait until they are in a published list. The measurements are
 * lost at a restart.
 */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Clock } from '../../ports/world.js';

export type PublishLag = {
  readonly changed: (issuer: IssuerId) => void;
  /**
   * Called before a publication, or a look at what is published, reads anything; the function that
   * it returns is called at the end.
   */
  readonly begin: (issuer: IssuerId) => (isPublished: boolean) => void;
  /**
   * Returns how long the oldest change in each list had waited, for the lists with changes since
   * the last call.
   */
  readonly take: () => readonly { readonly issuer: IssuerId; readonly lagMs: number }[];
  /** Age in milliseconds of the oldest change that is in no published list; 0: there is none. */
  readonly waitingMs: (issuer: IssuerId) => number;
};

/** Limit of stored measurements, for a service whose metrics nobody collects. */
const MEASUREMENTS_MAX = 1_000;

export function createPublishLag(clock: Clock): PublishLag {
  const waiting = new Map<IssuerId, Instant>();
  const underWay = new Map<IssuerId, Instant>();
  let done: { readonly issuer: IssuerId; readonly lagMs: number }[] = [];
  const oldest = (...times: readonly (Instant | undefined)[]): Instant | undefined =>
    times.reduce((least, one) => (least === undefined || (one !== undefined && one < least) ? one : least), undefined);
  return {
    changed: (issuer) => {
      if (!waiting.has(issuer)) waiting.set(issuer, clock());
    },
    begin: (issuer) => {
      const since = waiting.get(issuer);
      waiting.delete(issuer);
      if (since !== undefined) underWay.set(issuer, since);
      return (isPublished) => {
        if (since === undefined) return;
        underWay.delete(issuer);
        if (isPublished) done = [...done, { issuer, lagMs: Math.max(0, clock() - since) }].slice(-MEASUREMENTS_MAX);
        else waiting.set(issuer, oldest(since, waiting.get(issuer)) ?? since);
      };
    },
    take: () => {
      const taken = done;
      done = [];
      return taken;
    },
    waitingMs: (issuer) => {
      const since = oldest(waiting.get(issuer), underWay.get(issuer));
      return since === undefined ? 0 : Math.max(0, clock() - since);
    },
  };
}
