/**
 * A group with a limited number of members. Each member belongs to an owner, whose members are
 * limited too. The group keeps the order in which members were added.
 */
export type BoundedGroup<Member> = {
  readonly add: (member: Member, owner: string) => void;
  readonly remove: (member: Member) => void;
  readonly size: () => number;
  /** The number of members of an owner. */
  readonly countOf: (owner: string) => number;
  /**
   * Returns the member that must leave before this owner can add another one; null: there is room.
   * It is the oldest member of the owner if the owner has reached its limit, otherwise the oldest
   * of all.
   */
  readonly toReplace: (owner: string) => Member | null;
};

type GroupLimits = { readonly total: number; readonly perOwner: number };

export function createBoundedGroup<Member>({ total, perOwner }: GroupLimits): BoundedGroup<Member> {
  const members = new Map<Member, string>();
  const byOwner = new Map<string, Set<Member>>();
  const oldest = (all: Iterable<Member>): Member | null => {
    for (const member of all) return member;
    return null;
  };
  return {
    add: (member, owner) => {
      members.set(member, owner);
      const own = byOwner.get(owner) ?? new Set();
      byOwner.set(owner, own.add(member));
    },
    remove: (member) => {
      const owner = members.get(member);
      if (owner === undefined) return;
      members.delete(member);
      const own = byOwner.get(owner);
      own?.delete(member);
      if (own?.size === 0) byOwner.delete(owner);
    },
    size: () => members.size,
    countOf: (owner) => byOwner.get(owner)?.size ?? 0,
    toReplace: (owner) => {
      const own = byOwner.get(owner);
      if (own !== undefined && own.size >= perOwner) return oldest(own);
      return members.size >= total ? oldest(members.keys()) : null;
    },
  };
}
