/**
 * `pfcng client renew` against the service. Without this test it could agree with the server of its
 * other tests, and not with ours.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renew } from '../../../src/cli/client/renew.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { renewalWorld } from '../../support/client/renewal-place.js';
import { type IssuedCertificate, trustOf } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';

const HOLDER = {
  kind: 'server',
  names: ['renewal.example.org', 'www.renewal.example.org'],
  structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' },
};

describeService('a server', { on: 'sqlite' }, (running) => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-renewal-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const optionsIn = (place: string) => ({
    url: running.shared.service.urls.api,
    label: null,
    certificate: join(place, 'c.pem'),
    key: join(place, 'k.pem'),
    trust: join(place, 'ca.pem'),
    ifWithinMs: Number.MAX_SAFE_INTEGER,
  });

  it('renews its certificate with its own key, waits for the next window, and a copy of its old files is refused', async () => {
    const key = makeKey();
    const validity = { notAfter: formatInstant(Date.now() + 30 * DAY_MS) };
    const body = { profile: 'elementaire/serv-ssl', csr: makeCsr(key), holder: HOLDER, validity };
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const [place, copy] = [join(folder, 'here'), join(folder, 'copy')];
    mkdirSync(place);
    writeFileSync(join(place, 'c.pem'), issued.certificate);
    writeFileSync(join(place, 'k.pem'), key.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(join(place, 'ca.pem'), trustOf(running.shared.service.at));
    cpSync(place, copy, { recursive: true });
    const outcome = await renew(optionsIn(place), renewalWorld(Date.now));
    assert.equal(outcome.ok && outcome.value.kind, 'renewed', JSON.stringify(outcome));
    const renewed = new X509Certificate(readFileSync(join(place, 'c.pem'), 'utf8'));
    const old = new X509Certificate(issued.certificate);
    assert.deepEqual([renewed.subject, renewed.subjectAltName], [old.subject, old.subjectAltName]);
    assert.notEqual(renewed.serialNumber, old.serialNumber);
    assert.ok(renewed.checkPrivateKey(createPrivateKey(readFileSync(join(place, 'k.pem'), 'utf8'))));
    const early = await renew(optionsIn(place), renewalWorld(Date.now));
    assert.equal(early.ok && early.value.kind, 'window-closed', JSON.stringify(early));
    const late = await renew(optionsIn(copy), renewalWorld(Date.now));
    assert.ok(!late.ok && late.error.kind === 'refused', JSON.stringify(late));
    assert.match(late.error.words, /renewal-under-way/);
  });
});
