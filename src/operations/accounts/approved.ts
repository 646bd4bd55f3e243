/**
 * What two officers decide about accounts: adding, changing, disabling and enabling them. The
 * machine with the database can do the same by `pfcng account`, which is the way back when no two
 * officers are left.
 */
import { ACCOUNT_DEFAULTS, accountFault } from '../../access/account.js';
import { isUnlimited, rolesPermit } from '../../access/decide.js';
import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant, type Instant, instantOrNull, parseInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import type { Account, AccountLimits, AccountScope } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { type Fault, fault } from '../../texts/text.js';
import type { ActionFailure, ApprovalAction, ApprovedBy } from '../approvals/action.js';
import { notFound } from '../failures.js';
import type { World } from '../world.js';
import {
  type AccountChange,
  type AccountFailure,
  type AccountRights,
  decideNew,
  decideWanted,
  type NewAccount,
  type RightsChange,
  writeChanged,
  writeNew,
} from './change-account.js';

type Members = { readonly [member: string]: Json };

/** `account`: its id. `reason`: why; it has no personal data. */
export type AccountSubject = { readonly account: string; readonly reason: string };
/** A statement is read by people, so the end of the account is RFC 3339. */
type StatedRights<Rights> = Omit<Rights, 'expiresAt'> & { readonly expiresAt?: string | null };
/** Rights that are left out stay as they are. */
export type RightsSubject = AccountSubject & StatedRights<RightsChange>;
export type NewAccountSubject = AccountSubject &
  AccountScope &
  StatedRights<Pick<NewAccount, 'name' | 'roles' | 'networks' | 'structure'>> & {
    readonly limits?: Partial<AccountLimits>;
    /** The id of the certificate of this platform with which it authenticates. */
    readonly certificate: string;
  };

const COMMON = {
  needs: 'change-accounts',
  about: () => 'everything' as const,
  keyOf: ({ account }: AccountSubject) => account,
} as const;

export const newAccount: ApprovalAction<NewAccountSubject & Members> = {
  ...COMMON,
  name: 'account.add',
  prepare: async (world, tx, subject) => {
    const { account: id, certificate } = subject;
    const record = await tx.certificateById(certificate);
    const broken = certificateFault(world, certificate, record);
    if (record === null || broken !== null)
      return conflict(broken ?? fault('account-certificate', { id: certificate }));
    const { issuer, spkiSha256, serial, notAfter } = record;
    const added = { id, ...newRights(subject), credentials: [{ issuer, spkiSha256 }] };
    const decided = decideNew(await tx.accounts(), added, world.clock());
    if (!decided.ok) return refused(decided.error);
    return ok({
      columns: null,
      shown: { issuer, serial, spkiSha256, notAfter: formatInstant(notAfter) },
      execute: async (by) => {
        await writeNew(tx, { ...decided.value, createdAt: by.now }, writtenBy(by));
        return { result: null, changed: [] };
      },
    });
  },
};

/** Why an account cannot authenticate with this certificate; null: it can. */
export function certificateFault(
  { policy, clock }: Pick<World, 'policy' | 'clock'>,
  id: string,
  record: CertificateRecord | null,
): Fault | null {
  if (record === null || statusOf(record, clock()) !== 'issued') return fault('account-certificate', { id });
  const { profile } = record;
  const isForClients = policy.profiles.get(profile)?.extendedKeyUsage.includes('clientAuth') === true;
  return isForClients ? null : fault('account-certificate/usage', { id, profile });
}

function changing<Subject extends AccountSubject>(
  name: string,
  changeOf: (subject: Subject) => AccountChange,
): ApprovalAction<Subject & Members> {
  return {
    ...COMMON,
    name,
    changedAccount: ({ account }) => account,
    prepare: async (world, tx, subject) => {
      const accounts = await tx.accounts();
      const decided = decideWanted(accounts, { id: subject.account, change: changeOf(subject) });
      if (!decided.ok) return refused(decided.error);
      const { before, after } = decided.value;
      const changed = accounts.map((one) => (one.id === after.id ? after : one));
      const now = world.clock();
      if (canDecide(accounts, now) && !canDecide(changed, now)) return conflict(fault('account-officers-remain'));
      return ok({
        columns: columnsOf(before),
        shown: shownOf(before),
        execute: async (by: ApprovedBy) => {
          await writeChanged(tx, decided.value, writtenBy(by));
          return { result: null, changed: [] };
        },
      });
    },
  };
}

export const changeRights = changing<RightsSubject>('account.change', ({ account: _, reason: __, ...rights }) => ({
  rights: rightsIn(rights),
}));
export const disableAccount = changing<AccountSubject>('account.disable', () => 'disable');
export const enableAccount = changing<AccountSubject>('account.enable', () => 'enable');

/** The rights alone: a subject of a newer program may have other members. */
function rightsIn(subject: StatedRights<RightsChange>): RightsChange {
  const { name, roles, profiles, structures, domains, holders, limits, networks, structure } = subject;
  const expiresAt = endIn(subject);
  const rights = { name, roles, profiles, structures, domains, holders, limits, networks, expiresAt, structure };
  return Object.fromEntries(Object.entries(rights).filter(([, value]) => value !== undefined));
}

/** The rights of a new account; what the subject leaves out is as in `ACCOUNT_DEFAULTS`. */
function newRights(subject: NewAccountSubject): AccountRights {
  const { name, roles, profiles, structures, domains, holders, limits, networks, structure } = subject;
  return {
    name,
    roles,
    scope: { profiles, structures, domains, holders },
    limits: { ...ACCOUNT_DEFAULTS.limits, ...limits },
    networks: networks ?? ACCOUNT_DEFAULTS.networks,
    expiresAt: endIn(subject) ?? ACCOUNT_DEFAULTS.expiresAt,
    structure: structure ?? ACCOUNT_DEFAULTS.structure,
  };
}

/** undefined: the subject does not name it. */
function endIn({ expiresAt }: StatedRights<RightsChange>): Instant | null | undefined {
  if (expiresAt === undefined || expiresAt === null) return expiresAt;
  return present(parseInstant(expiresAt), 'an end that was checked at the request');
}

/** Whether two officers are left who can decide about everything. */
function canDecide(accounts: readonly Account[], now: Instant): boolean {
  const deciding = accounts.filter(
    (one) => accountFault(one, now) === null && rolesPermit(one.roles, 'approve') && isUnlimited(one.scope),
  );
  return deciding.length >= 2;
}

function writtenBy({ at, officers, approval }: ApprovedBy) {
  return { at, by: { officers, approval } };
}

function columnsOf({ credentials, disabled, ...account }: Account): Json {
  const { name, roles, scope, limits, networks, expiresAt, structure } = account;
  return {
    name,
    roles,
    scope: { ...scope },
    limits: { ...limits },
    networks,
    expiresAt,
    structure,
    credentials,
    disabled,
  };
}

/** A scope whose JSON is longer is shown by the lengths of its lists, and by its SHA-256. */
const SHOWN_SCOPE_BYTES_MAX = 2_048;

function shownOf({ disabled, createdAt, ...account }: Account): Members {
  const { name, roles, scope, limits, networks, expiresAt, structure } = account;
  return {
    name,
    roles,
    scope: shownScope(scope),
    limits: { ...limits },
    networks,
    expiresAt: instantOrNull(expiresAt),
    structure,
    enabled: !disabled,
    createdAt: formatInstant(createdAt),
  };
}

function shownScope(scope: AccountScope): Json {
  const bytes = utf8(canonicalJson({ ...scope }));
  if (bytes.length <= SHOWN_SCOPE_BYTES_MAX) return { ...scope };
  const counts = Object.entries(scope).map(([list, values]) => [list, values.length] as const);
  return { ...Object.fromEntries(counts), sha256: sha256Hex(bytes) };
}

function refused(failure: AccountFailure): Result<never, ActionFailure> {
  switch (failure.kind) {
    case 'account-unknown':
      return err(notFound('no-account', { id: failure.id }));
    case 'account-exists':
      return conflict(fault('account-exists', { id: failure.id }));
    case 'credential-taken':
      return conflict(fault('account-key-free', { account: failure.account }));
    case 'break-glass-is-for-officers':
      return conflict(fault('account-break-glass'));
    case 'structure-out-of-scope':
      return conflict(fault('account-structure', { id: failure.id }));
    case 'nothing-to-change':
      return conflict(fault('account-differs', { id: failure.id }));
    default:
      throw new Error(`a decision about accounts that has read the database: ${failure.kind}`);
  }
}

function conflict(broken: { readonly rule: string; readonly message: Bilingual }): Result<never, ActionFailure> {
  return err({ kind: 'state-conflict', ...broken });
}
