/** Campaigns, about the cards of the stage. */
import { actOnCampaignDatesJob } from '../../../../src/jobs/campaigns/dates.js';
import { populateCampaignsJob } from '../../../../src/jobs/campaigns/population.js';
import { DAY_MS, MINUTE_MS } from '../../../../src/kernel/duration.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { workCampaignAction } from '../../../../src/operations/campaigns/act.js';
import { createCampaign } from '../../../../src/operations/campaigns/create.js';
import { controlCampaign } from '../../../../src/operations/campaigns/decide.js';
import { sendCardToDesk } from '../../../../src/operations/campaigns/desk.js';
import { passDates } from '../../../../src/operations/campaigns/pass-dates.js';
import { readPending } from '../../../../src/operations/campaigns/pending.js';
import { populatePage } from '../../../../src/operations/campaigns/populate.js';
import {
  listCampaignCards,
  listCampaigns,
  readCampaign,
  readCampaignCards,
  readCampaignCounts,
} from '../../../../src/operations/campaigns/read.js';
import {
  completeList,
  recordNotices,
  recordNoticeUpload,
  storeListedCards,
} from '../../../../src/operations/campaigns/receive-lines.js';
import { reportCapabilities } from '../../../../src/operations/cards/report-capabilities.js';
import { revokeCertificate } from '../../../../src/operations/revocation/revoke.js';
import type { Campaign, CampaignChanges } from '../../../../src/ports/store/cards/campaigns.js';
import { campaignRecord, cardNumber, documentOf } from '../../../support/campaigns/stage.js';
import { NOW } from '../../../support/db/records.js';
import { stillWorldOf, workDue } from '../../../support/job-run.js';
import { tokenId } from '../../../support/service/orders.js';
import { accept, idOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, claimRequest, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

const LISTS = documentOf({
  selection: { kind: 'list' },
  classes: [{ name: 'listed', select: { kind: 'list' }, opensAt: null, capacityPerHour: 60 }],
});
/** The card of the first holder of the stage. */
const CARD = tokenId(0);
const LISTED = { class: 'listed', cards: [CARD] } as const;
/** More than a part of the work on a campaign. */
const CARDS_OF_A_LARGE_CAMPAIGN = 201;
const OFFICER_OF_CARDS = { ...OFFICER, scope: { ...OFFICER.scope, profiles: ['fort/*'] } };

async function campaignOf({ bare }: Service): Promise<Campaign> {
  const [campaign] = accept(
    await bare.store.read((reads) => reads.campaignsPage({ state: undefined, limit: 1, before: null })),
  );
  if (campaign === undefined) throw new Error('a campaign was created before');
  return campaign;
}
export const idOfCampaign = async (service: Service): Promise<string> => (await campaignOf(service)).id;

/** A campaign about all cards of the stage, whose clock was ahead of that of the database. */
const created = async ({ bare }: Service): Promise<void> => {
  const campaign = campaignRecord({ fixedAt: NOW + MINUTE_MS });
  accept(await bare.store.transaction((tx) => tx.insertCampaign(campaign)));
};
/** A campaign that waits for its list, and the officer who uploads it. */
const drafted = async (service: Service): Promise<void> => {
  accept(await createCampaign(service.bare, OFFICER, { document: LISTS }));
  accept(await service.bare.store.transaction((tx) => tx.insertAccount(OFFICER)));
};
export const populated = async (service: Service): Promise<void> => {
  await created(service);
  await workDue(populateCampaignsJob, service.bare, stillWorldOf(service.bare.store));
};
export const changed = async (service: Service, changes: CampaignChanges): Promise<void> => {
  const { id, version } = await campaignOf(service);
  accept(await service.bare.store.transaction((tx) => tx.changeCampaign(id, version, changes)));
};
export const opened = async (service: Service): Promise<void> => {
  await populated(service);
  await changed(service, { state: 'open' });
};
/** Besides the card of the stage, it has cards whose certificates have not been issued yet. */
const openedLarge = async (service: Service): Promise<void> => {
  const { store } = service.bare;
  const facts = { product: 'cps', holderId: null, profession: null };
  const tokenIds = Array.from({ length: CARDS_OF_A_LARGE_CAMPAIGN - 1 }, (_, at) => cardNumber(at));
  const cards = tokenIds.map((cardTokenId) => ({ tokenId: cardTokenId, ...facts }));
  accept(await store.transaction((tx) => tx.putCardsInUse(cards, NOW)));
  await drafted(service);
  const list = { id: await idOfCampaign(service), class: LISTED.class };
  accept(await storeListedCards(service.bare, OFFICER, { ...list, cards: [CARD, ...tokenIds] }));
  accept(await completeList(service.bare, OFFICER, { ...list, cards: CARDS_OF_A_LARGE_CAMPAIGN }));
  await workDue(populateCampaignsJob, service.bare, stillWorldOf(store));
  await changed(service, { state: 'open' });
};
const work = async ({ world }: Service): Promise<Answer> => {
  await workDue(actOnCampaignDatesJob, world, stillWorldOf(world.store));
  return ok([]);
};

export const CAMPAIGNS: readonly Scenario[] = [
  {
    name: 'create a campaign',
    operation: createCampaign,
    run: async ({ world }) => {
      const idempotency = claimRequest(OFFICER, 'campaign');
      return answerOf(await createCampaign(world, OFFICER, { document: documentOf(), idempotency }));
    },
  },
  {
    name: 'write the population of a campaign',
    operation: populatePage,
    before: created,
    run: async ({ world }) => {
      await workDue(populateCampaignsJob, world, stillWorldOf(world.store));
      return ok([]);
    },
  },
  {
    name: 'upload a card of a list',
    operation: storeListedCards,
    before: drafted,
    run: async (service) =>
      answerOf(await storeListedCards(service.world, OFFICER, { ...LISTED, id: await idOfCampaign(service) })),
  },
  {
    name: 'complete the last list of a campaign',
    operation: completeList,
    before: drafted,
    run: async (service) => {
      const list = { class: 'listed', cards: 1, id: await idOfCampaign(service) };
      return answerOf(await completeList(service.world, OFFICER, list));
    },
    orTold: ['campaign-takes-lists'],
  },
  {
    name: 'list campaigns',
    operation: listCampaigns,
    before: created,
    run: async ({ world }) =>
      answerOf(await listCampaigns(world, OFFICER, { state: 'preparing', limit: 1, before: null })),
  },
  {
    name: 'read a campaign',
    operation: readCampaign,
    before: created,
    run: async (service) => answerOf(await readCampaign(service.world, OFFICER, await idOfCampaign(service))),
  },
  {
    name: 'read the counts of a campaign',
    operation: readCampaignCounts,
    before: populated,
    run: async (service) => answerOf(await readCampaignCounts(service.world, OFFICER, await idOfCampaign(service))),
  },
  {
    name: 'list the cards of a campaign',
    operation: listCampaignCards,
    before: populated,
    run: async (service) => {
      const query = { id: await idOfCampaign(service), after: '', limit: 10 };
      return answerOf(await listCampaignCards(service.world, OFFICER, query));
    },
  },
  {
    name: 'read the cards of a campaign',
    operation: readCampaignCards,
    before: populated,
    run: async (service) => {
      const pages = await readCampaignCards(service.world, OFFICER, { id: await idOfCampaign(service) });
      if (!pages.ok) return pages;
      for await (const page of pages.value) if (!page.ok) return page;
      return ok([]);
    },
  },
  {
    name: 'read the cards of a campaign that an officer of some profiles sees',
    operation: readCampaignCards,
    before: populated,
    run: async (service) => {
      const pages = await readCampaignCards(service.world, OFFICER_OF_CARDS, { id: await idOfCampaign(service) });
      if (!pages.ok) return pages;
      for await (const page of pages.value) if (!page.ok) return page;
      return ok([]);
    },
  },
  {
    name: 'pause a campaign',
    operation: controlCampaign,
    before: opened,
    run: async (service) => {
      const control = { id: await idOfCampaign(service), control: 'pause' } as const;
      return answerOf(await controlCampaign(service.world, OFFICER, control));
    },
  },
  {
    name: 'resume a campaign',
    operation: controlCampaign,
    before: async (service) => {
      await opened(service);
      await changed(service, { state: 'paused' });
    },
    run: async (service) => {
      const control = { id: await idOfCampaign(service), control: 'resume' } as const;
      return answerOf(await controlCampaign(service.world, OFFICER, control));
    },
  },
  {
    name: 'send a card of a campaign to a desk',
    operation: sendCardToDesk,
    before: opened,
    run: async (service) => {
      const card = { id: await idOfCampaign(service), cardTokenId: CARD };
      return answerOf(await sendCardToDesk(service.world, OFFICER, card));
    },
  },
  {
    name: 'report that a card of a campaign cannot be updated, which sends it to a desk',
    operation: reportCapabilities,
    before: opened,
    run: async ({ world }) => {
      const capabilities = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 0 } as const;
      return answerOf(await reportCapabilities(world, CARD, { account: CARD_MANAGEMENT, capabilities }));
    },
  },
  {
    name: 'record a notice to a holder',
    operation: recordNotices,
    before: populated,
    run: async (service) => {
      const notices = [{ card: CARD, stage: 'letter', at: NOW }];
      return answerOf(await recordNotices(service.world, OFFICER, { id: await idOfCampaign(service), notices }));
    },
  },
  {
    name: 'record an upload of notices',
    operation: recordNoticeUpload,
    before: populated,
    run: async (service) => {
      const upload = { id: await idOfCampaign(service), results: { recorded: 1 } };
      return answerOf(await recordNoticeUpload(service.world, OFFICER, upload));
    },
  },
  {
    name: 'ask what a card is to do, which gives it its place',
    operation: readPending,
    before: opened,
    run: async ({ world }) => answerOf(await readPending(world, CARD_MANAGEMENT, CARD)),
  },
  {
    name: 'ask what a card is to do that has no key left for its authentication',
    operation: readPending,
    before: async (service) => {
      await opened(service);
      const command = { account: OFFICER, reason: 'superseded', invalidityDate: null } as const;
      accept(await revokeCertificate(service.bare, idOf(service, 'card'), command));
    },
    run: async ({ world }) => answerOf(await readPending(world, CARD_MANAGEMENT, CARD)),
  },
  {
    name: 'ask what a card is to do, with an account of few holders',
    operation: readPending,
    run: async ({ world }) => {
      const scope = { ...CARD_MANAGEMENT.scope, profiles: ['fort/*'] };
      return answerOf(await readPending(world, { ...CARD_MANAGEMENT, scope }, CARD));
    },
  },
  {
    name: 'let a date of a campaign pass that nobody has armed',
    operation: passDates,
    before: async (service) => {
      await opened(service);
      const suspension = { at: NOW - DAY_MS, armedAt: null, outcome: null } as const;
      await changed(service, { dates: { suspension, revocation: null } });
    },
    run: work,
  },
  {
    name: 'suspend the cards of a campaign',
    operation: workCampaignAction,
    before: async (service) => {
      await opened(service);
      const suspension = { at: NOW - 1, armedAt: NOW - DAY_MS, outcome: null } as const;
      await changed(service, { dates: { suspension, revocation: null } });
    },
    run: work,
  },
  {
    name: 'revoke the cards of a campaign',
    operation: workCampaignAction,
    before: async (service) => {
      await opened(service);
      await changed(service, { action: { kind: 'revoke', after: '', changed: 0 } });
    },
    run: work,
  },
  {
    name: 'revoke the cards of a campaign that has more of them than a part of the work',
    operation: workCampaignAction,
    before: async (service) => {
      await openedLarge(service);
      await changed(service, { action: { kind: 'revoke', after: '', changed: 0 } });
    },
    run: work,
  },
  {
    name: 'release the cards that a campaign has suspended',
    operation: workCampaignAction,
    before: async (service) => {
      await opened(service);
      await changed(service, { action: { kind: 'suspend', after: '', changed: 0 } });
      await workDue(actOnCampaignDatesJob, service.bare, stillWorldOf(service.bare.store));
      await changed(service, { action: { kind: 'release', after: '', changed: 0 } });
    },
    run: work,
  },
];
