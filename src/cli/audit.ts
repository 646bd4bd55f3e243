/** `pfcng audit verify`: recomputes the whole chain, as an auditor with a copy of the database would. */
import type { Command } from 'commander';
import { verifyChain } from '../audit/chain.js';
import { loadHome } from '../compose-home.js';
import { openHomeStore } from '../compose-store.js';
import { toHex } from '../kernel/bytes.js';
import type { AuditEntry, Store } from '../ports/store.js';
import { fail, say } from './say.js';

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description('recompute the chain: an altered, removed or reordered entry is found and named')
    .option('--json', 'print the result as JSON')
    .action(verify);
}

async function verify({ json }: { readonly json?: boolean }): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const store = await openHomeStore(home.value);
  if (!store.ok) return fail([store.error.detail]);
  try {
    const verdict = await verifyChain(entriesOf(store.value));
    if (!verdict.ok) {
      if (json) say(JSON.stringify({ holds: false, ...verdict.error }));
      return fail([`the audit chain is broken at entry ${verdict.error.seq}: ${verdict.error.rule}`]);
    }
    const head = await store.value.read((reads) => reads.auditHead());
    if (!head.ok) return fail([head.error.detail]);
    const { count } = verdict.value;
    const found = toHex(verdict.value.head.chainHash);
    if (head.value.seq !== count || toHex(head.value.chainHash) !== found)
      return fail([`the audit chain ends at entry ${count}, its head says ${head.value.seq}: entries are missing`]);
    say(
      json
        ? JSON.stringify({ holds: true, entries: count, head: found })
        : `the chain holds: ${count} entries, head ${found}`,
    );
  } finally {
    await store.value.close();
  }
}

const PAGE = 1_000;

async function* entriesOf(store: Store): AsyncGenerator<AuditEntry> {
  for (let from = 1; ; from += PAGE) {
    const page = await store.read((reads) => reads.auditEntries({ from, limit: PAGE }));
    if (!page.ok) throw new Error(page.error.detail);
    yield* page.value;
    if (page.value.length < PAGE) return;
  }
}
