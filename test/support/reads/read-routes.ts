/** The routes that only read: searches, counts, histories and accounts. */
import type { RunningService } from '../service/describe-service.js';
import { callChangeRoutes } from './change-routes.js';
import { callCountRoutes } from './count-routes.js';
import { callAccountRoutes, callCrlHistoryRoutes, callHistoryRoutes } from './history-routes.js';
import { callSearchRoutes } from './search-routes.js';

/** Calls each of them with success. */
export async function callReadRoutes(running: RunningService): Promise<void> {
  await callSearchRoutes(running);
  await callChangeRoutes(running);
  await callCountRoutes(running);
  await callHistoryRoutes(running);
  await callCrlHistoryRoutes(running);
  await callAccountRoutes(running);
}
