/** The list of all pages. Routes, navigation, rights and tests are derived from it. */
import type { Page } from '../page.js';
import { CERTIFICATE_PAGE } from './certificate/page.js';
import { HOME_PAGE } from './home/page.js';
import { SEARCH_PAGE } from './search/page.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [HOME_PAGE, SEARCH_PAGE, CERTIFICATE_PAGE];
