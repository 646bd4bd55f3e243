import type { AuditEntry } from '../db/stored-audit.js';
import type { Client } from './client.js';

type Page<Details> = {
  readonly entries: readonly { readonly entry: AuditEntry<Details> & { readonly seq: number } }[];
  readonly nextCursor: string | null;
};

/** All entries of the audit log, in their order, as an auditor reads them page by page. */
export async function auditOf<Details = Readonly<Record<string, unknown>>>(
  auditor: Client,
): Promise<readonly AuditEntry<Details>[]> {
  const found: Page<Details>['entries'][number]['entry'][] = [];
  let cursor = '';
  for (;;) {
    const page = await auditor.expect<Page<Details>>('GET', `/v1/audit/entries?limit=200${cursor}`);
    found.push(...page.entries.map(({ entry }) => entry));
    if (page.nextCursor === null) return found.sort((one, other) => one.seq - other.seq);
    cursor = `&cursor=${page.nextCursor}`;
  }
}
