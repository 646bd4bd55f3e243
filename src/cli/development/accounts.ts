/** The table of development accounts: their holders, certificates and rights. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import type { HomePaths } from '../../config/paths.js';
import type { World } from '../../operations/world.js';
import type { CertificateOrder, Holder } from '../../policy/model.js';
import type { Account, AccountScope } from '../../ports/store/accounts.js';

const EVERYTHING: AccountScope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const AGENCY = { id: '2187512751', name: 'AGENCE DU NUMERIQUE EN SANTE', department: 'Paris (75)' } as const;

/**
 * The account in whose name the first start issues: it has no credential and is not in the
 * database.
 */
export const FOUNDER: Account = {
  id: 'system',
  name: 'first start of the development environment',
  roles: ['card-management'],
  scope: EVERYTHING,
  credentials: [],
  ...ACCOUNT_DEFAULTS,
  disabled: false,
  createdAt: 0,
};

export type Credential = {
  readonly name: string;
  readonly profile: string;
  readonly holder: Holder;
  readonly card: CertificateOrder['card'];
  /** null: a valid certificate that belongs to no account. */
  readonly account: (Pick<Account, 'roles' | 'scope'> & Partial<Pick<Account, 'structure'>>) | null;
};

function system(name: string, application: string, account: Credential['account']): Credential {
  const holder = { kind: 'organisation', application, structure: AGENCY } as const;
  return { name, profile: 'elementaire/org-auth-cli', holder, card: null, account };
}

function person(name: string, who: { surname: string; rpps: string; card: string; role: string }): Credential {
  const { surname, rpps, card, role } = who;
  const holder = {
    kind: 'professional',
    idNat: `8${rpps}`,
    givenName: 'TEST',
    surname,
    profession: '10',
    title: 'Médecin',
  } as const;
  const token = { tokenId: `8025000001/${card}`, product: 'cps' } as const;
  return {
    name,
    profile: 'fort/cps-authentication',
    holder,
    card: token,
    account: { roles: [role], scope: EVERYTHING },
  };
}

export const CREDENTIALS: readonly Credential[] = [
  {
    name: 'server',
    profile: 'elementaire/serv-ssl',
    holder: { kind: 'server', names: ['localhost', '127.0.0.1'], structure: AGENCY },
    card: null,
    account: null,
  },
  // It also vouches for CMP requests of devices (RFC 9483 5.2.2.1).
  system('card-management', 'CARD-MANAGEMENT', {
    roles: ['card-management', 'ra'],
    scope: EVERYTHING,
    structure: AGENCY,
  }),
  system('no-rights', 'NO-RIGHTS', null),
  person('officer-1', { surname: 'OFFICIER-UN', rpps: '10000000017', card: '9000000001', role: 'officer' }),
  person('officer-2', { surname: 'OFFICIER-DEUX', rpps: '10000000025', card: '9000000002', role: 'officer' }),
  person('officer-3', { surname: 'OFFICIER-TROIS', rpps: '10000000033', card: '9000000003', role: 'officer' }),
  person('auditor', { surname: 'AUDITEUR', rpps: '10000000041', card: '9000000004', role: 'auditor' }),
  person('support', { surname: 'ASSISTANCE', rpps: '10000000058', card: '9000000005', role: 'support' }),
  person('operator', { surname: 'EXPLOITANT', rpps: '10000000066', card: '9000000006', role: 'operator' }),
];

export function credentialFiles(
  { credentials }: HomePaths,
  name: string,
): { readonly certificate: string; readonly key: string } {
  return { certificate: join(credentials, `${name}.crt.pem`), key: join(credentials, `${name}.key.pem`) };
}

/** The account is added after its files are complete, so its presence proves them. */
export function isMade({ name, account }: Credential, accounts: readonly Account[], paths: HomePaths): boolean {
  const { certificate, key } = credentialFiles(paths, name);
  return account === null ? existsSync(certificate) && existsSync(key) : accounts.some(({ id }) => id === name);
}

export async function hasDevelopmentCredentials({ store }: World, paths: HomePaths): Promise<boolean> {
  const accounts = await store.read((reads) => reads.accounts());
  return accounts.ok && CREDENTIALS.every((credential) => isMade(credential, accounts.value, paths));
}
