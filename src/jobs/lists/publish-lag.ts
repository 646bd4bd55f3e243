/** How long changes of status wait for the list that has them. In memory: after a restart nobody knows what waited before. */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Clock } from '../../ports/world.js';

export type PublishLag = {
  readonly changed: (issuer: IssuerId) => void;
  /** Before a publication reads anything; what comes back is called at its end. */
  readonly begin: (issuer: IssuerId) => (isPublished: boolean) => void;
  /** Of each list since the last call that brought a change: how long the oldest one had waited. */
  readonly take: () => readonly { readonly issuer: IssuerId; readonly lagMs: number }[];
  /** In milliseconds; 0 where nothing waits. */
  readonly waitingMs: (issuer: IssuerId) => number;
};

/** Where nobody asks for metrics. */
const KEPT_MAX = 1_000;

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
        underWay.delete(issuer);
        if (since === undefined) return;
        if (isPublished) done = [...done, { issuer, lagMs: Math.max(0, clock() - since) }].slice(-KEPT_MAX);
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
