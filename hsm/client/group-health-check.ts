/**
 * Watches the members of a signer group while there are unanswered requests or unavailable members.
 * The supervisor of each member is asked for its status several times a second. The supervisor can
 * tell a child that hangs from one that is busy, so an overload of one token is not moved to a
 * second token.
 */
import { readMeta } from '../wire/frames.js';
import type { Connection } from './connection.js';
import type { GroupMember, GroupMembers } from './group-members.js';
import type { Reply } from './pending-request.js';

export type MemberChange = {
  readonly path: string;
  readonly change: 'unavailable' | 'available';
  readonly why: string;
};

export type GroupHealthCheckWorld = {
  readonly members: GroupMembers;
  readonly connectionTo: (path: string) => Connection;
  readonly onChange: (change: MemberChange) => void;
  /** A child that has not answered its oldest request for this long counts as unavailable. */
  readonly stuckMs: number;
  readonly hasOpenRequests: () => boolean;
  /** Called after each check of all members. */
  readonly onChecked: () => void;
};

const CHECKS_UNTIL_STUCK = 6;
const CHECK_MS_MIN = 20;

export function createGroupHealthCheck(world: GroupHealthCheckWorld) {
  const { members, connectionTo, onChange, stuckMs, hasOpenRequests } = world;
  /** The members with an unanswered status request, and the number of checks since it was sent. */
  const probes = new Map<GroupMember, number>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function markUnavailable(member: GroupMember, forMs: number, why: string): void {
    // The closing itself settles the unanswered requests, which says nothing about a member.
    if (closed) return;
    if (members.markUnavailable(member, forMs)) onChange({ path: member.path, change: 'unavailable', why });
    start();
  }

  /** Marks members whose connection is broken as unavailable. */
  function markBroken(): void {
    for (const member of members.all)
      if (connectionTo(member.path).isBroken()) markUnavailable(member, 0, 'no connection');
  }

  function start(): void {
    if (closed) return;
    timer ??= setInterval(check, Math.max(CHECK_MS_MIN, stuckMs / CHECKS_UNTIL_STUCK)).unref();
  }

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  /**
   * Checks all members once. A member that is late is recognised by the number of checks, not by
   * the clock: after a pause of this process, no member must seem to be late.
   */
  function check(): void {
    markBroken();
    for (const member of members.all) probe(member);
    world.onChecked();
    if (hasOpenRequests() || probes.size > 0 || members.all.some(({ health }) => health === 'unavailable')) return;
    stop();
  }

  function probe(member: GroupMember): void {
    const checks = probes.get(member);
    if (checks !== undefined) {
      probes.set(member, checks + 1);
      if (checks >= CHECKS_UNTIL_STUCK) markUnavailable(member, 0, 'its supervisor does not answer');
      return;
    }
    if (!hasOpenRequests() && member.health !== 'unavailable') return;
    probes.set(member, 1);
    void connectionTo(member.path)
      .ask('status', {})
      .then((reply) => {
        probes.delete(member);
        if (closed) return;
        const trouble = troubleIn(reply, stuckMs);
        if (trouble !== null) markUnavailable(member, 0, trouble);
        else if (members.markAvailable(member))
          onChange({ path: member.path, change: 'available', why: 'it reports that it is ready' });
      });
  }

  /** Stops the checks for good: they do not start again, and no change is reported. */
  function close(): void {
    closed = true;
    stop();
  }

  return { markUnavailable, markBroken, start, close };
}

/** Says why the member must get no request, according to its supervisor; null: nothing is wrong. */
function troubleIn(reply: Reply, stuckMs: number): string | null {
  if ('kind' in reply) return reply.detail;
  const meta = readMeta(reply);
  const { state, waitedMs } = meta.ok ? meta.value : {};
  if (state !== 'ready') return `it is ${String(state)}`;
  return Number(waitedMs) >= stuckMs ? `a request has waited for ${String(waitedMs)} ms` : null;
}
