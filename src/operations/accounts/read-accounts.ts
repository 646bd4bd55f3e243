/**
 * Reads accounts with their rights, credentials and last recorded act. Requests that only read are
 * not recorded, so an account may have been used later.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEntry } from '../../audit/entry.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isCertificate, isKeyProven } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type ShownCredential = Account['credentials'][number] & {
  /**
   * The certificate on this key that ends last; null: the database has none, for example because a
   * CA outside of the platform issued it (a break-glass officer).
   */
  readonly certificate: Pick<CertificateRecord, 'id' | 'serial' | 'state' | 'notAfter'> | null;
};

export type ShownAccount = Omit<Account, 'credentials'> & {
  readonly credentials: readonly ShownCredential[];
  /** The newest audit entry of which it is the actor; null: there is none. */
  readonly lastEntry: AuditEntry | null;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** By their ids. `after`: the id after which the page begins; null: from the first on. */
export async function listAccounts(
  { store }: Pick<World, 'store'>,
  account: Account,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Outcome<{ readonly accounts: readonly ShownAccount[]; readonly next: string | null }> {
  const permitted = decideAccess(account, 'read-accounts', null);
  if (!permitted.ok) return permitted;
  return store.read(async (reads) => {
    const later = (await reads.accounts()).filter(({ id }) => after === null || id > after);
    const page = later.slice(0, limit);
    const accounts: ShownAccount[] = [];
    for (const one of page) accounts.push(await shown(reads, one));
    return { accounts, next: later.length > limit ? (page.at(-1)?.id ?? null) : null };
  });
}

export async function readAccount(
  { store }: Pick<World, 'store'>,
  account: Account,
  id: string,
): Outcome<ShownAccount> {
  const permitted = decideAccess(account, 'read-accounts', null);
  if (!permitted.ok) return permitted;
  const read = await store.read(async (reads) => {
    const found = (await reads.accounts()).find((one) => one.id === id);
    return found === undefined ? null : shown(reads, found);
  });
  if (!read.ok) return read;
  return read.value === null ? err(notFound('no-account', { id })) : ok(read.value);
}

type AccountFactReads = Pick<Reads, 'certificatesByKeys' | 'searchAudit'>;

async function shown(reads: AccountFactReads, account: Account): Promise<ShownAccount> {
  const { credentials } = account;
  const records = await reads.certificatesByKeys(credentials.map(({ spkiSha256 }) => spkiSha256));
  const entries = await reads.searchAudit({ actor: accountActor(account.id), limit: 1 });
  return {
    ...account,
    credentials: credentials.map((credential) => ({ ...credential, certificate: lastOf(records, credential) })),
    lastEntry: entries.ok ? (entries.value.items[0] ?? null) : null,
  };
}

function lastOf(
  records: readonly CertificateRecord[],
  { issuer, spkiSha256 }: Account['credentials'][number],
): CertificateRecord | null {
  const own = records.filter(
    (one) => isCertificate(one) && isKeyProven(one) && one.issuer === issuer && one.spkiSha256 === spkiSha256,
  );
  return own.reduce<CertificateRecord | null>(
    (last, one) => (last === null || one.notAfter > last.notAfter ? one : last),
    null,
  );
}
