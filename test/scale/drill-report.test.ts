/**
 * The report of a drill, from given figures. Without this test, a section could be empty or count
 * something else, and officers would decide by it.
 */
import assert from 'node:assert/strict';
import { drillReport } from './drill-report.js';
import { createLatencies } from './latencies.js';
import type { FleetReport } from './roca-day.js';

const LATENCIES = createLatencies();
LATENCIES.add(2);
const REPORT: FleetReport = {
  through: 2_000,
  confirmed: 1_950,
  resumed: { 'power-loss': 30, 'keys-lost': 12 },
  desks: { 'no-spare-container': 47, officer: 2 },
  seconds: 120,
  classes: {
    priority: { confirmed: 50, atDesk: 0, seconds: 6 },
    third: { confirmed: 1_900, atDesk: 49, seconds: 120 },
  },
  ocsp: { asked: 1_234, failed: 1, notGood: ['8025000001/0000000001: revoked'], latencies: LATENCIES.counts() },
};

function reported(changes: Partial<FleetReport> = {}): string {
  return drillReport({
    fleet: { seed: 'report', cards: 2_000, priority: 50 },
    keyType: 'p-256',
    campaign: 'c-1',
    starts: 2,
    issuedSeconds: 90,
    report: { ...REPORT, ...changes },
    checks: [
      { command: 'audit verify', status: 0, lastLine: 'The log is whole.' },
      { command: 'hsm reconcile', status: 1, lastLine: 'One is missing.' },
    ],
  });
}

/** The lines of a section in English. */
function section(report: string, title: string): readonly string[] {
  const [, after = ''] = report.split(`## ${title}\n\n`);
  return after.split('\n\n## ')[0]?.trimEnd().split('\n') ?? [];
}

describe('the report of a drill', () => {
  it('says how each class ended, which faults cards came back from, and how many cards are missing', () => {
    assert.deepEqual(section(reported(), 'Result'), [
      '| class | confirmed | at a desk | per second | done after |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| priority (doctors) | 50 | 0 | 8.3 | 0.1 min |',
      '| third (all others) | 1,900 | 49 | 15.8 | 2.0 min |',
      '| **all** | **1,950** | **49** | **16.3** | **2.0 min** |',
      '',
      '- Cards that met a fault and went on: 42.',
      '  - loss of power while writing: 30',
      '  - the new keys were lost: 12',
      '- Cards that are neither confirmed nor at a desk: 1 (expected: 0).',
      '- Issuing the first sets of certificates, before the campaign: 1.5 min.',
    ]);
  });

  it('says in French and in English why cards must go to a desk, or that none must', () => {
    assert.deepEqual(section(reported(), 'Cards that must go to a desk'), [
      '- 47: the card has too few spare containers.',
      '- 2: an officer has decided it.',
    ]);
    assert.match(
      reported(),
      /## Cartes à traiter au guichet\n\n- 47 : la carte n'a pas assez de conteneurs libres\.\n/,
    );
    assert.deepEqual(section(reported({ desks: {} }), 'Cards that must go to a desk'), ['None.']);
  });

  it('says what relying parties were answered, and what the checks found', () => {
    assert.deepEqual(section(reported(), 'Relying parties meanwhile').slice(0, 2), [
      '- OCSP requests about the sets that the cards signed with: 1,234.',
      '- Answers other than `good`: 1. Not answered: 1.',
    ]);
    assert.deepEqual(section(reported(), 'Checks after the drill').slice(0, 2), [
      '- `pfcng audit verify`: nothing is missing. The log is whole.',
      '- `pfcng hsm reconcile`: exit code 1, to be looked into. One is missing.',
    ]);
  });
});
