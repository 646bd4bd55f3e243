/**
 * What a running service says at `/metrics`. Without these tests the end of a certificate could be
 * reported wrongly, and nobody would be warned before the API, the responders or CMP stop.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homePaths } from '../../../src/config/paths.js';
import type { CERTIFICATE_USES } from '../../../src/observe/certificate-metrics.js';
import { labelsOf, metricsText, type Sample, samplesOf } from '../../support/monitoring/exposition.js';
import { describeService } from '../../support/service/describe-service.js';
import { fetchBytes, ISSUING, ROOTS } from '../../support/service/files.js';
import { judge } from '../../support/service/judges.js';

const ENDS = 'pfcng_certificate_not_after_timestamp_seconds{';

describeService('the metrics of a service', { on: 'each' }, (running) => {
  const ends = async (use: (typeof CERTIFICATE_USES)[number]): Promise<readonly Sample[]> =>
    samplesOf(await metricsText(running.shared.service)).filter(
      ({ series }) => series.startsWith(ENDS) && labelsOf(series).use === use,
    );
  const endOf = (certificate: X509Certificate, use: string, name: string): Sample => ({
    series: `${ENDS}use="${use}",name="${name}",serial="${certificate.serialNumber.toLowerCase()}"}`,
    value: Date.parse(certificate.validTo) / 1_000,
  });
  const credential = (name: string): X509Certificate => {
    const { credentials } = homePaths(running.shared.service.at.home);
    return new X509Certificate(readFileSync(join(credentials, `${name}.crt.pem`)));
  };

  it('have no fault that promtool knows', async () => {
    const own = (await metricsText(running.shared.service))
      .split('\n')
      .filter((line) => /^(?:# (?:HELP|TYPE) )?pfcng_/.test(line));
    assert.ok(own.length > 200, String(own.length));
    const { status, output } = await judge('promtool', ['check', 'metrics'], `${own.join('\n')}\n`);
    assert.deepEqual([status, output], [0, '']);
  });

  it('have the end of each CA', async () => {
    const wanted = await Promise.all(
      [...ROOTS, ...ISSUING].map(async (ca) => {
        const url = `${running.shared.service.urls.publication}/AC/${ca.toUpperCase()}.cer`;
        return endOf(new X509Certificate(await fetchBytes(url)), 'ca', ca);
      }),
    );
    const found = (await ends('ca')).filter(({ series }) => !labelsOf(series).name?.startsWith('access'));
    const bySeries = (one: Sample, other: Sample): number => (one.series < other.series ? -1 : 1);
    assert.deepEqual([...found].sort(bySeries), wanted.sort(bySeries));
  });

  it('have the end of the TLS certificate of the API', async () => {
    assert.deepEqual(await ends('tls'), [endOf(credential('server'), 'tls', 'api')]);
  });

  it('have the end of the certificate of each account', async () => {
    const found = await ends('account');
    for (const name of ['card-management', 'officer-1', 'auditor']) {
      const wanted = endOf(credential(name), 'account', name);
      assert.deepEqual(
        found.find(({ series }) => series === wanted.series),
        wanted,
      );
    }
  });

  it('have the ends of the certificates of responders and CMP signers', async () => {
    for (const [use, least] of [
      ['responder', ISSUING.length],
      ['cmp-signer', 1],
    ] as const) {
      const found = await ends(use);
      assert.ok(found.length >= least, `${use}: ${found.length}`);
      for (const { series, value } of found) assert.ok(value > Date.now() / 1_000, series);
    }
  });
});
