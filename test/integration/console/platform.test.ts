/** The pages of the platform over HTTPS: who opens them, and what they show of a service. */
import assert from 'node:assert/strict';
import { visitorsOf } from '../../support/console/visitor.js';
import { describeService } from '../../support/service/describe-service.js';
import { ISSUING } from '../../support/service/files.js';
import { until } from '../../support/until.js';

const FRENCH = { 'accept-language': 'fr' };

describeService('the pages of the platform', { on: 'sqlite' }, (running) => {
  const { as } = visitorsOf(running);

  it('show an officer the CAs, the tokens, the nodes and what is under way', async () => {
    // On a busy machine the state of the tokens may not be known in time.
    let html = '';
    await until('the home page has the state of the tokens', async () => {
      const page = await as('officer-1').open('/console/', FRENCH);
      assert.equal(page.status, 200);
      html = page.html;
      return html.includes('signature prêts');
    });
    for (const ca of ISSUING) assert.ok(html.includes(`>${ca}</code>`), ca);
    for (const text of ['À traiter', 'prêts', 'en service', 'Commandes']) assert.ok(html.includes(text), text);
  });

  it('show a client without that right the CAs only', async () => {
    const { status, html } = await as('card-management').open('/console/', FRENCH);
    assert.equal(status, 200);
    assert.ok(html.includes('Autorités de certification'));
    assert.ok(!html.includes('signature prêts'));
    assert.equal((await as('card-management').open('/console/nodes')).status, 403);
  });

  it('show the nodes with their processes, and the jobs with their times', async () => {
    const nodes = await as('auditor').open('/console/nodes', FRENCH);
    assert.match(nodes.html, /même politique/);
    assert.match(nodes.html, /api, responder, worker/);
    const jobs = await as('auditor').open('/console/jobs', FRENCH);
    assert.match(jobs.html, /<code[^>]*>crl<\/code>/);
    assert.equal((await as('auditor').open('/console/jobs?cursor=x')).status, 200);
  });

  it('have the pages of the runbook, and no other file', async () => {
    const { html } = await as('officer-1').open('/console/runbook/clock');
    assert.match(html, /ops\/clock\.md/);
    for (const name of ['nothing', '..%2Fpackage', 'decisions%2F0001', '%00'])
      assert.equal((await as('officer-1').open(`/console/runbook/${name}`)).status, 404, name);
  });

  it('show the history of the lists of a CA, and what its addresses give now', async () => {
    const page = await as('auditor').open('/console/lists/aci-el-org?check=now', FRENCH);
    assert.equal(page.status, 200);
    assert.match(page.html, /LCR complète/);
    assert.match(page.html, /<svg/);
    assert.match(page.html, /CRL\/ACI-EL-ORG\.crl/);
    assert.doesNotMatch(page.html, /\/publish"/);
    assert.equal((await as('auditor').open('/console/lists/nothing')).status, 404);
    assert.equal((await as('auditor').open('/console/lists/aci-el-org?cursor=x.y.z')).status, 200);
  });

  it('publish a list for an officer, and show its number', async () => {
    const numberNow = async (): Promise<number> => {
      const { crl } = await running.officer.expect<{ readonly crl: { readonly number: number } }>(
        'GET',
        '/v1/cas/aci-el-pp',
      );
      return crl.number;
    };
    const before = await numberNow();
    const { html } = await as('officer-1').act('/console/lists/aci-el-pp/publish', { kind: 'full' });
    assert.ok((await numberNow()) > before);
    assert.match(html, /est publiée|is published/);
    assert.equal((await as('officer-1').open('/console/lists/acr-el/publish')).status, 409);
  });
});
