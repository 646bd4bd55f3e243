/**
 * Whether alerts fire during a fault and clear after it: `promtool test rules` evaluates the rules
 * over the metrics of a service before the fault, during it and after the repair, in a time of its
 * own. During the fault, counters go on as they did up to the capture, once a minute.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { judge } from '../service/judges.js';
import type { Service } from '../service/service.js';
import { type AlertRule, metricsOf, RULES_FILE, readAlertRules } from './alert-rules.js';
import { metricsText, samplesOf } from './exposition.js';

/** What a service said at a time, by series; `null`: it did not answer. */
export type Capture = { readonly values: ReadonlyMap<string, number> | null; readonly atSeconds: number };
export type FaultStory = { readonly healthy: Capture; readonly faulty: Capture; readonly repaired: Capture };

export async function captureMetrics(service: Pick<Service, 'urls'>): Promise<Capture> {
  const text = await metricsText(service).catch(() => null);
  const values = text === null ? null : new Map(samplesOf(text).map(({ series, value }) => [series, value]));
  return { values, atSeconds: Date.now() / 1_000 };
}

/** A fault that no service of this test had: these series have these values during it. */
export function plantedStory(healthy: Capture, planted: Readonly<Record<string, number>>): FaultStory {
  const values = new Map(healthy.values);
  for (const [series, value] of Object.entries(planted)) values.set(series, value);
  return { healthy, faulty: { ...healthy, values }, repaired: healthy };
}

/** Before a fault and after it is this much more time than the longest window of the rule. */
const AROUND_MINUTES_MIN = 10;
const WINDOWS = /(?:\[|offset )(\d+)([mh])/g;
const FAULT_MINUTES_MIN = 10;
/** Two evaluations after the alert has waited. */
const SEEN_MINUTES = 2;
const TARGET = 'instance="pfcng-1",job="pfcng"';

type RuleTest = { readonly input_series: readonly object[]; readonly promql_expr_test: readonly object[] };

/** Each of these alerts is silent before its fault, fires during it, and clears after it. */
export async function assertFireAndClear(stories: readonly (readonly [string, FaultStory])[]): Promise<void> {
  const rules = new Map(readAlertRules().map((rule) => [rule.name, rule]));
  await runRuleTests(stories.map(([name, story]) => testOf(present(rules.get(name), `the alert ${name}`), story)));
}

/** No alert fires while a service is healthy. */
export async function assertSilent(healthy: Capture): Promise<void> {
  const story = { healthy, faulty: healthy, repaired: healthy };
  const names = new Set(['up', ...[...(healthy.values?.keys() ?? [])].map(nameOf)]);
  const around = Math.max(...readAlertRules().map(minutesAround));
  const input_series = seriesOf(story, names, [around, FAULT_MINUTES_MIN, around]);
  const expr = 'ALERTS{alertstate="firing"}';
  await runRuleTests([{ input_series, promql_expr_test: [{ expr, eval_time: `${around}m`, exp_samples: [] }] }]);
}

function minutesAround({ expression }: AlertRule): number {
  const windows = [...expression.matchAll(WINDOWS)].map(([, count, unit]) => Number(count) * (unit === 'h' ? 60 : 1));
  return AROUND_MINUTES_MIN + Math.max(0, ...windows);
}

function testOf(rule: AlertRule, story: FaultStory): RuleTest {
  const around = minutesAround(rule);
  const faultMinutes = rule.waitMinutes + FAULT_MINUTES_MIN;
  const names = new Set(metricsOf(rule).flatMap((name) => [name, `${name}_bucket`]));
  const fires = `count(ALERTS{alertname="${rule.name}",alertstate="firing"}) > bool 0`;
  const at = (minutes: number, fired: boolean): object => ({
    expr: fires,
    eval_time: `${minutes}m`,
    exp_samples: fired ? [{ labels: '{}', value: 1 }] : [],
  });
  return {
    input_series: seriesOf(story, names, [around, faultMinutes, around]),
    promql_expr_test: [
      at(around - 1, false),
      at(around + rule.waitMinutes + SEEN_MINUTES, true),
      at(2 * around + faultMinutes - 1, false),
    ],
  };
}

/** `minutes`: before the fault, during it, and after it. */
function seriesOf(story: FaultStory, names: ReadonlySet<string>, minutes: readonly number[]): readonly object[] {
  const captures = [story.healthy, story.faulty, story.repaired];
  const all = new Set(captures.flatMap(({ values }) => [...(values?.keys() ?? [])]));
  const up = { series: `up{${TARGET}}`, values: captures.map(({ values }) => (values === null ? 0 : 1)) };
  const written = [...all]
    .filter((series) => names.has(nameOf(series)))
    .map((series) => ({ series: withTarget(series), values: valuesOf(series, story, minutes) }));
  const reached = up.values.map((value, at) => `${value}x${(minutes[at] ?? 0) - 1}`).join(' ');
  return [...written, { ...up, values: reached }];
}

const nameOf = (series: string): string => series.split('{')[0] ?? series;
const withTarget = (series: string): string =>
  series.includes('{') ? series.replace('{', `{${TARGET},`) : `${series}{${TARGET}}`;

/** In promtool's notation: `1+0x9` are ten samples. */
function valuesOf(series: string, { healthy, faulty, repaired }: FaultStory, minutes: readonly number[]): string {
  const [before = 0, during = 0, after = 0] = minutes;
  const name = nameOf(series);
  const part = (start: number | undefined, step: number, count: number): string =>
    start === undefined ? `_x${count}` : `${plain(start)}${step < 0 ? '-' : '+'}${plain(Math.abs(step))}x${count - 1}`;
  const value = ({ values }: Capture): number | undefined => values?.get(series);
  if (/_timestamp_seconds$/.test(name)) {
    // The time of promtool begins at 0, and what was captured stays as far away as it was.
    let began = 0;
    return [healthy, faulty, repaired]
      .map((capture, at) => {
        const is = value(capture);
        const count = minutes[at] ?? 0;
        // 0 stands for no time.
        const text =
          is === undefined || is === 0 ? part(is, 0, count) : part(began + is - capture.atSeconds, 60, count);
        began += 60 * (minutes[at] ?? 0);
        return text;
      })
      .join(' ');
  }
  if (!/_(?:total|bucket|sum|count)$/.test(name))
    return [part(value(healthy), 0, before), part(value(faulty), 0, during), part(value(repaired), 0, after)].join(' ');
  const [first, seen] = [value(healthy), value(faulty)];
  if (seen === undefined) return [part(first, 0, before), `_x${during}`, part(value(repaired), 0, after)].join(' ');
  const step = seen - (first ?? 0);
  const last = seen + step * (during - 1);
  return [part(first, 0, before), part(seen, step, during), part(last, 0, after)].join(' ');
}

function plain(value: number): string {
  return Number.isFinite(value) ? value.toFixed(6).replace(/\.?0+$/, '') : '0';
}

async function runRuleTests(tests: readonly RuleTest[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-alerts-'));
  try {
    const file = join(folder, 'alerts.test.yml');
    // JSON is YAML.
    const document = {
      rule_files: [RULES_FILE],
      evaluation_interval: '1m',
      tests: tests.map((test) => ({ interval: '1m', ...test })),
    };
    writeFileSync(file, JSON.stringify(document));
    const { status, output } = await judge('promtool', ['test', 'rules', file]);
    assert.equal(status, 0, output.slice(0, 20_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
