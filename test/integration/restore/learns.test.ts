/**
 * Everything but tokens, PINs, journals and published lists is destroyed, and an older file of
 * `pfcng backup` is put back by `pfcng restore`. Relying parties get the right statuses, no serial
 * number and no number of a CRL is used twice, and the report says what cannot be known. OpenSSL
 * judges every status.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreReport } from '../../../src/compose/restore/report.js';
import { describeOnEach } from '../../support/db/fixture.js';
import {
  type Amounts,
  CA,
  type CertificateLife,
  type Disaster,
  makeDisaster,
  withClients,
} from '../../support/restore/disaster.js';
import { auditOf } from '../../support/service/audit-of.js';
import { clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { fetchBytes, writeIssued } from '../../support/service/files.js';
import type { ServiceHome } from '../../support/service/home.js';
import { openssl } from '../../support/service/judges.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';

/** By day one of each hundred of the amounts that the design names. */
const CERTIFICATES = Number(process.env.PFCNG_RESTORE_AMOUNT ?? 10);
const BEFORE: Amounts = { good: 1, revoked: 1, suspended: 1, released: 1 };
const AFTER: Amounts = share(CERTIFICATES);

function share(all: number): Amounts {
  const revoked = Math.ceil(all / 20);
  const suspended = Math.ceil(all / 100);
  const released = Math.ceil(all / 200);
  return { good: all - revoked - suspended - released, revoked, suspended, released };
}

type OcspAnswer = 'good' | 'revoked' | 'unknown';

describeOnEach('a backup that is older than what was issued and revoked since', ({ kind }) => {
  let disaster: Disaster;
  let service: Service | null = null;
  before(async function destroy() {
    disaster = await makeDisaster(kind, BEFORE, AFTER);
  });
  afterEach(async () => {
    await service?.stop();
    service = null;
  });
  after(() => disaster?.remove());

  async function restored(lose: (at: ServiceHome) => void): Promise<RestoreReport> {
    const at = await disaster.again();
    lose(at);
    const { file, keyFile, manifestSha256 } = disaster.backup;
    const done = await runPfcng(at, 'restore', file, '--key', keyFile, '--json', '--accept-older', manifestSha256);
    assert.equal(done.status, 0, done.stderr);
    service = createService(at);
    await service.start();
    return JSON.parse(done.stdout) as RestoreReport;
  }

  async function assertAnswers(expected: (life: CertificateLife) => OcspAnswer): Promise<void> {
    for (const life of disaster.lives) {
      const { output } = await disaster.party.ocsp(writeIssued(disaster.party, life.issued), CA, '-no_nonce');
      const said = /\.pem: (\w+)/.exec(output)?.[1];
      assert.equal(said, expected(life), `${life.fate}, ${life.inBackup ? 'in' : 'after'} the backup: ${output}`);
    }
  }

  /** New certificates have serial numbers of their own, and CRLs go on above the highest number. */
  async function assertGoesOn(lastNumber: number): Promise<void> {
    assert.ok(service !== null);
    await withClients(service, async ({ cards, officer }) => {
      const used = new Set(disaster.lives.map(({ issued }) => issued.serialNumber));
      const fresh = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
      });
      assert.ok(!used.has(fresh.serialNumber));
      const { number } = await officer.expect<{ readonly number: number }>('POST', `/v1/cas/${CA}/crl`);
      assert.ok(number > lastNumber, `${number} after ${lastNumber}`);
    });
  }

  const late = (): readonly CertificateLife[] => disaster.lives.filter(({ inBackup }) => !inBackup);
  const isBad = ({ fate }: CertificateLife): boolean => fate === 'revoked' || fate === 'suspended';

  it('is refused unless somebody types the hash of its manifest, and nothing is changed', async () => {
    const at = await disaster.again();
    const { file, keyFile, manifestSha256 } = disaster.backup;
    for (const options of [[], ['--accept-older', '0'.repeat(64)]]) {
      const refused = await runPfcng(at, 'restore', file, '--key', keyFile, ...options);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /older than what is known here[\s\S]*the signer ca-elementaire has signed/);
      assert.match(refused.stderr, new RegExp(`has the CRL ${disaster.crlNumber} of ${CA}`));
      assert.match(refused.stderr, new RegExp(manifestSha256));
    }
    // The database is as empty as before, so that the next command finds it so.
    const done = await runPfcng(at, 'restore', file, '--key', keyFile, '--accept-older', manifestSha256);
    assert.equal(done.status, 0, done.stderr);
    for (const words of [/Certificats retrouvés/, /Recovered certificates/, /What cannot be known/, /À faire/])
      assert.match(done.stdout, words);
    const ceremonies = await runPfcng(at, 'ceremony', 'verify', at.home);
    assert.equal(ceremonies.status, 0, ceremonies.stderr);
    const again = await runPfcng(at, 'restore', file, '--key', keyFile, '--accept-older', manifestSha256);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /is not empty/);
  });

  it('gives every status back from journals and lists', async () => {
    const report = await restored(() => undefined);
    assert.equal(report.recovered.length, late().length);
    assert.deepEqual(
      new Set(report.recovered.map(({ serial }) => serial)),
      new Set(late().map(({ issued }) => issued.serialNumber)),
    );
    assert.ok(report.missing.length > 0);
    assert.doesNotMatch(JSON.stringify(report.unknowable), /could be read|OCSP answers/);
    assert.match(JSON.stringify(report.toDo), /recovered certificates with what was ordered/);
    assert.match(JSON.stringify(report.toDo), /with the same Idempotency-Keys/);
    assert.match(JSON.stringify(report.toDo), /accounts and credentials that were disabled since/);
    await assertAnswers((life) => (isBad(life) ? 'revoked' : 'good'));
    await assertRecorded(report);
    await assertGoesOn(disaster.crlNumber);
    await assertOnNamedLists();
    await releaseAndRevoke(report);
  });

  /** Relying parties read the CRL of a partition, which a certificate names. */
  async function assertOnNamedLists(): Promise<void> {
    const { party, lives } = disaster;
    for (const life of lives.filter(isBad)) {
      const file = writeIssued(party, life.issued);
      const { output } = await openssl('x509', '-in', file, '-noout', '-ext', 'crlDistributionPoints');
      const url = /URI:(\S+-p\d\.crl)/.exec(output)?.[1] ?? '';
      const list = party.write('named.crl', await fetchBytes(url));
      const listed = await openssl('crl', '-inform', 'DER', '-in', list, '-noout', '-text');
      const serial = new RegExp(`Serial Number: ${life.issued.serialNumber}`, 'i');
      assert.match(listed.output, serial, `${life.fate}, ${life.inBackup ? 'in' : 'after'} the backup, ${url}`);
    }
  }

  async function assertRecorded({ recovered }: RestoreReport): Promise<void> {
    assert.ok(service !== null);
    const auditor = clientOf(service, 'auditor');
    try {
      const entries = await auditOf(auditor);
      const count = (type: string): number => entries.filter((entry) => entry.type === type).length;
      assert.deepEqual([count('database.restored'), count('certificate.recovered')], [1, recovered.length]);
    } finally {
      await auditor.close();
    }
  }

  /** What was recovered is a certificate that officers can see, release and revoke. */
  async function releaseAndRevoke({ recovered }: RestoreReport): Promise<void> {
    assert.ok(service !== null);
    const idOf = ({ issued }: CertificateLife): string =>
      recovered.find(({ serial }) => serial === issued.serialNumber)?.id ?? 'none';
    const suspended = late().find(({ fate }) => fate === 'suspended');
    const good = late().find(({ fate }) => fate === 'good');
    assert.ok(suspended !== undefined && good !== undefined);
    await withClients(service, async ({ officer }) => {
      const shown = await officer.expect<IssuedCertificate>('GET', `/v1/certificates/${idOf(good)}`);
      assert.equal(shown.certificate, '');
      assert.deepEqual(shown.holder, { kind: 'recovered' });
      await officer.expect('DELETE', `/v1/certificates/${idOf(suspended)}/suspension`);
      await officer.expect('POST', `/v1/certificates/${idOf(good)}/revocation`, { body: { reason: 'keyCompromise' } });
      const renewal = await officer.call('POST', `/v1/certificates/${idOf(suspended)}/renewal`, { body: {} });
      assert.ok(renewal.status >= 400 && renewal.status < 500, JSON.stringify(renewal.body));
    });
    await assertAnswers((life) => {
      if (life === suspended) return 'good';
      return life === good || isBad(life) ? 'revoked' : 'good';
    });
    const searched = await withClients(service, ({ officer }) =>
      officer.expect<{ readonly certificates: readonly { readonly id: string }[] }>(
        'GET',
        `/v1/certificates?serialNumber=${good.issued.serialNumber}`,
      ),
    );
    assert.deepEqual(
      searched.certificates.map(({ id }) => id),
      [idOf(good)],
    );
  }

  it('says without journals what cannot be known, and keeps every revocation', async () => {
    const report = await restored(({ home }) => rmSync(join(home, 'signers'), { recursive: true }));
    assert.equal(report.recovered.length, 0);
    assert.ok(report.journals.every(({ from }) => from !== 'home'));
    assert.match(JSON.stringify(report.unknowable), /OCSP answers \\"unknown\\"/);
    await assertAnswers((life) => {
      if (isBad(life)) return 'revoked';
      return life.inBackup ? 'good' : 'unknown';
    });
    await assertGoesOn(disaster.crlNumber);
  });

  it('says without lists that revocations are lost, and knows every certificate', async () => {
    const report = await restored(({ home }) => rmSync(join(home, 'crl'), { recursive: true }));
    assert.equal(report.recovered.length, late().length);
    assert.ok(report.lists.every(({ learnt }) => learnt === 0));
    assert.match(JSON.stringify(report.unknowable), /no published CRL could be read/);
    assert.match(JSON.stringify(report.toDo), /revoke again what you know to be revoked/);
    await assertAnswers(() => 'good');
    await assertGoesOn(disaster.crlNumber);
  });
});
