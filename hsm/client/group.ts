/**
 * A signer group: tokens with the same keys, each behind a socket of its own (ops/decisions/0008).
 * It distributes requests over the available members. If a member does not answer, or probably will
 * not, another gets the same bytes before the caller sees a failure. Each member gets a request
 * once.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlLintStream, IssuerId, Signer, SignerAway, SignerFailure } from '../../src/ports/signer.js';
import type { FrameType, Meta } from '../wire/frames.js';
import { signCrl } from './crl-sender.js';
import { createGroupMembers, type GroupMember } from './group-members.js';
import { createGroupWatch, type GroupWatchWorld, type MemberChange } from './group-watch.js';
import type { Reply } from './pending-request.js';
import { signatureOf, unavailable } from './replies.js';

export type GroupRequest = {
  readonly type: FrameType & ('certificate' | 'responder-certificate' | 'ocsp' | 'platform');
  readonly issuer: IssuerId;
  readonly meta: Meta;
  readonly body: Bytes;
  /**
   * Anybody can send any number of these, so that their failures do not make a member count as
   * away.
   */
  readonly anonymous?: true;
};

export type GroupWorld = Pick<GroupWatchWorld, 'connectionTo' | 'stuckMs'> & {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly onChange: (change: MemberChange) => void;
  /**
   * Whether the issuer's expected public key verifies this signature over the body of the request.
   */
  readonly verifies: (request: Pick<GroupRequest, 'type' | 'issuer' | 'body'>, signature: Bytes) => boolean;
  /** From the request to the answer, whichever member gives it. */
  readonly deadlineMs: number;
};

export type Group = {
  readonly ask: (request: GroupRequest) => Promise<Result<Bytes, SignerFailure>>;
  readonly crl: (crl: CrlLintStream) => ReturnType<Signer['crl']>;
  /** A signature of this group did not verify. */
  readonly doubt: (signature: Bytes) => Promise<void>;
  readonly close: () => void;
};

type OpenRequest = {
  readonly request: GroupRequest;
  readonly tried: Set<GroupMember>;
  readonly waitsFor: Set<GroupMember>;
  readonly settle: (result: Result<Bytes, SignerFailure>) => void;
  /** The shortest retry that a member has answered; null: none has. */
  away: SignerAway | null;
};

/** The supervisor does not replace a child that was ready for less than this. */
const DOUBTED_MS = 1_000;

export function createGroup(paths: readonly string[], world: GroupWorld): Group {
  const [first, ...others] = paths;
  assert(first !== undefined, 'a group has a member');
  return others.length === 0 ? createSingle(first, world) : createMultiple(paths, world);
}

function createSingle(path: string, { connectionTo }: GroupWorld): Group {
  return {
    ask: async ({ type, meta, body }) => signatureOf(await connectionTo(path).ask(type, meta, body)),
    crl: (list) => signCrl(list, connectionTo(path)),
    async doubt() {
      // The answer does not matter: the next requests on this connection come after the report.
      await connectionTo(path).ask('doubt', {});
    },
    close: () => undefined,
  };
}

function createMultiple(paths: readonly string[], world: GroupWorld): Group {
  const { connectionTo, now, onChange, deadlineMs, stuckMs } = world;
  const members = createGroupMembers(paths, now);
  const open = new Set<OpenRequest>();
  const madeBy = new WeakMap<Bytes, GroupMember>();
  const watch = createGroupWatch({
    members,
    connectionTo,
    onChange,
    stuckMs,
    hasOpenRequests: () => open.size > 0,
    onChecked() {
      for (const one of open) if ([...one.waitsFor].every(({ health }) => health === 'away')) moveOn(one);
    },
  });

  function send(one: OpenRequest, member: GroupMember): void {
    one.tried.add(member);
    one.waitsFor.add(member);
    const { type, meta, body } = one.request;
    void connectionTo(member.path)
      .ask(type, meta, body)
      .then((reply) => {
        members.answered(member);
        one.waitsFor.delete(member);
        const result = resultOf(one, member, reply);
        if (result !== null) one.settle(result);
        else moveOn(one);
      });
  }

  /**
   * null: another member must be tried. It also updates the health of the member, even when nobody
   * waits for this reply any more.
   */
  function resultOf(one: OpenRequest, member: GroupMember, reply: Reply): Result<Bytes, SignerFailure> | null {
    const result = signatureOf(reply);
    if (result.ok) {
      if (member.health === 'proven') return madeBySigner(member, result.value);
      if (world.verifies(one.request, result.value)) {
        members.markProven(member);
        return madeBySigner(member, result.value);
      }
      void reportDoubt(member);
      return null;
    }
    // A refusal shows a bug or an attack, so that no other member may sign it. A cap is the
    // profile's.
    if (result.error.kind === 'signer-refused' || result.error.profile !== undefined) return result;
    if (one.request.anonymous !== true) watch.markAway(member, result.error.retryAfterMs, result.error.detail);
    if (one.away === null || result.error.retryAfterMs < one.away.retryAfterMs) one.away = result.error;
    return null;
  }

  function madeBySigner(member: GroupMember, signature: Bytes): Result<Bytes, never> {
    madeBy.set(signature, member);
    return ok(signature);
  }

  function moveOn(one: OpenRequest): void {
    if (!open.has(one)) return;
    const { request, tried, waitsFor } = one;
    const next =
      members.assign(request.issuer, tried) ?? (waitsFor.size === 0 ? members.assignAway(request.issuer, tried) : null);
    if (next !== null) send(one, next);
    else if (waitsFor.size === 0) one.settle(err(one.away ?? unavailable(DOUBTED_MS, 'no signature that verifies')));
  }

  function reportDoubt(member: GroupMember): Promise<Reply> {
    watch.markAway(member, DOUBTED_MS, 'one of its signatures did not verify');
    return connectionTo(member.path).ask('doubt', {});
  }

  function ask(request: GroupRequest): Promise<Result<Bytes, SignerFailure>> {
    return new Promise((resolve) => {
      const one: OpenRequest = { request, tried: new Set(), waitsFor: new Set(), settle, away: null };
      const limit = setTimeout(() => settle(err(unavailable(DOUBTED_MS, `no answer in ${deadlineMs} ms`))), deadlineMs);
      function settle(result: Result<Bytes, SignerFailure>): void {
        clearTimeout(limit);
        open.delete(one);
        resolve(result);
      }
      open.add(one);
      watch.markBroken();
      moveOn(one);
      watch.start();
    });
  }

  async function crl(list: CrlLintStream): ReturnType<Signer['crl']> {
    watch.markBroken();
    const member = members.assign(list.issuer, new Set()) ?? members.assignAway(list.issuer, new Set());
    assert(member !== null, 'a group has a member');
    const signed = signCrl(list, connectionTo(member.path));
    const result = await signed.finally(() => members.answered(member));
    if (result.ok) return madeBySigner(member, result.value);
    if (result.error.kind !== 'signer-unavailable') return result;
    watch.markAway(member, result.error.retryAfterMs, result.error.detail);
    // The chunks were streamed and are gone, so that the caller must make the list again.
    return members.hasOther(new Set([member])) ? err({ ...result.error, elsewhere: true }) : result;
  }

  return {
    ask,
    crl,
    async doubt(signature) {
      const member = madeBy.get(signature);
      if (member) await reportDoubt(member);
      else members.markAllUnproven();
    },
    close() {
      for (const { settle } of open) settle(err(unavailable(0, 'the connection was closed')));
      watch.stop();
    },
  };
}
