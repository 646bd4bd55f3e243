/**
 * Each class of fault, injected between a real signer and SoftHSM: its remedy, the number, and what
 * remains.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignerClient } from '../../../hsm/client/client.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { Result } from '../../../src/kernel/result.js';
import { makeLintToken } from '../../../src/lint/token.js';
import type { SignerFailure } from '../../../src/ports/signer.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import { createShim, type Fault, type Shim } from '../../support/hsm/shim.js';
import {
  certificateClient,
  ISSUER,
  type LogEvent,
  type MadeToken,
  makeToken,
  pssMb,
  type RunningSupervisor,
  removeFolder,
  SOFTHSM_MODULE,
  startSupervisor,
  statusOf,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

/** The deadline of requests, which only a token that hangs must meet. */
const DEADLINE_MS = 8_000;
const KEEP_ALIVE_MS = 400;
/** The sessions of a child: one that stays logged in, and one for each signing thread. */
const SESSIONS_MAX = 4;
const FAULTS = 1_000;
const SIGNATURES = Number(process.env.PFCNG_SIGNATURES ?? 20_000);
/** The allowed growth of a heap that was used before, while garbage collection is slow. */
const GROWTH_MB_MAX = 20;

type Case = readonly [faults: readonly Fault[], line: string, times: number];
const fail = (operation: string, ckr: string, times: number): readonly Fault[] => [
  { act: 'fail', in: operation, ckr, times },
];
const MENDED: readonly Case[] = [
  [fail('C_SignInit', 'CKR_SESSION_HANDLE_INVALID', 1), 'C_SignInit CKR_SESSION_HANDLE_INVALID: retry', 1],
  [fail('C_Sign', 'CKR_SESSION_CLOSED', 1), 'C_Sign CKR_SESSION_CLOSED: retry', 1],
  [fail('C_SignInit', 'CKR_OPERATION_ACTIVE', 1), 'C_SignInit CKR_OPERATION_ACTIVE: retry', 1],
  [[{ act: 'logout' }], 'C_SignInit CKR_USER_NOT_LOGGED_IN: login', 1],
  [fail('C_SignInit', 'CKR_KEY_HANDLE_INVALID', 1), 'C_SignInit CKR_KEY_HANDLE_INVALID: login', 1],
  [fail('C_Sign', 'CKR_DEVICE_ERROR', 1), 'C_Sign CKR_DEVICE_ERROR: reinitialise', 1],
  [fail('C_SignInit', 'CKR_CRYPTOKI_NOT_INITIALIZED', 1), 'C_SignInit CKR_CRYPTOKI_NOT_INITIALIZED: reinitialise', 1],
];

describe('a signer whose token fails', () => {
  let home: string;
  let shim: Shim;
  let token: MadeToken;
  let supervisor: RunningSupervisor;
  let client: SignerClient;
  let serial = 0x10_00_00;

  before(async function startIt() {
    home = temporaryFolder();
    shim = createShim(join(home, 'shim'), SOFTHSM_MODULE);
    const made = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
    token = { ...made, configuration: { ...made.configuration, modulePath: shim.modulePath } };
    const limits = { requestDeadlineMs: DEADLINE_MS, keepAliveMs: KEEP_ALIVE_MS };
    supervisor = startSupervisor(supervisorConfiguration(home, [token.configuration], limits));
    client = certificateClient(home, made);
    await ready();
  });
  after(async function stopIt() {
    client?.close();
    await supervisor?.stop();
    removeFolder(home);
  });
  afterEach(async function heal() {
    shim.clear();
    await ready();
  });

  const socket = (): string => join(home, 'run', 'api', 'ca-test.sock');
  const status = (): Promise<Readonly<Record<string, unknown>>> => statusOf(client, socket());
  async function ready(): Promise<void> {
    while ((await status()).state !== 'ready') await sleep(20);
  }
  async function ask(): Promise<Result<Bytes, SignerFailure>> {
    serial += 1;
    const tbs = tbsCertificate(serial.toString(16));
    const signature = await client.certificate(makeLintToken('certificate', ISSUER, tbs), 'test/leaf');
    if (signature.ok) assert(verifies(tbs, signature.value), 'a wrong signature came out');
    return signature;
  }
  function verifies(tbs: Bytes, signature: Bytes): boolean {
    const key = token.publicKeys.get(ISSUER);
    assert(key);
    return verify('sha256', tbs, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  }
  const askMany = async (count: number): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: count }, ask));
    assert.deepEqual(
      answers.filter(({ ok }) => !ok),
      [],
    );
  };
  /** Two hundred at a time. They are not verified, because that would take longer than signing. */
  async function signMany(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 200) {
      const asked = Array.from({ length: 200 }, () => {
        serial += 1;
        return client.certificate(
          makeLintToken('certificate', ISSUER, tbsCertificate(serial.toString(16))),
          'test/leaf',
        );
      });
      for (const signature of await Promise.all(asked)) assert(signature.ok);
    }
  }
  const faultsSince = (from: number): readonly LogEvent[] =>
    supervisor.events.slice(from).filter(({ event }) => event === 'signer-fault');
  /** The log comes through another pipe than the answer. */
  async function logged(from: number, times: number): Promise<void> {
    while (faultsSince(from).length < times) await sleep(20);
  }
  const linesOf = (events: readonly LogEvent[]): readonly string[] =>
    events.map(({ operation, ckr, remedy }) => `${operation} ${ckr}: ${remedy}`);

  for (const [faults, line, times] of MENDED) {
    it(`${line}, in the same process, and the request gets its signature`, async () => {
      const { pid } = await status();
      const from = supervisor.events.length;
      shim.inject(faults);
      assert((await ask()).ok);
      await logged(from, times);
      assert.deepEqual(
        linesOf(faultsSince(from)),
        Array.from({ length: times }, () => line),
      );
      assert.equal((await status()).pid, pid);
    });
  }

  it('a repeated failure gets a more expensive remedy each time', async () => {
    const { pid } = await status();
    const from = supervisor.events.length;
    shim.inject(fail('C_SignInit', 'CKR_SESSION_HANDLE_INVALID', 3));
    assert((await ask()).ok);
    await logged(from, 3);
    const remedies = faultsSince(from).map(({ remedy }) => remedy);
    assert.deepEqual(remedies, ['retry', 'login', 'reinitialise']);
    assert.equal((await status()).pid, pid);
  });

  it('and finally another process; a token that fails there too is down, with the reason', async () => {
    const { pid } = await status();
    const from = supervisor.events.length;
    shim.inject(fail('C_SignInit', 'CKR_SESSION_HANDLE_INVALID', 0));
    const answer = await ask();
    assert(!answer.ok && answer.error.kind === 'signer-unavailable');
    assert.match(answer.error.detail, /CKR_SESSION_HANDLE_INVALID/);
    await logged(from, 4);
    assert.equal(faultsSince(from).at(-1)?.remedy, 'replace');
    assert.notEqual((await status()).pid, pid);
  });

  it('an unknown code replaces the process, and the request goes to the next', async () => {
    const { pid } = await status();
    const from = supervisor.events.length;
    shim.inject(fail('C_Sign', 'CKR_HOST_MEMORY', 1));
    assert((await ask()).ok);
    await logged(from, 1);
    assert.deepEqual(linesOf(faultsSince(from)), ['C_Sign CKR_HOST_MEMORY: replace']);
    assert.notEqual((await status()).pid, pid);
  });

  it('what no process could do is answered, and the process continues', async () => {
    const { pid } = await status();
    shim.inject(fail('C_SignInit', 'CKR_KEY_FUNCTION_NOT_PERMITTED', 1));
    const answer = await ask();
    assert(!answer.ok && answer.error.kind === 'signer-unavailable');
    assert.match(answer.error.detail, /C_SignInit: CKR_KEY_FUNCTION_NOT_PERMITTED/);
    assert((await ask()).ok);
    assert.equal((await status()).pid, pid);
  });

  it('one login repairs a hundred requests that were logged out', async () => {
    const threads = SESSIONS_MAX - 1;
    // The calls are slow: every thread signs when the first one fails, on a busy machine too.
    shim.inject([
      { act: 'latency', in: 'C_Sign', ms: 1_500, times: threads },
      { act: 'fail', in: 'C_Sign', ckr: 'CKR_USER_NOT_LOGGED_IN', times: threads },
      { act: 'latency', in: 'C_Login', ms: 0, times: 0 },
    ]);
    await askMany(100);
    assert.equal(shim.applied(1), threads);
    assert.equal(shim.applied(2), 1);
  });

  it('after a thousand faults and many signatures there are no more sessions and no more memory', async () => {
    const from = supervisor.events.length;
    const countOf = async (): Promise<number> => {
      const faults = (await status()).faults as readonly { readonly ckr: string; readonly count: number }[];
      return faults.find(({ ckr }) => ckr === 'CKR_FUNCTION_CANCELED')?.count ?? 0;
    };
    const before = await countOf();
    const { pid } = await status();
    await signMany(10_000);
    const beforeMb = pssMb(Number(pid));
    let more = 0;
    for (let round = 0; round < FAULTS; round += 1) {
      shim.inject([
        { act: 'latency', in: 'C_OpenSession', ms: 0, times: 0 },
        { act: 'latency', in: 'C_CloseSession', ms: 0, times: 0 },
        { act: 'fail', in: 'C_Sign', ckr: 'CKR_FUNCTION_CANCELED', times: 1 },
      ]);
      assert((await ask()).ok);
      assert.equal(shim.applied(2), 1);
      more += shim.applied(0) - shim.applied(1);
    }
    shim.clear();
    await signMany(SIGNATURES);
    const afterMb = pssMb(Number(pid));
    assert.equal((await status()).pid, pid);
    assert(Math.abs(more) < SESSIONS_MAX, `${more} sessions more than before`);
    assert(afterMb < beforeMb + GROWTH_MB_MAX, `from ${Math.round(beforeMb)} to ${Math.round(afterMb)} MB`);
    await logged(from, FAULTS);
    assert.equal(faultsSince(from).filter(({ ckr }) => ckr === 'CKR_FUNCTION_CANCELED').length, FAULTS);
    assert.equal((await countOf()) - before, FAULTS);
  });

  it('idle sessions are tested, so that no request meets a dead one', async () => {
    await askMany(20);
    shim.inject([{ act: 'latency', in: 'C_GetSessionInfo', ms: 0, times: 0 }]);
    const began = performance.now();
    const roundsMax = (): number => 2 + (performance.now() - began) / KEEP_ALIVE_MS;
    // All sessions are tested. One session that stays logged in would have one test in each round.
    while (shim.applied(0) <= 2 * SESSIONS_MAX || shim.applied(0) <= roundsMax()) await sleep(50);
    const from = supervisor.events.length;
    shim.inject([{ act: 'kill' }]);
    await logged(from, 1);
    const found = linesOf(faultsSince(from));
    assert(found.length > 0 && found.every((line) => line.startsWith('C_GetSessionInfo ')), found.join());
    const asking = supervisor.events.length;
    await askMany(20);
    assert.deepEqual(linesOf(faultsSince(asking)), []);
  });

  it('a token that stays away ends its process without any request', async () => {
    const from = supervisor.events.length;
    shim.inject([{ act: 'removed' }]);
    const { detail } = await supervisor.event('child-gone', from);
    assert.match(String(detail), /no token is labelled|C_\w+: CKR_/);
  });

  /** Signs a certificate while the token makes one wrong signature. */
  async function signWrongly(times = 1): Promise<Bytes> {
    shim.inject([{ act: 'flip', in: 'C_Sign', times }]);
    serial += 1;
    const tbs = tbsCertificate(serial.toString(16));
    const signature = await client.certificate(makeLintToken('certificate', ISSUER, tbs), 'test/leaf');
    assert(signature.ok && !verifies(tbs, signature.value), 'the signature is wrong');
    return signature.value;
  }

  it('a report of a signature that verifies, or that this process has not made, changes nothing and is counted', async () => {
    await sleep(1_100);
    const { pid } = await status();
    const right = await ask();
    assert(right.ok);
    const invented = right.value.slice().reverse();
    // A signature is judged once.
    for (const signature of [right.value, right.value, invented, new Uint8Array(0)])
      await client.reportBadSignature('certificate', ISSUER, signature);
    await askMany(3);
    const after = await status();
    assert.equal(after.pid, pid);
    const refusals = after.refusals as readonly { readonly rule: string; readonly count: number }[];
    const countOf = (rule: string): number | undefined => refusals.find((one) => one.rule === rule)?.count;
    assert.deepEqual([countOf('bad-signature-verifies'), countOf('bad-signature-unknown')], [1, 3]);
  });

  it('a signature that does not verify has its process replaced, and a token that makes only such signatures is down', async () => {
    await sleep(1_100);
    const from = supervisor.events.length;
    const { pid } = await status();
    const wrong = await signWrongly();
    await client.reportBadSignature('certificate', ISSUER, wrong);
    await ready();
    assert.notEqual((await status()).pid, pid);
    await logged(from, 1);
    assert.deepEqual(linesOf(faultsSince(from)), ['C_Sign CKR_SIGNATURE_INVALID: replace']);
    // Reports about signatures of the previous process do not replace its successor.
    const { pid: successor } = await status();
    await Promise.all([1, 2, 3].map(() => client.reportBadSignature('certificate', ISSUER, wrong)));
    await askMany(3);
    assert.equal((await status()).pid, successor);
    await sleep(1_100);
    const last = await signWrongly(0);
    await client.reportBadSignature('certificate', ISSUER, last);
    const answer = await ask();
    assert(!answer.ok && answer.error.kind === 'signer-unavailable');
    assert.match(answer.error.detail, /does not verify what it signs/);
  });

  it('reports above the limit of a minute are refused without being examined', async () => {
    const overLimit = async (): Promise<number> => {
      const refusals = (await status()).refusals as readonly { readonly rule: string; readonly count: number }[];
      return refusals.find(({ rule }) => rule === 'bad-signature-reports-over-limit')?.count ?? 0;
    };
    const report = () => client.reportBadSignature('certificate', ISSUER, new Uint8Array(0));
    // A minute may end between two reports, and the next one has its own limit.
    for (let more = 400; more > 0 && (await overLimit()) < 10; more -= 1) await report();
    assert((await overLimit()) >= 10);
  });

  it('a signer whose token hangs in a call continues to read requests, and refuses', async () => {
    shim.inject([{ act: 'latency', in: 'C_SignInit', ms: 6_000, times: 1 }]);
    let signed = false;
    const slow = ask().then(({ ok }) => {
      signed = ok;
    });
    while (shim.applied(0) === 0) await sleep(10);
    // One after the other, so that the last would come much too late if each waited for a
    // signature.
    for (let more = 20; more > 0; more -= 1) {
      const refused = await client.certificate(makeLintToken('certificate', ISSUER, tbsCertificate('77')), 'test/none');
      assert(!refused.ok && refused.error.kind === 'signer-refused');
    }
    assert(!signed, 'the token was waited for');
    await slow;
    assert(signed);
  });

  it('the status of a token has the time that its oldest request has waited, until it is answered', async () => {
    shim.inject([{ act: 'hang', in: 'C_Sign', times: 1 }]);
    const asked = ask();
    while (Number((await status()).waitedMs) < DEADLINE_MS / 4) await sleep(20);
    const answer = await asked;
    // On a busy machine the next process may be ready too late for it.
    assert(answer.ok || answer.error.kind === 'signer-unavailable', JSON.stringify(answer));
    assert.equal((await status()).waitedMs, 0);
  });

  it('a PIN that is refused during a repair is tried once, by this process and the following ones', async () => {
    shim.inject([{ act: 'logout' }, { act: 'fail', in: 'C_Login', ckr: 'CKR_PIN_INCORRECT', times: 0 }]);
    const answer = await ask();
    assert(!answer.ok && answer.error.kind === 'signer-unavailable');
    while ((await status()).restarts === 0 || (await status()).state !== 'down') await sleep(50);
    await sleep(1_500);
    assert.equal(shim.applied(1), 1);
    assert.match(String((await status()).lastError), /not tried again/);
    // An officer does this after checking the PIN.
    rmSync(join(home, 'signers', 'ca-test', 'pin-refused.json'));
  });
});
