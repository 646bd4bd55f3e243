/**
 * `pfcng account`: manages who may use the API, with which certificates, for what. For operators,
 * on the machine with the database.
 */
import type { Command } from 'commander';
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { ROLES } from '../../access/roles.js';
import { systemClock } from '../../compose/world.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import {
  type AccountChange,
  type AccountFailure,
  addAccount,
  changeAccount,
  RIGHTS,
} from '../../operations/accounts/change-account.js';
import type { Account } from '../../ports/store/accounts.js';
import { fail, say, sayTable } from '../../terminal/say.js';
import { type Records, unreadable, type WritableRecords, withRecords, withWritableRecords } from '../common/records.js';
import { registerCertify } from './certify.js';
import { registerChange } from './change.js';
import { type CredentialOptions, readCredentials } from './credentials.js';
import { changedBy, describe } from './failures.js';
import { idFaults, type RightsOptions, readRights, withConditions } from './input.js';

type AddOptions = RightsOptions & CredentialOptions;

export function registerAccount(program: Command): void {
  const account = program
    .command('account')
    .description('accounts of the API: who may use it, with which certificates, for what');
  withConditions(
    withCredentialOptions(
      account.command('add <id>').description('a new account, bound to client certificates of this platform'),
    ),
  )
    .requiredOption('--name <text>', 'description for people')
    .requiredOption('--role <roles...>', `one or more of ${Object.keys(ROLES).join(', ')}`)
    .requiredOption('--profile <profiles...>', "profiles it acts for: '*', 'fort/*', elementaire/serv-ssl, ...")
    .option('--structure <ids...>', "structures it acts for, '*' for all (default: none)", [])
    .option('--domain <names...>', "domains of servers and mail it acts for, '*' for all (default: none)", [])
    .option('--holder <ids...>', "holders it acts for, ids, or prefixes followed by *: '8*' (default: all)", ['*'])
    .action((id: string, options: AddOptions) =>
      // After a loss, the officers who accept the new database need accounts in it first.
      withWritableRecords((records) => add(records, id, options), { compare: false }),
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
      .action((id: string) => withWritableRecords((records) => alter(records, id, change)));
  }
  registerChange(account);
  withCredentialOptions(
    account
      .command('rotate <id>')
      .description(
        'bind it to these client certificates, and to no others from now on; name the old one too to keep both for a while',
      ),
  ).action((id: string, options: CredentialOptions) => withWritableRecords((records) => rotate(records, id, options)));
  registerCertify(account);
}

/** One of the two options is required. */
function withCredentialOptions(command: Command): Command {
  return command
    .option(
      '--certificate <files...>',
      'client certificates it authenticates with, DER, or PEM with or without the chain (this or --csr is required)',
    )
    .option('--csr <files...>', 'CSRs or public keys, PEM: the certificates of this platform on these keys')
    .hook('preAction', (_, called) => {
      const { certificate, csr } = called.opts<CredentialOptions>();
      if (certificate === undefined && csr === undefined)
        called.error("error: required option '--certificate <files...>' or '--csr <files...>' not specified");
    });
}

async function add(records: WritableRecords, id: string, options: AddOptions): Promise<void> {
  const rights = readRights(records.home, options);
  const credentials = await readCredentials(records, options);
  const faults = [...idFaults(id), ...(rights.ok ? [] : rights.error), ...(credentials.ok ? [] : credentials.error)];
  if (!rights.ok || !credentials.ok || faults.length > 0) return fail(faults);
  const { name = '', roles = [], profiles = [], structures = [], domains = [], holders = [], ...given } = rights.value;
  const limits = { ...ACCOUNT_DEFAULTS.limits, ...given.limits };
  const scope = { profiles, structures, domains, holders };
  const world = { store: records.store, clock: systemClock };
  const added = { ...given, limits, id, name, roles, scope, credentials: credentials.value };
  report(await addAccount(world, added, changedBy()), {
    fr: `compte ${id} ajouté`,
    en: `account ${id} added`,
  });
}

async function rotate(records: WritableRecords, id: string, options: CredentialOptions): Promise<void> {
  const credentials = await readCredentials(records, options);
  if (!credentials.ok) return fail(credentials.error);
  await alter(records, id, { credentials: credentials.value });
}

const DONE = {
  disable: { fr: 'désactivé : ses requêtes sont refusées', en: 'disabled: its requests are refused' },
  enable: { fr: 'réactivé', en: 'enabled' },
  rotate: { fr: 'lié à ces seuls certificats', en: 'bound to these certificates, and to no others' },
} as const satisfies Readonly<Record<string, Bilingual>>;

type Alteration = Exclude<AccountChange, { readonly rights: unknown }>;

async function alter({ store }: WritableRecords, id: string, change: Alteration): Promise<void> {
  const { fr, en } = DONE[typeof change === 'string' ? change : 'rotate'];
  report(await changeAccount({ store, clock: systemClock }, { id, change }, changedBy()), {
    fr: `compte ${id} ${fr}`,
    en: `account ${id} ${en}`,
  });
}

function report(result: Result<unknown, AccountFailure>, done: Bilingual): void {
  if (result.ok) say(inBothLanguages(done));
  else fail([describe(result.error)]);
}

async function list({ store }: Records, { id, json }: { readonly id?: string; readonly json: boolean }): Promise<void> {
  const accounts = await store.read((reads) => reads.accounts());
  if (!accounts.ok) return fail([unreadable(accounts.error.detail)]);
  const found = accounts.value.filter((one) => id === undefined || one.id === id);
  if (id !== undefined && found.length === 0)
    return fail([describe({ kind: 'account-unknown', id, known: accounts.value.map((one) => one.id) })]);
  const [only] = found;
  if (json)
    return say(
      JSON.stringify(id === undefined ? found.map(accountJson) : only === undefined ? null : accountJson(only)),
    );
  sayTable(
    ['ACCOUNT', 'ROLES', 'STATE', 'NAME'],
    found.map((one) => [one.id, one.roles.join(', '), one.disabled ? 'disabled' : 'enabled', one.name]),
  );
  if (id !== undefined && only !== undefined) sayDetails(only);
}

const accountJson = ({ createdAt, expiresAt, ...account }: Account) => ({
  ...account,
  expiresAt: instantOrNull(expiresAt),
  createdAt: formatInstant(createdAt),
});

function sayDetails(account: Account): void {
  const { scope, createdAt, credentials } = account;
  const listed = (values: readonly string[], none = 'aucun / none'): string =>
    values.length === 0 ? none : values.join(', ');
  say(`  créé le / created ${formatInstant(createdAt)}`);
  say(`  profils / profiles: ${listed(scope.profiles)}`);
  say(`  structures: ${listed(scope.structures)}`);
  say(`  domaines / domains: ${listed(scope.domains)}`);
  say(`  porteurs / holders: ${listed(scope.holders)}`);
  say(`  quotas / limits: ${listed(RIGHTS.limits(account))}`);
  say(`  réseaux / networks: ${listed(account.networks, 'tous / any')}`);
  say(`  fin / end: ${listed(RIGHTS.expiresAt(account), 'aucune / none')}`);
  say(`  sa structure / its structure: ${listed(RIGHTS.structure(account), 'aucune / none')}`);
  for (const { issuer, spkiSha256 } of credentials)
    say(`  certificat / certificate: ${issuer}, SHA-256 de sa clé / of its key ${spkiSha256}`);
}
