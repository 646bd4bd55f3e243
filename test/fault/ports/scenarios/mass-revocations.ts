/** Mass revocations. The stage has an issued, a suspended and a revoked organisation. */
import { processMassRevocationsJob } from '../../../../src/jobs/mass-revocation.js';
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import {
  cancelMassRevocation,
  massRevocationResults,
  previewMassRevocation,
  readMassRevocation,
  submitMassRevocation,
} from '../../../../src/operations/revocation/mass-revocation.js';
import { revokeCertificate } from '../../../../src/operations/revocation/revoke.js';
import { workMassRevocation } from '../../../../src/operations/revocation/work-mass-revocation.js';
import type { RevocationSelection } from '../../../../src/ports/store/mass-revocations.js';
import { EVERY_CERTIFICATE } from '../../../support/db/records.js';
import { stillWorldOf, workDue } from '../../../support/job-run.js';
import { accept, idOf, type Service } from '../service.js';
import { OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const ORGANISATIONS: RevocationSelection = { ...EVERY_CERTIFICATE, profile: 'elementaire/org-auth-cli' };

const claim = { account: OFFICER.id, route: 'POST /v1/revocations', key: 'mass' };
const selected = (selection: RevocationSelection) => ({ account: OFFICER, selection, serverKeys: [] });
/** As the officer types it after the preview. */
async function commandFor({ bare }: Service, selection: RevocationSelection) {
  const { matched: count } = accept(await previewMassRevocation(bare, selected(selection)));
  return {
    ...({ ...selected(selection), reason: 'superseded', invalidityDate: null } as const),
    expected: { count, accounts: [], platform: [] },
    idempotency: { claim, bodySha256: 'c'.repeat(64) },
  };
}

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

const submitted = async (service: Service) =>
  submitMassRevocation({ ...service.bare, requestId: 'of-the-order' }, await commandFor(service, ORGANISATIONS));
const submit =
  (selection: RevocationSelection) =>
  async (service: Service): Promise<Answer> =>
    answerOf(await submitMassRevocation(service.world, await commandFor(service, selection)));

async function orderOf({ bare }: Service): Promise<string> {
  const claimed = { claim, bodySha256: 'c'.repeat(64) };
  const [found] = accept(await bare.store.read((reads) => reads.peekClaims([claimed])));
  return found?.kind === 'done' ? (found.result as { readonly id: string }).id : '';
}

export const MASS: readonly Scenario[] = [
  {
    name: 'preview a mass revocation',
    operation: previewMassRevocation,
    run: async ({ world }) => answerOf(await previewMassRevocation(world, selected(ORGANISATIONS))),
  },
  {
    name: 'submit a mass revocation, under a key',
    operation: submitMassRevocation,
    run: submit(ORGANISATIONS),
  },
  {
    name: 'submit a mass revocation that finds nothing',
    operation: submitMassRevocation,
    run: submit({ ...EVERY_CERTIFICATE, spkiSha256: '0'.repeat(64) }),
    orTold: ['not-found'],
  },
  {
    name: 'submit a mass revocation, what was submitted under this key',
    operation: submitMassRevocation,
    before: submitted,
    run: submit(ORGANISATIONS),
  },
  {
    name: 'work off a mass revocation, of which one was revoked meanwhile',
    operation: workMassRevocation,
    before: async (service) => {
      await submitted(service);
      const command = { account: OFFICER, reason: 'keyCompromise', invalidityDate: null } as const;
      accept(await revokeCertificate(service.bare, idOf(service, 'suspended'), command));
    },
    run: async ({ world }) => {
      await workDue(processMassRevocationsJob, world, stillWorldOf(world.store));
      return ok([]);
    },
  },
  {
    name: 'read a mass revocation',
    operation: readMassRevocation,
    before: submitted,
    run: async (service) => answerOf(await readMassRevocation(service.world, OFFICER, await orderOf(service))),
  },
  {
    name: 'read the results of a mass revocation',
    operation: massRevocationResults,
    before: submitted,
    run: async (service) => {
      const page = { id: present(await orderOf(service), 'order'), after: 0 };
      return answerOf(await massRevocationResults(service.world, OFFICER, page));
    },
  },
  {
    name: 'cancel a mass revocation',
    operation: cancelMassRevocation,
    before: submitted,
    run: async (service) => answerOf(await cancelMassRevocation(service.world, OFFICER, await orderOf(service))),
    // A retry after a restart may find the order cancelled or completed.
    orTold: ['revocation-running'],
  },
];
