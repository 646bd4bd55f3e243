/**
 * Measures how long changes of status wait until they are in a published CRL. The measurements are
 * lost when the process restarts.
 */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Clock } from '../../ports/world.js';

export type PublishLag = {
  /** Must be called when the status of a certificate of the issuer has changed. */
  readonly noteChange: (issuer: IssuerId) => void;
  /**
   * Must be called before a publication, or a check of the published CRLs, reads anything. The
   * function that it returns must be called at the end, and be told whether the changes up to the
   * beginning are published.
   */
  readonly beginPublication: (issuer: IssuerId) => (isPublished: boolean) => void;
  /**
   * Returns the measurements since the last call: for each published CRL with changes, how long the
   * oldest of them had waited.
   */
  readonly takeMeasurements: () => readonly { readonly issuer: IssuerId; readonly lagMs: number }[];
  /** Age in milliseconds of the oldest change that is in no published CRL; 0: there is none. */
  readonly waitingMs: (issuer: IssuerId) => number;
};

/** Limit of stored measurements, for a service whose metrics nobody collects. */
const MEASUREMENTS_MAX = 1_000;

export function createPublishLag(clock: Clock): PublishLag {
  const waiting = new Map<IssuerId, Instant>();
  /** The oldest changes that the publications under way have taken; an issuer may have several. */
  const underWay = new Set<{ readonly issuer: IssuerId; readonly since: Instant }>();
  let measurements: { readonly issuer: IssuerId; readonly lagMs: number }[] = [];
  const oldest = (...times: readonly (Instant | undefined)[]): Instant | undefined =>
    times.reduce((least, one) => (least === undefined || (one !== undefined && one < least) ? one : least), undefined);
  return {
    noteChange: (issuer) => {
      if (!waiting.has(issuer)) waiting.set(issuer, clock());
    },
    beginPublication: (issuer) => {
      const since = waiting.get(issuer);
      waiting.delete(issuer);
      if (since === undefined) return () => undefined;
      const taken = { issuer, since };
      underWay.add(taken);
      return (isPublished) => {
        underWay.delete(taken);
        if (isPublished)
          measurements = [...measurements, { issuer, lagMs: Math.max(0, clock() - since) }].slice(-MEASUREMENTS_MAX);
        else waiting.set(issuer, oldest(since, waiting.get(issuer)) ?? since);
      };
    },
    takeMeasurements: () => {
      const taken = measurements;
      measurements = [];
      return taken;
    },
    waitingMs: (issuer) => {
      const taken = [...underWay].flatMap((one) => (one.issuer === issuer ? [one.since] : []));
      const since = oldest(waiting.get(issuer), ...taken);
      return since === undefined ? 0 : Math.max(0, clock() - since);
    },
  };
}
