/** The alert rules of `ops/prometheus`, as far as tests need them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { packageRoot } from '../../../src/package/package-root.js';

export const RULES_FILE = join(packageRoot(), 'ops', 'prometheus', 'pfcng.rules.yml');

/** `waitMinutes`: how long the expression must be true until the alert fires. */
export type AlertRule = {
  readonly name: string;
  readonly expression: string;
  readonly waitMinutes: number;
  readonly severity: string;
  readonly annotations: Readonly<Record<string, string>>;
};

const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

/** Reads the form in which we write the file; promtool reads it in all its forms. */
export function readAlertRules(): readonly AlertRule[] {
  return readFileSync(RULES_FILE, 'utf8')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => {
      const [name = ''] = text.split('\n');
      const member = (key: string): string => {
        const [, value = ''] = new RegExp(`^ +${key}: (.*)$`, 'm').exec(text) ?? [];
        if (value.startsWith('"')) return JSON.parse(value) as string;
        return value.startsWith("'") ? value.slice(1, -1).replaceAll("''", "'") : value;
      };
      const [, count = '0', unit = 'm'] = /^(\d+)([mhd])$/.exec(member('for')) ?? [];
      const severity = present(/severity: (\w+)/.exec(text)?.[1], `the severity of ${name}`);
      const keys = ['summary', 'summary_fr', 'description', 'runbook'];
      const annotations = Object.fromEntries(keys.map((key) => [key, member(key)]));
      const waitMinutes = Number(count) * MINUTES[unit as keyof typeof MINUTES];
      return { name, expression: member('expr'), waitMinutes, severity, annotations };
    });
}

export function metricsOf({ expression }: AlertRule): readonly string[] {
  return [...new Set(expression.match(/\b(?:pfcng_[a-z_]+|up)\b/g) ?? [])];
}
