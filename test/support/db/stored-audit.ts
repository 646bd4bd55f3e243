import type { Store } from '../../../src/ports/store.js';
import { unwrap } from './fixture.js';

export type AuditEntry<Details = Readonly<Record<string, unknown>>> = {
  readonly type: string;
  readonly actor: string;
  readonly outcome: string;
  readonly details: Details;
};

const STORED_MAX = 100_000;

/** All entries of the audit log in a database, in their order. */
export async function storedAudit<Details = Readonly<Record<string, unknown>>>(
  store: Pick<Store, 'read'>,
): Promise<readonly AuditEntry<Details>[]> {
  const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: STORED_MAX })));
  return entries.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString('utf8')) as AuditEntry<Details>);
}
