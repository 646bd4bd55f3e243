/** Requests by EST and CMP, which name their holder or use a registration. */
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { type EnrolCommand, enrol } from '../../../../src/operations/enrolment/enrol.js';
import { composeName, subjectOf } from '../../../../src/policy/plan/subject.js';
import type { Registration } from '../../../../src/ports/store/enrolment/registrations.js';
import { readCertificationRequest } from '../../../../src/x509/request/certification-request.js';
import { registration } from '../../../support/enrolment/registrations.js';
import { professionalId } from '../../../support/service/orders.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, commandOf, type StageRequest } from '../stage.js';

const ORGANISATION: StageRequest = { number: 8, profiles: ['elementaire/org-auth-cli'], key: 'enrolled' };
const CARD: StageRequest = { number: 9, profiles: ['fort/cps-authentication'], key: 'enrolled' };

/** The card of a holder that an office has registered. */
function registeredIn({ stage }: Service): Registration {
  const { order } = present(commandOf(stage, CARD).applications[0], 'application');
  return registration(2, {
    accountId: CARD_MANAGEMENT.id,
    createdAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    holderId: professionalId(CARD.number),
    ...(order as unknown as Pick<Registration, 'holder' | 'card' | 'identity' | 'keyOrigin'>),
    uses: [{ profile: order.profile, certificateId: null }],
  });
}

/** `subject`: of the order, as a client writes it that knows the holder. */
async function commandFor(
  { stage }: Service,
  asked: StageRequest,
  principal: EnrolCommand['principal'],
): Promise<EnrolCommand> {
  const { applications, idempotency } = commandOf(stage, asked);
  const { csr, order } = present(applications[0], 'application');
  const read = accept(await readCertificationRequest(csr));
  const profile = present(stage.policy.profiles.get(order.profile), order.profile);
  return {
    principal,
    protocol: principal.kind === 'account' ? 'est' : 'cmp',
    profile: order.profile,
    request: { key: read.key, subject: composeName(subjectOf(profile, order), order) },
    requested: { extensions: [] },
    claim: present(idempotency, 'claim'),
  };
}

const enrolled =
  (asked: StageRequest, principalOf: (service: Service) => EnrolCommand['principal']) =>
  async (service: Service): Promise<Answer> => {
    const issued = await enrol(service.world, await commandFor(service, asked, principalOf(service)));
    return issued.ok ? ok([reportOf(issued.value.record)]) : issued;
  };

export const ENROLMENT: readonly Scenario[] = [
  {
    name: 'enrol by EST, the holder is in the request',
    operation: enrol,
    run: enrolled(ORGANISATION, () => ({ kind: 'account', account: CARD_MANAGEMENT })),
    keyed: { key: 'enrolled', certificates: 1 },
  },
  {
    name: 'enrol by CMP with a registration',
    operation: enrol,
    before: async (service) => {
      const registered = registeredIn(service);
      accept(await service.bare.store.transaction((tx) => tx.insertRegistration(registered)));
    },
    run: enrolled(CARD, (service) => ({
      kind: 'registration',
      registration: registeredIn(service),
      account: CARD_MANAGEMENT,
    })),
    keyed: { key: 'enrolled', certificates: 1 },
  },
];
