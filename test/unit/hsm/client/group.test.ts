import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../../../hsm/client/connection.js';
import type { CrlRequest } from '../../../../hsm/client/crl-request.js';
import {
  createSignerGroup,
  type GroupRequest,
  type GroupWorld,
  type SignerGroup,
} from '../../../../hsm/client/group.js';
import type { MemberChange } from '../../../../hsm/client/group-health-check.js';
import type { Reply } from '../../../../hsm/client/pending-request.js';
import { encodeFrame, type Frame, type FrameContent } from '../../../../hsm/wire/frames.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { makeLintToken } from '../../../../src/lint/token.js';
import type { IssuerId, SignerFailure } from '../../../../src/ports/signer.js';

const ISSUER = 'aci-te-pp' as IssuerId;
const STUCK_MS = 120;
/** Long enough for several checks of the members. */
const WATCHES_MS = 2 * STUCK_MS;
/** No test waits for it. */
const DEADLINE_MS = 600_000;
const RIGHT = Uint8Array.of(1);
const WRONG = Uint8Array.of(0);

type StatusReply = { state: string; waitedMs: number } | 'nothing';
type WaitingRequest = { readonly body: Bytes; readonly answer: (reply: Reply) => void };

/** A socket whose other end is this test: requests wait for it, a status is answered at once. */
function createMember(path: string) {
  const waiting: WaitingRequest[] = [];
  const bodies: Bytes[] = [];
  let status: StatusReply = { state: 'ready', waitedMs: 0 };
  let badSignatures = 0;
  let statuses = 0;
  let broken = false;
  let always: Reply | null = null;
  const connection: Connection = {
    ask(type, _meta, body = new Uint8Array(0)) {
      if (type === 'bad-signature') badSignatures += 1;
      if (type === 'status') statuses += 1;
      if (type === 'bad-signature' || type === 'status')
        return status === 'nothing'
          ? new Promise(() => undefined)
          : Promise.resolve(frame({ type: 'state', id: 1, meta: status }));
      bodies.push(body);
      if (always !== null) return Promise.resolve(always);
      return new Promise((answer) => waiting.push({ body, answer }));
    },
    stream: () => crlStream(always ?? signed(RIGHT)),
    isBroken: () => broken,
    close: () => undefined,
  };
  return {
    path,
    connection,
    waiting,
    /** The bodies of all requests. */
    bodies,
    badSignatures: () => badSignatures,
    statuses: () => statuses,
    report: (next: StatusReply) => {
      status = next;
    },
    break: () => {
      broken = true;
    },
    always: (reply: Reply | null) => {
      always = reply;
    },
    answer(reply: Reply) {
      const first = waiting.shift();
      assert(first, `${path} was asked`);
      first.answer(reply);
    },
  };
}

function crlStream(reply: Reply): CrlRequest {
  return {
    send: () => Promise.resolve(),
    end: () => undefined,
    abort: () => undefined,
    reply: Promise.resolve(reply),
    isAnswered: () => false,
  };
}

function frame(content: FrameContent): Frame {
  const { type, id, meta = {}, body = new Uint8Array(0) } = content;
  return { type, id, meta: Buffer.from(JSON.stringify(meta)), body, encoded: encodeFrame(content) };
}

const signed = (signature: Bytes): Reply => frame({ type: 'signature', id: 1, body: signature });
const away = (retryAfterMs: number): Reply =>
  frame({ type: 'unavailable', id: 1, meta: { retryAfterMs, detail: 'the token is gone' } });
const refused: Reply = frame({ type: 'refused', id: 1, meta: { rule: 'lint', detail: 'no' } });
const capped: Reply = frame({ type: 'unavailable', id: 1, meta: { retryAfterMs: 9_000, detail: 'cap', profile: 'p' } });

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5);
}

describe('a signer group', () => {
  let a: ReturnType<typeof createMember>;
  let b: ReturnType<typeof createMember>;
  let group: SignerGroup;
  let changes: MemberChange[];

  function start(changed: Partial<GroupWorld> = {}): void {
    changes = [];
    a = createMember('a');
    b = createMember('b');
    group = createSignerGroup(['a', 'b'], {
      connectionTo: (path) => (path === 'a' ? a : b).connection,
      now: () => performance.now(),
      verifies: (_asked, signature) => signature[0] === RIGHT[0],
      onChange: (change) => changes.push(change),
      deadlineMs: DEADLINE_MS,
      stuckMs: STUCK_MS,
      ...changed,
    });
  }
  beforeEach(() => start());
  afterEach(() => group.close());

  function ask(body = Uint8Array.of(7), more: Partial<GroupRequest> = {}): Promise<Result<Bytes, SignerFailure>> {
    return group.ask({ type: 'certificate', issuer: ISSUER, meta: { issuer: ISSUER }, body, ...more });
  }
  /** Both members have made a signature that verifies. */
  async function prove(): Promise<void> {
    for (const member of [a, b]) {
      const asked = ask();
      await until(() => member.waiting.length === 1);
      member.answer(signed(RIGHT));
      assert((await asked).ok);
    }
  }

  it('sends the same bytes to another token when one cannot sign, and the caller sees no failure', async () => {
    const asked = ask(Uint8Array.of(7, 8, 9));
    a.answer(away(1_000));
    await until(() => b.waiting.length === 1);
    assert.deepEqual(b.waiting[0]?.body, a.bodies[0]);
    b.answer(signed(RIGHT));
    assert.deepEqual(await asked, ok(RIGHT));
    assert.deepEqual(changes, [{ path: 'a', change: 'unavailable', why: 'the token is gone' }]);
  });

  it('asks each token once, then returns their failure with the shortest retry time', async () => {
    const asked = ask();
    a.answer(away(5_000));
    await until(() => b.waiting.length === 1);
    b.answer(away(700));
    const result = await asked;
    assert(!result.ok && result.error.kind === 'signer-unavailable');
    assert.equal(result.error.retryAfterMs, 700);
    assert.deepEqual([a.bodies.length, b.bodies.length], [1, 1]);
  });

  it('asks a token that is away when there is no other', async () => {
    for (const member of [a, b]) member.always(away(60_000));
    await ask();
    const asked = await ask();
    assert(!asked.ok);
    assert.deepEqual([a.bodies.length, b.bodies.length], [2, 2]);
  });

  for (const [what, reply, kind] of [
    ['refused', refused, 'signer-refused'],
    ['over the cap of its profile', capped, 'signer-unavailable'],
  ] as const) {
    it(`sends to no other token what is ${what}`, async () => {
      const asked = ask();
      a.answer(reply);
      const result = await asked;
      assert.equal(result.ok ? '' : result.error.kind, kind);
      assert.deepEqual([b.bodies.length, changes.length], [0, 0]);
    });
  }

  for (const [what, status] of [
    ['has a request that waits too long', { state: 'ready', waitedMs: STUCK_MS }],
    ['is being restarted', { state: 'degraded', waitedMs: 0 }],
    ['has a supervisor that says nothing', 'nothing'],
  ] as const) {
    it(`does not wait for a token that ${what}`, async () => {
      await prove();
      const asked = ask();
      assert.equal(a.waiting.length, 1);
      a.report(status);
      await until(() => b.waiting.length === 1);
      b.answer(signed(RIGHT));
      assert.deepEqual(await asked, ok(RIGHT));
      // It gets no other request until it reports that it is ready.
      b.always(signed(RIGHT));
      for (let count = 0; count < 4; count += 1) assert((await ask()).ok);
      assert.equal(a.waiting.length, 1);
      // The late answer has no effect.
      a.answer(signed(RIGHT));
    });
  }

  it('does not wait for a token that cannot be reached', async () => {
    await prove();
    const asked = ask();
    a.break();
    await until(() => b.waiting.length === 1);
    b.answer(signed(RIGHT));
    assert((await asked).ok);
  });

  it('sends no request twice while the tokens are busy and healthy', async () => {
    await prove();
    const asked = Array.from({ length: 6 }, () => ask());
    await sleep(WATCHES_MS);
    assert.deepEqual([a.waiting.length, b.waiting.length], [3, 3]);
    for (const member of [a, b]) while (member.waiting.length > 0) member.answer(signed(RIGHT));
    for (const result of await Promise.all(asked)) assert(result.ok);
  });

  it('uses a token again when it reports ready, with one request at a time until its signature has verified', async () => {
    await prove();
    const asked = ask();
    a.report({ state: 'degraded', waitedMs: 0 });
    await until(() => b.waiting.length === 1);
    b.answer(signed(RIGHT));
    assert((await asked).ok);
    a.answer(away(1));
    a.report({ state: 'ready', waitedMs: 0 });
    await until(() => changes.some(({ change }) => change === 'available'));
    const more = Array.from({ length: 4 }, () => ask());
    assert.deepEqual([a.waiting.length, b.waiting.length], [1, 3]);
    // Its first signature is bad. It is verified before use, reported to the token, and never used.
    a.answer(signed(WRONG));
    await until(() => b.waiting.length === 4);
    assert.equal(a.badSignatures(), 1);
    while (b.waiting.length > 0) b.answer(signed(RIGHT));
    for (const result of await Promise.all(more)) assert.deepEqual(result, ok(RIGHT));
  });

  it('verifies a late signature of a token that was away', async () => {
    await prove();
    const asked = ask();
    a.report({ state: 'degraded', waitedMs: 0 });
    await until(() => b.waiting.length === 1);
    b.answer(signed(RIGHT));
    await asked;
    a.answer(signed(WRONG));
    await until(() => a.badSignatures() === 1);
  });

  it('reports a bad signature to the token that made it, and then uses the other', async () => {
    await prove();
    const asked = [ask(), ask()];
    a.answer(signed(RIGHT));
    b.answer(signed(WRONG));
    const [, wrong] = await Promise.all(asked);
    assert(wrong?.ok, 'one that has proved itself is verified by whoever asked');
    await group.reportBadSignature(wrong.value);
    assert.deepEqual([a.badSignatures(), b.badSignatures()], [0, 1]);
    for (let count = 0; count < 3; count += 1) void ask();
    assert.deepEqual([a.waiting.length, b.waiting.length], [3, 0]);
  });

  it('verifies every token again when the maker of a bad signature is unknown', async () => {
    await prove();
    await group.reportBadSignature(Uint8Array.of(0));
    const asked = ask();
    a.answer(signed(WRONG));
    await until(() => b.waiting.length === 1);
    b.answer(signed(RIGHT));
    assert.deepEqual(await asked, ok(RIGHT));
  });

  it('answers within its time limit whatever the tokens do', async () => {
    start({ deadlineMs: 200 });
    const result = await ask();
    assert(!result.ok && result.error.kind === 'signer-unavailable');
    assert.match(result.error.detail, /no answer in 200 ms/);
  });

  it('does not mark a token as unavailable that leaves requests for one client unanswered', async () => {
    const asked = ask(Uint8Array.of(7), { forOneClient: true });
    a.answer(away(1_000));
    await until(() => b.waiting.length === 1);
    b.answer(signed(RIGHT));
    assert((await asked).ok);
    assert.deepEqual(changes, []);
  });

  it('says for an interrupted list whether another token can sign it at once', async () => {
    const list = () => ({
      issuer: ISSUER,
      chunks: chunks(),
      finish: () => ok(makeLintToken('crl', ISSUER, new Uint8Array(0))),
    });
    a.always(away(60_000));
    const first = await group.crl(list());
    assert(!first.ok && first.error.kind === 'signer-unavailable');
    assert.equal(first.error.elsewhere, true);
    assert((await group.crl(list())).ok);
    b.always(away(60_000));
    const last = await group.crl(list());
    assert(!last.ok && last.error.kind === 'signer-unavailable');
    assert.equal(last.error.elsewhere, undefined);
  });

  it('answers all waiting requests when it is closed', async () => {
    const asked = ask();
    group.close();
    a.answer(away(1));
    const result = await asked;
    assert.match(result.ok ? '' : result.error.detail, /closed/);
    assert.equal(b.bodies.length, 0);
  });

  it('reports no token and asks none for its status after it was closed', async () => {
    await prove();
    const asked = ask();
    a.report({ state: 'degraded', waitedMs: 0 });
    group.close();
    await asked;
    const statuses = a.statuses() + b.statuses();
    a.answer(away(1));
    await sleep(WATCHES_MS);
    assert.deepEqual([changes, a.statuses() + b.statuses()], [[], statuses]);
  });
});

async function* chunks(): AsyncGenerator<Bytes> {
  yield Uint8Array.of(1, 2, 3);
}
