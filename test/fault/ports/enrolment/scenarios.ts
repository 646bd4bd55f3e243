/** The uses of registrations, and their secrets. */
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { eraseRegistrations, expireRegistrations } from '../../../../src/operations/enrolment/expire.js';
import { issueRegistered } from '../../../../src/operations/enrolment/issue-registered.js';
import {
  countOpenRegistrations,
  listRegistrations,
  readRegistration,
} from '../../../../src/operations/enrolment/read-registrations.js';
import { type RegisterCommand, register } from '../../../../src/operations/enrolment/register.js';
import { verifyReferenceSecret } from '../../../../src/operations/enrolment/registration-secret.js';
import { renewSecret } from '../../../../src/operations/enrolment/renew-secret.js';
import { withdrawRegistration } from '../../../../src/operations/enrolment/withdraw.js';
import { type IssueCommand, issueCertificates } from '../../../../src/operations/issuance/issue.js';
import { revokeHolder } from '../../../../src/operations/revocation/revoke-all.js';
import type { Registration } from '../../../../src/ports/store/enrolment/registrations.js';
import { registration } from '../../../support/enrolment/registrations.js';
import { professionalId } from '../../../support/service/orders.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, commandOf, OFFICER } from '../stage.js';

const NUMBER = 7;
const PROFILE = 'fort/cps-authentication';
const REGISTERED: Registration = registration(1, {
  accountId: CARD_MANAGEMENT.id,
  createdAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  holderId: professionalId(NUMBER),
  uses: [{ profile: PROFILE, certificateId: null }],
});

/** With the holder of the stage who has this number. */
async function registered(service: Service): Promise<void> {
  const { holder, card, identity, keyOrigin } = registerCommand(service, null).order as unknown as Registration;
  const one = { ...REGISTERED, holder, card, identity, keyOrigin };
  accept(await service.bare.store.transaction((tx) => tx.insertRegistration(one)));
}

function useOf({ stage }: Service, key: string | null): IssueCommand {
  const command = commandOf(stage, { number: NUMBER, profiles: [PROFILE], key });
  return { ...command, registration: { id: REGISTERED.id, acts: true } };
}

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

/** What a professional of the stage may be registered for. */
function registerCommand({ stage }: Service, key: string | null): RegisterCommand {
  const { applications } = commandOf(stage, { number: NUMBER, profiles: [PROFILE], key: null });
  const { profile, ...order } = present(applications[0], 'an application').order;
  const claim = { account: CARD_MANAGEMENT.id, route: 'POST /v1/registrations', key: key ?? '' };
  const idempotency = key === null ? null : { claim, bodySha256: 'b'.repeat(64) };
  return { account: CARD_MANAGEMENT, profiles: [profile], order, expiresAt: null, idempotency };
}

const ENDED = { ...REGISTERED, expiresAt: 1 };
const WITHDRAWN = { ...REGISTERED, state: 'withdrawn', stateAt: 0 } as const;

export const REGISTRATIONS: readonly Scenario[] = [
  {
    name: 'register a holder',
    operation: register,
    run: async (service) => answerOf(await register(service.world, registerCommand(service, 'a holder'))),
  },
  {
    name: 'register a holder again under the same key',
    operation: register,
    before: async (service) => accept(await register(service.bare, registerCommand(service, 'again'))),
    run: async (service) => answerOf(await register(service.world, registerCommand(service, 'again'))),
  },
  {
    name: 'read a registration',
    operation: readRegistration,
    before: registered,
    run: async ({ world }) => answerOf(await readRegistration(world, CARD_MANAGEMENT, REGISTERED.id)),
  },
  {
    name: 'list registrations',
    operation: listRegistrations,
    before: registered,
    run: async ({ world }) => answerOf(await listRegistrations(world, CARD_MANAGEMENT, { limit: 9 })),
  },
  {
    name: 'count the open registrations of an account',
    operation: countOpenRegistrations,
    before: registered,
    run: async ({ world }) => answerOf(await countOpenRegistrations(world, CARD_MANAGEMENT)),
  },
  {
    name: 'withdraw a registration',
    operation: withdrawRegistration,
    before: registered,
    run: async ({ world }) =>
      answerOf(await withdrawRegistration(world, { account: CARD_MANAGEMENT, id: REGISTERED.id })),
  },
  {
    name: 'make a new secret',
    operation: renewSecret,
    before: registered,
    run: async ({ world }) => answerOf(await renewSecret(world, { account: CARD_MANAGEMENT, id: REGISTERED.id })),
  },
  {
    name: 'write that a registration has ended',
    operation: expireRegistrations,
    before: ({ bare }) => bare.store.transaction((tx) => tx.insertRegistration(ENDED)),
    run: async ({ world }) => answerOf(await expireRegistrations(world)),
  },
  {
    name: 'erase the personal data of a registration',
    operation: eraseRegistrations,
    before: ({ bare }) => bare.store.transaction((tx) => tx.insertRegistration(WITHDRAWN)),
    run: async ({ world }) => answerOf(await eraseRegistrations(world)),
  },
  {
    name: 'use a registration by the account of a station',
    operation: issueRegistered,
    before: async (service) => {
      await registered(service);
      accept(await service.bare.store.transaction((tx) => tx.insertAccount(CARD_MANAGEMENT)));
    },
    run: async (service) => {
      const [application] = commandOf(service.stage, { number: NUMBER, profiles: [PROFILE], key: null }).applications;
      const { csr } = present(application, 'an application');
      const claim = { account: CARD_MANAGEMENT.id, route: 'POST /v1/certificates', key: 'station' };
      const command = { profile: PROFILE, csr, idempotency: { claim, bodySha256: 'b'.repeat(64) } };
      const issued = await issueRegistered(service.world, REGISTERED.id, { account: CARD_MANAGEMENT, ...command });
      return issued.ok ? ok([reportOf(issued.value)]) : issued;
    },
    keyed: { key: 'station', certificates: 1 },
  },
  {
    name: 'use the last profile of a registration',
    operation: issueCertificates,
    before: registered,
    run: async (service): Promise<Answer> => {
      const issued = await issueCertificates(service.world, useOf(service, 'registered'));
      return issued.ok ? ok(issued.value.map(reportOf)) : issued;
    },
    keyed: { key: 'registered', certificates: 1 },
  },
  {
    name: 'give a use back, because the holder was barred before the signature',
    operation: revokeHolder,
    before: async (service) => {
      await registered(service);
      service.signer.away = true;
      await issueCertificates(service.bare, useOf(service, null));
      service.signer.away = false;
    },
    run: async ({ world }) => {
      const command = { account: OFFICER, reason: 'privilegeWithdrawn', invalidityDate: null } as const;
      const revoked = await revokeHolder(world, professionalId(NUMBER), command);
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
  },
  {
    name: 'verify a secret',
    operation: verifyReferenceSecret,
    before: registered,
    run: async ({ world }) => {
      const verified = await verifyReferenceSecret(world, REGISTERED.reference, 'wrong');
      return verified.ok ? ok([]) : verified;
    },
  },
];
