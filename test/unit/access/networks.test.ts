/**
 * Networks of accounts. If an address outside of them counted as inside, a stolen key could be used
 * from anywhere.
 */
import assert from 'node:assert/strict';
import { BlockList, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { isInNetworks, isNetwork } from '../../../src/access/networks.js';

describe('the networks of an account', () => {
  it('contain the addresses that Node says they contain', () => {
    const octets = fc.ipV4();
    const groups = fc.ipV6().filter((text) => !text.includes('.'));
    const pair = fc.oneof(
      fc.tuple(octets, octets, fc.integer({ min: 1, max: 32 })),
      fc.tuple(groups, groups, fc.integer({ min: 1, max: 128 })),
    );
    fc.assert(
      fc.property(pair, ([network, address, prefix]) => {
        const list = new BlockList();
        const family = isIPv6(network) ? 'ipv6' : 'ipv4';
        list.addSubnet(network, prefix, family);
        const cidr = `${network}/${prefix}`;
        assert.equal(isInNetworks([cidr], address), list.check(address, family), `${address} in ${cidr}`);
        assert.equal(isInNetworks([cidr], network), true, cidr);
      }),
    );
  });

  it('contain the IPv4 address of a socket for both families, and no address that is not one', () => {
    assert.equal(isInNetworks(['10.20.0.0/16'], '::ffff:10.20.3.4'), true);
    assert.equal(isInNetworks(['10.20.0.0/16'], '::ffff:10.21.3.4'), false);
    for (const address of ['', 'localhost', '10.20.0', '10.20.0.256', '1::2::3', '::ffff:10.20.3'])
      assert.equal(isInNetworks(['10.20.0.0/16', 'fd00::/8'], address), false, address);
    assert.equal(isInNetworks([], '10.20.3.4'), false);
  });

  it('are written in CIDR notation, and none contains everything', () => {
    for (const network of ['10.20.0.0/16', '192.0.2.7/32', 'fd00::/8', '2001:db8::1/128', '::1/128'])
      assert.equal(isNetwork(network), true, network);
    for (const network of [
      '10.20.0.0',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      'fd00::/129',
      '10.0/8',
      'cards/8',
      '::1/8/8',
    ])
      assert.equal(isNetwork(network), false, network);
  });
});
