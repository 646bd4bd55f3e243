/**
 * A real Prometheus with the configuration, the alert rules and the dashboard that are shipped: it
 * scrapes a service, and answers every query of the dashboard with data. Without this test a panel
 * could stay empty after the rename of a metric or a label, and nobody would see a difference to a
 * service without work.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';
import { est } from '../../support/est/est.js';
import { readAlertRules } from '../../support/monitoring/alert-rules.js';
import { type Prometheus, startPrometheus } from '../../support/monitoring/prometheus.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import { openssl } from '../../support/service/judges.js';
import { bodyOf } from '../../support/service/orders.js';
import { until } from '../../support/until.js';

const PROFILE = 'elementaire/org-auth-cli';

type Dashboard = {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
};
type Series = { readonly value: readonly [number, string] };
type RuleGroups = {
  readonly groups: readonly {
    readonly rules: readonly { readonly name: string; readonly health: string }[];
  }[];
};

const panels = (
  JSON.parse(readFileSync(join(packageRoot(), 'ops', 'grafana', 'pfcng.json'), 'utf8')) as Dashboard
).panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

describeService('a Prometheus that scrapes a service', { on: 'sqlite', party: true }, (running) => {
  let prometheus: Prometheus;
  before(async () => {
    const { operators } = running.shared.service.urls;
    prometheus = await startPrometheus(new URL(operators).host);
  });
  after(() => prometheus?.stop());

  const query = (expr: string): Promise<readonly Series[]> =>
    prometheus
      .ask<{ readonly result: readonly Series[] }>('query', {
        query: expr.replaceAll('$__rate_interval', '2m').replaceAll('$instance', '.*'),
      })
      .then(({ result }) => result);

  /** One of everything that the dashboard shows. */
  async function work(): Promise<void> {
    const { cards, officer, party, shared } = running;
    const { urls } = shared.service;
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(PROFILE) });
    await officer.expect('POST', `/v1/certificates/${issued.id}/revocation`, {
      body: { reason: 'superseded' },
    });
    await party.fetchResponder('aci-el-org');
    // The reference does not exist, and the message is counted with its failInfo.
    const from = ['-server', new URL(urls.cmp).host, '-path', '.well-known/cmp', '-recipient', '/CN=CA'];
    await openssl('cmp', '-config', '', '-cmd', 'genm', ...from, '-ref', 'nobody', '-secret', 'pass:none');
    await est(shared.service, { operation: 'simpleenroll', body: 'no request' });
    // Lines without content are settled as invalid.
    await cards.expect('POST', '/v1/orders', { raw: '{}\n{}\n', type: 'application/x-ndjson' });
  }

  it('accepts the alert rules, and evaluates all of them', async () => {
    let rules: RuleGroups['groups'][number]['rules'] = [];
    await until('all rules were evaluated', async () => {
      const { groups } = await prometheus.ask<RuleGroups>('rules', {});
      rules = groups.flatMap((group) => group.rules);
      return rules.length > 0 && rules.every(({ health }) => health !== 'unknown');
    });
    assert.deepEqual(
      rules.map(({ name }) => name).sort(),
      readAlertRules()
        .map(({ name }) => name)
        .sort(),
    );
    assert.deepEqual(
      rules.filter(({ health }) => health !== 'ok'),
      [],
    );
  });

  it('answers each query of the dashboard with data', async () => {
    assert.ok(panels.length > 30, String(panels.length));
    const missing = new Map(panels.map(({ title, expr }) => [expr, title]));
    await until(`data of ${[...missing.values()].join(', ')}`, async () => {
      // A quantile needs requests between two scrapes.
      await work();
      for (const expr of missing.keys()) {
        const found = await query(expr);
        if (found.some(({ value: [, value] }) => Number.isFinite(Number(value)))) missing.delete(expr);
      }
      return missing.size === 0;
    }).catch(() => assert.deepEqual([...missing.values()], []));
  });

  it('has counted the certificate that was issued and revoked', async () => {
    await until('it is counted', async () => {
      const issued = await query(`sum(pfcng_certificates_issued_total{profile="${PROFILE}"}) > 0`);
      const revoked = await query('sum(pfcng_certificates_revoked_total{reason="superseded"}) > 0');
      return issued.length === 1 && revoked.length === 1;
    });
  });
});
