/**
 * The routes of the API as one table, which auditors can check and from which `/openapi.json` is
 * made. `api.ts` performs the same steps for all routes, so handlers get requests that are
 * authenticated, limited in size and valid. A streamed body is limited and read by its handler.
 */
import { ACCOUNT_DECISION_ROUTES } from './accounts/routes.js';
import { REGISTRATION_ROUTES } from './registrations/routes.js';
import type { Route } from './route.js';
import { APPROVAL_ROUTES } from './routes/approvals.js';
import { CAMPAIGN_DECISION_ROUTES } from './routes/campaign-decisions.js';
import { CAMPAIGN_ROUTES } from './routes/campaigns.js';
import { CARD_ROUTES } from './routes/cards.js';
import { CERTIFICATE_ROUTES } from './routes/certificates.js';
import { COUNT_ROUTES } from './routes/counts.js';
import { HISTORY_ROUTES } from './routes/histories.js';
import { ORDER_FILE_ROUTES } from './routes/order-files.js';
import { ORDER_ROUTES } from './routes/orders.js';
import { PLATFORM_ROUTES } from './routes/platform.js';
import { RECORD_ROUTES } from './routes/records.js';
import { REVOCATION_ROUTES } from './routes/revocations.js';
import { UPDATE_ROUTES } from './routes/updates.js';
import { WEBHOOK_ROUTES } from './routes/webhooks.js';

export const ROUTES: readonly Route[] = [
  ...CERTIFICATE_ROUTES,
  ...REGISTRATION_ROUTES,
  ...CARD_ROUTES,
  ...REVOCATION_ROUTES,
  ...ORDER_ROUTES,
  ...ORDER_FILE_ROUTES,
  ...CAMPAIGN_ROUTES,
  ...CAMPAIGN_DECISION_ROUTES,
  ...UPDATE_ROUTES,
  ...COUNT_ROUTES,
  ...HISTORY_ROUTES,
  ...PLATFORM_ROUTES,
  ...RECORD_ROUTES,
  ...ACCOUNT_DECISION_ROUTES,
  ...WEBHOOK_ROUTES,
  ...APPROVAL_ROUTES,
];
