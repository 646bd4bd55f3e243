/**
 * Checks the input for name, roles and scope of an account, and reports all faults at once, each
 * with its option and what was expected.
 */
import { ACCOUNT_ID } from '../../access/account-id.js';
import { ROLES } from '../../access/roles.js';
import type { Home } from '../../compose/home.js';
import { systemClock } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RightsChange } from '../../operations/accounts/change-account.js';
import { scopeFaults } from '../../policy/rules/account-scope.js';
import { accountStructureViolations } from '../../policy/rules/account-structure.js';
import type { Account, AccountScope } from '../../ports/store/accounts.js';

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
};

const ID = new RegExp(ACCOUNT_ID);
const NAME_CHARACTERS_MAX = 128;

export function idFaults(id: string): readonly string[] {
  if (ID.test(id)) return [];
  const form = "lower-case letters, digits, dots and hyphens, at most 64, and not 'system'";
  return [`${JSON.stringify(id)} is not an account id: ${form}`];
}

export const OWN_STRUCTURE =
  "what completes holders: id, name, department, e.g. 2187512751 'AGENCE DU NUMERIQUE EN SANTE' 'Paris (75)'; or none";

/** Stands for an empty list of structures, domains, holders or profiles. */
const NONE = 'none';

/** Returns the rights that the options name. */
export function readRights({ policy }: Home, options: RightsOptions): Result<RightsChange, readonly string[]> {
  const { name, role: roles } = options;
  const structure = structureOf(options.ownStructure);
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
    ...structureFaults.map(({ pointer, message }) => `--own-structure${pointer}: ${inBothLanguages(message)}`),
  ];
  if (faults.length > 0) return err(faults);
  // Options that were not given are not in the result, so that they replace nothing.
  const given = Object.entries({ name, roles, ...lists, structure }).filter(([, value]) => value !== undefined);
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
