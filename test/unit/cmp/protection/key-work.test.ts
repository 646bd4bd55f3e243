/**
 * The budget of key derivations and the cache of keys. Without these, strangers could keep the
 * process busy with derivations, or replace the cached keys of clients.
 */
import assert from 'node:assert/strict';
import { readProtectionAlgorithm } from '../../../../src/cmp/protection/algorithms.js';
import { createErrorSignatures } from '../../../../src/cmp/protection/failure-pace.js';
import { createKeyWork } from '../../../../src/cmp/protection/key-work.js';
import type { Mac } from '../../../../src/cmp/protection/mac.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { identifierOf, passwordBasedMac } from '../../../support/cmp/algorithms.js';
import { MAC_LIMITS } from '../../../support/cmp/mac-limits.js';

type Derivation = Omit<NonNullable<Mac['derivation']>, 'iterations'>;

/** The iterations of one network, where no other one sends anything. */
const SHARE = 1_000_000;

/** A derivation that costs nothing, and says that it costs this. */
function requestOf(iterations: number, salt = 0, derivation: Partial<Derivation> = {}) {
  const mac: Mac = {
    hashes: [],
    derivation: {
      salt: new Uint8Array(8).fill(salt),
      iterations,
      runsOn: 'loop',
      derive: async (secret) => secret.slice().reverse(),
      ...derivation,
    },
    compute: (key) => key,
  };
  return {
    network: '192.0.2.1',
    secret: utf8('secret'),
    identifier: passwordBasedMac({ salt: new Uint8Array(8).fill(salt) }),
    mac,
  };
}

function createWork() {
  const state = { ms: 0, counted: 0, pauses: 0 };
  const work = createKeyWork({
    steadyMs: () => state.ms,
    pause: async () => {
      state.pauses += 1;
    },
    count: (iterations) => {
      state.counted += iterations;
    },
  });
  return { state, work };
}

describe('the key derivations of a process', () => {
  it('give one network a half of what others leave, and never more than 2,000,000 a second together', async () => {
    const { state, work } = createWork();
    const ask = async (network: string, iterations: number) => {
      const derived = await work.keyOf({ ...requestOf(iterations, 1), network: network });
      return derived.ok ? 'derived' : derived.error.retryAfterMs;
    };
    assert.equal(await ask('192.0.2.1', SHARE), 'derived');
    assert.equal(await ask('192.0.2.1', 500_000), 500);
    assert.equal(await ask('192.0.2.2', SHARE / 2), 'derived', 'a half is left for others');
    assert.equal(await ask('192.0.2.2', 1), 1);
    assert.equal(await ask('192.0.2.3', SHARE / 4), 'derived');
    assert.equal(state.counted, 1.75 * SHARE);
    state.ms += 500;
    assert.equal(await ask('192.0.2.1', 500_000), 375, 'while others are busy, less is given back');
    assert.equal(await ask('192.0.2.1', 250_000), 'derived');
    state.ms += 60_000;
    assert.equal(await ask('192.0.2.1', SHARE + 1), 1, 'an idle minute adds no more than a second');
    assert.equal(await ask('192.0.2.1', SHARE), 'derived');
  });

  it('of three networks that go on and on leave enough for a fourth one', async () => {
    const { state, work } = createWork();
    const ask = async (network: string, iterations: number) =>
      (await work.keyOf({ ...requestOf(iterations, 1), network })).ok;
    for (; state.ms < 3_000; state.ms += 5)
      for (const network of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) while (await ask(network, 5_000));
    assert.ok(await ask('192.0.2.4', 100_000));
    assert.ok(state.counted > 3 * SHARE, 'the three have used much');
  });

  it('are not begun while as many iterations are unfinished, however slow the machine is', async () => {
    const { state, work } = createWork();
    const held = { finish: (): void => {} };
    const derive: Derivation['derive'] = (secret) =>
      new Promise((resolve) => {
        held.finish = () => resolve(secret);
      });
    const slow = work.keyOf(requestOf(SHARE, 1, { derive }));
    state.ms += 60_000;
    assert.equal((await work.keyOf(requestOf(1, 2))).ok, false);
    assert.equal((await work.keyOf({ ...requestOf(SHARE, 2), network: '192.0.2.2' })).ok, false);
    held.finish();
    assert.equal((await slow).ok, true);
    assert.equal((await work.keyOf({ ...requestOf(SHARE, 2), network: '192.0.2.2' })).ok, true);
  });

  it('of more networks than are counted share one share', async () => {
    const { work } = createWork();
    const taken = async (name: string) => (await work.keyOf({ ...requestOf(1, 1), network: name })).ok;
    for (let at = 0; at < 10_000; at += 1) assert.equal(await taken(`2001:db8:0:${at}`), true);
    assert.equal((await work.keyOf({ ...requestOf(900_000, 1), network: 'another' })).ok, true);
    assert.equal((await work.keyOf({ ...requestOf(900_000, 1), network: 'yet another' })).ok, false);
  });

  it('of one network wait for one of each other network at most', async () => {
    const { work } = createWork();
    const order: string[] = [];
    const ask = (network: string) => {
      const derive: Derivation['derive'] = async (secret) => {
        order.push(network);
        return secret;
      };
      return work.keyOf({ ...requestOf(10, 1, { derive }), network });
    };
    await Promise.all(['one', 'one', 'one', 'two', 'two', 'three'].map(ask));
    assert.ok(order.indexOf('three') < order.lastIndexOf('one'), order.join());
    assert.ok(order.indexOf('two') < order.lastIndexOf('one'), order.join());
  });

  it('run one at a time, on the thread and in the pool', async () => {
    const { work } = createWork();
    const order: string[] = [];
    const step = (name: string): Partial<Derivation> => ({
      runsOn: 'pool',
      derive: async (secret) => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
        return secret;
      },
    });
    await Promise.all([work.keyOf(requestOf(10, 1, step('first'))), work.keyOf(requestOf(10, 2, step('second')))]);
    assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('pause after every 2,000 iterations on the thread', async () => {
    const { state, work } = createWork();
    const identifier = passwordBasedMac({ iterations: 10_000 });
    const read = readProtectionAlgorithm(identifier, MAC_LIMITS);
    assert.ok(read.ok && read.value.kind === 'mac');
    assert.equal((await work.keyOf({ ...requestOf(1), identifier, mac: read.value.mac })).ok, true);
    assert.equal(state.pauses, 4);
    assert.equal(state.counted, 10_000);
  });

  it('are saved for ten minutes for keys whose MAC was right, of one secret and one algorithm', async () => {
    const { state, work } = createWork();
    const request = requestOf(1_000, 1);
    const first = await work.keyOf(request);
    assert.ok(first.ok);
    await work.keyOf(request);
    assert.equal(state.counted, 2_000, 'a key whose MAC is not known to be right is not kept');
    work.remember(request, first.value);
    assert.deepEqual(await work.keyOf(request), first);
    assert.equal(state.counted, 2_000);
    await work.keyOf({ ...request, secret: utf8('secret of another') });
    await work.keyOf({ ...requestOf(1_000, 2) });
    assert.equal(state.counted, 4_000);
    state.ms += 10 * 60_000;
    await work.keyOf(request);
    assert.equal(state.counted, 5_000);
  });

  it('are needed by no algorithm whose key is the secret', async () => {
    const { state, work } = createWork();
    const mac: Mac = { hashes: [], derivation: null, compute: (key) => key };
    const request = { ...requestOf(1), identifier: identifierOf('1.2.840.113549.2.9'), mac };
    assert.deepEqual(await work.keyOf(request), { ok: true, value: utf8('secret') });
    assert.equal(state.counted, 0);
  });
});

describe('the signatures of errors about messages that were not verified', () => {
  it('are twenty a second', () => {
    const state = { ms: 0 };
    const take = createErrorSignatures(() => state.ms);
    const taken = () => Array.from({ length: 50 }, take).filter(Boolean).length;
    assert.equal(taken(), 20);
    state.ms += 100;
    assert.equal(taken(), 2);
    state.ms += 60_000;
    assert.equal(taken(), 20);
  });
});
