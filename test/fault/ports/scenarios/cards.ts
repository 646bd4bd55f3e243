/** Cards and holders: their ends, capabilities, replacements, and what is read of them. */
import { present } from '../../../../src/kernel/assert.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { endReplacements } from '../../../../src/operations/cards/end-replacements.js';
import { findDuplicateKeys } from '../../../../src/operations/cards/find-duplicates.js';
import { listCards, readCard, readHolder } from '../../../../src/operations/cards/read-cards.js';
import { replaceCard } from '../../../../src/operations/cards/replace-card.js';
import { reportCapabilities } from '../../../../src/operations/cards/report-capabilities.js';
import { issueCertificates } from '../../../../src/operations/issuance/issue.js';
import { revokeCard, revokeHolder } from '../../../../src/operations/revocation/revoke-all.js';
import { professionalId, tokenId } from '../../../support/service/orders.js';
import { accept, idOf, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, claimRequest, commandOf, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

/** The holder of the stage whose card has certificates, and the new card. */
const HOLDER = 0;
const CARD = tokenId(HOLDER);
const NEW_CARD = tokenId(90);
/** No other scenario of this file has the key of this number. */
const NEW_KEY = 9;

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

const ENDED = { account: OFFICER, reason: 'unspecified', invalidityDate: null } as const;
const CAPABILITIES = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 } as const;

/** A certificate of the holder of the stage on the new card. */
async function issueOnNewCard({ bare, stage }: Service): Promise<void> {
  const { applications, ...command } = commandOf(stage, {
    number: NEW_KEY,
    profiles: ['fort/cps-authentication'],
    key: null,
  });
  const [holders] = commandOf(stage, { number: HOLDER, profiles: ['fort/cps-authentication'], key: null }).applications;
  const { holder } = present(holders, 'an application of the holder').order;
  const onNewCard = applications.map(({ order, ...rest }) => ({
    ...rest,
    order: { ...order, holder, card: { tokenId: NEW_CARD, product: 'cps' as const } },
  }));
  accept(await issueCertificates(bare, { ...command, applications: onNewCard }));
}

const replace = (world: Service['world'], overlapMs: number = DAY_MS) =>
  replaceCard(world, CARD, {
    account: CARD_MANAGEMENT,
    by: NEW_CARD,
    overlapMs,
    idempotency: claimRequest(CARD_MANAGEMENT, 'replace'),
  });

async function replaced(service: Service): Promise<void> {
  await issueOnNewCard(service);
  accept(await replace(service.bare));
}

const report = (tokenIdOfCard: string) => async (service: Service) =>
  answerOf(
    await reportCapabilities(service.world, tokenIdOfCard, { account: CARD_MANAGEMENT, capabilities: CAPABILITIES }),
  );

export const CARDS_AND_HOLDERS: readonly Scenario[] = [
  {
    name: 'oppose a card that was to replace another one',
    operation: revokeCard,
    before: replaced,
    run: async ({ world }) => {
      const revoked = await revokeCard(world, NEW_CARD, ENDED);
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
  },
  {
    name: 'oppose a card that was to replace another one, and has no certificate yet',
    operation: revokeCard,
    before: ({ bare }) => replace(bare),
    run: async ({ world }) => {
      const revoked = await revokeCard(world, NEW_CARD, ENDED);
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
  },
  {
    name: 'bar a holder whose card is being replaced',
    operation: revokeHolder,
    before: replaced,
    run: async ({ world }) => {
      const barred = await revokeHolder(world, professionalId(HOLDER), { ...ENDED, reason: 'privilegeWithdrawn' });
      return barred.ok ? ok(barred.value.map(reportOf)) : barred;
    },
  },
  { name: 'report what a known card can do', operation: reportCapabilities, run: report(CARD) },
  { name: 'report what an unknown card can do', operation: reportCapabilities, run: report(NEW_CARD) },
  {
    name: 'replace a card',
    operation: replaceCard,
    run: async ({ world }) => answerOf(await replace(world)),
  },
  {
    name: 'end a replacement',
    operation: endReplacements,
    before: async (service) => {
      await issueOnNewCard(service);
      accept(await replace(service.bare, 0));
    },
    run: async ({ world }) => answerOf(await endReplacements(world)),
  },
  {
    name: 'postpone the end of a replacement whose new card has no certificate',
    operation: endReplacements,
    before: ({ bare }) => replace(bare, 0),
    run: async ({ world }) => answerOf(await endReplacements(world)),
  },
  {
    name: 'read a card',
    operation: readCard,
    run: async ({ world }) => answerOf(await readCard(world, OFFICER, CARD)),
  },
  {
    name: 'read a card that has no certificate yet, with an account of some profiles',
    operation: readCard,
    before: async ({ bare }) => accept(await replace(bare)),
    run: async ({ world }) => {
      const account = { ...OFFICER, scope: { ...OFFICER.scope, profiles: ['fort/*'] } };
      return answerOf(await readCard(world, account, NEW_CARD));
    },
  },
  {
    name: 'list cards',
    operation: listCards,
    run: async ({ world }) =>
      answerOf(
        await listCards(world, OFFICER, { state: 'in-use', holderId: professionalId(HOLDER), after: '', limit: 9 }),
      ),
  },
  {
    name: 'read a holder',
    operation: readHolder,
    run: async ({ world }) => answerOf(await readHolder(world, OFFICER, professionalId(HOLDER))),
  },
  {
    name: 'read a holder who has no card',
    operation: readHolder,
    run: async (service) => {
      const { bare, world } = service;
      const found = accept(await bare.store.read((reads) => reads.certificateById(idOf(service, 'organisation'))));
      return answerOf(await readHolder(world, OFFICER, present(found, 'the organisation').holderId));
    },
  },
  {
    name: 'find keys that two cards have',
    operation: findDuplicateKeys,
    run: async ({ world }) =>
      answerOf(await world.store.read((reads) => findDuplicateKeys(reads, { after: '', limit: 9 }))),
  },
];
