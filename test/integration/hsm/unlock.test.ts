/**
 * A PIN that an officer types with the command, into the signer's own process, for a real token.
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignerClient } from '../../../hsm/client/client.js';
import { readUnlockGreeting, sendPin } from '../../../hsm/client/pin-client.js';
import type { UnlockOutcome } from '../../../hsm/wire/pin-frames.js';
import { hasCode } from '../../../src/kernel/errors.js';
import { makeLintToken } from '../../../src/lint/token.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import {
  certificateClient,
  ISSUER,
  isAlive,
  type MadeToken,
  makeToken,
  PIN,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  statusOf,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

const START_DEADLINE_MS = 10_000;
/** The pause after a refusal. */
const PAUSE_MS = 3_000;

describe('a signer whose PIN an officer types', () => {
  let home: string;
  let made: MadeToken;
  let socket: string;
  let supervisor: RunningSupervisor;
  let client: SignerClient;
  let lastSerial = 0;

  before(function makeIt() {
    home = temporaryFolder();
    made = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
    socket = join(home, 'run', 'officer', 'ca-test.unlock');
  });
  after(() => removeFolder(home));

  beforeEach(() => {
    const configuration = { ...made.configuration, pin: { from: 'officer', socket } as const };
    const changes = { startDeadlineMs: START_DEADLINE_MS };
    supervisor = startSupervisor(supervisorConfiguration(home, [configuration], changes));
    client = certificateClient(home, made);
  });
  afterEach(async () => {
    client.close();
    await supervisor.stop();
  });

  const locked = (from = 0) => supervisor.event('signer-locked', from);
  const marker = (): string => join(made.configuration.journalFolder, 'pin-refused.json');
  async function send(pin: string): Promise<UnlockOutcome> {
    const outcome = await sendPin(socket, Buffer.from(pin));
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  }
  function sign() {
    lastSerial += 1;
    const serial = lastSerial.toString(16).padStart(2, '0');
    return client.certificate(makeLintToken('certificate', ISSUER, tbsCertificate(serial)), 'test/leaf');
  }
  async function state(): Promise<Readonly<Record<string, unknown>>> {
    return statusOf(client, join(home, 'run', 'api', 'ca-test.sock'));
  }

  it('waits longer than a start may take, reports the unlock command, and answers at once meanwhile', async () => {
    // This request comes before the supervisor knows that the signer waits.
    const early = sign();
    const { run, pid } = await locked();
    const heard = await early;
    assert.ok(!heard.ok && heard.error.kind === 'signer-unavailable');
    assert.match(heard.error.detail, /officer to type its PIN/);
    assert.equal(run, 'pfcng signer unlock ca-test');
    await sleep(START_DEADLINE_MS + 500);
    assert.ok(pid !== undefined && isAlive(pid));
    const answer = await sign();
    assert.ok(!answer.ok && answer.error.kind === 'signer-unavailable');
    assert.match(answer.error.detail, /pfcng signer unlock ca-test/);
    assert.ok(answer.error.retryAfterMs >= 10_000);
    const { state: name, unlock, restarts } = await state();
    assert.deepEqual({ name, unlock, restarts }, { name: 'locked', unlock: run, restarts: 0 });
  });

  it('signs when the PIN was typed, accepts none after that, and its successor waits for an officer again', async () => {
    const { pid } = await locked();
    assert.deepEqual(await send(PIN), { outcome: 'unlocked' });
    await supervisor.event('child-ready');
    assert.ok((await sign()).ok);
    assert.ok(!existsSync(socket));
    assert.deepEqual(await sendPin(socket, Buffer.from(PIN)), { ok: false, error: { kind: 'not-waiting' } });
    const seen = supervisor.events.length;
    process.kill(pid ?? 0, 'SIGKILL');
    const again = await locked(seen);
    assert.notEqual(again.pid, pid);
    const refused = await sign();
    assert.ok(!refused.ok);
    await send(PIN);
    assert.ok((await sign()).ok);
  });

  it('never sends a refused PIN twice, reports the remaining tries, and waits for another PIN', async () => {
    const { pid } = await locked();
    const sentAt = performance.now();
    const first = await send('000000');
    assert.ok(first.outcome === 'refused' && first.sent);
    assert.match(first.detail, /CKR_PIN_INCORRECT/);
    assert.equal(first.tries, 'few');
    assert.equal((await supervisor.event('signer-fault')).ckr, 'CKR_PIN_INCORRECT');
    const early = await send('111111');
    // On a busy machine the pause may be over, and the PIN was sent.
    const isEarly = performance.now() - sentAt < PAUSE_MS || early.outcome === 'too-soon';
    if (isEarly) assert.equal(early.outcome, 'too-soon');
    await sleep(PAUSE_MS + 100);
    const second = isEarly ? await send('111111') : early;
    assert.ok(second.outcome === 'refused' && second.sent);
    await sleep(PAUSE_MS + 100);
    const known = await send('000000');
    assert.ok(known.outcome === 'refused' && !known.sent, JSON.stringify(known));
    await sleep(PAUSE_MS + 100);
    assert.ok(!readFileSync(marker(), 'utf8').includes('000000'));
    assert.equal(supervisor.events.filter(({ event }) => event === 'signer-fault').length, 2);
    assert.deepEqual(await readUnlockGreeting(socket), { ok: true, value: { token: 'ca-test', tries: 'few' } });
    assert.deepEqual(await send(PIN), { outcome: 'unlocked' });
    assert.equal((await supervisor.event('child-ready')).pid, pid);
    assert.ok(!existsSync(marker()));
  });

  it('remembers a refused PIN after a restart of everything', async () => {
    await locked();
    await send('222222');
    await supervisor.stop();
    const configuration = { ...made.configuration, pin: { from: 'officer', socket } as const };
    supervisor = startSupervisor(supervisorConfiguration(home, [configuration]));
    await locked();
    const outcome = await send('222222');
    assert.ok(outcome.outcome === 'refused' && !outcome.sent);
  });

  it('reports another reason when the token cannot be opened with a right PIN', async () => {
    await supervisor.stop();
    const [issuer] = made.configuration.issuers;
    assert.ok(issuer);
    const issuers = [{ ...issuer, id: 'none' as IssuerId }];
    const configuration = { ...made.configuration, issuers, pin: { from: 'officer', socket } as const };
    supervisor = startSupervisor(supervisorConfiguration(home, [configuration]));
    await locked();
    const outcome = await send(PIN);
    assert.ok(outcome.outcome === 'failed');
    assert.match(outcome.detail, /no key pair none/);
    const seen = supervisor.events.findIndex(({ event }) => event === 'child-gone');
    await locked(Math.max(seen, 0));
  });

  it('is locked: a second supervisor of that token is refused, and disturbs nothing', async () => {
    await locked();
    const other = { ...made.configuration, name: 'ca-other', softhsmDirectory: join(home, 'other'), sockets: [] };
    const changes = { lockWaitMsMax: 200 };
    const second = startSupervisor(supervisorConfiguration(home, [other, made.configuration], changes));
    assert.equal((await second.event('refused')).kind, 'locked-by-another');
    await second.stop();
    assert.deepEqual(await send(PIN), { outcome: 'unlocked' });
    assert.ok((await sign()).ok);
  });

  describe('its socket', () => {
    it('belongs to its user only, in a folder of its user only', async () => {
      await locked();
      assert.equal(statSync(dirname(socket)).mode & 0o7777, 0o700);
      assert.equal(statSync(socket).mode & 0o777, 0o600);
    });

    it('is not opened in a folder that others may enter', async () => {
      await locked();
      await supervisor.stop();
      chmodSync(dirname(socket), 0o755);
      const configuration = { ...made.configuration, pin: { from: 'officer', socket } as const };
      supervisor = startSupervisor(supervisorConfiguration(home, [configuration]));
      const { detail } = await supervisor.event('child-gone');
      chmodSync(dirname(socket), 0o700);
      assert.match(String(detail), /unlock socket.*0755; it must be 0700/);
    });

    it('accepts no empty PIN, none with a control character, none that is not UTF-8, and not two', async () => {
      await locked();
      const raw = (octets: Buffer): Promise<string> =>
        new Promise((resolve) => {
          const one = connect(socket);
          let said = '';
          one.on('connect', () => one.write(octets));
          one.setEncoding('utf8').on('data', (text: string) => {
            said += text;
          });
          one.on('error', () => undefined).on('close', () => resolve(said));
        });
      for (const [octets, why] of [
        [[0], 'at least one'],
        [[2, 0x31, 0x1b], 'control character'],
        [[2, 0x31, 0xff], 'not UTF-8'],
        [[1, 0x31, 0x31], 'more than one PIN'],
        [[...Array.from({ length: 257 }, () => 0xff)], 'more than one PIN'],
      ] as const) {
        assert.match(await raw(Buffer.from(octets)), new RegExp(`malformed.*${why}`), why);
      }
      assert.equal(supervisor.events.filter(({ event }) => event === 'signer-fault').length, 0);
    });

    it('has one client at a time, and disconnects a silent one', async () => {
      await locked();
      const silent = connect(socket);
      // An octet that is not read any more makes the end of the connection a reset.
      silent.on('error', (error) => assert.ok(hasCode(error, 'ECONNRESET') || hasCode(error, 'EPIPE'), error.message));
      await new Promise((resolve) => silent.once('data', resolve));
      const closed = new Promise((resolve) => silent.once('close', resolve));
      assert.deepEqual(await readUnlockGreeting(socket), { ok: true, value: { outcome: 'busy' } });
      // A byte now and then does not extend its time.
      silent.write(Buffer.from([255]));
      const octets = setInterval(() => silent.write('1'), 1_000);
      await closed;
      clearInterval(octets);
      assert.equal((await readUnlockGreeting(socket)).ok, true);
      assert.deepEqual(await send(PIN), { outcome: 'unlocked' });
    });
  });
});
