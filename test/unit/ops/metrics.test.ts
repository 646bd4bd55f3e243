/**
 * The catalogue of metrics, `ops/metrics.md`, which is closed: dashboards and alerts of others are
 * built on these names. `PFCNG_METRICS=write` writes its table. Without this test a metric could
 * vanish or change its unit, and an alert on it would stay silent for ever.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '../../../src/observe/metrics.js';
import { packageRoot } from '../../../src/package/package-root.js';

const PAGE = join(packageRoot(), 'ops', 'metrics.md');
const HEAD = ['metric', 'type', 'labels', 'meaning'] as const;

type CatalogueRow = { readonly name: string; readonly type: string; readonly labels: string; readonly help: string };

/** The table of the page. */
function tableOf(rows: readonly CatalogueRow[]): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell) => (cell === '' ? '|' : `${cell} |`)).join(' ')}`;
  const cells = rows.map(({ name, type, labels, help }) => [`\`${name}\``, type, labels, help]);
  return [line(HEAD), `|${' --- |'.repeat(HEAD.length)}`, ...cells.map(line)].join('\n');
}

describe('the catalogue of metrics', () => {
  let rows: readonly CatalogueRow[] = [];
  before(async () => {
    const { registry } = createMetrics();
    const described = await registry.getMetricsAsJSON();
    rows = registry
      .getMetricsAsArray()
      .filter(({ name }) => name.startsWith('pfcng_'))
      .map((metric) => {
        const { labelNames = [] } = metric as unknown as { readonly labelNames?: readonly string[] };
        const type = described.find(({ name }) => name === metric.name)?.type;
        return { name: metric.name, type: String(type), labels: labelNames.join(', '), help: metric.help };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  });

  it('lists every metric of the service, with its type, labels and meaning', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [listed = ''] = /^\| metric [\s\S]*?(?=\n\n|\n$)/m.exec(page) ?? [];
    const wanted = tableOf(rows);
    if (process.env.PFCNG_METRICS === 'write')
      writeFileSync(
        PAGE,
        page.replace(listed, () => wanted),
      );
    else assert.equal(listed, wanted, 'write the table anew: PFCNG_METRICS=write');
  });

  it('follows the conventions of Prometheus for names and units', () => {
    const wrong = rows.filter(({ name, type }) => {
      if ((type === 'counter') !== name.endsWith('_total')) return true;
      if (type === 'histogram') return !name.endsWith('_seconds');
      return /_(?:ms|millis|minutes|hours|days|kb|mb|megabytes)(?:_|$)/.test(name);
    });
    assert.deepEqual(wrong, []);
    const labels = new Set(rows.flatMap((row) => (row.labels === '' ? [] : row.labels.split(', '))));
    const strange = [...labels].filter((label) => !/^[a-z_]+$/.test(label) || ['job', 'instance'].includes(label));
    assert.deepEqual(strange, [], 'Prometheus sets job and instance itself');
  });

  it('has the metrics of the process under the names that ready-made dashboards use', async () => {
    const text = await createMetrics().registry.metrics();
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
  });
});
