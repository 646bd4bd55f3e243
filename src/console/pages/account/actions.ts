import { ACCOUNT_DEFAULTS, ACCOUNT_ID } from '../../../access/account.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { AccountSubject } from '../../../operations/accounts/approved.js';
import type { ShownAccount } from '../../../operations/accounts/read-accounts.js';
import { type AccountRequest, requestAccount } from '../../../operations/accounts/request-account.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { Approval } from '../../../ports/store/officers/approvals.js';
import type { Field, Input } from '../../fields.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import type { ActionOutcome, PageAction, PageRequest } from '../../page.js';
import { ACCOUNT_WORDS } from '../../words/accounts.js';
import { filled } from '../../words/filled.js';
import { conditionFields, conditionsIn, conditionsText, stated } from './conditions.js';
import type { AccountData, AccountsData } from './data.js';
import { rightsFields, rolesIn, rolesText, SCOPE_LISTS, valuesIn, wholeListsText } from './rights.js';
import { ACCOUNT_PAGE_WORDS as WORDS } from './words.js';

const NAME_CHARACTERS_MAX = 128;
const CERTIFICATE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Leads to the page of the approval, which says what is decided and who has signed. */
function asked(approval: Result<Approval, OperationFailure>): Result<ActionOutcome, OperationFailure> {
  return approval.ok ? ok({ path: `/console/approvals/${approval.value.id}`, query: { done: 'request' } }) : approval;
}

async function ask(
  context: ServingContext,
  { account }: PageRequest,
  request: AccountRequest,
): Promise<Result<ActionOutcome, OperationFailure>> {
  return asked(await requestAccount(context, { account }, request));
}

const NAME: Field = {
  kind: 'text',
  name: 'name',
  label: ACCOUNT_WORDS.name,
  isRequired: true,
  lengthMax: NAME_CHARACTERS_MAX,
};

export const ADD: PageAction<AccountsData> = {
  // The ids of accounts have no underscore, so this path is not the page of an account.
  id: 'new_account',
  label: WORDS.add,
  action: 'change-accounts',
  isOffered: () => true,
  version: () => 'new',
  fields: () => [
    {
      kind: 'text',
      name: 'account',
      label: ACCOUNT_WORDS.id,
      hint: WORDS.idHint,
      isRequired: true,
      lengthMax: 64,
      pattern: { matches: new RegExp(ACCOUNT_ID), says: WORDS.notAnId },
    },
    NAME,
    ...rightsFields(null),
    ...conditionFields(ACCOUNT_DEFAULTS),
    {
      kind: 'text',
      name: 'certificate',
      label: WORDS.certificate,
      hint: WORDS.certificateHint,
      isRequired: true,
      lengthMax: 36,
      pattern: { matches: CERTIFICATE_ID, says: WORDS.notACertificate },
    },
    OFFICER_REASON,
  ],
  review: (_data, input) => ({
    summary: filled(WORDS.willAdd, { id: input.account ?? '', roles: rolesText(rolesIn(input)) }),
    consequences: [
      filled(WORDS.scopeMeans, { scope: wholeListsText(scopeIn(input), SCOPE_LISTS) }),
      conditionsText(conditionsIn(input, ACCOUNT_DEFAULTS)),
      WORDS.addMeans,
    ],
    isReversible: true,
  }),
  perform: (context, request, { input }) => {
    const { account = '', name = '', certificate = '', reason = '' } = input;
    const conditions = stated(conditionsIn(input, ACCOUNT_DEFAULTS));
    const subject = { account, name, roles: rolesIn(input), ...scopeIn(input), ...conditions, certificate, reason };
    return ask(context, request, { action: 'add', subject });
  },
};

function scopeIn(input: Input) {
  const list = (name: (typeof SCOPE_LISTS)[number]) => valuesIn(input, name);
  return {
    profiles: list('profiles'),
    structures: list('structures'),
    domains: list('domains'),
    holders: list('holders'),
  };
}

function versionOf({ account }: AccountData): string {
  const { name, roles, scope, limits, networks, expiresAt, structure, disabled } = account;
  return JSON.stringify([name, roles, scope, limits, networks, expiresAt, structure, disabled]);
}

/** What the form says of the account, with the lists that were too long for the form. */
function changed({ scope, ...account }: ShownAccount, input: Input) {
  const after = scopeIn(input);
  const lists = SCOPE_LISTS.map((list) => {
    const isLeftOut = rightsFields({ roles: [], scope }).every(({ name }) => name !== list);
    return [list, isLeftOut ? scope[list] : after[list]] as const;
  });
  return {
    name: input.name ?? '',
    roles: rolesIn(input),
    scope: Object.fromEntries(lists) as ShownAccount['scope'],
    conditions: conditionsIn(input, account),
  };
}

/** What the change makes of the account, without what stays as it is. */
function differences(account: ShownAccount, after: ReturnType<typeof changed>): readonly Bilingual[] {
  const has = (one: readonly string[], other: readonly string[]) => one.every((value) => other.includes(value));
  const isSame = (one: readonly string[], other: readonly string[]) => has(one, other) && has(other, one);
  const lists = SCOPE_LISTS.filter((list) => !isSame(account.scope[list], after.scope[list]));
  const rows = [
    [account.name === after.name, WORDS.nameAfter, untranslated(account.name), untranslated(after.name)],
    [isSame(account.roles, after.roles), WORDS.rolesAfter, rolesText(account.roles), rolesText(after.roles)],
    [lists.length === 0, WORDS.scopeAfter, wholeListsText(account.scope, lists), wholeListsText(after.scope, lists)],
    [
      conditionsText(account).en === conditionsText(after.conditions).en,
      WORDS.conditionsAfter,
      conditionsText(account),
      conditionsText(after.conditions),
    ],
  ] as const;
  const found = rows.flatMap(([isUnchanged, words, before, now]) =>
    isUnchanged ? [] : [filled(words, { before, after: now })],
  );
  return found.length === 0 ? [WORDS.noDifference] : found;
}

export const CHANGE: PageAction<AccountData> = {
  id: 'change',
  label: WORDS.change,
  action: 'change-accounts',
  isOffered: () => true,
  version: versionOf,
  fields: ({ account }) => [
    { ...NAME, value: account.name },
    ...rightsFields(account),
    ...conditionFields(account),
    OFFICER_REASON,
  ],
  review: ({ account }, input) => ({
    summary: filled(WORDS.willChange, { id: account.id }),
    consequences: [...differences(account, changed(account, input)), WORDS.changeMeans],
    isReversible: true,
  }),
  perform: (context, request, { data: { account }, input }) => {
    const { name, roles, scope, conditions } = changed(account, input);
    const subject = { account: account.id, name, roles, ...scope, ...stated(conditions), reason: input.reason ?? '' };
    return ask(context, request, { action: 'change', subject });
  },
};

function subjectOf({ account }: AccountData, { reason = '' }: Input): AccountSubject {
  return { account: account.id, reason };
}

export const DISABLE: PageAction<AccountData> = {
  id: 'disable',
  label: WORDS.disable,
  action: 'change-accounts',
  tone: 'danger',
  isOffered: ({ account }) => !account.disabled,
  version: versionOf,
  fields: () => [OFFICER_REASON],
  review: ({ account: { id } }) => ({
    summary: filled(WORDS.willDisable, { id }),
    consequences: [WORDS.disableMeans, WORDS.disableNow],
    isReversible: true,
  }),
  perform: (context, request, { data, input }) =>
    ask(context, request, { action: 'disable', subject: subjectOf(data, input) }),
};

export const ENABLE: PageAction<AccountData> = {
  id: 'enable',
  label: WORDS.enable,
  action: 'change-accounts',
  isOffered: ({ account }) => account.disabled,
  version: versionOf,
  fields: () => [OFFICER_REASON],
  review: ({ account: { id } }) => ({
    summary: filled(WORDS.willEnable, { id }),
    consequences: [WORDS.enableMeans],
    isReversible: true,
  }),
  perform: (context, request, { data, input }) =>
    ask(context, request, { action: 'enable', subject: subjectOf(data, input) }),
};
