/**
 * Checks the input for name, roles and scope of an account, and reports all faults at once, each
 * with its option and what was expected.
 */
import type { Command } from 'commander';
import { ACCOUNT_ID } from '../../access/account.js';
import { isNetwork } from '../../access/networks.js';
import { ROLES } from '../../access/roles.js';
import type { Home } from '../../compose/home.js';
import { systemClock } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { type Instant, parseInstant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RightsChange } from '../../operations/accounts/change-account.js';
import { scopeFaults } from '../../policy/rules/account-scope.js';
import { accountStructureViolations } from '../../policy/rules/account-structure.js';
import type { Account, AccountLimits, AccountScope } from '../../ports/store/accounts.js';
import { text } from '../../texts/text.js';

/** The options of a command by their names; options that were not given are left out. */
export type RightsOptions = {
  readonly name?: string;
  readonly role?: readonly string[];
  readonly profile?: readonly string[];
  readonly structure?: readonly string[];
  readonly domain?: readonly string[];
  readonly holder?: readonly string[];
  /** Id, name and department, or `none`. */
  readonly ownStructure?: readonly string[];
  /** Numbers, or `none`. */
  readonly perDay?: string;
  readonly perHour?: string;
  readonly inFlight?: string;
  readonly network?: readonly string[];
  /** RFC 3339, or `none`. */
  readonly expiresAt?: string;
};

const ID = new RegExp(ACCOUNT_ID);
const NAME_CHARACTERS_MAX = 128;

export function idFaults(id: string): readonly string[] {
  if (ID.test(id)) return [];
  const form = "lower-case letters, digits, dots and hyphens, at most 64, and not 'system'";
  return [`${JSON.stringify(id)} is not an account id: ${form}`];
}

const OWN_STRUCTURE =
  "what completes holders: id, name, department, e.g. 2187512751 'AGENCE DU NUMERIQUE EN SANTE' 'Paris (75)'; or none";

/** Stands for an empty list of structures, domains, holders or profiles. */
const NONE = 'none';

/** Returns the rights that the options name. */
export function readRights({ policy }: Home, options: RightsOptions): Result<RightsChange, readonly string[]> {
  const { name, role: roles } = options;
  const structure = structureOf(options.ownStructure);
  const networks = listOf(options.network);
  const end = endOf(options.expiresAt);
  const limits = LIMITS_OF_ACCOUNTS.map((limit) => [limit, limitOf(options[limit])] as const);
  const lists = {
    profiles: listOf(options.profile),
    structures: listOf(options.structure),
    domains: listOf(options.domain),
    holders: listOf(options.holder),
  };
  const { profiles = [], structures = [], domains = [], holders = [] } = lists;
  const known = Object.keys(ROLES);
  const structureFaults = structure ? accountStructureViolations(policy, structure, systemClock()) : [];
  const isName = name === undefined || (name.trim() !== '' && name.length <= NAME_CHARACTERS_MAX);
  const faults = [
    ...(isName ? [] : [`--name: 1 to ${NAME_CHARACTERS_MAX} characters`]),
    ...(roles ?? []).filter((one) => !known.includes(one)).map((one) => `--role ${one}: one of ${known.join(', ')}`),
    ...scopeFaults(policy, { profiles, structures, domains, holders }).map(
      ({ list, value, message }) => `${OPTIONS[list]} ${value}: ${inBothLanguages(message)}`,
    ),
    ...limits.flatMap(([limit, max]) =>
      max === 'wrong' ? [`${LIMIT_OPTIONS[limit]}: 1 to ${LIMIT_MAX}, or none`] : [],
    ),
    ...(networks ?? []).flatMap((value) =>
      isNetwork(value) ? [] : [`--network ${inBothLanguages(text('account-network', { value }))}`],
    ),
    ...(end === 'wrong' ? [`--expires-at: ${inBothLanguages(text('account-end', { example: EXAMPLE_END }))}`] : []),
    ...structureFaults.map(({ pointer, message }) => `--own-structure${pointer}: ${inBothLanguages(message)}`),
  ];
  if (faults.length > 0) return err(faults);
  // Options that were not given are not in the result, so that they replace nothing.
  const given = Object.entries({
    name,
    roles,
    ...lists,
    limits: limitsIn(limits),
    networks,
    expiresAt: end,
    structure,
  }).filter(([, value]) => value !== undefined);
  return ok(Object.fromEntries(given));
}

const OPTIONS = {
  profiles: '--profile',
  structures: '--structure',
  domains: '--domain',
  holders: '--holder',
} as const satisfies Readonly<Record<keyof AccountScope, string>>;

function listOf(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.length === 1 && values[0] === NONE ? [] : values;
}

/** undefined: the option was not given; null: `none`. A part that is missing is empty. */
function structureOf(parts: readonly string[] | undefined): Account['structure'] | undefined {
  if (parts === undefined) return undefined;
  if (parts.length === 1 && parts[0] === NONE) return null;
  const [id = '', name = '', ...department] = parts;
  return { id, name, department: department.join(' ') };
}

const LIMIT_OPTIONS = { perDay: '--per-day', perHour: '--per-hour', inFlight: '--in-flight' } as const;
const LIMITS_OF_ACCOUNTS = ['perDay', 'perHour', 'inFlight'] as const satisfies readonly (keyof AccountLimits)[];
const LIMIT_MAX = 10_000_000;
const EXAMPLE_END = '2030-01-01T00:00:00Z';

type OptionValue<Value> = Value | null | undefined | 'wrong';

/** undefined: the option was not given; null: `none`. */
function limitOf(given: string | undefined): OptionValue<number> {
  if (given === undefined || given === NONE) return given === NONE ? null : undefined;
  const isLimit = /^[1-9]\d{0,7}$/.test(given) && Number(given) <= LIMIT_MAX;
  return isLimit ? Number(given) : 'wrong';
}

/** undefined: none of the options was given. */
function limitsIn(
  limits: readonly (readonly [keyof AccountLimits, OptionValue<number>])[],
): RightsChange['limits'] | undefined {
  const named = limits.filter(([, max]) => max !== undefined);
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

function endOf(given: string | undefined): OptionValue<Instant> {
  if (given === undefined || given === NONE) return given === NONE ? null : undefined;
  const end = parseInstant(given);
  return end === null || end <= systemClock() ? 'wrong' : end;
}

/** The options of `add` and `change` besides name, roles and scope. */
export function withConditions(command: Command): Command {
  return command
    .option('--per-day <number>', 'certificates in a day (UTC), or none: unlimited')
    .option('--per-hour <number>', 'certificates in an hour (UTC), or none: unlimited')
    .option('--in-flight <number>', 'requests for certificates at once, on each node, or none: unlimited')
    .option('--network <networks...>', 'networks from which it sends requests, e.g. 10.20.0.0/16, or none: anywhere')
    .option('--expires-at <instant>', `its end, e.g. ${EXAMPLE_END}, or none`)
    .option('--own-structure <parts...>', OWN_STRUCTURE);
}
