/** `pfcng account change`: changes the rights of an account. */
import type { Command } from 'commander';
import { ROLES } from '../../access/roles.js';
import { systemClock } from '../../compose/world.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { changeAccount, differingRights, RIGHTS, type RightsChange } from '../../operations/accounts/change-account.js';
import type { Account } from '../../ports/store/accounts.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { type WritableRecords, withWritableRecords } from '../common/records.js';
import { changedBy, describe } from './failures.js';
import { type RightsOptions, readRights, withConditions } from './input.js';

export function registerChange(account: Command): void {
  const command = account
    .command('change <id>')
    .description(
      "change name, rights, limits, networks, end or structure; what is not named stays, and 'none' empties a list",
    )
    .option('--name <text>', 'description for people')
    .option('--role <roles...>', `one or more of ${Object.keys(ROLES).join(', ')}`)
    .option('--profile <profiles...>', "profiles it acts for: '*', 'fort/*', elementaire/serv-ssl, ...")
    .option('--structure <ids...>', "structures it acts for, '*' for all")
    .option('--domain <names...>', "domains of servers and mail it acts for, '*' for all")
    .option('--holder <ids...>', "holders it acts for, ids, or prefixes followed by *: '8*'");
  withConditions(command).action((id: string, options: RightsOptions) =>
    withWritableRecords((records) => change(records, id, options)),
  );
}

async function change({ home, store }: WritableRecords, id: string, options: RightsOptions): Promise<void> {
  const rights = readRights(home, options);
  if (!rights.ok) return fail(rights.error);
  if (Object.keys(rights.value).length === 0) return fail([inBothLanguages(NOTHING_NAMED)]);
  const world = { store, clock: systemClock };
  const changed = await changeAccount(world, { id, change: { rights: rights.value } }, changedBy());
  if (!changed.ok) return fail([describe(changed.error)]);
  const { before, after } = changed.value;
  say(inBothLanguages({ fr: `compte ${id} modifié`, en: `account ${id} changed` }));
  for (const part of differingRights(before, after))
    say(
      escapeForTerminal(`  ${inBothLanguages(PARTS[part])}: ${rightText(before, part)} -> ${rightText(after, part)}`),
    );
}

const CHANGE_OPTIONS = [
  '--name, --role, --profile, --structure, --domain, --holder',
  '--per-day, --per-hour, --in-flight, --network, --expires-at, --own-structure',
].join(', ');
const NOTHING_NAMED: Bilingual = {
  fr: `rien à modifier : nommez ce qui change (${CHANGE_OPTIONS})`,
  en: `nothing to change: name what changes (${CHANGE_OPTIONS})`,
};

const PARTS = {
  name: { fr: 'nom', en: 'name' },
  roles: { fr: 'rôles', en: 'roles' },
  profiles: { fr: 'profils', en: 'profiles' },
  structures: { fr: 'structures', en: 'structures' },
  domains: { fr: 'domaines', en: 'domains' },
  holders: { fr: 'porteurs', en: 'holders' },
  limits: { fr: 'quotas', en: 'limits' },
  networks: { fr: 'réseaux', en: 'networks' },
  expiresAt: { fr: 'fin', en: 'end' },
  structure: { fr: 'sa structure', en: 'its structure' },
} as const satisfies Readonly<Record<keyof RightsChange, Bilingual>>;

function rightText(account: Account, part: keyof RightsChange): string {
  const value = RIGHTS[part](account);
  if (typeof value === 'string') return value;
  return value.length === 0 ? inBothLanguages({ fr: 'aucun', en: 'none' }) : value.join(', ');
}
