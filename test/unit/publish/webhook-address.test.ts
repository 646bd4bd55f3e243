/**
 * The addresses to which events may be sent. Without these tests, whoever answers for the name of
 * an endpoint could have the service send requests into its own network.
 */
import assert from 'node:assert/strict';
import {
  type AddressRule,
  addressFor,
  createSystemResolver,
  isAllowed,
  isGlobalUnicast,
  networkList,
  type ResolvedAddress,
} from '../../../src/publish/webhook-address.js';

const resolved = (address: string): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 });
const PUBLIC: AddressRule = { networks: networkList([]), isPlain: false };

const GLOBAL = [
  '1.1.1.1',
  '193.252.0.1',
  '223.255.255.255',
  '172.32.0.1',
  '2a01:cb00::1',
  '2606:4700::1111',
  '2003::1',
];
const NOT_GLOBAL_IPV4 =
  '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 ' +
  '192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255';
const NOT_GLOBAL_IPV6 =
  ':: ::1 ::ffff:10.0.0.1 ::ffff:1.1.1.1 64:ff9b::a00:1 100::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 2001::1 ' +
  '2001:10::1 2001:db8::1 2002:a00:1::1 3fff::1 4000::1';
const NOT_GLOBAL = `${NOT_GLOBAL_IPV4} ${NOT_GLOBAL_IPV6}`.split(' ');

describe('the addresses of endpoints', () => {
  it('are global unicast addresses', () => {
    assert.deepEqual(
      GLOBAL.filter((one) => !isGlobalUnicast(resolved(one))),
      [],
    );
    assert.deepEqual(
      NOT_GLOBAL.filter((one) => isGlobalUnicast(resolved(one))),
      [],
    );
  });

  it('are others only in the networks of the configuration', () => {
    const rule = { ...PUBLIC, networks: networkList(['10.20.0.0/16', 'fd00:1::/32']) };
    for (const one of ['10.20.0.1', '10.20.255.255', 'fd00:1::7', '1.1.1.1']) assert.ok(isAllowed(resolved(one), rule));
    for (const one of ['10.21.0.1', '127.0.0.1', 'fd00:2::7', '::1']) assert.ok(!isAllowed(resolved(one), rule));
    assert.ok(!isAllowed({ address: 'fe80::1%eth0', family: 6 }, { ...rule, networks: networkList(['fe80::/10']) }));
  });

  it('are on this machine where nothing is encrypted', () => {
    const plain = { networks: networkList(['10.0.0.0/8']), isPlain: true };
    for (const one of ['127.0.0.1', '127.1.2.3', '::1']) assert.ok(isAllowed(resolved(one), plain));
    for (const one of ['10.0.0.1', '1.1.1.1', '2606:4700::1111']) assert.ok(!isAllowed(resolved(one), plain));
  });

  it('are checked where the URL names them, in each of their spellings', async () => {
    const never = async () => assert.fail('nothing is resolved');
    const spellings = [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:7f00:1]',
      '169.254.169.254',
    ];
    for (const host of spellings) {
      const found = await addressFor(new URL(`https://${host}/`), PUBLIC, never);
      assert.deepEqual(found, { ok: false, error: 'address-refused' }, host);
    }
  });

  it('are the first allowed one of the name', async () => {
    const of = (...addresses: readonly string[]) =>
      addressFor(new URL('https://receiver.test/'), PUBLIC, async () => addresses.map(resolved));
    assert.deepEqual(await of('127.0.0.1', '1.1.1.1'), { ok: true, value: resolved('1.1.1.1') });
    assert.deepEqual(await of('127.0.0.1', '::1'), { ok: false, error: 'address-refused' });
    assert.deepEqual(await of(), { ok: false, error: 'name-not-found' });
    const failing = addressFor(new URL('https://receiver.test/'), PUBLIC, () => Promise.reject(new Error('ENOTFOUND')));
    assert.deepEqual(await failing, { ok: false, error: 'name-not-found' });
  });

  it('are found by the resolver of the system, also after a name that it does not know', async () => {
    const resolve = createSystemResolver();
    const unknown = resolve('receiver.invalid').catch(() => 'unknown');
    const found = await resolve('localhost');
    assert.equal(await unknown, 'unknown');
    assert.ok(found.every(({ address }) => ['127.0.0.1', '::1'].includes(address)));
  });

  it('of an endpoint are found while the name of another one gets no answer, however often it is asked for', async () => {
    const asked: string[] = [];
    const resolve = createSystemResolver((hostname) => {
      asked.push(hostname);
      return hostname === 'silent.test' ? new Promise(() => undefined) : Promise.resolve([resolved('1.1.1.1')]);
    });
    for (let count = 0; count < 16; count += 1) void resolve('silent.test');
    await new Promise((resume) => setImmediate(resume));
    assert.deepEqual(asked, ['silent.test']);
    for (const name of ['one.test', 'other.test', 'one.test'])
      assert.deepEqual(await resolve(name), [resolved('1.1.1.1')]);
    assert.deepEqual(asked, ['silent.test', 'one.test', 'other.test', 'one.test']);
  });

  it('take two threads at most, and the next name is looked up when one of them is free', async () => {
    const answers = new Map<string, () => void>();
    const resolve = createSystemResolver(
      (hostname) => new Promise((answer) => answers.set(hostname, () => answer([resolved('1.1.1.1')]))),
    );
    const found = ['a.test', 'b.test', 'c.test', 'd.test'].map(resolve);
    for (const [at, hostname] of ['a.test', 'b.test', 'c.test', 'd.test'].entries()) {
      assert.equal(answers.size, Math.min(2 + at, 4));
      answers.get(hostname)?.();
      await found[at];
      await new Promise((resume) => setImmediate(resume));
    }
    answers.clear();
    const again = resolve('a.test');
    answers.get('a.test')?.();
    assert.deepEqual(await again, [resolved('1.1.1.1')]);
  });
});
