/**
 * Watches the members of a signer group while there are open requests or members that are away. The
 * supervisor of each member is asked for its status several times a second: it can distinguish a
 * child that hangs from one that is busy, so that an overload is not sent to a second token.
 */
import { readMeta } from '../wire/frames.js';
import type { Connection } from './connection.js';
import type { GroupMember, GroupMembers } from './group-members.js';
import type { Reply } from './pending-request.js';

export type MemberChange = { readonly path: string; readonly change: 'away' | 'back'; readonly why: string };

export type GroupWatchWorld = {
  readonly members: GroupMembers;
  readonly connectionTo: (path: string) => Connection;
  readonly onChange: (change: MemberChange) => void;
  /** A child that has not answered its oldest request for this long counts as away. */
  readonly stuckMs: number;
  readonly hasOpenRequests: () => boolean;
  /** Called after each check. */
  readonly onChecked: () => void;
};

const CHECKS_UNTIL_STUCK = 6;
const CHECK_MS_MIN = 20;

export function createGroupWatch(world: GroupWatchWorld) {
  const { members, connectionTo, onChange, stuckMs, hasOpenRequests } = world;
  /** The number of checks since the unanswered status request to a member. */
  const probes = new Map<GroupMember, number>();
  let timer: NodeJS.Timeout | null = null;

  function markAway(member: GroupMember, forMs: number, why: string): void {
    if (members.markAway(member, forMs)) onChange({ path: member.path, change: 'away', why });
    start();
  }

  /** Members without a connection are skipped. */
  function markBroken(): void {
    for (const member of members.all) if (connectionTo(member.path).isBroken()) markAway(member, 0, 'no connection');
  }

  function start(): void {
    timer ??= setInterval(check, Math.max(CHECK_MS_MIN, stuckMs / CHECKS_UNTIL_STUCK)).unref();
  }

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  /**
   * Time is counted in checks, not by the clock: after a pause of this process, no member must seem
   * to be late.
   */
  function check(): void {
    markBroken();
    for (const member of members.all) probe(member);
    world.onChecked();
    if (hasOpenRequests() || probes.size > 0 || members.all.some(({ health }) => health === 'away')) return;
    stop();
  }

  function probe(member: GroupMember): void {
    const checks = probes.get(member);
    if (checks !== undefined) {
      probes.set(member, checks + 1);
      if (checks >= CHECKS_UNTIL_STUCK) markAway(member, 0, 'its supervisor does not answer');
      return;
    }
    if (!hasOpenRequests() && member.health !== 'away') return;
    probes.set(member, 1);
    void connectionTo(member.path)
      .ask('status', {})
      .then((reply) => {
        probes.delete(member);
        const trouble = troubleIn(reply, stuckMs);
        if (trouble !== null) markAway(member, 0, trouble);
        else if (members.markBack(member))
          onChange({ path: member.path, change: 'back', why: 'it reports that it is ready' });
      });
  }

  return { markAway, markBroken, start, stop };
}

/** Why the member must get no request, as its supervisor reports; null: nothing is wrong. */
function troubleIn(reply: Reply, stuckMs: number): string | null {
  if ('kind' in reply) return reply.detail;
  const meta = readMeta(reply);
  const { state, waitedMs } = meta.ok ? meta.value : {};
  if (state !== 'ready') return `it is ${String(state)}`;
  return Number(waitedMs) >= stuckMs ? `a request has waited for ${String(waitedMs)} ms` : null;
}
