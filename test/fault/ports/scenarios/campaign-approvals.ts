/** What two officers decide about a campaign. */
import type { ApprovalSubject } from '../../../../src/approvals/statement.js';
import { present } from '../../../../src/kernel/assert.js';
import { formatInstant } from '../../../../src/kernel/clock.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import type { ApprovalAction } from '../../../../src/operations/approvals/action.js';
import { actionNamed } from '../../../../src/operations/approvals/actions.js';
import { decideApproval } from '../../../../src/operations/approvals/decide.js';
import { requestApproval } from '../../../../src/operations/approvals/request.js';
import { NOW } from '../../../support/db/records.js';
import { accept, type Service } from '../service.js';
import type { Scenario } from './all.js';
import { approveLast, FIRST, twoOfficers } from './approvals.js';
import { changed, idOfCampaign, opened, populated } from './campaigns.js';

const DATE = NOW + DAY_MS;

async function dated(service: Service): Promise<void> {
  await opened(service);
  await changed(service, { dates: { suspension: { at: DATE, armedAt: null, outcome: null }, revocation: null } });
}

type Request = readonly [action: string, before: (service: Service) => Promise<void>, subject: ApprovalSubject];

const REQUESTS: readonly Request[] = [
  ['campaign.open', populated, {}],
  ['campaign.dates', opened, { suspendsAt: formatInstant(DATE), revokesAt: null }],
  ['campaign.arm', dated, { date: 'suspension' }],
  ['campaign.release', opened, {}],
  ['campaign.end', opened, {}],
];

export const CAMPAIGN_APPROVALS: readonly Scenario[] = REQUESTS.map(([name, before, rest]) => ({
  name: `approve ${name}`,
  operation: decideApproval,
  before: async (service) => {
    await twoOfficers(service);
    await before(service);
    const action: ApprovalAction<ApprovalSubject> = present(actionNamed(name), name);
    const subject = { campaign: await idOfCampaign(service), ...rest };
    accept(await requestApproval(service.bare, action, { account: FIRST, subject }));
  },
  run: approveLast,
  orTold: ['approval-ended'],
}));
