/**
 * `pfcng client renew` against a server that answers as RFC 7030 says. Without these tests a server
 * could find itself without a valid certificate after an outage, or with one that is not its own.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RenewalFailure, type RenewalOutcome, renew } from '../../../src/cli/client/renew.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Result } from '../../../src/kernel/result.js';
import { certsOnlyMessage } from '../../../src/x509/certificate/chain.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import {
  type EstServer,
  LIFE_MS,
  nameOf,
  type Otherwise,
  spkiOf,
  startEstServer,
} from '../../support/client/est-server.js';
import { NAMES, type RenewalPlace, renewalPlace, renewalWorld } from '../../support/client/renewal-place.js';
import { makeKey } from '../../support/service/csr.js';
import { derOf } from '../../support/service/own-certificates.js';

const OTHER_NAMES = [writeSubjectAltName([{ kind: 'dNSName', value: 'other.example.org' }])];
const DUE = { ifWithinMs: LIFE_MS };

describe('the renewal of a certificate by its own key', () => {
  let est: EstServer;
  let place: RenewalPlace;

  before(async () => {
    est = await startEstServer();
  });
  after(() => est.close());
  beforeEach(() => {
    est.otherwise = null;
    est.now = () => Date.now();
    place = renewalPlace(est);
  });
  afterEach(() => place.remove());

  const renewNow = (world = renewalWorld(est.now)): Promise<Result<RenewalOutcome, RenewalFailure>> =>
    renew({ ...place.options, ...DUE }, world);

  it('leaves no day of a year without a valid certificate, although the platform is away for a week before each of them', async () => {
    const begin = Date.now();
    let now = begin;
    let [born, renewals] = [begin, 0];
    est.now = () => now;
    const away: Otherwise = { status: 503, headers: { 'retry-after': '60' }, body: 'The signer is not available' };
    const world = renewalWorld(() => now);
    for (let day = 0; day < 365; day += 1) {
      now = begin + day * DAY_MS;
      const age = Math.round((now - born) / DAY_MS);
      est.otherwise = age >= 60 && age < 67 ? () => away : null;
      const outcome = await renew(place.options, world);
      const kind = outcome.ok ? outcome.value.kind : outcome.error.kind;
      assert.equal(kind, age < 60 ? 'not-due' : age < 67 ? 'gave-up' : 'renewed', `day ${day}`);
      if (kind === 'renewed') [born, renewals] = [now, renewals + 1];
      const held = new X509Certificate(place.read('c.pem'));
      assert.ok(Date.parse(held.validTo) > now + DAY_MS, `day ${day}`);
      assert.ok(held.checkPrivateKey(createPrivateKey(place.read('k.pem'))), `day ${day}`);
    }
    assert.equal(renewals, 5);
    assert.equal(world.ran(), renewals);
    assert.deepEqual(place.names(), ['c.pem', 'ca.pem', 'k.pem']);
  });

  it('has a new key of the old type with the permissions of the old file, and the certificate with its chain', async () => {
    const before = place.read('k.pem');
    const outcome = await renewNow();
    assert.equal(outcome.ok && outcome.value.kind, 'renewed');
    assert.notEqual(place.read('k.pem'), before);
    assert.equal(statSync(place.options.key).mode & 0o777, 0o640);
    assert.equal(createPrivateKey(place.read('k.pem')).asymmetricKeyDetails?.namedCurve, 'prime256v1');
    const [leaf, issuer] = place.read('c.pem').split(/(?<=-----END CERTIFICATE-----\n)/);
    const ca = new X509Certificate(est.ca);
    assert.ok(new X509Certificate(leaf ?? '').verify(ca.publicKey));
    assert.equal(new X509Certificate(issuer ?? '').fingerprint256, ca.fingerprint256);
  });

  it('sends the same request again until it is answered, after 202, 429 and 503 and in the next run', async () => {
    const sent = est.requests.length;
    const answers: Otherwise[] = [
      { status: 202, headers: { 'retry-after': '5' } },
      { status: 429, headers: { 'retry-after': '5' } },
      { status: 503 },
    ];
    est.otherwise = () => answers.shift() ?? null;
    const none = await renewNow(renewalWorld(est.now, { timeoutMs: 4_000 }));
    assert.equal(!none.ok && none.error.kind, 'gave-up');
    const csr = place.read('k.pem.next.csr');
    const outcome = await renewNow();
    assert.equal(outcome.ok && outcome.value.kind, 'renewed');
    assert.deepEqual(answers, []);
    assert.equal(est.requests.length, sent + 1);
    assert.equal(est.requests.at(-1)?.replace(/\s/g, ''), csr.replace(/-----[^-]+-----|\s/g, ''));
  });

  it('changes nothing when the service refuses, and takes a closed renewal window for "not yet"', async () => {
    const before = [place.read('c.pem'), place.read('k.pem')];
    est.otherwise = () => ({ status: 409, body: 'Its successor is live (renewal-under-way)\n' });
    const refused = await renewNow();
    assert.deepEqual(!refused.ok && refused.error, {
      kind: 'refused',
      status: 409,
      words: 'Its successor is live (renewal-under-way)',
    });
    est.otherwise = () => ({ status: 422, body: 'Too early\nFrom 2030 on (renewal-window)\n' });
    const early = await renewNow();
    assert.equal(early.ok && early.value.kind, 'window-closed');
    assert.deepEqual([place.read('c.pem'), place.read('k.pem')], before);
  });

  it('is not tried after the end of the certificate, nor with a key that is not its own', async () => {
    const ended = await renewNow(renewalWorld(() => Date.now() + LIFE_MS));
    assert.equal(!ended.ok && ended.error.kind, 'ended');
    writeFileSync(place.options.key, makeKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const strange = await renewNow();
    assert.equal(!strange.ok && strange.error.kind, 'unusable');
  });

  const WRONG: readonly { readonly what: string; readonly body: () => string }[] = [
    { what: 'of another key', body: () => answerOf(est.issue(wanted())) },
    {
      what: 'for another holder',
      body: () => answerOf(est.issue({ ...wanted(), ...nextKey(), subject: nameOf('x') })),
    },
    {
      what: 'for other names',
      body: () => answerOf(est.issue({ ...wanted(), ...nextKey(), extensions: OTHER_NAMES })),
    },
    { what: 'that ends earlier', body: () => answerOf(est.issue({ ...wanted(), ...nextKey(), lifeMs: DAY_MS })) },
    { what: 'without certificates', body: () => 'MAA=' },
  ];
  const wanted = () => ({ subject: nameOf('lps.example.org'), spki: spkiOf(makeKey()), extensions: NAMES });
  const nextKey = () => {
    const key = createPrivateKey(place.read('k.pem.next'));
    return { spki: spkiOf({ privateKey: key, publicKey: createPublicKey(key) }) };
  };

  for (const { what, body } of WRONG)
    it(`does not use an answer ${what}`, async () => {
      const before = [place.read('c.pem'), place.read('k.pem')];
      est.otherwise = (operation) => (operation === 'cacerts' ? null : { status: 200, body: body() });
      const outcome = await renewNow();
      assert.equal(!outcome.ok && outcome.error.kind, 'wrong-answer');
      assert.deepEqual([place.read('c.pem'), place.read('k.pem')], before);
    });

  it('does not use an answer of a CA that is not below a trusted one', async () => {
    const other = await startEstServer();
    try {
      est.otherwise = (operation) =>
        operation === 'cacerts' ? null : { status: 200, body: answerOf(other.issue({ ...wanted(), ...nextKey() })) };
      const outcome = await renewNow();
      assert.equal(!outcome.ok && outcome.error.kind, 'wrong-answer');
    } finally {
      await other.close();
    }
  });

  it('gets the certificate of a new CA from the service', async () => {
    writeFileSync(join(place.folder, 'c.pem'), place.read('c.pem').split(/(?<=END CERTIFICATE-----\n)/)[0] ?? '');
    const outcome = await renewNow();
    assert.equal(outcome.ok && outcome.value.kind, 'renewed');
    assert.equal(place.read('c.pem').match(/BEGIN CERTIFICATE/g)?.length, 2);
  });
});

function answerOf(certificate: string): string {
  return Buffer.from(certsOnlyMessage([derOf(certificate)])).toString('base64');
}
