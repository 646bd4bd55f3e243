/**
 * CRLs of partitions, read by programs that support the critical issuingDistributionPoint: each
 * certificate has its status in the CRL of its own partition, and in no other.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf } from '../support/service/client.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { openssl } from '../support/service/judges.js';
import { createService, type Service } from '../support/service/service.js';
import type { Lists, Path, Verdicts } from './paths/judge.js';
import { CA, evidenceOf, fetchList, issue, JUDGES, REVOKED } from './statuses/delta-judges.js';

describe('programs that support partitions', () => {
  let at: ServiceHome;
  let service: Service;
  let party: RelyingParty;
  let own: ReadonlyMap<string, Verdicts>;
  let others: ReadonlyMap<string, Verdicts>;
  const paths: Path[] = [];

  before(async function gather() {
    const stated = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'policies/environments/development.json'), 'utf8')) as {
      readonly crl: object;
    };
    at = await makeServiceHome('p-256', { environment: { crl: { ...stated.crl, partitions: { [CA]: 2 } } } });
    service = createService(at);
    await service.start();
    const cards = clientOf(service, 'card-management', { connectionsMax: 2 });
    const officer = clientOf(service, 'officer-1', { connectionsMax: 2 });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    const partitions = new Map<string, string>();
    // Issues enough certificates that each partition has some.
    for (let one = 0; one < 8; one += 1) {
      const { issued, path } = await issue(cards, party, `${one % 2 === 0 ? 'good' : 'revoked'}-${one}`);
      paths.push(path);
      const { output } = await openssl('x509', '-in', path.leaf, '-noout', '-ext', 'crlDistributionPoints');
      const addresses = output.match(/http:\S+/g) ?? [];
      assert.equal(addresses.length, 1, output);
      partitions.set(path.leaf, addresses[0] ?? '');
      if (one % 2 === 1)
        await officer.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
    }
    await officer.expect('POST', `/v1/cas/${CA}/crl`);
    await Promise.all([cards.close(), officer.close()]);
    const files = new Map<string, string>();
    for (const partition of [0, 1]) {
      const address = `${service.urls.publication}/CRL/ACI-EL-ORG-p${partition}.crl`;
      files.set(address, await fetchList(party, address, `p${partition}.crl.pem`));
      const { output } = await openssl('crl', '-in', files.get(address) ?? '', '-noout', '-text');
      assert.match(output, /X509v3 Issuing Distribution Point: critical/);
    }
    const judgeAll = async (name: string, choose: (own: string, other: string) => string) => {
      const verdicts = new Map<string, Verdicts>(JUDGES.map((judge) => [judge.name, new Map()]));
      for (const address of files.keys()) {
        const other = [...files.keys()].find((one) => one !== address) ?? '';
        const those = paths.filter(({ leaf }) => partitions.get(leaf) === address);
        if (those.length === 0) continue;
        const file = files.get(choose(address, other)) ?? '';
        const of: Lists['of'] = ({ id }) => (id === CA ? file : party.path(`${id}.crl.pem`));
        for (const judge of JUDGES) {
          const lists = { name: `${name}-${address.slice(-6, -4)}`, of };
          const said = await judge.judgePaths(evidenceOf(party, those), lists);
          verdicts.set(judge.name, new Map([...(verdicts.get(judge.name) ?? []), ...said]));
        }
      }
      return verdicts;
    };
    own = await judgeAll('own', (mine) => mine);
    others = await judgeAll('others', (_, other) => other);
  });
  after(async () => {
    party.remove();
    await service.stop();
    removeServiceHome(at);
  });

  for (const { name: judge } of JUDGES) {
    it(`${judge} verifies each certificate by the CRL of its partition`, () => {
      assert.equal(own.get(judge)?.size, paths.length);
      for (const [name, said] of own.get(judge) ?? []) {
        if (name.startsWith('good')) assert.equal(said, null, name);
        else assert.match(said ?? 'accepted', REVOKED, name);
      }
    });

    it(`${judge} accepts no CRL of another partition`, () => {
      for (const [name, said] of others.get(judge) ?? []) {
        assert.notEqual(said, null, name);
        assert.doesNotMatch(said ?? '', REVOKED, name);
      }
    });
  }
});
