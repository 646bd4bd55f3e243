/** Reading: what an account may see, and nothing else. Open intents are not certificates yet and are not shown. */
import { decideAccess } from '../access/decide.js';
import { subjectOf } from '../access/scope.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Account, CertificateFilter, CertificateRecord, Page } from '../ports/store.js';
import type { OperationFailure } from './failures.js';
import type { World } from './world.js';

export async function readCertificate(
  { store }: World,
  account: Account,
  id: string,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const found = await store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = found.value;
  const hidden =
    record === null || record.state.status === 'open' || !decideAccess(account, 'read', subjectOf(record)).ok;
  return hidden ? err({ kind: 'not-found', detail: `no certificate ${id}` }) : ok(record);
}

/** Who searched for what is recorded: by field and value for ids and serials, never for names (there are none to search). */
export async function searchCertificates(
  { store, clock }: World,
  account: Account,
  filter: Omit<CertificateFilter, 'scope' | 'now'>,
): Promise<Result<Page<CertificateRecord>, OperationFailure>> {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  const now = clock();
  const { limit: _limit, cursor, ...asked } = filter;
  if (cursor === undefined) {
    const details = Object.fromEntries(
      Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const recorded = await store.transaction((tx) =>
      tx.appendAudit([{ at: now, type: 'certificate.searched', actor: account.id, outcome: 'success', details }]),
    );
    if (!recorded.ok) return recorded;
  }
  const found = await store.read((reads) => reads.search({ ...filter, scope: account.scope, now }));
  if (!found.ok) return found;
  if (found.value.ok) return found.value;
  const detail = 'not a cursor of this service: take nextCursor of the page before';
  return err({ kind: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known', detail });
}
