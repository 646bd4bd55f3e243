import type { Store } from '../../../src/ports/store.js';
import { unwrap } from '../db/fixture.js';
import type { Client } from './client.js';

export type AuditEntry<Details = Readonly<Record<string, unknown>>> = {
  readonly type: string;
  readonly details: Details;
};

type Page<Details> = {
  readonly entries: readonly { readonly entry: AuditEntry<Details> }[];
  readonly nextCursor: string | null;
};

/** All entries of the audit log, in their order, as an auditor reads them page by page. */
export async function auditOf<Details = Readonly<Record<string, unknown>>>(
  auditor: Client,
): Promise<readonly AuditEntry<Details>[]> {
  const found: AuditEntry<Details>[] = [];
  let cursor = '';
  for (;;) {
    const page = await auditor.expect<Page<Details>>('GET', `/v1/audit/entries?limit=200${cursor}`);
    found.push(...page.entries.map(({ entry }) => entry));
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

const STORED_MAX = 100_000;

/** All entries of the audit log in a database, in their order. */
export async function storedAudit<Details = Readonly<Record<string, unknown>>>(
  store: Pick<Store, 'read'>,
): Promise<readonly AuditEntry<Details>[]> {
  const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: STORED_MAX })));
  return entries.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString('utf8')) as AuditEntry<Details>);
}
