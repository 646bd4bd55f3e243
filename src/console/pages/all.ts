/** The list of all pages. Routes, navigation, rights and tests are derived from it. */
import type { Page } from '../page.js';
import { CERTIFICATE_PAGE } from './certificate/page.js';
import { HOME_PAGE } from './home/page.js';
import { JOBS_PAGE } from './nodes/jobs-page.js';
import { NODES_PAGE } from './nodes/nodes-page.js';
import { RUNBOOK_PAGE } from './runbook/page.js';
import { SEARCH_PAGE } from './search/page.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [HOME_PAGE, SEARCH_PAGE, CERTIFICATE_PAGE, NODES_PAGE, JOBS_PAGE, RUNBOOK_PAGE];
