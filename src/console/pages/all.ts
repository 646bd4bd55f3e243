/** The list of all pages. Routes, navigation, rights and tests are derived from it. */
import type { Page } from '../page.js';
import { AUDIT_PAGE } from './audit/page.js';
import { AUDIT_ENTRY_PAGE } from './audit-entry/page.js';
import { CERTIFICATE_PAGE } from './certificate/page.js';
import { DELIVERY_PAGE } from './delivery/page.js';
import { HOME_PAGE } from './home/page.js';
import { JOBS_PAGE } from './nodes/jobs-page.js';
import { NODES_PAGE } from './nodes/nodes-page.js';
import { RUNBOOK_PAGE } from './runbook/page.js';
import { SEARCH_PAGE } from './search/page.js';
import { WEBHOOK_PAGE } from './webhook/page.js';
import { WEBHOOKS_PAGE } from './webhooks/page.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [
  HOME_PAGE,
  SEARCH_PAGE,
  CERTIFICATE_PAGE,
  NODES_PAGE,
  JOBS_PAGE,
  RUNBOOK_PAGE,
  WEBHOOKS_PAGE,
  WEBHOOK_PAGE,
  DELIVERY_PAGE,
  AUDIT_PAGE,
  AUDIT_ENTRY_PAGE,
];
