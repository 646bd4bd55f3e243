/** A hold, its dates, and the two ways out of it, as relying parties see them. */
import assert from 'node:assert/strict';
import { assertProblem, type IssuedCertificate } from '../../../support/service/client.js';
import { auditedOf } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { writeIssued } from '../../../support/service/files.js';
import { openssl } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';

const CA = 'aci-el-org';
const SUSPECTED = '2026-03-01T08:00:00Z';
const SUSPECTED_IN_LIST = 'Mar  1 08:00:00 2026 GMT';

describeService('a hold', { on: 'each', party: true }, (running) => {
  const issue = () =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
  const change = ({ id }: IssuedCertificate, what: string, body?: object): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>(
      'POST',
      `/v1/certificates/${id}/${what}`,
      body === undefined ? {} : { body },
    );
  const release = ({ id }: IssuedCertificate) =>
    running.cards.expect<IssuedCertificate>('DELETE', `/v1/certificates/${id}/suspension`);
  const issueAndSuspend = async () => {
    const issued = await issue();
    return change(issued, 'suspension', { invalidityDate: SUSPECTED });
  };
  async function ocspOf(issued: IssuedCertificate): Promise<string> {
    const { output } = await running.party.ocsp(writeIssued(running.party, issued), CA, '-no_nonce');
    assert.ok(output.includes('Response verify OK'), output);
    return /\.pem: (\w+)/.exec(output)?.[1] ?? output;
  }
  /** What the next list says of it; null: it is not there. */
  async function entryOf({ serialNumber }: IssuedCertificate): Promise<string | null> {
    await running.officer.expect('POST', `/v1/cas/${CA}/crl`);
    await running.party.fetchCrl(CA);
    const { output } = await openssl('crl', '-in', running.party.path(`${CA}.crl.pem`), '-noout', '-text');
    const entries = output.split(/^ {4}Serial Number: /m).slice(1);
    const plain = serialNumber.replace(/^0+/, '').toUpperCase();
    return entries.find((entry) => (entry.split('\n')[0] ?? '').replace(/^0+/, '') === plain) ?? null;
  }

  it('shows its invalidity date by REST and on the list, and is over with its release: good, and on no list', async () => {
    const suspended = await issueAndSuspend();
    assert.deepEqual(
      [suspended.status, suspended.revocation?.reason, suspended.revocation?.invalidityDate],
      ['suspended', 'certificateHold', SUSPECTED],
    );
    const entry = (await entryOf(suspended)) ?? '';
    assert.ok(entry.includes('Certificate Hold') && entry.includes(SUSPECTED_IN_LIST), entry);
    assert.equal(await ocspOf(suspended), 'revoked');
    const released = await release(suspended);
    assert.deepEqual([released.status, released.revocation], ['issued', null]);
    assert.equal(await ocspOf(released), 'good');
    assert.equal(await entryOf(released), null);
    // What was suspected stays on record; that it is suspected no more is what the release says.
    const [entered] = await auditedOf(running.shared.service.at, 'certificate.suspended', [released.id]);
    const state = entered?.state as { readonly invalidityDate: number };
    assert.equal(new Date(state.invalidityDate).toISOString(), SUSPECTED.replace('Z', '.000Z'));
  });

  it('that becomes final keeps its date and its invalidity date, to REST, list and OCSP', async () => {
    const suspended = await issueAndSuspend();
    const revoked = await change(suspended, 'revocation', { reason: 'keyCompromise' });
    assert.deepEqual(revoked.revocation, { ...suspended.revocation, reason: 'keyCompromise' });
    const entry = (await entryOf(revoked)) ?? '';
    assert.ok(entry.includes('Key Compromise') && entry.includes(SUSPECTED_IN_LIST), entry);
    assert.equal(await ocspOf(revoked), 'revoked');
  });

  it('that becomes final with another invalidity date has that one', async () => {
    const invalidityDate = '2026-02-01T08:00:00Z';
    const body = { reason: 'superseded', invalidityDate };
    const revoked = await change(await issueAndSuspend(), 'revocation', body);
    assert.equal(revoked.revocation?.invalidityDate, invalidityDate);
  });

  it('that was released is suspended and released again, and a later revocation has its own dates', async () => {
    const first = await issueAndSuspend();
    await release(first);
    const second = await change(first, 'suspension');
    assert.equal(second.revocation?.invalidityDate, null);
    await release(first);
    const revoked = await change(first, 'revocation', { reason: 'cessationOfOperation' });
    assert.deepEqual([revoked.revocation?.reason, revoked.revocation?.invalidityDate], ['cessationOfOperation', null]);
  });

  it('is neither possible nor released once it was revoked: never good again', async () => {
    const revoked = await change(await issueAndSuspend(), 'revocation', { reason: 'superseded' });
    const path = `/v1/certificates/${revoked.id}/suspension`;
    const conflict = { status: 409, code: 'state-conflict' };
    assertProblem(await running.cards.call('DELETE', path), conflict);
    assertProblem(await running.cards.call('POST', path), conflict);
    assert.equal(await ocspOf(revoked), 'revoked');
  });
});
