/** What the pages of registrations show. */
import { decideAccess, rolesPermit } from '../../../access/decide.js';
import type { AuditEntry } from '../../../audit/entry.js';
import { ok, type Result } from '../../../kernel/result.js';
import { searchAudit } from '../../../operations/audit/read-audit.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import {
  countOpenRegistrations,
  listRegistrations,
  readRegistration,
} from '../../../operations/enrolment/read-registrations.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { usableProfiles } from '../../../operations/read.js';
import type { ServingContext } from '../../../operations/serving.js';
import { codeListOf, isInUse } from '../../../policy/code-lists.js';
import type { Code, CodeListName, Policy, Profile } from '../../../policy/model.js';
import type { Account } from '../../../ports/store/accounts.js';
import { REGISTRATION_STATES, type Registration } from '../../../ports/store/enrolment/registrations.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import { checkInput, type FieldFault } from '../../fields.js';
import type { PageRequest } from '../../page.js';
import { FILTER_FIELDS } from './filter-fields.js';

/** What the account may register, and what the forms offer for it. */
export type RegistrationChoices = {
  readonly profiles: readonly Profile[];
  readonly professions: readonly Code[];
  readonly departments: readonly Code[];
  /** The structure of the account, with which the forms begin. */
  readonly structure: Account['structure'];
  readonly limits: Policy['environment']['enrolment'];
};

export type RegistrationsData = {
  readonly registrations: readonly Registration[];
  readonly next: string | null;
  readonly faults: readonly FieldFault[];
  /** Open ones of the account; null: it registers nobody. */
  readonly open: number | null;
  readonly choices: RegistrationChoices;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export async function loadRegistrations(
  { world }: ServingContext,
  { account, query, isShown }: PageRequest,
): Outcome<RegistrationsData> {
  const choices = choicesOf(world, account);
  const none = { registrations: [], next: null, faults: [], open: null, choices };
  if (!isShown) return ok(none);
  const checked = checkInput(FILTER_FIELDS, query);
  if (!checked.ok) return ok({ ...none, faults: checked.error });
  const before = cursorOf(query.cursor);
  if (!before.ok) return before;
  const { holder: holderId, profile, reference } = checked.value;
  const recorded = holderId === undefined ? ok(undefined) : await recordReading(world, account, { holder: holderId });
  if (!recorded.ok) return recorded;
  const state = REGISTRATION_STATES.find((one) => one === checked.value.state);
  const filter = { state, holderId, profile, reference: reference?.toUpperCase() };
  const page = await listRegistrations(world, account, {
    ...filter,
    before: before.value ?? undefined,
    limit: PAGE_SIZE,
  });
  if (!page.ok) return page;
  const open = rolesPermit(account.roles, 'register') ? await countOpenRegistrations(world, account) : ok(null);
  return open.ok ? ok({ ...none, ...page.value, open: open.value }) : open;
}

function choicesOf(world: ServingContext['world'], account: Account): RegistrationChoices {
  const { policy, clock } = world;
  const inUse = (name: CodeListName): readonly Code[] =>
    codeListOf(policy, name).codes.filter((code) => isInUse(code, clock()));
  return {
    profiles: decideAccess(account, 'register', null).ok ? usableProfiles(world, account) : [],
    professions: inUse('professions'),
    departments: inUse('departments'),
    structure: account.structure,
    limits: policy.environment.enrolment,
  };
}

export type RegistrationData = {
  readonly registration: Registration;
  /** When it was read: an open one may have ended by now. */
  readonly now: number;
  /** Newest first; null: the account may not read the audit log. */
  readonly entries: readonly AuditEntry[] | null;
};

export async function loadRegistration(
  context: ServingContext,
  { account, params, isShown }: PageRequest,
): Outcome<RegistrationData> {
  const { world } = context;
  const found = await readRegistration(world, account, params.id ?? '');
  if (!found.ok) return found;
  const registration = found.value;
  const read = { registration, now: world.clock(), entries: null };
  if (!isShown) return ok(read);
  const { holderId } = registration;
  const recorded = holderId === null ? ok(undefined) : await recordReading(world, account, { holder: holderId });
  if (!recorded.ok) return recorded;
  if (!rolesPermit(account.roles, 'read-audit')) return ok(read);
  const entries = await searchAudit(context, account, { id: registration.id, limit: PAGE_SIZE });
  return entries.ok ? ok({ ...read, entries: entries.value.items }) : entries;
}
