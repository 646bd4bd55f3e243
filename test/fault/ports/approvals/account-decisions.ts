/** What two officers decide about accounts. */
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { addAccount } from '../../../../src/operations/accounts/change-account.js';
import { readAccountUsage } from '../../../../src/operations/accounts/read-usage.js';
import { type AccountRequest, requestAccount } from '../../../../src/operations/accounts/request-account.js';
import { decideApproval } from '../../../../src/operations/approvals/decide.js';
import { renewSelf } from '../../../../src/operations/enrolment/renew-self.js';
import { issueCertificates } from '../../../../src/operations/issuance/issue.js';
import { readProfile } from '../../../../src/operations/policy/read-policy.js';
import type { World } from '../../../../src/operations/world.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import { askedBy } from '../../../support/enrolment/asked.js';
import { superseding } from '../../../support/enrolment/superseding.js';
import type { Scenario } from '../scenarios/all.js';
import { approveLast, FIRST, twoOfficers } from '../scenarios/approvals.js';
import { accept, idOf, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, commandOf, OFFICER, ORGANISATIONS } from '../stage.js';

const CLERK = 'clerk';
const REASON = 'a new colleague';
const SCOPE = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

const LIMITED = { ...CARD_MANAGEMENT, id: 'limited', limits: { perDay: 10, perHour: 5, inFlight: null } };
const LIMITED_REQUEST = { number: 5, profiles: ['fort/cps-authentication'], key: 'limited' } as const;

const SUCCESSOR = { number: 9, profiles: ['elementaire/org-auth-cli'], key: 'successor' } as const;

async function organisation(service: Service): Promise<CertificateRecord> {
  const found = await service.bare.store.read((reads) => reads.certificateById(idOf(service, 'organisation')));
  return present(accept(found), 'the certificate of the organisation');
}

const ask = (world: World, request: AccountRequest) =>
  requestAccount({ world, accountAuthorities: [ORGANISATIONS] }, { account: FIRST }, request);

function added(service: Service): AccountRequest {
  const certificate = idOf(service, 'organisation');
  const subject = { account: CLERK, name: 'clerk', roles: ['auditor'], ...SCOPE, certificate, reason: REASON };
  return { action: 'add', subject };
}

async function withClerk(service: Service): Promise<void> {
  await twoOfficers(service);
  const credentials = [{ issuer: 'aci-el-org' as IssuerId, spkiSha256: '1'.repeat(64) }];
  const clerk = { id: CLERK, name: 'clerk', roles: ['auditor'], scope: SCOPE, credentials };
  accept(await addAccount(service.bare, clerk, { login: 'operator' }));
}

const CHANGES: readonly AccountRequest[] = [
  { action: 'change', subject: { account: CLERK, roles: ['officer'], reason: REASON } },
  { action: 'disable', subject: { account: CLERK, reason: REASON } },
];

export const ACCOUNT_DECISIONS: readonly Scenario[] = [
  {
    name: 'request a new account',
    operation: requestAccount,
    before: twoOfficers,
    run: async (service) => {
      const asked = await ask(service.world, added(service));
      return asked.ok ? ok([]) : asked;
    },
  },
  {
    name: 'approve account.add',
    operation: decideApproval,
    before: async (service) => {
      await twoOfficers(service);
      accept(await ask(service.bare, added(service)));
    },
    run: approveLast,
    orTold: ['approval-ended'],
  },
  ...CHANGES.map(
    (request): Scenario => ({
      name: `approve account.${request.action}`,
      operation: decideApproval,
      before: async (service) => {
        await withClerk(service);
        accept(await ask(service.bare, request));
      },
      run: approveLast,
      orTold: ['approval-ended'],
    }),
  ),
  {
    name: 'issue, for an account with limits',
    operation: issueCertificates,
    before: async ({ bare }) => accept(await addAccount(bare, LIMITED, { login: 'operator' })),
    run: async ({ world, stage }) => {
      const issued = await issueCertificates(world, { ...commandOf(stage, LIMITED_REQUEST), account: LIMITED });
      return issued.ok ? ok(issued.value.map(reportOf)) : issued;
    },
    keyed: { key: 'limited', certificates: 1 },
  },
  {
    name: 'renew the certificate of an account by itself, which is superseded',
    operation: renewSelf,
    before: async (service) => {
      const { issuer, spkiSha256 } = await organisation(service);
      const renewing = { ...CARD_MANAGEMENT, id: 'renewing', credentials: [{ issuer, spkiSha256 }] };
      accept(await addAccount(service.bare, renewing, { login: 'operator' }));
    },
    run: async (service) => {
      const { id, issuer, serial, profile } = await organisation(service);
      const certificate = { id, issuer, serial, profile, cardTokenId: null, isForAuthentication: true } as const;
      const { applications, idempotency } = commandOf(service.stage, SUCCESSOR);
      const renewed = await renewSelf(
        { ...service.world, policy: superseding(service.world.policy) },
        {
          principal: { kind: 'self', via: 'est', certificate: { ...certificate, selfService: ['renew-self'] } },
          ...(await askedBy(present(applications[0], 'application').csr)),
          claim: idempotency,
        },
      );
      return renewed.ok ? ok([reportOf(renewed.value.record)]) : renewed;
    },
    keyed: { key: 'successor', certificates: 1 },
  },
  {
    name: 'read what an account uses',
    operation: readAccountUsage,
    before: withClerk,
    run: async ({ world }) => {
      const usage = await readAccountUsage(world, OFFICER, CLERK);
      return usage.ok ? ok([]) : usage;
    },
  },
  {
    name: 'read a profile with its newest certificate',
    operation: readProfile,
    run: async ({ world }) => {
      const profile = await readProfile(world, OFFICER, 'elementaire/org-auth-cli');
      return profile.ok ? ok([]) : profile;
    },
  },
];
