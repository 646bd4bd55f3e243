/**
 * A home after the service has run on it: what its ceremonies left still verifies, and the audit
 * and HSM commands report in plain words.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientOf } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { createService, runPfcng } from '../../support/service/service.js';

describe('a home that has served', () => {
  let at: ServiceHome;

  before(async () => {
    at = await makeServiceHome('p-256');
    const service = createService(at);
    await service.start();
    try {
      const officer = clientOf(service, 'officer-1');
      await officer.expect('POST', '/v1/cas/aci-fo-pp/crl');
      await officer.close();
    } finally {
      await service.stop();
    }
  });
  after(() => removeServiceHome(at));

  it('verifies with the service’s later list, and an altered copy of the ceremony is still named', async () => {
    const copy = join(at.home, 'ceremony/fort/crl/ACI-FO-PP.crl');
    const signed = await readFile(copy);
    assert.notDeepEqual(await readFile(join(at.home, 'crl/ACI-FO-PP.crl')), signed);
    const sound = await runPfcng(at, 'ceremony', 'verify');
    assert.deepEqual([sound.status, sound.stderr], [0, '']);
    assert.equal(sound.stdout.trimEnd().split('\n').length, 4);
    const altered = signed.map((byte, place) => (place === 60 ? byte ^ 1 : byte));
    await writeFile(copy, altered);
    const { status, stderr } = await runPfcng(at, 'ceremony', 'verify');
    await writeFile(copy, signed);
    assert.equal(status, 1);
    assert.match(stderr, /ceremony\/fort\/crl\/ACI-FO-PP\.crl: its SHA-256 differs from line \d+\n$/);
  });

  it('audit verify and hsm reconcile answer in French and English', async () => {
    const audit = await runPfcng(at, 'audit', 'verify');
    assert.equal(audit.status, 0, audit.stderr);
    assert.match(
      audit.stdout,
      /^la chaîne est intacte : (\d+) entrées, tête ([0-9a-f]{64}) \/ the chain is intact: \1 entries, head \2\n$/,
    );
    const [, count, head] = /(\d+) entries, head ([0-9a-f]{64})/.exec(audit.stdout) ?? [];
    const kept = await runPfcng(at, 'audit', 'verify', '--checkpoint', `${count}:${head}`);
    assert.deepEqual([kept.status, kept.stdout], [0, audit.stdout]);
    const journals = await runPfcng(at, 'hsm', 'reconcile');
    assert.equal(journals.status, 0, journals.stderr);
    assert.match(
      journals.stdout,
      /^ca-fort : (\d+) signatures, dont 0 inconnues de la base de données \/ ca-fort: \1 signatures, 0 unknown to the database$/m,
    );
  });

  // An attacker with the database can compute all hashes again. Only what an auditor has kept
  // elsewhere tells that the log is another one.
  it('audit verify finds a log that is not the one of a checkpoint', async () => {
    const hash = '0'.repeat(64);
    const rewritten = await runPfcng(at, 'audit', 'verify', '--checkpoint', `3:${hash}`);
    assert.equal(rewritten.status, 1);
    assert.match(rewritten.stderr, /broken at entry 3: the log was rewritten .*\(checkpoint-matches\)/);
    const shortened = await runPfcng(at, 'audit', 'verify', '--checkpoint', `900000:${hash}`, '--json');
    assert.deepEqual([shortened.status, JSON.parse(shortened.stdout).rule], [1, 'entries-up-to-checkpoint']);
    assert.match(shortened.stderr, /the log ends before a checkpoint/);
    assert.equal((await runPfcng(at, 'audit', 'verify', '--checkpoint', hash)).status, 2);
  });
});
