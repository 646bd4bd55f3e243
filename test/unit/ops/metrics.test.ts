/**
 * The catalogue of metrics, which `pfcng metrics list` prints, and which is closed: dashboards and
 * alerts of others are built on these names. Without this test a metric could vanish or change its
 * unit, and an alert on it would stay silent for ever.
 */
import assert from 'node:assert/strict';
import { createMetrics, describeMetrics, type MetricDescription } from '../../../src/observe/metrics.js';
import { makeEmptyPlace, runInProcess } from '../../support/machine/in-process.js';

describe('the catalogue of metrics', () => {
  let rows: readonly MetricDescription[] = [];
  before(async () => {
    rows = await describeMetrics();
  });

  it('lists every metric of the service, with its type, labels and meaning', async () => {
    const place = makeEmptyPlace();
    const { stdout } = await runInProcess(place, ['metrics', 'list', '--json']);
    place.remove();
    const [listing] = JSON.parse(stdout) as readonly { readonly rows: unknown }[];
    assert.deepEqual(listing?.rows, rows);
    const served = await createMetrics().registry.metrics();
    const described = rows.map(({ name, type, meaning }) => `# HELP ${name} ${meaning}\n# TYPE ${name} ${type}\n`);
    assert.deepEqual(
      described.filter((text) => !served.includes(text)),
      [],
    );
    assert.equal(rows.length, served.match(/^# TYPE pfcng_/gm)?.length);
  });

  it('follows the conventions of Prometheus for names and units', () => {
    const wrong = rows.filter(({ name, type }) => {
      if ((type === 'counter') !== name.endsWith('_total')) return true;
      if (type === 'histogram') return !name.endsWith('_seconds');
      return /_(?:ms|millis|minutes|hours|days|kb|mb|megabytes)(?:_|$)/.test(name);
    });
    assert.deepEqual(wrong, []);
    const labels = new Set(rows.flatMap((row) => row.labels));
    const strange = [...labels].filter((label) => !/^[a-z_]+$/.test(label) || ['job', 'instance'].includes(label));
    assert.deepEqual(strange, [], 'Prometheus sets job and instance itself');
  });

  it('has the metrics of the process under the names that ready-made dashboards use', async () => {
    const text = await createMetrics().registry.metrics();
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
  });
});
