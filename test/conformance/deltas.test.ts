/**
 * A full CRL completed by a later delta, read by the programs that support deltas: OpenSSL and
 * Bouncy Castle. The status of certificates that were revoked, suspended or released since the full
 * CRL is that of the delta.
 */
import assert from 'node:assert/strict';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { openssl } from '../support/service/judges.js';
import { sharedService } from '../support/service/shared.js';
import type { Lists, Verdicts } from './paths/judge.js';
import { CA, evidenceOf, fetchList, issue, JUDGES, REVOKED } from './statuses/delta-judges.js';

describe('programs that support delta CRLs', () => {
  let party: RelyingParty;
  const based = new Map<string, Verdicts>();
  const completed = new Map<string, Verdicts>();
  /**
   * What happens to each certificate before the full CRL is fetched, and between it and the delta.
   */
  const LIVES = {
    'stays good': [],
    'is revoked after': [null, 'revoked'],
    'is on hold after': [null, 'hold'],
    'was on hold and is released after': ['hold', 'released'],
    'was on hold and is revoked after': ['hold', 'revoked'],
    'was revoked before': ['revoked'],
  } as const;
  const REFUSED: Readonly<Record<keyof typeof LIVES, readonly [before: boolean, completed: boolean]>> = {
    'stays good': [false, false],
    'is revoked after': [false, true],
    'is on hold after': [false, true],
    'was on hold and is released after': [true, false],
    'was on hold and is revoked after': [true, true],
    'was revoked before': [true, true],
  };

  before(async function gather() {
    const shared = await sharedService('p-256');
    const [cards, officer] = [shared.as('card-management'), shared.as('officer-1')];
    const { publication } = shared.service.urls;
    party = createRelyingParty(publication);
    await party.fetchAll();
    const made = new Map<string, Awaited<ReturnType<typeof issue>>>();
    for (const name of Object.keys(LIVES)) made.set(name, await issue(cards, party, name.replaceAll(' ', '-')));
    const live = async (step: 0 | 1): Promise<void> => {
      for (const [name, steps] of Object.entries(LIVES)) {
        const path = `/v1/certificates/${made.get(name)?.issued.id}`;
        const what: string | null | undefined = steps[step];
        if (what === 'hold') await officer.expect('POST', `${path}/suspension`, { body: {} });
        if (what === 'released') await officer.expect('DELETE', `${path}/suspension`);
        if (what === 'revoked')
          await officer.expect('POST', `${path}/revocation`, { body: { reason: 'keyCompromise' } });
      }
    };
    await live(0);
    await officer.expect('POST', `/v1/cas/${CA}/crl`);
    const full = await fetchList(party, `${publication}/CRL/ACI-EL-ORG.crl`, 'full.crl.pem');
    await live(1);
    await officer.expect('POST', `/v1/cas/${CA}/crl`, { body: { kind: 'delta' } });
    const delta = await fetchList(party, `${publication}/CRL/ACI-EL-ORG-delta.crl`, 'delta.crl.pem');
    const { output } = await openssl('crl', '-in', delta, '-noout', '-text');
    assert.match(output, /X509v3 Delta CRL Indicator: critical/);
    assert.match(output, /Remove From CRL/);
    const of: Lists['of'] = ({ id }) => (id === CA ? full : party.path(`${id}.crl.pem`));
    const evidence = evidenceOf(
      party,
      [...made.values()].map(({ path }) => path),
    );
    for (const judge of JUDGES) {
      based.set(judge.name, await judge.judgePaths(evidence, { name: 'base', of }));
      completed.set(judge.name, await judge.judgePaths(evidence, { name: 'completed', of, deltas: [delta] }));
    }
  });
  after(() => party.remove());

  for (const { name: judge } of JUDGES)
    for (const [life, [refusedBefore, refusedAfter]] of Object.entries(REFUSED))
      it(`${judge}: a certificate that ${life}`, () => {
        const name = life.replaceAll(' ', '-');
        const check = (said: string | null | undefined, isRefused: boolean): void => {
          if (isRefused) assert.match(said ?? 'accepted', REVOKED);
          else assert.equal(said, null);
        };
        check(based.get(judge)?.get(name), refusedBefore);
        check(completed.get(judge)?.get(name), refusedAfter);
      });
});
