/**
 * `pfcng hsm reconcile`: compares the journals of the signers with the database, and names each
 * unknown signature.
 */
import type { Command } from 'commander';
import { readOrCreateNodeId } from '../../compose/nodes/node.js';
import { planSigners } from '../../compose/signers/plan.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { NAMED_SIGNATURES_MAX, type Reconciliation, reconcileJournals } from '../../jobs/journals/reconcile.js';
import { recordRefusalsAndAlarms } from '../../jobs/journals/signer-notes.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { fail, say } from '../../terminal/say.js';
import { unreadable, type WritableRecords, withWritableRecords } from '../common/records.js';

export function addReconcile(hsm: Command): void {
  hsm
    .command('reconcile')
    .description('compare the journals of the signers with the database, and name unknown signatures')
    .option('--all', `name all unknown signatures, and not only the first ${NAMED_SIGNATURES_MAX} of each journal`)
    .option('--json', 'print the result as JSON')
    .action((options: ReconcileOptions) =>
      withWritableRecords((records) => reconcile(records, options), { compare: false }),
    );
}

type ReconcileOptions = { readonly json?: boolean; readonly all?: boolean };

async function reconcile(
  { home, store }: WritableRecords,
  { json = false, all = false }: ReconcileOptions,
): Promise<void> {
  const node = readOrCreateNodeId(home.config.paths.node, systemRandom);
  if (!node.ok) return fail([node.error]);
  const journals = planSigners(home).tokens.map(({ name, kind, journalFolder }) => ({
    token: name,
    kind,
    folder: journalFolder,
  }));
  const result = await reconcileJournals(store, journals, {
    namedMax: all ? Number.POSITIVE_INFINITY : NAMED_SIGNATURES_MAX,
  });
  if (!result.ok) return fail([unreadable(result.error.detail)]);
  if (json) say(JSON.stringify(result.value.map(asJson)));
  for (const one of result.value) {
    if (!json) say(summary(one));
    const lines = findings(one);
    if (lines.length > 0) fail(lines);
    const recorded = await recordRefusalsAndAlarms({ store, clock: systemClock, node: node.value }, one);
    if (!recorded.ok) fail([unreadable(recorded.error.detail)]);
  }
}

function asJson({ unknown, isComplete: _isComplete, last: _last, notesUpTo: _notesUpTo, ...rest }: Reconciliation) {
  return { ...rest, unknown: unknown.named, unknownCount: unknown.count };
}

function summary({ token, journal, signatures, notCompared, unknown }: Reconciliation): string {
  if (journal === 'not-here')
    return inBothLanguages({
      fr: `${token} : pas de journal sur cette machine, rien n'est comparé`,
      en: `${token}: no journal on this machine, nothing is compared`,
    });
  const compared = signatures - notCompared;
  if (compared === 0 && notCompared > 0)
    return inBothLanguages({
      fr: `${token} : ${notCompared} signatures, comptées mais non comparées`,
      en: `${token}: ${notCompared} signatures, counted, not compared`,
    });
  const more = {
    fr: notCompared === 0 ? '' : ` ; ${notCompared} autres, comptées mais non comparées`,
    en: notCompared === 0 ? '' : `; ${notCompared} more counted, not compared`,
  };
  return inBothLanguages({
    fr: `${token} : ${compared} signatures, dont ${unknown.count} inconnues de la base de données${more.fr}`,
    en: `${token}: ${compared} signatures, ${unknown.count} unknown to the database${more.en}`,
  });
}

function findings({ token, unknown, faults, notes }: Reconciliation): readonly string[] {
  const { refusals = {}, alarms = {} } = notes ?? {};
  return [
    ...Object.entries(refusals).map(([rule, count]) =>
      inBothLanguages({
        fr: `${token} : refus du service de signature (${rule}) depuis le dernier rapprochement : ${count}`,
        en: `${token}: the signer refused ${count} times (${rule}) since the last reconciliation`,
      }),
    ),
    ...Object.entries(alarms).map(([alarm, count]) =>
      inBothLanguages({
        fr: `${token} : alarmes du service de signature (${alarm}) depuis le dernier rapprochement : ${count}`,
        en: `${token}: ${count} alarms of the signer (${alarm}) since the last reconciliation`,
      }),
    ),
    ...unknown.named.map(({ seq, detail }) =>
      inBothLanguages({
        fr: `${token}, entrée ${seq} du journal : une signature que la base de données ne connaît pas`,
        en: `${token}, journal entry ${seq}: ${detail}`,
      }),
    ),
    ...notNamed(token, unknown),
    ...faults.map((fault) =>
      inBothLanguages({
        fr: `${token} : le journal du service de signature est rompu`,
        en: `${token}: the journal of the signer is inconsistent: ${fault}`,
      }),
    ),
  ];
}

function notNamed(token: string, { count, named }: Reconciliation['unknown']): readonly string[] {
  const more = count - named.length;
  if (more === 0) return [];
  return [
    inBothLanguages({
      fr: `${token} : encore ${more} signatures inconnues ; --all les nomme toutes`,
      en: `${token}: ${more} more unknown signatures; --all names all of them`,
    }),
  ];
}
