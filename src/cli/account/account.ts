/**
 * `pfcng account`: manages who may use the API, with which certificates, for what. For operators,
 * on the machine with the database.
 */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '../../compose/world.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { err, type Result } from '../../kernel/result.js';
import {
  type AccountChange,
  type AccountFailure,
  addAccount,
  changeAccount,
} from '../../operations/accounts/change-account.js';
import type { Account } from '../../ports/store/accounts.js';
import { fail, say } from '../../terminal/say.js';
import { type Records, unreadable, withRecords } from '../common/records.js';
import { registerCertify } from './certify.js';
import {
  breakGlassFaults,
  type Credential,
  identityFaults,
  readCredential,
  readRights,
  type ScopeOptions,
} from './input.js';

type Certificates = { readonly certificate: readonly string[] };
type AddOptions = ScopeOptions & Certificates & { readonly name: string };

export function registerAccount(program: Command): void {
  const account = program
    .command('account')
    .description('accounts of the API: who may use it, with which certificates, for what');
  account
    .command('add <id>')
    .description('a new account, bound to client certificates of this platform')
    .requiredOption('--name <text>', 'description for people')
    .requiredOption('--role <roles...>', 'card-management, officer or auditor')
    .requiredOption('--certificate <files...>', 'PEM or DER: the client certificates it authenticates with')
    .requiredOption('--profile <profiles...>', "profiles it acts for: '*', 'fort/*', elementaire/serv-ssl, ...")
    .option('--structure <ids...>', "structures it acts for, '*' for all (default: none)", [])
    .option('--domain <names...>', "domains of servers and mail it acts for, '*' for all (default: none)", [])
    .option('--holder <ids...>', "holders it acts for, ids, or prefixes followed by *: '8*' (default: all)", ['*'])
    .action((id: string, options: AddOptions) =>
      // After a loss, the officers who accept the new database need accounts in it first.
      withRecords((records) => add(records, id, options), { compare: false }),
    );
  account
    .command('list')
    .description('all accounts')
    .option('--json', 'print them as JSON')
    .action(({ json }: { readonly json?: boolean }) =>
      withRecords((records) => list(records, { json: json === true })),
    );
  account
    .command('show <id>')
    .description('one account with all details')
    .option('--json', 'print it as JSON')
    .action((id: string, { json }: { readonly json?: boolean }) =>
      withRecords((records) => list(records, { id, json: json === true })),
    );
  for (const change of ['disable', 'enable'] as const) {
    account
      .command(`${change} <id>`)
      .description(change === 'disable' ? 'refuse its requests from now on' : 'accept its requests again')
      .action((id: string) => withRecords((records) => alter(records, id, change)));
  }
  account
    .command('rotate <id>')
    .description('bind it to these client certificates, and to no others from now on')
    .requiredOption('--certificate <files...>', 'PEM or DER; name the old one too to keep both for a while')
    .action((id: string, options: Certificates) => withRecords((records) => rotate(records, id, options)));
  registerCertify(account);
}

/** Limit for the accounts that a message lists. */
const NAMED_MAX = 20;

const by = () => ({ login: userInfo().username });

async function add(records: Records, id: string, { name, certificate, ...scope }: AddOptions): Promise<void> {
  const rights = readRights(records.home, scope);
  const credentials = await credentialsIn(records, certificate);
  const faults = [
    ...identityFaults({ id, name }),
    ...(rights.ok ? [] : rights.error),
    ...(credentials.ok ? breakGlassFaults(scope.role, credentials.value) : credentials.error),
  ];
  if (!rights.ok || !credentials.ok || faults.length > 0) return fail(faults);
  const world = { store: records.store, clock: systemClock };
  report(
    await addAccount(world, { id, name, ...rights.value, credentials: credentials.value.map(storedCredential) }, by()),
    {
      fr: `compte ${id} ajouté`,
      en: `account ${id} added`,
    },
  );
}

async function rotate(records: Records, id: string, { certificate }: Certificates): Promise<void> {
  const credentials = await credentialsIn(records, certificate);
  if (!credentials.ok) return fail(credentials.error);
  const accounts = await records.store.read((reads) => reads.accounts());
  if (!accounts.ok) return fail([unreadable(accounts.error.detail)]);
  const faults = breakGlassFaults(accounts.value.find((one) => one.id === id)?.roles ?? ['officer'], credentials.value);
  if (faults.length > 0) return fail(faults);
  await alter(records, id, { credentials: credentials.value.map(storedCredential) });
}

const DONE = {
  disable: { fr: 'désactivé : ses requêtes sont refusées', en: 'disabled: its requests are refused' },
  enable: { fr: 'réactivé', en: 'enabled' },
  rotate: { fr: 'lié à ces certificats, et à aucun autre', en: 'bound to these certificates, and to no others' },
} as const satisfies Readonly<Record<string, Bilingual>>;

async function alter({ store }: Records, id: string, change: AccountChange): Promise<void> {
  const { fr, en } = DONE[typeof change === 'string' ? change : 'rotate'];
  report(await changeAccount({ store, clock: systemClock }, { id, change }, by()), {
    fr: `compte ${id} ${fr}`,
    en: `account ${id} ${en}`,
  });
}

async function credentialsIn(
  { home, store }: Records,
  files: readonly string[],
): Promise<Result<readonly Credential[], readonly string[]>> {
  const read = await Promise.all(files.map((file) => readCredential({ home, store, now: systemClock() }, file)));
  const faults = read.flatMap((one) => (one.ok ? [] : one.error));
  if (faults.length > 0) return err(faults);
  const all = read.flatMap((one) => (one.ok ? [one.value] : []));
  const name = ({ issuer, spkiSha256 }: Credential) => `${issuer} ${spkiSha256}`;
  return { ok: true, value: [...new Map(all.map((one) => [name(one), one])).values()] };
}

/** Returns the part of a credential that the account stores. */
function storedCredential({ issuer, spkiSha256 }: Credential): Account['credentials'][number] {
  return { issuer, spkiSha256 };
}

function report(result: Result<Account, AccountFailure>, done: Bilingual): void {
  if (result.ok) say(inBothLanguages(done));
  else fail([describe(result.error)]);
}

function describe(failure: AccountFailure): string {
  switch (failure.kind) {
    case 'account-exists':
      return inBothLanguages({
        fr: `il y a déjà un compte ${failure.id}`,
        en: `an account ${failure.id} already exists`,
      });
    case 'account-unknown': {
      const shown = failure.known.slice(0, NAMED_MAX).join(', ');
      const known = failure.known.length > NAMED_MAX ? `${shown}, ...` : shown;
      return inBothLanguages({
        fr: `pas de compte ${failure.id} ; il y a ${known}`,
        en: `no account ${failure.id}; there are ${known}`,
      });
    }
    case 'credential-taken':
      return inBothLanguages({
        fr: `un de ces certificats, ou sa clé, est déjà celui du compte ${failure.account}`,
        en: `one of these certificates, or its key, already belongs to the account ${failure.account}`,
      });
    case 'nothing-to-change':
      return inBothLanguages({
        fr: `le compte ${failure.id} est déjà dans cet état`,
        en: `the account ${failure.id} is already in that state`,
      });
    default:
      return unreadable(failure.detail);
  }
}

async function list({ store }: Records, { id, json }: { readonly id?: string; readonly json: boolean }): Promise<void> {
  const accounts = await store.read((reads) => reads.accounts());
  if (!accounts.ok) return fail([unreadable(accounts.error.detail)]);
  const found = accounts.value.filter((one) => id === undefined || one.id === id);
  if (id !== undefined && found.length === 0)
    return fail([describe({ kind: 'account-unknown', id, known: accounts.value.map((one) => one.id) })]);
  const [only] = found;
  if (json) return say(JSON.stringify(id === undefined ? found.map(shown) : only === undefined ? null : shown(only)));
  for (const one of found) sayAccount(one, id !== undefined);
}

const shown = (account: Account) => ({ ...account, createdAt: formatInstant(account.createdAt) });

function sayAccount({ id, name, roles, scope, credentials, disabled, createdAt }: Account, whole: boolean): void {
  say(`${id}  ${roles.join(', ')}${disabled ? '  désactivé / disabled' : ''}  ${name}`);
  if (!whole) return;
  const listed = (values: readonly string[]): string => (values.length === 0 ? 'aucun / none' : values.join(', '));
  say(`  créé le / created ${formatInstant(createdAt)}`);
  say(`  profils / profiles: ${listed(scope.profiles)}`);
  say(`  structures: ${listed(scope.structures)}`);
  say(`  domaines / domains: ${listed(scope.domains)}`);
  say(`  porteurs / holders: ${listed(scope.holders)}`);
  for (const { issuer, spkiSha256 } of credentials)
    say(`  certificat / certificate: ${issuer}, SHA-256 of its key ${spkiSha256}`);
}
