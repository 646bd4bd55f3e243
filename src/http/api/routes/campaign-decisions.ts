/**
 * Defines the routes by which one officer requests a decision about a campaign that a second
 * officer must approve.
 */
import {
  postCampaignArming,
  postCampaignDates,
  postCampaignEnd,
  postCampaignOpening,
  postCampaignRelease,
} from '../handlers/campaign-decisions.js';
import type { Route } from '../route.js';
import { type RequestHandling, type RequestTexts, requestRoute } from './approvals.js';

const DATES = [
  'A date that is moved is no longer armed. A date that nobody arms within the 7 days before it passes with an alarm, and nothing',
  'happens.',
].join(' ');

const OPENING =
  'Refused (409 state-conflict: capacity-bounded) if its classes and those of other open campaigns want more than 0.8 of the hourly ' +
  'cap of a profile.';

function decision(path: string, texts: RequestTexts, handling: RequestHandling): Route {
  const route = { path: `/v1/campaigns/{id}/${path}`, action: 'run-campaigns', failures: ['invalid-request'] } as const;
  return requestRoute(route, texts, handling);
}

export const CAMPAIGN_DECISION_ROUTES: readonly Route[] = [
  decision('opening', ['openCampaign', 'Request that a campaign is opened.', OPENING], {
    body: 'Empty',
    handler: postCampaignOpening,
  }),
  decision('dates', ['setCampaignDates', 'Request that the dates of a campaign are set or moved.', DATES], {
    body: 'CampaignDates',
    handler: postCampaignDates,
  }),
  decision('arming', ['armCampaignDate', 'Request that a date of a campaign is armed, so that it acts.', ''], {
    body: 'CampaignArming',
    handler: postCampaignArming,
  }),
  decision('release', ['releaseCampaign', 'Request that everything is released that the campaign has suspended.', ''], {
    body: 'Empty',
    handler: postCampaignRelease,
  }),
  decision(
    'end',
    [
      'endCampaign',
      'Request that a campaign ends.',
      'Its cards go on with updates that have begun; no date acts any more.',
    ],
    { body: 'Empty', handler: postCampaignEnd },
  ),
];
