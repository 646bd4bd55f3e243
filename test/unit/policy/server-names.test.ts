/** Names of servers. Without these rules a certificate has a name that nobody owns. */
import assert from 'node:assert/strict';
import type { Policy } from '../../../src/policy/model.js';
import { serverNameViolations } from '../../../src/policy/rules/server-names.js';
import { testPolicy } from './fixtures.js';

const policy = testPolicy();
const strict: Policy = { ...policy, environment: { ...policy.environment, specialUseNames: [], ipAddressNames: [] } };
const rulesOf = (name: string, of = strict): readonly string[] =>
  serverNameViolations([name], of).map(({ rule, message }) => `${rule}: ${message.en}`);

const RESERVED = {
  'lps.local': 'local, a special-use domain (RFC 6762)',
  'lps.internal': 'internal, a special-use domain (ICANN Board, 2024-07-29)',
  'lps.onion': 'onion, a special-use domain (RFC 7686)',
  'lps.alt': 'alt, a special-use domain (RFC 9476)',
  'lps.invalid': 'invalid, a special-use domain (RFC 6761)',
  'lps.test': 'test, a special-use domain (RFC 6761)',
  'box.home.arpa': 'home.arpa, a special-use domain (RFC 8375)',
  '1.10.in-addr.arpa': '10.in-addr.arpa, a special-use domain (RFC 6761)',
  'example.org': 'example.org, a special-use domain (RFC 6761)',
  'lps.example.org': 'example.org, a special-use domain (RFC 6761)',
};

describe('the name of a server', () => {
  it('is in no special-use domain', () => {
    for (const [name, domain] of Object.entries(RESERVED))
      assert.deepEqual(rulesOf(name), [`server-name-special-use: is in ${domain}, where nobody owns a name`]);
    for (const name of ['lps.local.sante.fr', 'myexample.org', 'internal.fr'])
      assert.deepEqual(rulesOf(name), [], name);
  });

  it('may be in the special-use domains that the environment lists, in development those of examples', () => {
    for (const name of ['lps.example.org', 'example.net', 'lps.test', 'localhost'])
      assert.deepEqual(rulesOf(name, policy), [], name);
    for (const name of ['lps.local', 'lps.internal', 'test', 'box.home.arpa'])
      assert.equal(rulesOf(name, policy).length, 1, name);
    assert.deepEqual(rulesOf('localhost'), ['server-name-qualified: is not fully qualified']);
  });

  it('is no public suffix', () => {
    for (const name of ['gouv.fr', 'co.uk', 'foo.ck'])
      assert.deepEqual(rulesOf(name), [
        'server-name-public-suffix: is a public suffix, under which others register names',
      ]);
    for (const name of ['esante.gouv.fr', 'www.ck', 'lps.github.io', 'github.io']) assert.deepEqual(rulesOf(name), []);
  });

  it('is in a top-level domain of the public DNS', () => {
    assert.deepEqual(rulesOf('lps.hopital'), [
      'server-name-public: is in hopital, which is no top-level domain of the public DNS',
    ]);
    assert.deepEqual(rulesOf('lps.xn--p1ai'), []);
  });

  it('looks like no other one where it is shown in letters that are not ASCII', () => {
    const latin: Policy = { ...strict, environment: { ...strict.environment, nameScripts: ['Latin'] } };
    // pаypal with a Cyrillic а, and пример.рф.
    assert.deepEqual(
      rulesOf('xn--pypal-4ve.fr', latin).map((rule) => rule.replace(/:.*/, '')),
      ['text-script'],
    );
    assert.deepEqual(
      rulesOf('xn--pypal-4ve.fr').map((rule) => rule.replace(/:.*/, '')),
      ['text-scripts-mixed'],
    );
    assert.deepEqual(
      rulesOf('xn--e1afmkfd.xn--p1ai', latin).map((rule) => rule.replace(/:.*/, '')),
      ['text-script'],
    );
    // A snowman, which IDNA2008 does not allow.
    assert.match(rulesOf('xn--n3h.fr', latin).join(), /^server-name-syntax: /);
    for (const name of ['xn--hpital-ixa.fr', 'xn--sant-epa.xn--hpital-ixa.fr'])
      assert.deepEqual(rulesOf(name, latin), []);
  });
});
