/**
 * `pfcng hsm reconcile`: compares the journals of the signers with the database, and names each
 * unknown signature.
 */
import type { Command } from 'commander';
import { inBothLanguages } from '../../ceremony/bilingual.js';
import { planSigners } from '../../compose/signers/plan.js';
import { systemClock } from '../../compose/world.js';
import { type Reconciliation, reconcileJournals, recordRefusalsAndAlarms } from '../../jobs/journals/reconcile.js';
import { fail, say } from '../../terminal/say.js';
import { type Records, unreadable, withRecords } from '../shared/records.js';

export function addReconcile(hsm: Command): void {
  hsm
    .command('reconcile')
    .description('compare the journals of the signers with the database, and name unknown signatures')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { readonly json?: boolean }) => withRecords((records) => reconcile(records, json === true)));
}

async function reconcile({ home, store }: Records, json: boolean): Promise<void> {
  const journals = planSigners(home).tokens.map(({ name, kind, journalFolder }) => ({
    token: name,
    kind,
    folder: journalFolder,
  }));
  const result = await reconcileJournals(store, journals);
  if (!result.ok) return fail([unreadable(result.error.detail)]);
  if (json) say(JSON.stringify(result.value));
  for (const one of result.value) {
    if (!json) say(summary(one));
    const lines = findings(one);
    if (lines.length > 0) fail(lines);
    const recorded = await recordRefusalsAndAlarms({ store, clock: systemClock }, one);
    if (!recorded.ok) fail([unreadable(recorded.error.detail)]);
  }
}

function summary({ token, signatures, unknown }: Reconciliation): string {
  return inBothLanguages({
    fr: `${token} : ${signatures} signatures, dont ${unknown.length} inconnues de la base de données`,
    en: `${token}: ${signatures} signatures, ${unknown.length} unknown to the database`,
  });
}

function findings({ token, unknown, faults, notes }: Reconciliation): readonly string[] {
  const { refusals = {}, alarms = {} } = notes ?? {};
  return [
    ...Object.entries(refusals).map(([rule, count]) =>
      inBothLanguages({
        fr: `${token} : le signataire a refusé ${count} fois (${rule}) depuis le dernier rapprochement`,
        en: `${token}: the signer refused ${count} times (${rule}) since the last reconciliation`,
      }),
    ),
    ...Object.entries(alarms).map(([alarm, count]) =>
      inBothLanguages({
        fr: `${token} : ${count} alarmes du signataire (${alarm}) depuis le dernier rapprochement`,
        en: `${token}: ${count} alarms of the signer (${alarm}) since the last reconciliation`,
      }),
    ),
    ...unknown.map(({ seq, detail }) =>
      inBothLanguages({
        fr: `${token}, écriture ${seq} du journal : une signature que la base de données ne connaît pas`,
        en: `${token}, journal entry ${seq}: ${detail}`,
      }),
    ),
    ...faults.map((fault) =>
      inBothLanguages({
        fr: `${token} : le journal du signataire est rompu`,
        en: `${token}: the journal of the signer is inconsistent: ${fault}`,
      }),
    ),
  ];
}
