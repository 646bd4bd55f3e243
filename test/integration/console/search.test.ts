/** The search of the console and its files. Without it, an export could show what a page hides. */
import assert from 'node:assert/strict';
import { EXPORT_LIMITS } from '../../../src/http/server/export-limiter.js';
import { createVisitor, type Visitor } from '../../support/console/visitor.js';
import { auditOf } from '../../support/service/audit-of.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

describeService('the search of the console', { on: 'sqlite' }, (running) => {
  let officer: Visitor;
  before(() => {
    officer = createVisitor(running.shared.service, 'officer-1');
  });
  after(() => officer.close());

  const PATH = '/console/certificates';
  const issue = (): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });

  it('takes a serial number as programs show it: with colons, upper case, or decimal', async () => {
    const { id, serialNumber } = await issue();
    const pairs = serialNumber.match(/../g) ?? [];
    const decimal = BigInt(`0x${serialNumber}`).toString();
    for (const written of [serialNumber, pairs.join(':').toUpperCase(), `0x${serialNumber}`, decimal]) {
      const { html } = await officer.open(`${PATH}?serial=${encodeURIComponent(written)}`);
      assert.ok(html.includes(`${PATH}/${id}`), written);
    }
  });

  it('finds by profile, CA and days, and says which criterion is wrong', async () => {
    // It may become midnight meanwhile.
    const day = (): string => new Date().toISOString().slice(0, 10);
    const from = day();
    const { id } = await issue();
    const today = day();
    const criteria = `profile=elementaire%2Forg-auth-cli&ca=aci-el-org&issuedFrom=${from}&issuedUntil=${today}`;
    assert.ok((await officer.open(`${PATH}?${criteria}`)).html.includes(`${PATH}/${id}`));
    const none = await officer.open(`${PATH}?${criteria}&expiresUntil=${today}`);
    assert.ok(!none.html.includes(`${PATH}/${id}`));
    const wrong = await officer.open(`${PATH}?serial=xyz&order=1&issuedFrom=2026-02-30&profile=none`);
    for (const name of ['serial', 'order', 'issuedFrom', 'profile'])
      assert.ok(wrong.html.includes(`id="${name}-fault"`));
    assert.equal((await officer.open(`${PATH}?card=x&cursor=x`)).status, 400);
  });

  it('takes the first and the last day of the calendar', async () => {
    for (const name of ['issuedFrom', 'issuedUntil', 'expiresFrom', 'expiresUntil'])
      for (const day of ['0000-01-01', '0001-01-01', '9999-12-31']) {
        const { status, html } = await officer.open(`${PATH}?${name}=${day}`);
        assert.equal(status, 200, `${name} ${day}: ${html}`);
      }
  });

  it('records a search that names a certificate, also one that begins with a cursor', async () => {
    const { id, serialNumber } = await issue();
    const searches = async () =>
      (await auditOf(running.shared.as('auditor'))).filter(({ type }) => type === 'certificate.searched').length;
    const before = await searches();
    // A position before all certificates. Clients can write one, because it has no secret.
    const cursor = Buffer.from('1:ffffffff-ffff-7fff-bfff-ffffffffffff').toString('base64url');
    const { html } = await officer.open(`${PATH}?serial=${serialNumber}&cursor=${cursor}`);
    assert.ok(html.includes(`${PATH}/${id}`), html);
    assert.equal(await searches(), before + 1);
  });

  it('exports what it finds as a table and as JSON lines', async () => {
    const { id, serialNumber } = await issue();
    const csv = await officer.open(`${PATH}/export.csv?serial=${serialNumber}`);
    assert.match(String(csv.headers['content-disposition']), /certificates\.csv/);
    const [head, row, end] = csv.html.split('\r\n');
    assert.match(String(head), /^id,profile,ca,serialNumber,status/);
    assert.ok(row?.startsWith(`${id},elementaire/org-auth-cli,`), row);
    assert.equal(end, '');
    const lines = await officer.open(`${PATH}/export.ndjson?serial=${serialNumber}`);
    assert.deepEqual(
      lines.html
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { readonly id: string }).id),
      [id],
    );
    assert.equal((await officer.open(`${PATH}/export.csv?serial=xyz`)).status, 400);
    // An export that has ended or was refused takes no place from those after it.
    for (let count = 0; count < EXPORT_LIMITS.perAccountMax; count += 1)
      assert.equal((await officer.open(`${PATH}/export.csv?serial=${serialNumber}`)).status, 200);
  });
});
