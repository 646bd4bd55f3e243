/** The uses of registrations, and their secrets. */
import { ok } from '../../../../src/kernel/result.js';
import { verifyReferenceSecret } from '../../../../src/operations/enrolment/registration-secret.js';
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

async function registered({ bare }: Service): Promise<void> {
  accept(await bare.store.transaction((tx) => tx.insertRegistration(REGISTERED)));
}

function useOf({ stage }: Service, key: string | null): IssueCommand {
  const command = commandOf(stage, { number: NUMBER, profiles: [PROFILE], key });
  return { ...command, registration: { id: REGISTERED.id, acts: true } };
}

export const REGISTRATIONS: readonly Scenario[] = [
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
