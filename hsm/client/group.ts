/**
 * A signer group: tokens that hold the same keys, each behind a socket of its own (ops/decisions/0008). It spreads requests over those
 * that are well. What one of them cannot answer, or is not about to, is put to another, the same bytes, before whoever asked hears
 * of it: each is asked once.
 *
 * Whether one is well its own supervisor says, asked several times a second while there is anything to do: it knows a child that
 * hangs from one that has much to do. So a load that all of them can hardly bear is not doubled.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlLintStream, IssuerId, Signer, SignerAway, SignerFailure } from '../../src/ports/signer.js';
import { type FrameType, type Meta, readMeta } from '../wire/frames.js';
import type { Connection, Reply } from './connection.js';
import { signCrl } from './crl-sender.js';
import { createGroupMembers, type GroupMember } from './group-members.js';
import { signatureOf, unavailable } from './replies.js';

export type GroupAsked = {
  readonly type: FrameType & ('certificate' | 'responder-certificate' | 'ocsp' | 'platform');
  readonly issuer: IssuerId;
  readonly meta: Meta;
  readonly body: Bytes;
  /** One of many that anybody can send: what becomes of it says nothing of its token. */
  readonly anonymous?: true;
};

export type MemberChange = { readonly path: string; readonly change: 'away' | 'back'; readonly why: string };

export type GroupWorld = {
  readonly connectionTo: (path: string) => Connection;
  /** Milliseconds of a clock that does not step back. */
  readonly now: () => number;
  /** Whether the issuer's expected public key verifies this signature over the body that was asked for. */
  readonly verifies: (asked: Pick<GroupAsked, 'type' | 'issuer' | 'body'>, signature: Bytes) => boolean;
  readonly onChange: (change: MemberChange) => void;
  /** From asking to the answer, whoever gives it. */
  readonly deadlineMs: number;
  /** A child that has not answered its oldest request after this is left to its supervisor. */
  readonly stuckMs: number;
};

export type Group = {
  readonly ask: (asked: GroupAsked) => Promise<Result<Bytes, SignerFailure>>;
  readonly crl: (crl: CrlLintStream) => ReturnType<Signer['crl']>;
  /** A signature that came from here did not verify. */
  readonly doubt: (signature: Bytes) => Promise<void>;
  readonly close: () => void;
};

type Open = {
  readonly asked: GroupAsked;
  readonly tried: Set<GroupMember>;
  readonly waitsFor: Set<GroupMember>;
  readonly settle: (result: Result<Bytes, SignerFailure>) => void;
  /** What those that could not answer have said. */
  away: SignerAway | null;
};

const WATCHES_A_STUCK = 6;
const WATCH_MS_MIN = 20;
/** Its supervisor replaces a process that it doubts, but not one that is younger than this. */
const DOUBTED_MS = 1_000;

export function createGroup(paths: readonly string[], world: GroupWorld): Group {
  const { connectionTo, now, onChange, deadlineMs, stuckMs } = world;
  const members = createGroupMembers(paths, now);
  const isGroup = members.all.length > 1;
  const open = new Set<Open>();
  /** How many watches ago the supervisor of a member was asked; it has not answered since. */
  const probes = new Map<GroupMember, number>();
  const madeBy = new WeakMap<Bytes, GroupMember>();
  let timer: NodeJS.Timeout | null = null;

  function leave(member: GroupMember, forMs: number, why: string): void {
    if (members.leave(member, forMs)) onChange({ path: member.path, change: 'away', why });
    watchOn();
  }

  /** Whom nobody can reach is not waited for. */
  function leaveBroken(): void {
    for (const member of members.all) if (connectionTo(member.path).isBroken()) leave(member, 0, 'no connection');
  }

  function put(one: Open, member: GroupMember): void {
    one.tried.add(member);
    one.waitsFor.add(member);
    const { type, meta, body } = one.asked;
    void connectionTo(member.path)
      .ask(type, meta, body)
      .then((reply) => {
        members.answered(member);
        one.waitsFor.delete(member);
        const result = heard(one, member, reply);
        if (result !== null) one.settle(result);
        else moveOn(one);
      });
  }

  /** null: another is to be asked. It also says how the member is, when nobody waits for this answer any more. */
  function heard(one: Open, member: GroupMember, reply: Reply): Result<Bytes, SignerFailure> | null {
    const { asked } = one;
    const result = signatureOf(reply);
    if (result.ok) {
      if (member.health === 'proven') return made(member, result.value);
      if (world.verifies(asked, result.value)) {
        members.proved(member);
        return made(member, result.value);
      }
      void tellDoubt(member);
      return null;
    }
    // Refused: a bug or an attack, which no other token shall try. Over its cap: that is the profile's.
    if (result.error.kind === 'signer-refused' || result.error.profile !== undefined) return result;
    if (asked.anonymous !== true) leave(member, result.error.retryAfterMs, result.error.detail);
    if (one.away === null || result.error.retryAfterMs < one.away.retryAfterMs) one.away = result.error;
    return null;
  }

  function made(member: GroupMember, signature: Bytes): Result<Bytes, never> {
    madeBy.set(signature, member);
    return ok(signature);
  }

  function moveOn(one: Open): void {
    if (!open.has(one)) return;
    const { asked, tried, waitsFor } = one;
    const next =
      members.take(asked.issuer, tried) ?? (waitsFor.size === 0 ? members.takeAway(asked.issuer, tried) : null);
    if (next !== null) put(one, next);
    else if (waitsFor.size === 0) one.settle(err(one.away ?? unavailable(DOUBTED_MS, 'no signature that verifies')));
  }

  function tellDoubt(member: GroupMember): Promise<Reply> {
    leave(member, DOUBTED_MS, 'a signature of it did not verify');
    return connectionTo(member.path).ask('doubt', {});
  }

  function ask(asked: GroupAsked): Promise<Result<Bytes, SignerFailure>> {
    return new Promise((resolve) => {
      const one: Open = { asked, tried: new Set(), waitsFor: new Set(), settle, away: null };
      const limit = setTimeout(() => settle(err(unavailable(DOUBTED_MS, `no answer in ${deadlineMs} ms`))), deadlineMs);
      function settle(result: Result<Bytes, SignerFailure>): void {
        clearTimeout(limit);
        open.delete(one);
        resolve(result);
      }
      open.add(one);
      leaveBroken();
      moveOn(one);
      watchOn();
    });
  }

  function watchOn(): void {
    timer ??= setInterval(watch, Math.max(WATCH_MS_MIN, stuckMs / WATCHES_A_STUCK)).unref();
  }

  /** Counted in watches, not by the clock: after a moment in which this process did nothing, nobody else is late. */
  function watch(): void {
    leaveBroken();
    for (const member of members.all) probe(member);
    for (const one of open) if ([...one.waitsFor].every(({ health }) => health === 'away')) moveOn(one);
    if (open.size > 0 || probes.size > 0 || members.all.some(({ health }) => health === 'away')) return;
    if (timer) clearInterval(timer);
    timer = null;
  }

  function probe(member: GroupMember): void {
    const asked = probes.get(member);
    if (asked !== undefined) {
      probes.set(member, asked + 1);
      if (asked >= WATCHES_A_STUCK) leave(member, 0, 'its supervisor does not answer');
      return;
    }
    if (open.size === 0 && member.health !== 'away') return;
    probes.set(member, 1);
    void connectionTo(member.path)
      .ask('status', {})
      .then((reply) => {
        probes.delete(member);
        const trouble = troubleIn(reply, stuckMs);
        if (trouble !== null) leave(member, 0, trouble);
        else if (members.comeBack(member))
          onChange({ path: member.path, change: 'back', why: 'it says that it is ready' });
      });
  }

  async function crl(list: CrlLintStream): ReturnType<Signer['crl']> {
    leaveBroken();
    const member = members.take(list.issuer, new Set()) ?? members.takeAway(list.issuer, new Set());
    assert(member !== null, 'a group has a member');
    const signed = signCrl(list, connectionTo(member.path));
    const result = await signed.finally(() => members.answered(member));
    if (result.ok) return made(member, result.value);
    if (result.error.kind !== 'signer-unavailable') return result;
    leave(member, result.error.retryAfterMs, result.error.detail);
    // It streamed by, and nobody has it here: whoever makes it makes it again.
    return members.isThereAnother(new Set([member])) ? err({ ...result.error, elsewhere: true }) : result;
  }

  async function askOnly({ type, meta, body }: GroupAsked): Promise<Result<Bytes, SignerFailure>> {
    return signatureOf(await connectionTo(only()).ask(type, meta, body));
  }

  function only(): string {
    const [path] = paths;
    assert(path !== undefined, 'a group has a member');
    return path;
  }

  return {
    ask: isGroup ? ask : askOnly,
    crl: isGroup ? crl : (list) => signCrl(list, connectionTo(only())),
    async doubt(signature) {
      const member = madeBy.get(signature);
      // Whatever comes of it: what is asked on this connection next comes after it.
      if (!isGroup) await connectionTo(only()).ask('doubt', {});
      else if (member) await tellDoubt(member);
      else members.mistrustAll();
    },
    close() {
      for (const { settle } of open) settle(err(unavailable(0, 'the connection was closed')));
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}

/** What its supervisor says against asking it; null: nothing. */
function troubleIn(reply: Reply, stuckMs: number): string | null {
  if ('kind' in reply) return reply.detail;
  const meta = readMeta(reply);
  const { state, waitedMs } = meta.ok ? meta.value : {};
  if (state !== 'ready') return `it is ${String(state)}`;
  return Number(waitedMs) >= stuckMs ? `a request has waited for ${String(waitedMs)} ms` : null;
}
