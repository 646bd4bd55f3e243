/** `pfcng hsm reconcile`: each signature in the signers' journals is one that the database knows, or it is named. */
import type { Command } from 'commander';
import { loadHome } from '../compose-home.js';
import { planSigners } from '../compose-signers.js';
import { openHomeStore } from '../compose-store.js';
import { reconcileJournals } from '../jobs/reconcile.js';
import { fail, say } from './say.js';

export function addReconcile(hsm: Command): void {
  hsm
    .command('reconcile')
    .description("compare the signers' journals with the database: unknown signatures are named")
    .option('--json', 'print the result as JSON')
    .action(reconcile);
}

async function reconcile({ json }: { readonly json?: boolean }): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const store = await openHomeStore(home.value);
  if (!store.ok) return fail([store.error.detail]);
  try {
    const journals = planSigners(home.value).tokens.map(({ name, journalFile }) => ({
      token: name,
      file: journalFile,
    }));
    const result = await reconcileJournals(store.value, journals);
    if (!result.ok) return fail([result.error.detail]);
    if (json) say(JSON.stringify(result.value));
    for (const { token, entries, unknown, faults } of result.value) {
      if (!json) say(`${token}: ${entries} signatures, ${unknown.length} unknown to the database`);
      for (const { seq, detail } of unknown) fail([`${token}, journal entry ${seq}: ${detail}`]);
      for (const fault of faults) fail([`${token}: ${fault}`]);
    }
  } finally {
    await store.value.close();
  }
}
