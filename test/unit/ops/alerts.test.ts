/**
 * The alert rules and their runbooks. Without this test an alert could name a metric that does not
 * exist, and stay silent for ever, or call somebody at night who finds no page about it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKUP_AGE_MS_MAX } from '../../../src/compose/backup/state.js';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { type AlertRule, metricsOf, readAlertRules } from '../../support/monitoring/alert-rules.js';

const PAGE = readFileSync(join(packageRoot(), 'ops', 'runbooks.md'), 'utf8');

describe('the alert rules', () => {
  const rules = readAlertRules();

  it('have each a severity, and texts in both languages', () => {
    assert.ok(rules.length > 40, String(rules.length));
    const isWrong = ({ name, severity, expression, annotations }: AlertRule): boolean =>
      !/^Pfcng[A-Z]\w+$/.test(name) ||
      !['critical', 'warning'].includes(severity) ||
      expression === '' ||
      annotations.runbook !== `runbooks.md#${name.toLowerCase()}` ||
      Object.values(annotations).some((text) => text === '');
    assert.deepEqual(rules.filter(isWrong), []);
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  });

  it('find an old backup as soon as the doctor does', () => {
    const { expression } = rules.find(({ name }) => name === 'PfcngBackupOld') ?? assert.fail();
    assert.match(expression, new RegExp(` > ${BACKUP_AGE_MS_MAX / SECOND_MS}$`));
  });

  it('name metrics that exist', () => {
    const metrics = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    const known = new Set(['up', ...metrics, ...metrics.map((name) => `${name}_bucket`)]);
    const unknown = rules.flatMap((rule) => metricsOf(rule).filter((name) => !known.has(name)));
    assert.deepEqual(unknown, []);
  });

  it('have each a runbook with its title in both languages, what to do and a command, in the same order', () => {
    const sections = PAGE.split(/^### /m).slice(1);
    assert.deepEqual(
      sections.map((section) => section.split('\n')[0]),
      rules.map(({ name }) => name),
    );
    for (const [at, { name, severity, annotations }] of rules.entries()) {
      const section = sections[at] ?? '';
      const { summary, summary_fr: french } = annotations;
      assert.ok(section.includes(`\n**${summary}** · _${french}_ (${severity})\n`), name);
      assert.match(section, /\n\n[A-Z`].*\.\n\n[A-Z`].*\.\n\n```sh\n.+\n[\s\S]*```\n/, name);
    }
  });
});
