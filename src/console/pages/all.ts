/** The list of all pages. Routes, navigation, rights and tests are derived from it. */
import type { Page } from '../page.js';
import { ACCOUNT_PAGE } from './account/page.js';
import { ACCOUNTS_PAGE } from './accounts/accounts.js';
import { APPROVAL_PAGE } from './approval/page.js';
import { APPROVALS_PAGE } from './approvals/approvals.js';
import { AUDIT_PAGE } from './audit/audit.js';
import { AUDIT_ENTRY_PAGE } from './audit/entry.js';
import { CAMPAIGN_PAGE } from './campaign/page.js';
import { CAMPAIGNS_PAGE } from './campaigns/campaigns.js';
import { CAMPAIGN_CARDS_PAGE } from './campaigns/cards.js';
import { CARD_PAGE } from './card/page.js';
import { HOLDER_PAGE } from './cards/holder.js';
import { CEREMONIES_PAGE } from './ceremonies/ceremonies.js';
import { CEREMONY_PAGE } from './ceremonies/ceremony.js';
import { CERTIFICATE_PAGE } from './certificate/page.js';
import { EXPIRING_PAGE } from './certificates/expiring.js';
import { SEARCH_PAGE } from './certificates/search.js';
import { HOME_PAGE } from './home/page.js';
import { AUTHORITY_LISTS_PAGE } from './lists/authority-page.js';
import { LISTS_PAGE } from './lists/lists-page.js';
import { JOBS_PAGE, NODES_PAGE } from './nodes/nodes.js';
import { RUNBOOK_PAGE } from './nodes/runbook.js';
import { ORDER_PAGE } from './order/page.js';
import { ORDERS_PAGE } from './orders/orders.js';
import { POLICY_DIFFERENCES_PAGE } from './policy/differences.js';
import { POLICY_PAGE } from './policy/policy.js';
import { PROFILE_PAGE } from './profile/page.js';
import { REGISTRATIONS_PAGE } from './registrations/list-page.js';
import { REGISTRATION_PAGE } from './registrations/page.js';
import { SUPPORT_CERTIFICATE_PAGE } from './support/certificate.js';
import { SUPPORT_PAGE } from './support/support.js';
import { UPDATE_PAGE } from './updates/update.js';
import { UPDATES_PAGE } from './updates/updates.js';
import { DELIVERY_PAGE } from './webhooks/delivery.js';
import { WEBHOOK_PAGE } from './webhooks/webhook.js';
import { WEBHOOKS_PAGE } from './webhooks/webhooks.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [
  HOME_PAGE,
  SEARCH_PAGE,
  CERTIFICATE_PAGE,
  EXPIRING_PAGE,
  REGISTRATIONS_PAGE,
  REGISTRATION_PAGE,
  SUPPORT_PAGE,
  SUPPORT_CERTIFICATE_PAGE,
  CARD_PAGE,
  HOLDER_PAGE,
  ORDERS_PAGE,
  ORDER_PAGE,
  UPDATES_PAGE,
  UPDATE_PAGE,
  CAMPAIGNS_PAGE,
  CAMPAIGN_PAGE,
  CAMPAIGN_CARDS_PAGE,
  APPROVALS_PAGE,
  APPROVAL_PAGE,
  LISTS_PAGE,
  AUTHORITY_LISTS_PAGE,
  NODES_PAGE,
  JOBS_PAGE,
  RUNBOOK_PAGE,
  ACCOUNTS_PAGE,
  ACCOUNT_PAGE,
  WEBHOOKS_PAGE,
  WEBHOOK_PAGE,
  DELIVERY_PAGE,
  POLICY_PAGE,
  POLICY_DIFFERENCES_PAGE,
  PROFILE_PAGE,
  AUDIT_PAGE,
  AUDIT_ENTRY_PAGE,
  CEREMONIES_PAGE,
  CEREMONY_PAGE,
];
