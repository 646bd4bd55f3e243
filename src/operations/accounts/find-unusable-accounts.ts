/**
 * Finds accounts that cannot be used although nobody has disabled them, for the people who operate
 * the service: otherwise only the people of the account would notice, when they need it.
 */
import type { AuditEntry } from '../../audit/entry.js';
import type { AuditDetails } from '../../audit/events.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { isExpired } from '../../lifecycle/certificate-states.js';
import { parseIssuerId } from '../../policy/ids.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';

/** `detail`: why, and what an operator does. */
type UnusableAccount = { readonly account: string; readonly detail: string };

type Facts = {
  /** `accountAuthorities` of the configuration: ids of issuing CAs. */
  readonly authorities: readonly string[];
  /** Ids of the CAs of break-glass officers. */
  readonly access: readonly string[];
  readonly now: Instant;
};

type AccountFactReads = Pick<Reads, 'accounts' | 'certificateById' | 'searchAudit'>;

export async function findUnusableAccounts(reads: AccountFactReads, facts: Facts): Promise<readonly UnusableAccount[]> {
  const accounts = await reads.accounts();
  return [...(await withoutFoundingCertificate(reads, accounts, facts.now)), ...notAuthenticated(accounts, facts)];
}

/** The type of the audit entry about a founding certificate that its account did not get. */
export const NOT_FOUNDED = 'account.not-founded';

/** What is read from such an entry. */
type NotFounded = Pick<AuditDetails<typeof NOT_FOUNDED>, 'account' | 'certificate' | 'detail'>;

/**
 * An entry of the audit log counts until an account has the certificate, or the certificate is
 * revoked or has expired.
 */
async function withoutFoundingCertificate(
  reads: AccountFactReads,
  accounts: readonly Account[],
  now: Instant,
): Promise<readonly UnusableAccount[]> {
  const page = await reads.searchAudit({ type: NOT_FOUNDED, limit: LIMITS.searchPageSizeMax });
  const found: UnusableAccount[] = [];
  for (const entry of page.ok ? page.value.items : []) {
    const { account, certificate, detail } = detailsOf(entry);
    const record = await reads.certificateById(certificate);
    if (record === null || record.state.status === 'revoked' || isExpired(record.notAfter, now)) continue;
    if (accounts.some((one) => hasKeyOf(one, record))) continue;
    const remedy = 'bind it with pfcng account, or revoke it';
    found.push({ account, detail: `it did not get the founding certificate ${certificate}: ${detail}; ${remedy}` });
  }
  return found;
}

function detailsOf({ bytes }: AuditEntry): NotFounded {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly details: NotFounded }).details;
}

function hasKeyOf({ credentials }: Account, { issuer, spkiSha256 }: CertificateRecord): boolean {
  return credentials.some((one) => one.issuer === issuer && one.spkiSha256 === spkiSha256);
}

/** An account of which every certificate is of a CA whose certificates the API refuses. */
function notAuthenticated(accounts: readonly Account[], facts: Facts): readonly UnusableAccount[] {
  return accounts.flatMap(({ id, credentials, disabled }) => {
    const issuers = [...new Set(credentials.map(({ issuer }) => issuer))];
    if (disabled || issuers.length === 0 || issuers.some((issuer) => authenticates(issuer, facts))) return [];
    const remedy = 'name the CA in accountAuthorities of the configuration, or bind another certificate';
    return [{ account: id, detail: `the API accepts no certificate of ${issuers.join(', ')}; ${remedy}` }];
  });
}

function authenticates(issuer: IssuerId, { authorities, access }: Facts): boolean {
  const parsed = parseIssuerId(issuer);
  return access.includes(issuer) || (parsed.ok && authorities.includes(parsed.value.authority));
}
