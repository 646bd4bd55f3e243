/**
 * A signer group: tokens with the same keys, each behind a socket of its own (ops/decisions/0008).
 * The group distributes requests over the available members. If a member does not answer, or
 * probably will not, another member gets the same bytes before the caller sees a failure. Each
 * member gets a request at most once.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlLintStream, IssuerId, Signer, SignerFailure, SignerUnavailable } from '../../src/ports/signer.js';
import type { FrameType, Meta } from '../wire/frames.js';
import { signCrl } from './crl-sender.js';
import { createGroupHealthCheck, type GroupHealthCheckWorld, type MemberChange } from './group-health-check.js';
import { createGroupMembers, type GroupMember } from './group-members.js';
import type { Reply } from './pending-request.js';
import { signatureFromReply, signerUnavailable } from './replies.js';

export type GroupRequest = {
  readonly type: FrameType & ('certificate' | 'responder-certificate' | 'ocsp');
  readonly issuer: IssuerId;
  readonly meta: Meta;
  readonly body: Bytes;
  /**
   * Marks a request for an OCSP response for one client. Anybody can cause any number of them, so
   * an answer that one cannot be signed now does not make the member count as unavailable.
   */
  readonly forOneClient?: true;
};

export type GroupWorld = Pick<GroupHealthCheckWorld, 'connectionTo' | 'stuckMs'> & {
  /** Returns milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly onChange: (change: MemberChange) => void;
  /**
   * Whether the issuer's expected public key verifies this signature over the body of the request.
   */
  readonly verifies: (request: Pick<GroupRequest, 'type' | 'issuer' | 'body'>, signature: Bytes) => boolean;
  /** Time limit from the request to the answer, whichever member answers. */
  readonly deadlineMs: number;
};

export type SignerGroup = {
  readonly ask: (request: GroupRequest) => Promise<Result<Bytes, SignerFailure>>;
  readonly crl: (crl: CrlLintStream) => ReturnType<Signer['crl']>;
  /** Reports that a signature of this group did not verify. */
  readonly reportBadSignature: (signature: Bytes) => Promise<void>;
  readonly close: () => void;
};

type OpenRequest = {
  readonly request: GroupRequest;
  readonly tried: Set<GroupMember>;
  readonly waitsFor: Set<GroupMember>;
  readonly settle: (result: Result<Bytes, SignerFailure>) => void;
  /**
   * The failure with the shortest retry time that a tried member has answered; null: none has
   * failed.
   */
  unavailable: SignerUnavailable | null;
};

/**
 * Retry time after a signature that did not verify, and when no member has answered in time. The
 * supervisor does not replace a child for a bad signature before the child has been ready for this
 * long.
 */
const BAD_SIGNATURE_RETRY_MS = 1_000;

export function createSignerGroup(paths: readonly string[], world: GroupWorld): SignerGroup {
  const [first, ...others] = paths;
  assert(first !== undefined, 'a group has a member');
  return others.length === 0 ? createSingle(first, world) : createMultiple(paths, world);
}

function createSingle(path: string, { connectionTo }: GroupWorld): SignerGroup {
  return {
    ask: async ({ type, meta, body }) => signatureFromReply(await connectionTo(path).ask(type, meta, body)),
    crl: (list) => signCrl(list, connectionTo(path)),
    async reportBadSignature(signature) {
      // The answer to the report is not used: later requests on this connection are handled after
      // the report.
      await connectionTo(path).ask('bad-signature', {}, signature);
    },
    close: () => undefined,
  };
}

function createMultiple(paths: readonly string[], world: GroupWorld): SignerGroup {
  const { connectionTo, now, onChange, deadlineMs, stuckMs } = world;
  const members = createGroupMembers(paths, now);
  const open = new Set<OpenRequest>();
  const madeBy = new WeakMap<Bytes, GroupMember>();
  const healthCheck = createGroupHealthCheck({
    members,
    connectionTo,
    onChange,
    stuckMs,
    hasOpenRequests: () => open.size > 0,
    onChecked() {
      for (const one of open) if ([...one.waitsFor].every(({ health }) => health === 'unavailable')) moveOn(one);
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
   * Reads the reply of one member; null: another member must be tried. It also updates the health
   * of the member, even when no caller waits for this reply any more.
   */
  function resultOf(one: OpenRequest, member: GroupMember, reply: Reply): Result<Bytes, SignerFailure> | null {
    const result = signatureFromReply(reply);
    if (result.ok) {
      if (member.health === 'proven') return madeBySigner(member, result.value);
      if (world.verifies(one.request, result.value)) {
        members.markProven(member);
        return madeBySigner(member, result.value);
      }
      void reportBadSignatureOf(member, result.value);
      return null;
    }
    // A refusal shows a bug or an attack, so no other member may sign the request. A rate cap
    // applies to the profile on every member.
    if (result.error.kind === 'signer-refused' || result.error.profile !== undefined) return result;
    if (one.request.forOneClient !== true)
      healthCheck.markUnavailable(member, result.error.retryAfterMs, result.error.detail);
    if (one.unavailable === null || result.error.retryAfterMs < one.unavailable.retryAfterMs)
      one.unavailable = result.error;
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
      members.assign(request.issuer, tried) ??
      (waitsFor.size === 0 ? members.assignUnavailable(request.issuer, tried) : null);
    if (next !== null) send(one, next);
    else if (waitsFor.size === 0)
      one.settle(err(one.unavailable ?? signerUnavailable(BAD_SIGNATURE_RETRY_MS, 'no signature that verifies')));
  }

  function reportBadSignatureOf(member: GroupMember, signature: Bytes): Promise<Reply> {
    healthCheck.markUnavailable(member, BAD_SIGNATURE_RETRY_MS, 'one of its signatures did not verify');
    return connectionTo(member.path).ask('bad-signature', {}, signature);
  }

  function ask(request: GroupRequest): Promise<Result<Bytes, SignerFailure>> {
    return new Promise((resolve) => {
      const one: OpenRequest = { request, tried: new Set(), waitsFor: new Set(), settle, unavailable: null };
      const limit = setTimeout(
        () => settle(err(signerUnavailable(BAD_SIGNATURE_RETRY_MS, `no answer in ${deadlineMs} ms`))),
        deadlineMs,
      );
      function settle(result: Result<Bytes, SignerFailure>): void {
        clearTimeout(limit);
        open.delete(one);
        resolve(result);
      }
      open.add(one);
      healthCheck.markBroken();
      moveOn(one);
      healthCheck.start();
    });
  }

  async function crl(list: CrlLintStream): ReturnType<Signer['crl']> {
    healthCheck.markBroken();
    const member = members.assign(list.issuer, new Set()) ?? members.assignUnavailable(list.issuer, new Set());
    assert(member !== null, 'a group has a member');
    const signed = signCrl(list, connectionTo(member.path));
    const result = await signed.finally(() => members.answered(member));
    if (result.ok) return madeBySigner(member, result.value);
    if (result.error.kind !== 'signer-unavailable') return result;
    healthCheck.markUnavailable(member, result.error.retryAfterMs, result.error.detail);
    // The chunks were streamed and are not stored, so the caller must make the list again.
    return members.hasOther(new Set([member])) ? err({ ...result.error, elsewhere: true }) : result;
  }

  return {
    ask,
    crl,
    async reportBadSignature(signature) {
      const member = madeBy.get(signature);
      if (member) await reportBadSignatureOf(member, signature);
      else members.markAllUnproven();
    },
    close() {
      for (const { settle } of open) settle(err(signerUnavailable(0, 'the connection was closed')));
      healthCheck.close();
    },
  };
}
