/**
 * What the doctor says of a process that runs. Without these checks, a part of `/readyz` could be
 * wrong and the doctor silent, or name no way out.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askService, findDeadDeliveries, findEnds, findParts } from '../../../src/cli/doctor/running.js';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { CERTIFICATE_USES, type CertificateUse } from '../../../src/observe/certificate-metrics.js';
import { READINESS_PARTS } from '../../../src/ports/readiness.js';
import { readAlertRules } from '../../support/monitoring/alert-rules.js';
import { READY_PARTS } from '../../support/monitoring/readiness.js';

const GOOD = { ...READY_PARTS, horizons: { 'aci-fo-pp': 'near' }, staleSeconds: 1 } as const;

/** A fault of each part as `/readyz` says it, what the doctor shows, and what people do. */
const FAULTS: readonly (readonly [part: keyof typeof GOOD, said: unknown, shown: string, whatToDo: RegExp])[] = [
  ['signers', { 'ca-fort': 'locked', platform: 'ready' }, 'ca-fort: locked', /pfcng signer unlock TOKEN/],
  ['signers', { 'ca-fort': 'down', platform: 'ready' }, 'ca-fort: down', /pfcng hsm check/],
  ['groups', { 'ca-fort': 'degraded' }, 'ca-fort: degraded', /ops\/signers\.md/],
  ['database', 'down: nothing was written for 90 s', 'down: nothing was written for 90 s', /ops\/database\.md/],
  ['durability', 'synchronous_commit is off', 'synchronous_commit is off', /ops\/postgresql\.md/],
  ['disk', 'nearly full (crl: 3 MB free)', 'nearly full (crl: 3 MB free)', /free space/],
  ['clock', 'wrong', 'wrong', /pfcng clock status/],
  ['runs', 'silent: node-2', 'silent: node-2', /pfcng nodes/],
  ['drift', { policy: ['node-1', 'node-2'] }, 'policy: ["node-1","node-2"]', /make the nodes equal/],
  ['accounts', { gie: 'its certificate has expired' }, 'gie: its certificate has expired', /pfcng account/],
  ['tagKeys', 'no key for 2027', 'no key for 2027', /pfcng audit tag-key make/],
  ['jobs', { 'publish-lists': 'late by 90 s' }, 'publish-lists: late by 90 s', /pfcng jobs/],
  ['crls', { 'aci-fo-pp': 'expired' }, 'aci-fo-pp: expired', /pfcng crl publish CA/],
  ['crls', { 'aci-fo-pp': 'missing' }, 'aci-fo-pp: missing', /pfcng crl publish CA/],
  ['outlets', { ldap: 'down: no answer' }, 'ldap: down: no answer', /ops\/publication\.md/],
  ['outlets', { home: 'behind' }, 'home: behind', /ops\/publication\.md/],
  [
    'publicAddresses',
    { 'http://crl.example/a.crl': '404' },
    'http://crl.example/a.crl: 404',
    /relying parties use them/,
  ],
];

const answering = (parts: object) =>
  ({ kind: 'answers', url: '', state: 'degraded', parts: { ...parts }, metrics: '' }) as const;

/** `at`: Unix time of its notAfter, in seconds. */
const endLine = (use: CertificateUse, { name, at }: { readonly name: string; readonly at: number }): string =>
  `pfcng_certificate_not_after_timestamp_seconds{use="${use}",name="${name}",serial="0a"} ${at}`;

describe('the doctor beside a process that runs', () => {
  it('finds nothing wrong where no part is, and has a check of each part', () => {
    const found = findParts(answering(GOOD));
    assert.deepEqual(
      found.map(({ name }) => name),
      READINESS_PARTS.map((part) => `running-${part}`),
    );
    assert.deepEqual(
      found.filter(({ state }) => state !== 'ok'),
      [],
    );
  });

  for (const [part, said, shown, whatToDo] of FAULTS)
    it(`names the fault "${shown}" of ${part} alone, and what to do`, () => {
      const found = findParts(answering({ ...GOOD, [part]: said })).filter(({ state }) => state === 'fault');
      assert.deepEqual(
        found.map(({ name, detail }) => [name, detail]),
        [[`running-${part}`, shown]],
      );
      assert.match(present(found[0], part).whatToDo, whatToDo);
    });

  it('names the certificates that end soon, each with how it is renewed', () => {
    const now = 1_800_000_000 * SECOND_MS;
    const at = (days: number): number => (now + days * DAY_MS) / SECOND_MS;
    const line = (use: CertificateUse, days: number): string => endLine(use, { name: 'x', at: at(days) });
    assert.equal(findEnds('', now).state, 'ok');
    const far = CERTIFICATE_USES.map((use) => line(use, 366));
    assert.deepEqual(findEnds(far.join('\n'), now), { state: 'ok', detail: 'none of 5 certificates ends soon' });
    for (const [use, whatToDo] of [
      ['ca', /ceremony/],
      ['tls', /POST \/v1\/certificates/],
      ['responder', /pfcng jobs/],
      ['cmp-signer', /ops\/cmp-signers\.md/],
      ['account', /pfcng account certify/],
    ] as const) {
      const others = far.filter((text) => use !== 'account' || !text.includes('"account"'));
      const found = findEnds([...others, line(use, 1)].join('\n'), now);
      assert.deepEqual([found.state, found.detail], ['fault', `${use} x 0a: 2027-01-16T08:00:00Z`]);
      assert.match(found.whatToDo ?? '', whatToDo);
    }
  });

  it('names a certificate from the same day on as the alert for its use', () => {
    const now = 1_800_000_000 * SECOND_MS;
    const rules = readAlertRules().map(({ expression }) => expression);
    for (const use of CERTIFICATE_USES) {
      const rule = rules.find((expression) => expression.includes(`{use="${use}"}`)) ?? '';
      const days = Number(/ - time\(\) < (\d+) \* 86400$/.exec(rule)?.[1]);
      const stateAt = (at: number) => findEnds(endLine(use, { name: 'x', at }), now).state;
      const at = now / SECOND_MS + (days * DAY_MS) / SECOND_MS;
      assert.deepEqual([use, stateAt(at - 1), stateAt(at)], [use, 'fault', 'ok']);
    }
  });

  it('does not name a certificate of an account that has a later one', () => {
    const now = 1_800_000_000 * SECOND_MS;
    const at = (days: number): number => (now + days * DAY_MS) / SECOND_MS;
    const old = endLine('account', { name: 'gie', at: at(1) });
    assert.equal(findEnds(old, now).state, 'fault');
    assert.equal(findEnds(`${endLine('account', { name: 'gie', at: at(100) })}\n${old}`, now).state, 'ok');
    assert.equal(findEnds(`${endLine('account', { name: 'other', at: at(100) })}\n${old}`, now).state, 'fault');
  });

  it('counts deliveries of events that were given up', () => {
    assert.equal(findDeadDeliveries('pfcng_webhook_dead 0\n').state, 'ok');
    assert.equal(findDeadDeliveries('a 1\npfcng_webhook_dead 3\n').detail, '3 deliveries were given up');
  });

  describe('asks its port', () => {
    let server: Server;
    let answer = '';
    before((done) => {
      server = createServer((_, response) => void response.end(answer)).listen(0, '127.0.0.1', done);
    });
    after((done) => void server.close(() => done()));
    const at = () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });

    it('and knows another program, and nobody', async () => {
      answer = '<html>';
      const other = await askService(at());
      assert.deepEqual([other.kind, other.kind === 'wrong' ? other.detail : ''], ['wrong', 'it is no PFCNG: <html>']);
      answer = '{"state":"down"}';
      const down = await askService(at());
      assert.deepEqual([down.kind, down.kind === 'answers' ? down.state : ''], ['answers', 'down']);
      assert.equal((await askService({ host: '127.0.0.1', port: 1 })).kind, 'none');
    });
  });
});
