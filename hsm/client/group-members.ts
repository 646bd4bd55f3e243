/**
 * The tokens of one signer group, as the service sees them: which of them are available, which have
 * proven to sign correctly, and which gets the next request. This module only decides; `group.ts`
 * sends the requests.
 *
 * A member is `unproven` at first and after each absence. Its signatures are verified before they
 * are used, and while other members are proven it gets one request at a time. Its first signature
 * that verifies makes it `proven`.
 */
import type { IssuerId } from '../../src/ports/signer.js';

export type GroupMember = {
  readonly path: string;
  health: 'proven' | 'unproven' | 'away';
  /** Number of unanswered requests. */
  inFlight: number;
  /** It is away at least until then, whatever its supervisor reports. */
  awayUntil: number;
  /** The number of its last turn, by issuer. The turns of a group are numbered in order. */
  readonly turns: Map<IssuerId, number>;
};

export type GroupMembers = {
  readonly all: readonly GroupMember[];
  /**
   * Assigns a request to the available member with the fewest unanswered requests, and to members
   * with equal numbers in turn. null: none is available.
   */
  readonly assign: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  /**
   * Assigns a request to the member that has been away for longest, when none is available. It may
   * be available again, and answers itself if it is not.
   */
  readonly assignAway: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  readonly hasOther: (tried: ReadonlySet<GroupMember>) => boolean;
  /** A request was answered. */
  readonly answered: (member: GroupMember) => void;
  /** Returns true when the member was available before. */
  readonly markAway: (member: GroupMember, forMs: number) => boolean;
  /** Its supervisor reports that it is ready. Returns true when the member was away before. */
  readonly markBack: (member: GroupMember) => boolean;
  /** A signature of it was verified. */
  readonly markProven: (member: GroupMember) => void;
  /** A signature of an unknown member did not verify. */
  readonly markAllUnproven: () => void;
};

/** After this time the reports of the supervisor decide. */
const AWAY_MS_MAX = 2_000;

/** `now`: milliseconds of a monotonic clock. */
export function createGroupMembers(paths: readonly string[], now: () => number): GroupMembers {
  const all = paths.map(
    (path): GroupMember => ({
      path,
      health: 'unproven',
      inFlight: 0,
      awayUntil: 0,
      turns: new Map<IssuerId, number>(),
    }),
  );
  let turn = 0;

  const isAvailable = ({ health }: GroupMember): boolean => health !== 'away';

  /** An unproven member gets one request at a time while there are proven members. */
  function mayBeAssigned(member: GroupMember, isAnyProven: boolean): boolean {
    return member.health === 'proven' || !isAnyProven || member.inFlight === 0;
  }

  function assigned(issuer: IssuerId, member: GroupMember | null): GroupMember | null {
    if (member === null) return null;
    turn += 1;
    member.turns.set(issuer, turn);
    member.inFlight += 1;
    return member;
  }

  return {
    all,
    assign(issuer, tried) {
      const available = all.filter((member) => isAvailable(member) && !tried.has(member));
      const isAnyProven = available.some(({ health }) => health === 'proven');
      const turnOf = ({ turns }: GroupMember): number => turns.get(issuer) ?? 0;
      const [best = null] = available
        .filter((member) => mayBeAssigned(member, isAnyProven))
        .sort((one, other) => one.inFlight - other.inFlight || turnOf(one) - turnOf(other));
      return assigned(issuer, best);
    },
    assignAway(issuer, tried) {
      const [longest = null] = all
        .filter((member) => !isAvailable(member) && !tried.has(member))
        .sort((one, other) => one.awayUntil - other.awayUntil);
      return assigned(issuer, longest);
    },
    hasOther: (tried) => all.some((member) => isAvailable(member) && !tried.has(member)),
    answered(member) {
      member.inFlight -= 1;
    },
    markAway(member, forMs) {
      const wasAvailable = isAvailable(member);
      member.health = 'away';
      member.awayUntil = Math.max(member.awayUntil, now() + Math.min(forMs, AWAY_MS_MAX));
      return wasAvailable;
    },
    markBack(member) {
      if (isAvailable(member) || now() < member.awayUntil) return false;
      member.health = 'unproven';
      return true;
    },
    markProven(member) {
      if (isAvailable(member)) member.health = 'proven';
    },
    markAllUnproven() {
      for (const member of all) if (isAvailable(member)) member.health = 'unproven';
    },
  };
}
