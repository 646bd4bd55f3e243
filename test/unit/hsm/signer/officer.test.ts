/** The PIN of an officer and the remaining tries of the token, without a real token. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readUnlockGreeting, sendPin } from '../../../../hsm/client/pin-client.js';
import { TokenError } from '../../../../hsm/pkcs11/failures.js';
import { type OfficerPlan, openWithOfficer } from '../../../../hsm/signer/officer.js';
import { openPinSocket } from '../../../../hsm/signer/pin-socket.js';
import type { PinTriesLeft } from '../../../../hsm/wire/pin-frames.js';

const PIN = '482915';

describe('a token that an officer opens', () => {
  let folder: string;
  let socket: string;
  let tries: PinTriesLeft;
  /** PINs that were sent to the token. */
  let asked: string[];
  let reported: string[];
  let opened: Promise<() => string>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-officer-'));
    socket = join(folder, 'officer', 'unlock');
    tries = null;
    asked = [];
    reported = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function wait(changes: Partial<OfficerPlan<() => string>> = {}): Promise<void> {
    const { promise, resolve } = whenTold();
    opened = openWithOfficer({
      token: 'ca-fort',
      socket,
      refused: { wasRefused: () => false },
      marker: join(folder, 'pin-refused.json'),
      tries: () => tries,
      async open(readPin) {
        asked.push(readPin());
        if (readPin() === PIN) return readPin;
        throw new TokenError({ kind: 'pin-refused', label: 'ca-fort', ckr: 'CKR_PIN_INCORRECT' });
      },
      report(state, left) {
        reported.push(`${state} ${left}`);
        resolve();
      },
      onRefused: () => undefined,
      ...changes,
    });
    opened.catch(() => undefined);
    await promise;
  }
  async function send(pin: string) {
    const outcome = await sendPin(socket, Buffer.from(pin));
    assert.ok(outcome.ok);
    return outcome.value;
  }

  it('keeps the PIN for a later login', async () => {
    await wait();
    assert.deepEqual(await send(PIN), { outcome: 'unlocked' });
    const readPin = await opened;
    assert.equal(readPin(), PIN);
    assert.deepEqual(reported, ['locked null', 'opening null']);
  });

  it('gets no PIN when it has locked its PIN: a correct one would be remembered as refused', async () => {
    tries = 'none';
    await wait();
    const outcome = await send(PIN);
    assert.ok(outcome.outcome === 'refused' && !outcome.sent && outcome.tries === 'none');
    assert.match(outcome.detail, /locked its PIN/);
    assert.deepEqual(asked, []);
    assert.deepEqual(reported, ['locked none', 'opening none', 'locked none']);
  });

  it('reports before and after a try how many are left', async () => {
    tries = 'few';
    await wait();
    assert.deepEqual(await readUnlockGreeting(socket), { ok: true, value: { token: 'ca-fort', tries: 'few' } });
    tries = 'one';
    const outcome = await send('000000');
    assert.ok(outcome.outcome === 'refused' && outcome.sent && outcome.tries === 'one');
    assert.deepEqual(await readUnlockGreeting(socket), { ok: true, value: { token: 'ca-fort', tries: 'one' } });
  });

  it('gets no PIN that it has refused before, and the officer sees what to do if it is right now', async () => {
    await wait({ refused: { wasRefused: (pin) => pin === PIN } });
    const outcome = await send(PIN);
    assert.ok(outcome.outcome === 'refused' && !outcome.sent);
    assert.match(outcome.detail, /delete .*pin-refused\.json/);
    assert.deepEqual(asked, []);
  });

  it('overwrites a PIN that the token has refused', async () => {
    let readPin = (): string => assert.fail('it was not asked');
    await wait({
      open(given) {
        readPin = given;
        throw new TokenError({ kind: 'pin-refused', label: 'ca-fort', ckr: 'CKR_PIN_INCORRECT' });
      },
    });
    assert.equal((await send(PIN)).outcome, 'refused');
    assert.equal(readPin(), '\0'.repeat(PIN.length));
  });

  it('leaves no copy of a PIN that it has refused before, or that it gets no more', async () => {
    await wait({ refused: { wasRefused: (pin) => pin !== PIN } });
    const buffers = await buffersMadeDuring(async () => {
      const refused = await send('000000');
      assert.ok(refused.outcome === 'refused' && !refused.sent);
    });
    assert.deepEqual(
      buffers.filter((buffer) => buffer.includes('000000')),
      [],
    );
    rmSync(folder, { recursive: true });
    tries = 'none';
    await wait();
    const others = await buffersMadeDuring(async () => assert.equal((await send(PIN)).outcome, 'refused'));
    assert.deepEqual(
      others.filter((buffer) => buffer.includes(PIN)),
      [],
    );
  });

  it('ends the wait after another failure, when the officer has the outcome', async () => {
    await wait({
      open: () => Promise.reject(new TokenError({ kind: 'key-not-found', label: 'aci-fo-pp' })),
    });
    const outcome = await send(PIN);
    assert.deepEqual(outcome, { outcome: 'failed', detail: 'the token has no key pair aci-fo-pp' });
    await assert.rejects(opened, /no key pair/);
  });
});

describe('the socket of an officer’s PIN', () => {
  it('overwrites the PIN when it was tried, whatever the outcome', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-officer-'));
    const path = join(folder, 'officer', 'unlock');
    let received: Uint8Array = new Uint8Array(0);
    let was = '';
    const opened = await openPinSocket(path, {
      greeting: () => ({ token: 'ca-fort', tries: null }),
      attempt: async (octets) => {
        received = octets;
        was = octets.toString();
        return { outcome: { outcome: 'unlocked' } };
      },
    });
    assert.ok(opened.ok);
    assert.ok((await sendPin(path, Buffer.from(PIN))).ok);
    opened.value.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual([was, [...received]], [PIN, Array(PIN.length).fill(0)]);
  });
});

/** Returns what `Buffer.alloc` has returned meanwhile. */
async function buffersMadeDuring(work: () => Promise<void>): Promise<readonly Buffer[]> {
  const made: Buffer[] = [];
  const { alloc } = Buffer;
  Buffer.alloc = (...args: Parameters<typeof alloc>) => {
    const buffer = alloc(...args);
    made.push(buffer);
    return buffer;
  };
  try {
    await work();
  } finally {
    Buffer.alloc = alloc;
  }
  return made;
}

function whenTold(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
