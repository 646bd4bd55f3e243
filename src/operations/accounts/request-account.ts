/**
 * Officers ask for an account to be added, changed, disabled or enabled. Everything that the
 * request says is checked here, so that the second officer does not get what cannot be done.
 */
import { isNetwork } from '../../access/networks.js';
import { ROLES } from '../../access/roles.js';
import { addYears, formatInstant, type Instant, parseInstant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { scopeFaults } from '../../policy/rules/account-scope.js';
import { accountStructureViolations, structureScopeViolations } from '../../policy/rules/account-structure.js';
import type { Account, AccountScope } from '../../ports/store/accounts.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Approval } from '../../ports/store/officers/approvals.js';
import { type Violation, violation } from '../../texts/text.js';
import { requestApproval } from '../approvals/request.js';
import type { OperationFailure } from '../failures.js';
import type { ServingContext } from '../serving.js';
import type { World } from '../world.js';
import {
  type AccountSubject,
  certificateFault,
  changeRights,
  disableAccount,
  enableAccount,
  type NewAccountSubject,
  newAccount,
  type RightsSubject,
} from './approved.js';

export type AccountRequest =
  | { readonly action: 'add'; readonly subject: NewAccountSubject }
  | { readonly action: 'change'; readonly subject: RightsSubject }
  | { readonly action: 'disable' | 'enable'; readonly subject: AccountSubject };

type Context = Pick<ServingContext, 'world' | 'accountAuthorities'>;
type Outcome = Promise<Result<Approval, OperationFailure>>;

type Requester = { readonly account: Account; readonly idempotency?: ClaimRequest | null };

export async function requestAccount(context: Context, requester: Requester, request: AccountRequest): Outcome {
  const { world } = context;
  switch (request.action) {
    case 'add': {
      const { subject } = request;
      const { structure = null } = subject;
      const violations = [
        ...rightsViolations(world, subject),
        ...(structure === null ? [] : structureScopeViolations(subject, structure)),
      ];
      if (violations.length > 0) return err({ kind: 'policy-violated', violations });
      const usable = await checkCertificate(context, subject.certificate);
      return usable.ok ? requestApproval(world, newAccount, { ...requester, subject: { ...subject } }) : usable;
    }
    case 'change': {
      const violations = rightsViolations(world, request.subject);
      if (violations.length > 0) return err({ kind: 'policy-violated', violations });
      return requestApproval(world, changeRights, { ...requester, subject: { ...request.subject } });
    }
    case 'disable':
      return requestApproval(world, disableAccount, { ...requester, subject: { ...request.subject } });
    case 'enable':
      return requestApproval(world, enableAccount, { ...requester, subject: { ...request.subject } });
  }
}

type Rights = Partial<AccountScope> & Pick<RightsSubject, 'roles' | 'networks' | 'expiresAt' | 'structure'>;

function rightsViolations({ policy, clock }: World, rights: Rights): readonly Violation[] {
  const given = rights.roles ?? Object.keys(ROLES);
  const { roles = [], profiles = [], structures = [], domains = [], holders = [] } = rights;
  const { networks = [], expiresAt = null, structure = null } = rights;
  const known = Object.keys(ROLES);
  const scope = { profiles, structures, domains, holders };
  return [
    ...(given.length === 0 ? [violation('/roles', 'account-role/none', { roles: known })] : []),
    ...roles.flatMap((role, at) =>
      known.includes(role) ? [] : [violation(`/roles/${at}`, 'account-role', { role, roles: known })],
    ),
    ...scopeFaults(policy, scope).map(({ list, value, message }) =>
      violation(`/scope/${list}/${scope[list].indexOf(value)}`, 'account-scope', { value, expected: message }),
    ),
    ...networks.flatMap((value, at) =>
      isNetwork(value) ? [] : [violation(`/networks/${at}`, 'account-network', { value })],
    ),
    ...(expiresAt === null ? [] : endViolations(expiresAt, clock())),
    ...(structure === null ? [] : accountStructureViolations(policy, structure, clock())),
  ];
}

/** An end in the past is refused: an account that must stop at once is disabled instead. */
function endViolations(expiresAt: string, now: Instant): readonly Violation[] {
  const end = parseInstant(expiresAt);
  if (end !== null && end > now) return [];
  return [violation('/expiresAt', 'account-end', { example: formatInstant(addYears(now, 1)) })];
}

/** The API accepts accounts of the CAs that its configuration names, and of no others. */
async function checkCertificate(
  { world, accountAuthorities }: Context,
  id: string,
): Promise<Result<void, OperationFailure>> {
  const found = await world.store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = found.value;
  const broken = certificateFault(world, id, record);
  if (record === null || broken !== null)
    return err({
      kind: 'policy-violated',
      violations: [{ pointer: '/certificate', ...(broken ?? violation('', 'account-certificate', { id })) }],
    });
  const authority = world.issuers.byId(record.issuer)?.authority ?? record.issuer;
  if (accountAuthorities.includes(authority)) return ok(undefined);
  const places = { authority, authorities: accountAuthorities };
  const violations = [violation('/certificate', 'account-certificate/authority', places)];
  return err({ kind: 'policy-violated', violations });
}
