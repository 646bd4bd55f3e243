import { ok } from '../../../kernel/result.js';
import { createCampaign } from '../../../operations/campaigns/create.js';
import type { CampaignDocument } from '../../../ports/store/cards/campaigns.js';
import type { Field } from '../../fields.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import type { ExpiringData } from './data.js';
import { EXPIRING_WORDS as WORDS } from './words.js';

const FIELDS: readonly Field[] = [
  {
    kind: 'text',
    name: 'name',
    label: WORDS.campaignName,
    hint: WORDS.campaignNameHint,
    isRequired: true,
    lengthMax: 64,
  },
  {
    kind: 'number',
    name: 'capacity',
    label: WORDS.capacity,
    isRequired: true,
    min: 1,
    max: 1_000_000,
    value: '1000',
  },
];

/**
 * A draft whose cards come from a list: the criteria of campaigns do not know the end of
 * certificates, and the export of a search does.
 */
export const CAMPAIGN: PageAction<ExpiringData> = {
  id: 'campaign',
  label: WORDS.campaign,
  action: 'run-campaigns',
  isOffered: () => true,
  version: () => '',
  fields: () => FIELDS,
  review: (_data, { name = '', capacity = '' }) => ({
    summary: filled(WORDS.willCreate, { name, capacity }),
    consequences: [WORDS.waitsForList, WORDS.nothingYet],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data: { attemptsMax }, input: { name = '', capacity } }) => {
    const document: CampaignDocument = {
      name,
      reason: 'superseded',
      selection: { kind: 'list' },
      classes: [{ name: 'expiring', select: { kind: 'list' }, opensAt: null, capacityPerHour: Number(capacity) }],
      fromSuspended: false,
      channel: 'any',
      supersede: null,
      attemptsMax,
    };
    const created = await createCampaign(world, account, { document });
    return created.ok ? ok({ path: `/console/campaigns/${created.value.id}`, query: { done: 'create' } }) : created;
  },
};
