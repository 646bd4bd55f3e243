import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { issuerIdOf, parseIssuerId, stemOf } from '../../../src/policy/ids.js';
import type { Policy } from '../../../src/policy/model.js';
import { authorityName } from '../../../src/policy/plan/authority-name.js';
import { caIssuersUrl, crlUrl, deltaCrlUrl, ocspUrl } from '../../../src/policy/publication/addresses.js';
import { ldapCrlUrl, ldapDeltaCrlUrl } from '../../../src/policy/publication/ldap-addresses.js';
import { testPolicy } from './fixtures.js';

describe('names of issuers', () => {
  it('contain the generation from the second one on, in ids, files and addresses', () => {
    const { environment } = testPolicy();
    assert.equal(issuerIdOf('aci-fo-pp', 1), 'aci-fo-pp');
    const second = issuerIdOf('aci-fo-pp', 2);
    assert.equal(second, 'aci-fo-pp-2');
    assert.equal(stemOf(second), 'ACI-FO-PP-2');
    assert.equal(crlUrl(environment, second), 'http://127.0.0.1:8080/CRL/ACI-FO-PP-2.crl');
    assert.equal(deltaCrlUrl(environment, second), 'http://127.0.0.1:8080/CRL/ACI-FO-PP-2-delta.crl');
    assert.equal(caIssuersUrl(environment, issuerIdOf('acr-fo', 1)), 'http://127.0.0.1:8080/AC/ACR-FO.cer');
    assert.equal(ocspUrl(environment), 'http://127.0.0.1:8080/ocsp');
  });

  it('are parsed to their parts, and have one text each', () => {
    for (const authority of ['aci-fo-pp', 'acr-el'])
      for (const generation of [1, 2, 10, 99]) {
        const parsed = parseIssuerId(issuerIdOf(authority, generation));
        assert.ok(parsed.ok);
        assert.deepEqual([parsed.value.authority, parsed.value.generation], [authority, generation]);
      }
    for (const text of [
      'aci-fo-pp-1',
      'aci-fo-pp-0',
      'aci-fo-pp-02',
      'aci-fo-pp-100',
      'ACI-FO-PP',
      '',
      '-2',
      'a--b',
      '../x',
    ])
      assert.ok(!parseIssuerId(text).ok, text);
    assert.throws(() => issuerIdOf('aci-fo-pp-2', 1));
    assert.throws(() => issuerIdOf('aci-fo-pp', 0));
  });

  it('are the names of the TEST hierarchy in development, and of another authority in the next generation', () => {
    const policy = testPolicy();
    const authority = present(policy.authorities.get('aci-fo-pp'), 'authority');
    const text = (generation: number) =>
      authorityName(policy, authority, generation)
        .flat()
        .map(({ form, value }) => `${form === 'printableString' ? 'P' : 'U'}:${value}`);
    const before = ['P:FR', 'U:ASIP-SANTE', 'U:0002 187512751', 'U:IGC-SANTE TEST'];
    assert.deepEqual(text(1), [...before, 'U:TEST AC IGC-SANTE FORT PERSONNES']);
    assert.deepEqual(text(2), [...before, 'U:TEST AC IGC-SANTE FORT PERSONNES G2']);
  });
});

describe('addresses in a directory', () => {
  const withDirectory = (): Policy => {
    const policy = testPolicy();
    const { environment } = policy;
    const addresses = { ...environment.addresses, ldap: 'ldap://annuaire-igc.esante.gouv.fr' };
    const names = { organizationalUnit: 'IGC-SANTE', commonNamePrefix: '' };
    return { ...policy, environment: { ...environment, names, addresses } };
  };

  it('are null without a directory', () => {
    assert.equal(ldapCrlUrl(testPolicy(), issuerIdOf('aci-fo-pp', 1)), null);
    assert.equal(ldapDeltaCrlUrl(testPolicy(), issuerIdOf('aci-fo-pp', 1)), null);
  });

  it('place an issuing authority below its root', () => {
    const below = 'ou=IGC-SANTE,ou=0002%20187512751,o=ASIP-SANTE,c=FR';
    const root = 'AC%20RACINE%20IGC-SANTE%20ELEMENTAIRE';
    const issuing = `cn=AC%20IGC-SANTE%20ELEMENTAIRE%20ORGANISATIONS,ou=${root}`;
    const directory = 'ldap://annuaire-igc.esante.gouv.fr';
    assert.equal(
      ldapCrlUrl(withDirectory(), issuerIdOf('aci-el-org', 1)),
      `${directory}/${issuing},${below}?certificaterevocationlist;binary?base?objectClass=pkiCA`,
    );
    assert.equal(
      ldapDeltaCrlUrl(withDirectory(), issuerIdOf('acr-el', 1)),
      `${directory}/cn=${root},${below}?deltarevocationlist;binary?base?objectClass=pkiCA`,
    );
  });
});
