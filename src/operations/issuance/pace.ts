/**
 * The pace of orders. A signer refuses a profile that has reached its hourly cap, and its alarm
 * then shows that a service may have been stolen. So lines of orders wait before that, and single
 * requests have the rest of the cap.
 *
 * All reservations are counted, by profile and minute. The window is that of the signers
 * (`hsm/signer/rate-caps.ts`): the oldest minute counts as a whole until no part of it is in the
 * last hour.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Policy } from '../../policy/model.js';
import type { SignerUnavailable } from '../../ports/signer.js';
import type { IssuanceMinute, IssuanceMinuteReads } from '../../ports/store/certificates.js';

/** Lines of orders take a profile up to this share of its hourly cap. */
const ORDERS_SHARE = 0.8;
const WINDOW_MINUTES = 60;

/** The number of certificates of a profile in the window at which lines of orders wait. */
export type PaceCaps = ReadonlyMap<string, number>;

export function paceCaps(
  { profiles, environment }: Pick<Policy, 'profiles' | 'environment'>,
  wanted: readonly string[],
): PaceCaps {
  return new Map(
    wanted.map((profile) => {
      const cap = profiles.get(profile)?.certificatesPerHourMax ?? environment.certificatesPerHourMax;
      return [profile, Math.floor(cap * ORDERS_SHARE)];
    }),
  );
}

/** A profile without room, and the time at which it may have some again. */
type FullProfile = { readonly profile: string; readonly until: Instant };

export type Pace = {
  /** Finds a profile without room for these certificates. null: each has room. */
  readonly findFull: (certificates: readonly string[], caps: PaceCaps) => FullProfile | null;
  /** Counts certificates that are reserved in the same transaction. */
  readonly add: (certificates: readonly string[]) => void;
};

/** `certificates` of a pace are their profiles, one for each certificate. */
export async function readPace(
  reads: IssuanceMinuteReads,
  { profiles, now }: { readonly profiles: readonly string[]; readonly now: Instant },
): Promise<Pace> {
  const thisMinute = minuteOf(now);
  const counted: IssuanceMinute[] = [...(await reads.issuedMinutes({ profiles, from: thisMinute - WINDOW_MINUTES }))];
  return {
    findFull: (certificates, caps) => {
      for (const { profile, count } of countByProfile(certificates)) {
        const room = (caps.get(profile) ?? 0) - count;
        const minutes = counted.filter((one) => one.profile === profile);
        if (sumOf(minutes) > room) return { profile, until: roomAt(minutes, { room, thisMinute }) };
      }
      return null;
    },
    add: (certificates) => counted.push(...issuedIn(now, certificates)),
  };
}

function minuteOf(at: Instant): number {
  return Math.floor(at / MINUTE_MS);
}

function countByProfile(certificates: readonly string[]): readonly Omit<IssuanceMinute, 'minute'>[] {
  return [...new Set(certificates)].map((profile) => ({
    profile,
    count: certificates.filter((one) => one === profile).length,
  }));
}

/** What is counted when certificates of these profiles are reserved. */
export function issuedIn(now: Instant, certificates: readonly string[]): readonly IssuanceMinute[] {
  return countByProfile(certificates).map((one) => ({ ...one, minute: minuteOf(now) }));
}

function sumOf(minutes: readonly IssuanceMinute[]): number {
  return minutes.reduce((sum, { count }) => sum + count, 0);
}

/**
 * The time at which enough of the oldest minutes have left the window that at most `room`
 * certificates are counted.
 */
function roomAt(
  minutes: readonly IssuanceMinute[],
  { room, thisMinute }: { readonly room: number; readonly thisMinute: number },
): Instant {
  let counted = sumOf(minutes);
  let last = thisMinute;
  for (const { minute, count } of [...minutes].sort((one, other) => one.minute - other.minute)) {
    if (counted <= room) break;
    counted -= count;
    last = minute;
  }
  return (last + WINDOW_MINUTES + 1) * MINUTE_MS;
}

/** What a line of an order gets that has to wait, as from a signer that has reached the cap. */
export function waitForPace({ profile, until }: FullProfile, now: Instant): SignerUnavailable {
  const detail = `orders have taken ${ORDERS_SHARE * 100} % of the hourly cap of ${profile}`;
  return { kind: 'signer-unavailable', retryAfterMs: until - now, detail, profile };
}
