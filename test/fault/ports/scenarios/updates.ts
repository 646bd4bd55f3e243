/** Remote updates of a card: begin, writing, the words of the card, timers, and two officers. */
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { addAccount } from '../../../../src/operations/accounts/change-account.js';
import { decideApproval } from '../../../../src/operations/approvals/decide.js';
import { listApprovals } from '../../../../src/operations/approvals/read.js';
import { requestApproval } from '../../../../src/operations/approvals/request.js';
import { recoverIntents } from '../../../../src/operations/issuance/recover.js';
import { blockKey } from '../../../../src/operations/keys/block-key.js';
import { revokeCertificate } from '../../../../src/operations/revocation/revoke.js';
import { revokeCard } from '../../../../src/operations/revocation/revoke-all.js';
import { abandonUnwritten } from '../../../../src/operations/updates/abandon.js';
import { acceptStatement } from '../../../../src/operations/updates/accept-statement.js';
import { beginUpdate } from '../../../../src/operations/updates/begin.js';
import { decideUpdate } from '../../../../src/operations/updates/decide.js';
import { workDueUpdates } from '../../../../src/operations/updates/due.js';
import { listUpdates, listUpdatesOfCard, readUpdate } from '../../../../src/operations/updates/read.js';
import { readUpdateLife } from '../../../../src/operations/updates/read-life.js';
import { beginWriting } from '../../../../src/operations/updates/writing.js';
import type { Account } from '../../../../src/ports/store/accounts.js';
import type { CardUpdate } from '../../../../src/ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import { assembleCertificate } from '../../../../src/x509/certificate/certificate-writer.js';
import { keyOfRfc9500, makeCsr } from '../../../support/service/csr.js';
import { knownKey } from '../../../support/updates/known-key.js';
import { CAPABILITIES } from '../../../support/updates/remote-card.js';
import { sha256Of } from '../../../support/updates/statements.js';
import { accept, recoverEach, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';
import { opened } from './campaigns.js';
import { issueKnownCard, KNOWN_CARD, PLATFORM, proofWith, recordOf } from './proofs.js';

const PROFILE = 'fort/cps-authentication';
const NEW_KEY = 'the new key of the card';
const [FIRST, SECOND] = ['officer-c', 'officer-d'].map((id): Account => ({ ...OFFICER, id })) as [Account, Account];
const REVOKED = { account: OFFICER, reason: 'superseded', invalidityDate: null } as const;

const answerOf = (result: Result<unknown, { readonly kind: string; readonly rule?: string }>): Answer =>
  result.ok ? ok([]) : result;
const shownOf = (
  result: Result<{ readonly certificates: readonly CertificateRecord[] }, { readonly kind: string }>,
): Answer => (result.ok ? ok(result.value.certificates.map(reportOf)) : result);

async function sha256sOf({ bare }: Service): Promise<readonly string[]> {
  const found = accept(await bare.store.read((reads) => reads.certificatesOfCards([KNOWN_CARD])));
  return found.flatMap(({ issuer, tbs, signature }) => {
    const { signatureAlgorithm } = present(bare.issuers.byId(issuer), issuer);
    return signature === null ? [] : [sha256Of(assembleCertificate(tbs, signatureAlgorithm, signature))];
  });
}

/** `world`: the one under test, or the one that nothing happens to. */
async function begin(
  service: Service,
  world: Service['world'] = service.world,
  { spareContainers = CAPABILITIES.spareContainers }: { readonly spareContainers?: number } = {},
) {
  const csr = makeCsr(knownKey(NEW_KEY));
  const der = Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const { id } = await recordOf(service);
  const [present] = await sha256sOf(service);
  const statement = { verb: 'begin', requests: [{ csrSha256: sha256Of(der), profile: PROFILE }], onCard: [present] };
  return beginUpdate(
    { ...world, platformKey: PLATFORM },
    {
      account: CARD_MANAGEMENT,
      cardTokenId: KNOWN_CARD,
      requests: [{ profile: PROFILE, csr, keyOrigin: 'card' }],
      identity: null,
      proof: await proofWith(service, statement, { key: keyOfRfc9500().privateKey, id }),
      capabilities: { ...CAPABILITIES, spareContainers },
      channel: 'none',
      reader: 'Reader 5',
      middleware: 'CryptoLib 5.1',
      route: 'POST /v1/cards/known/updates',
      idempotency: null,
    },
  );
}

async function begun(service: Service): Promise<void> {
  await issueKnownCard(service);
  accept(await begin(service, service.bare));
}

async function begunInCampaign(service: Service): Promise<void> {
  await inCampaign(service);
  accept(await begin(service, service.bare));
}

async function inCampaign(service: Service): Promise<void> {
  await issueKnownCard(service);
  await opened(service);
}

/** The signer goes away while the update begins. */
async function leftOpen(service: Service): Promise<void> {
  await issueKnownCard(service);
  service.signer.away = true;
  await begin(service, service.bare);
  service.signer.away = false;
}

async function updateOf({ bare }: Service): Promise<CardUpdate> {
  const page = { cardTokenId: KNOWN_CARD, state: null, before: null, limit: 1 } as const;
  const [update] = accept(await bare.store.read((reads) => reads.updatesPage(page)));
  return present(update, 'an update');
}

async function nameOf(service: Service) {
  return { cardTokenId: KNOWN_CARD, id: (await updateOf(service)).id };
}

/** `foreign`: the card also holds a certificate that nobody has made for it. */
async function state(
  service: Service,
  verb: 'confirm' | 'abandon',
  { world = service.world, foreign = false }: { readonly world?: Service['world']; readonly foreign?: boolean } = {},
) {
  const { id, newIds } = await updateOf(service);
  const hashes = [...(await sha256sOf(service)), ...(foreign ? ['f'.repeat(64)] : [])];
  const onCard = verb === 'confirm' ? hashes : hashes.slice(0, 1);
  const signer =
    verb === 'confirm'
      ? { key: knownKey(NEW_KEY).privateKey, id: present(newIds[0], 'a new certificate') }
      : { key: keyOfRfc9500().privateKey, id: (await recordOf(service)).id };
  const proof = await proofWith(service, { verb, update: id, onCard }, signer);
  const name = { cardTokenId: KNOWN_CARD, id };
  return acceptStatement({ ...world, platformKey: PLATFORM }, { account: CARD_MANAGEMENT, name, verb, proof });
}

/** Its time is over. */
async function due(service: Service): Promise<void> {
  const { id, version, state, stateAt } = await updateOf(service);
  const change = { id, version, from: state, state, stateAt, dueAt: 1 };
  accept(await service.bare.store.transaction((tx) => tx.changeUpdates([change])));
}

async function expired(service: Service): Promise<void> {
  await begun(service);
  await due(service);
}

async function undetermined(service: Service): Promise<void> {
  await expired(service);
  accept(await workDueUpdates(service.bare));
}

async function overlapOver(service: Service): Promise<void> {
  await begun(service);
  accept(await state(service, 'confirm', { world: service.bare }));
  await due(service);
}

async function decisionRequested(service: Service, outcome: 'confirmed' | 'abandoned'): Promise<void> {
  const { bare } = service;
  await undetermined(service);
  for (const one of [FIRST, SECOND]) accept(await addAccount(bare, one, { login: 'operator' }));
  const subject = { update: (await updateOf(service)).id, outcome, reason: 'its holder was asked' };
  accept(await requestApproval(bare, decideUpdate, { account: FIRST, subject }));
}

async function approve(service: Service, world: Service['world'] = service.world): Promise<Answer> {
  const filter = { state: undefined, limit: 10, before: null } as const;
  const { approvals } = accept(await listApprovals(service.bare, FIRST, filter));
  const { id } = present(approvals[0], 'a request');
  return answerOf(await decideApproval(world, SECOND, { id, decision: 'approve' }));
}

async function decidedAbandoned(service: Service): Promise<void> {
  await decisionRequested(service, 'abandoned');
  accept(await approve(service, service.bare));
}

const work = async ({ world }: Service): Promise<Answer> => answerOf(await workDueUpdates(world));

export const UPDATES: readonly Scenario[] = [
  {
    name: 'begin an update of a card',
    operation: beginUpdate,
    before: issueKnownCard,
    run: async (service) => shownOf(await begin(service)),
  },
  {
    name: 'begin an update of a card of a campaign, which gives it its place',
    operation: beginUpdate,
    before: inCampaign,
    run: async (service) => shownOf(await begin(service)),
  },
  {
    name: 'send a card of a campaign to a desk that has no room for new keys',
    operation: beginUpdate,
    before: inCampaign,
    run: async (service) => {
      const refused = await begin(service, service.world, { spareContainers: 0 });
      return !refused.ok && refused.error.kind === 'card-to-desk' ? ok([]) : answerOf(refused);
    },
  },
  {
    name: 'begin the same update again',
    operation: beginUpdate,
    before: begun,
    run: async (service) => shownOf(await begin(service)),
  },
  {
    name: 'recover an update that was left between its two transactions',
    operation: recoverIntents,
    before: leftOpen,
    run: async ({ world }) => answerOf(await recoverEach(world)),
  },
  {
    name: 'give up an update whose new key was blocked',
    operation: recoverIntents,
    before: async (service) => {
      await leftOpen(service);
      const [open] = accept(
        await service.bare.store.read((reads) => reads.openIntents({ run: service.bare.run, limit: 1 })),
      );
      const key = present(open, 'an intent').spkiSha256;
      accept(await addAccount(service.bare, FIRST, { login: 'operator' }));
      accept(await blockKey(service.bare, key, { officer: FIRST.id, reason: 'leaked', login: 'operator' }));
    },
    run: async ({ world }) => answerOf(await recoverEach(world)),
  },
  {
    name: 'announce that a card is written',
    operation: beginWriting,
    before: begun,
    run: async (service) => shownOf(await beginWriting(service.world, CARD_MANAGEMENT, await nameOf(service))),
  },
  {
    name: 'confirm an update by the new key',
    operation: acceptStatement,
    before: begun,
    run: async (service) => shownOf(await state(service, 'confirm')),
  },
  {
    name: 'abandon an update by the old key',
    operation: acceptStatement,
    before: begun,
    run: async (service) => shownOf(await state(service, 'abandon')),
  },
  {
    name: 'contradict what officers have decided',
    operation: acceptStatement,
    before: decidedAbandoned,
    run: async (service) => {
      const stated = await state(service, 'confirm');
      return !stated.ok && stated.error.kind === 'card-to-desk' ? ok([]) : answerOf(stated);
    },
  },
  {
    name: 'send a card of a campaign to a desk that holds a foreign certificate',
    operation: acceptStatement,
    before: begunInCampaign,
    run: async (service) => {
      const stated = await state(service, 'confirm', { foreign: true });
      return !stated.ok && stated.error.kind === 'card-to-desk' ? ok([]) : answerOf(stated);
    },
  },
  {
    name: 'abandon an update that was not written',
    operation: abandonUnwritten,
    before: begun,
    run: async (service) => shownOf(await abandonUnwritten(service.world, CARD_MANAGEMENT, await nameOf(service))),
  },
  {
    name: 'read an update',
    operation: readUpdate,
    before: begun,
    run: async (service) => shownOf(await readUpdate(service.world, CARD_MANAGEMENT, await nameOf(service))),
  },
  {
    name: 'read the life of an update',
    operation: readUpdateLife,
    before: begun,
    run: async (service) => answerOf(await readUpdateLife(service.world, OFFICER, (await nameOf(service)).id)),
  },
  {
    name: 'read the life of an update of a campaign',
    operation: readUpdateLife,
    before: begunInCampaign,
    run: async (service) => answerOf(await readUpdateLife(service.world, OFFICER, (await nameOf(service)).id)),
  },
  {
    name: 'list the updates of a card',
    operation: listUpdatesOfCard,
    before: begun,
    run: async ({ world }) => {
      const filter = { cardTokenId: KNOWN_CARD, state: null, before: null, limit: 10 };
      return answerOf(await listUpdatesOfCard(world, CARD_MANAGEMENT, filter));
    },
  },
  {
    name: 'list the updates of all cards',
    operation: listUpdates,
    before: begun,
    run: async ({ world }) => answerOf(await listUpdates(world, OFFICER, { state: null, before: null, limit: 10 })),
  },
  { name: 'find an update that was not confirmed in time', operation: workDueUpdates, before: expired, run: work },
  { name: 'complete an update whose overlap is over', operation: workDueUpdates, before: overlapOver, run: work },
  {
    name: 'approve that a card holds its new certificates',
    operation: decideApproval,
    before: (service) => decisionRequested(service, 'confirmed'),
    run: approve,
    orTold: ['approval-ended'],
  },
  {
    name: 'approve that a card does not hold its new certificates',
    operation: decideApproval,
    before: (service) => decisionRequested(service, 'abandoned'),
    run: approve,
    orTold: ['approval-ended'],
  },
  {
    name: 'oppose a card that is being updated',
    operation: revokeCard,
    before: begun,
    run: async ({ world }) => {
      const revoked = await revokeCard(world, KNOWN_CARD, { ...REVOKED, reason: 'keyCompromise' });
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
  },
  {
    name: 'revoke the old certificate of an undetermined update',
    operation: revokeCertificate,
    before: undetermined,
    run: async (service) => answerOf(await revokeCertificate(service.world, (await recordOf(service)).id, REVOKED)),
    orTold: ['already-revoked'],
  },
];
