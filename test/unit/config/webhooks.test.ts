/**
 * Endpoints of webhooks in the configuration. Without these tests a service could start with an
 * endpoint that gets nothing, or that gets events unencrypted.
 */
import assert from 'node:assert/strict';
import { checkConfig } from '../../../src/config/load.js';

const ENDPOINT = { name: 'cards', url: 'https://cards.example.org/events', topics: ['order.*', 'crl.published'] };

function faultsOf(change: object, environment: 'development' | 'production' = 'development'): readonly string[] {
  const checked = checkConfig({ environment, webhooks: [{ ...ENDPOINT, ...change }] }, 'config.json');
  return checked.ok ? [] : checked.error.faults;
}

describe('endpoints of webhooks in the configuration', () => {
  it('are none by default, and get no networks', () => {
    const none = checkConfig({}, 'config.json');
    assert.ok(none.ok);
    assert.deepEqual(none.value.webhooks, []);
    const one = checkConfig({ webhooks: [ENDPOINT] }, 'config.json');
    assert.ok(one.ok);
    assert.deepEqual(one.value.webhooks, [{ ...ENDPOINT, networks: [] }]);
  });

  it('are https, or in development http on this machine', () => {
    for (const url of ['http://localhost:8000/', 'http://127.0.0.1/x', 'http://[::1]:8000/'])
      assert.deepEqual(faultsOf({ url }), [], url);
    assert.deepEqual(faultsOf({ url: 'http://localhost:8000/' }, 'production'), [
      'config.json/webhooks/0/url: it must begin with https://',
    ]);
    assert.deepEqual(faultsOf({ url: 'http://cards.example.org/' }), [
      'config.json/webhooks/0/url: cards.example.org is another machine: it must begin with https://',
    ]);
    const wrong = [
      'https://user@cards.example.org/',
      'https://cards.example.org/#events',
      'https://[1/',
      'ftp://x/',
      '',
    ];
    for (const url of wrong) assert.equal(faultsOf({ url }).length, 1, url);
  });

  it('name topics, networks and members that exist', () => {
    assert.match(faultsOf({ topics: ['order.lost'] }).join(), /webhooks\/0\/topics\/0/);
    assert.match(faultsOf({ topics: ['webhook.test'] }).join(), /webhooks\/0\/topics\/0/);
    assert.match(faultsOf({ topics: [] }).join(), /webhooks\/0\/topics/);
    assert.match(faultsOf({ secret: 'x' }).join(), /unknown member secret/);
    assert.deepEqual(faultsOf({ networks: ['10.20.0.0/16', 'fd00:1::/32', '192.0.2.7/32'] }), []);
    const networks = ['10.0.0.0', '10.0.0.0/33', '0.0.0.0/0', '::/0', 'cards/8', '10.0/8', '10.0.0.0/8/8'];
    assert.equal(faultsOf({ networks }).length, networks.length);
  });

  it('have names of their own', () => {
    const checked = checkConfig(
      { webhooks: [ENDPOINT, { ...ENDPOINT, url: 'https://other.example.org/' }] },
      'config.json',
    );
    assert.deepEqual(!checked.ok && checked.error.faults, [
      'config.json/webhooks/1/name: another endpoint has the name cards',
    ]);
  });
});
