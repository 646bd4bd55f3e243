/**
 * The tokens of one signer group, as the service sees them: which of them are available, which have
 * proven to sign correctly, and which gets the next request. This module only decides; `group.ts`
 * sends the requests.
 *
 * A member is `unproven` at first, after it was unavailable, and when nobody knows which member
 * made a wrong signature. Its signatures are verified before they are used, and while other members
 * are proven it gets one request at a time. Its first signature that verifies makes it `proven`.
 */
import type { IssuerId } from '../../src/ports/signer.js';

export type GroupMember = {
  readonly path: string;
  health: 'proven' | 'unproven' | 'unavailable';
  /** Number of requests that the member has not answered yet. */
  inFlight: number;
  /** The member counts as unavailable at least until this time, whatever its supervisor reports. */
  unavailableUntil: number;
  /**
   * The number of the member's last turn, by issuer. The turns of a group are numbered in order.
   */
  readonly turns: Map<IssuerId, number>;
};

export type GroupMembers = {
  readonly all: readonly GroupMember[];
  /**
   * Assigns a request to the available member with the fewest unanswered requests, and to members
   * with equal numbers in turn. Members that were tried for this request are left out. null: no
   * other one is available.
   */
  readonly assign: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  /**
   * Assigns a request to an unavailable member that was not tried for it: the one with the earliest
   * `unavailableUntil`. Called when `assign` finds none. That member may have recovered; if not, it
   * answers that it is unavailable.
   */
  readonly assignUnavailable: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  readonly hasOther: (tried: ReadonlySet<GroupMember>) => boolean;
  /** Called when the member has answered a request. Counts the request as no longer in flight. */
  readonly answered: (member: GroupMember) => void;
  /** Returns true when the member was available before. */
  readonly markUnavailable: (member: GroupMember, forMs: number) => boolean;
  /**
   * Called when the supervisor of the member reports that it is ready. Returns true when the member
   * was unavailable and is available now. Before `unavailableUntil`, it stays unavailable.
   */
  readonly markAvailable: (member: GroupMember) => boolean;
  /** Called when a signature of the member was verified. */
  readonly markProven: (member: GroupMember) => void;
  /** Called when a signature did not verify and it is not known which member made it. */
  readonly markAllUnproven: () => void;
};

/**
 * Limit of `unavailableUntil`: for at most this long after a failure, a member counts as
 * unavailable although its supervisor reports that it is ready.
 */
const UNAVAILABLE_MS_MAX = 2_000;

/**
 * Creates the members of a group, all unproven. `now`: returns milliseconds of a monotonic clock.
 */
export function createGroupMembers(paths: readonly string[], now: () => number): GroupMembers {
  const all = paths.map(
    (path): GroupMember => ({
      path,
      health: 'unproven',
      inFlight: 0,
      unavailableUntil: 0,
      turns: new Map<IssuerId, number>(),
    }),
  );
  let turn = 0;

  const isAvailable = ({ health }: GroupMember): boolean => health !== 'unavailable';

  /**
   * Whether a member may get a request. An unproven member gets one request at a time while there
   * are proven members.
   */
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
    assignUnavailable(issuer, tried) {
      const [longest = null] = all
        .filter((member) => !isAvailable(member) && !tried.has(member))
        .sort((one, other) => one.unavailableUntil - other.unavailableUntil);
      return assigned(issuer, longest);
    },
    hasOther: (tried) => all.some((member) => isAvailable(member) && !tried.has(member)),
    answered(member) {
      member.inFlight -= 1;
    },
    markUnavailable(member, forMs) {
      const wasAvailable = isAvailable(member);
      member.health = 'unavailable';
      member.unavailableUntil = Math.max(member.unavailableUntil, now() + Math.min(forMs, UNAVAILABLE_MS_MAX));
      return wasAvailable;
    },
    markAvailable(member) {
      if (isAvailable(member) || now() < member.unavailableUntil) return false;
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
