/**
 * What two officers decide about accounts: adding, changing, disabling and enabling them. The
 * machine with the database can do the same by `pfcng account`, which is the way back when no two
 * officers are left.
 */
import { rolesPermit } from '../../access/decide.js';
import { isUnlimited } from '../../access/scope.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { statusOf } from '../../lifecycle/status.js';
import type { Account, AccountScope } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { type Fault, fault, text } from '../../texts/text.js';
import type { ActionFailure, ApprovalAction, ApprovedBy } from '../approvals/action.js';
import type { World } from '../world.js';
import {
  type AccountChange,
  type AccountFailure,
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
/** Rights that are left out stay as they are. */
export type RightsSubject = AccountSubject & RightsChange;
export type NewAccountSubject = AccountSubject &
  AccountScope &
  Pick<NewAccount, 'name' | 'roles' | 'structure'> & {
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
    const { account: id, name, roles, profiles, structures, domains, holders, structure = null, certificate } = subject;
    const record = await tx.certificateById(certificate);
    const broken = certificateFault(world, certificate, record);
    if (record === null || broken !== null)
      return conflict(broken ?? fault('account-certificate', { id: certificate }));
    const { issuer, spkiSha256, serial, notAfter } = record;
    const scope = { profiles, structures, domains, holders };
    const added = { id, name, roles, scope, structure, credentials: [{ issuer, spkiSha256 }] };
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
    prepare: async (_world, tx, subject) => {
      const accounts = await tx.accounts();
      const decided = decideWanted(accounts, { id: subject.account, change: changeOf(subject) });
      if (!decided.ok) return refused(decided.error);
      const { before, after } = decided.value;
      if (canDecide(accounts) && !canDecide(accounts.map((one) => (one.id === after.id ? after : one))))
        return conflict(fault('account-officers-remain'));
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
function rightsIn({ name, roles, profiles, structures, domains, holders, structure }: RightsChange): RightsChange {
  const given = Object.entries({ name, roles, profiles, structures, domains, holders, structure });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Whether two officers are left who can decide about everything. */
function canDecide(accounts: readonly Account[]): boolean {
  const deciding = accounts.filter(
    ({ disabled, roles, scope }) => !disabled && rolesPermit(roles, 'approve') && isUnlimited(scope),
  );
  return deciding.length >= 2;
}

function writtenBy({ at, officers, approval }: ApprovedBy) {
  return { at, by: { officers, approval } };
}

function columnsOf({ name, roles, scope, structure, credentials, disabled }: Account): Json {
  return { name, roles, scope: { ...scope }, structure, credentials, disabled };
}

/** A scope whose JSON is longer is shown by the lengths of its lists, and by its SHA-256. */
const SHOWN_SCOPE_BYTES_MAX = 2_048;

function shownOf({ name, roles, scope, structure, disabled, createdAt }: Account): Members {
  return { name, roles, scope: shownScope(scope), structure, enabled: !disabled, createdAt: formatInstant(createdAt) };
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
      return err({ kind: 'not-found', message: text('no-account', { id: failure.id }) });
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
