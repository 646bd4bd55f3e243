/**
 * Checks the input for an account, and reports all faults at once, each with its option and what
 * was expected.
 */

import { readFileSync } from 'node:fs';
import { breakGlassFault, isOfOfficers } from '../../access/break-glass.js';
import { ROLES } from '../../access/roles.js';
import { TAG } from '../../asn1/der-reader.js';
import { readAccessAuthorities } from '../../compose/access.js';
import type { Home } from '../../compose/home.js';
import { type HomeIssuers, readIssuers } from '../../compose/issuers.js';
import { identifyClient, isForClientAuthentication } from '../../http/api/authenticate.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { scopeFaults } from '../../policy/rules/account-scope.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Store } from '../../ports/store.js';
import { decodePem } from '../../x509/pem.js';

export type ScopeOptions = {
  readonly role: readonly string[];
  readonly profile: readonly string[];
  readonly structure: readonly string[];
  readonly domain: readonly string[];
  readonly holder: readonly string[];
};

type Rights = Pick<Account, 'roles' | 'scope'>;

const ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const NAME_CHARACTERS_MAX = 128;
export function identityFaults({ id, name }: Pick<Account, 'id' | 'name'>): readonly string[] {
  const faults: string[] = [];
  if (!ID.test(id))
    faults.push(`${JSON.stringify(id)} is not an account id: lower-case letters, digits, dots and hyphens, at most 64`);
  if (name.trim() === '' || name.length > NAME_CHARACTERS_MAX)
    faults.push(`--name: 1 to ${NAME_CHARACTERS_MAX} characters`);
  return faults;
}

export function readRights({ policy }: Home, options: ScopeOptions): Result<Rights, readonly string[]> {
  const { role: roles, profile: profiles, structure: structures, domain: domains, holder: holders } = options;
  const scope = { profiles, structures, domains, holders };
  const known = Object.keys(ROLES);
  const faults = [
    ...roles.filter((one) => !known.includes(one)).map((one) => `--role ${one}: one of ${known.join(', ')}`),
    ...scopeFaults(policy, scope).map(({ list, value, message }) => `${OPTIONS[list]} ${value}: ${message.en}`),
  ];
  return faults.length > 0 ? err(faults) : ok({ roles, scope });
}

const OPTIONS = {
  profiles: '--profile',
  structures: '--structure',
  domains: '--domain',
  holders: '--holder',
} as const satisfies Record<keyof Account['scope'], string>;

export type Credential = Account['credentials'][number] & {
  /** Whether it belongs to a break-glass officer. */
  readonly isBreakGlass: boolean;
};

/**
 * Checks a client certificate before it is bound to an account, as the API does at each request.
 */
export async function readCredential(
  { home, store, now }: { readonly home: Home; readonly store: Store; readonly now: number },
  file: string,
): Promise<Result<Credential, readonly string[]>> {
  const refuse = (why: string) => err([`--certificate ${file}: ${why}`]);
  const der = certificateIn(file);
  if (!der.ok) return refuse(der.error);
  const issuers = readIssuers(home);
  if (!issuers.ok) return err([issuers.error]);
  const access = readAccessAuthorities(home);
  if (!access.ok) return err([access.error]);
  const authorities = home.config.accountAuthorities;
  const known = identifyClient(issuers.value satisfies HomeIssuers, { authorities, access: access.value }, der.value);
  if (known === null) {
    const clientAuthorities = [...authorities, ...access.value.map(({ id }) => id)];
    return refuse(`not issued by a CA that authenticates accounts: ${clientAuthorities.join(', ')}`);
  }
  const { tbs } = known.view;
  if (!isForClientAuthentication(known.view)) return refuse('not for client authentication');
  if (now < tbs.notBefore.at || now > tbs.notAfter.at) return refuse('it has expired, or is not valid yet');
  const { spkiSha256 } = known;
  if (known.kind === 'break-glass') {
    const fault = breakGlassFault(tbs);
    if (fault !== null) return refuse(`not a certificate of a break-glass officer: ${fault}`);
    return ok({ issuer: known.issuer.id, spkiSha256, isBreakGlass: true });
  }
  const status = await store.read((reads) => reads.status(known.issuer.id, tbs.serial));
  if (!status.ok) return refuse(status.error.detail);
  if (status.value === null || !status.value.signed) return refuse('it is not in this database');
  const { state } = status.value;
  if (state.status !== 'issued') return refuse(`its status is ${state.status}`);
  return ok({ issuer: known.issuer.id, spkiSha256, isBreakGlass: false });
}

/**
 * The access CA certifies officers only; `roles` are those of the account that gets these
 * credentials.
 */
export function breakGlassFaults(roles: readonly string[], credentials: readonly Credential[]): readonly string[] {
  const isFine = isOfOfficers({ roles }) || !credentials.some(({ isBreakGlass }) => isBreakGlass);
  return isFine ? [] : ['--certificate: one of the access CA is for an account of role officer, and of no other'];
}

/** PEM, or DER as ceremonies write it. */
function certificateIn(file: string): Result<Uint8Array, string> {
  try {
    const content = new Uint8Array(readFileSync(file));
    if (content.length > LIMITS.tbsCertificateBytesMax * 2) return err('too long for one certificate');
    if (content[0] === TAG.sequence) return ok(content);
    const der = decodePem(new TextDecoder('latin1').decode(content), ['CERTIFICATE']);
    return der.ok ? der : err(`one PEM certificate expected: ${inBothLanguages(der.error)}`);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}
