/**
 * The tokens of one signer group, as the service sees them: which is well, which has proved itself, and which is asked next. It
 * decides and asks nobody: `group.ts` does.
 *
 * A member is `unproven` at first and whenever it was away: what it signs is verified before it is used, and while others have
 * proved themselves it has one request at a time. The first signature that verifies makes it `proven`.
 */
import type { IssuerId } from '../../src/ports/signer.js';

export type GroupMember = {
  readonly path: string;
  health: 'proven' | 'unproven' | 'away';
  /** Put to it and not answered yet. */
  inFlight: number;
  /** Away at least until then, whatever its supervisor says of it. */
  awayUntil: number;
  /** When it was last asked for this issuer, in turns of the group. */
  readonly turns: Map<IssuerId, number>;
};

export type GroupMembers = {
  readonly all: readonly GroupMember[];
  /**
   * The one to ask next, which is counted as asked: of those that are well the one with the least to do, in turn where they have the
   * same. null: none is well.
   */
  readonly take: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  /** When none is well: the one that has been away for longest. Its supervisor knows better than we do, and says so. */
  readonly takeAway: (issuer: IssuerId, tried: ReadonlySet<GroupMember>) => GroupMember | null;
  readonly isThereAnother: (tried: ReadonlySet<GroupMember>) => boolean;
  readonly answered: (member: GroupMember) => void;
  /** For at least so long. True when it was not away before. */
  readonly leave: (member: GroupMember, forMs: number) => boolean;
  /** Its supervisor says that it is well. True when that is news. */
  readonly comeBack: (member: GroupMember) => boolean;
  /** What it signed did verify. */
  readonly proved: (member: GroupMember) => void;
  /** One of them signed what does not verify, and nobody knows which. */
  readonly mistrustAll: () => void;
};

/** Longer than that its supervisor is asked. */
const AWAY_MS_MAX = 2_000;

/** `now`: milliseconds of a clock that does not step back. */
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

  const isWell = ({ health }: GroupMember): boolean => health !== 'away';

  /** One trial at a time, as long as somebody else can be asked meanwhile. */
  function mayBeAsked(member: GroupMember, isAnyProven: boolean): boolean {
    return member.health === 'proven' || !isAnyProven || member.inFlight === 0;
  }

  function taken(issuer: IssuerId, member: GroupMember | null): GroupMember | null {
    if (member === null) return null;
    turn += 1;
    member.turns.set(issuer, turn);
    member.inFlight += 1;
    return member;
  }

  return {
    all,
    take(issuer, tried) {
      const well = all.filter((member) => isWell(member) && !tried.has(member));
      const isAnyProven = well.some(({ health }) => health === 'proven');
      const turnOf = ({ turns }: GroupMember): number => turns.get(issuer) ?? 0;
      const [best = null] = well
        .filter((member) => mayBeAsked(member, isAnyProven))
        .sort((one, other) => one.inFlight - other.inFlight || turnOf(one) - turnOf(other));
      return taken(issuer, best);
    },
    takeAway(issuer, tried) {
      const [longest = null] = all
        .filter((member) => !isWell(member) && !tried.has(member))
        .sort((one, other) => one.awayUntil - other.awayUntil);
      return taken(issuer, longest);
    },
    isThereAnother: (tried) => all.some((member) => isWell(member) && !tried.has(member)),
    answered(member) {
      member.inFlight -= 1;
    },
    leave(member, forMs) {
      const isNews = isWell(member);
      member.health = 'away';
      member.awayUntil = Math.max(member.awayUntil, now() + Math.min(forMs, AWAY_MS_MAX));
      return isNews;
    },
    comeBack(member) {
      if (isWell(member) || now() < member.awayUntil) return false;
      member.health = 'unproven';
      return true;
    },
    proved(member) {
      if (isWell(member)) member.health = 'proven';
    },
    mistrustAll() {
      for (const member of all) if (isWell(member)) member.health = 'unproven';
    },
  };
}
