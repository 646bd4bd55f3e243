import type { Metrics } from '../../observe/metrics.js';
import type { Store } from '../../ports/store.js';
import { reportAccounts } from './account-metrics.js';
import { reportApprovals } from './approval-metrics.js';
import { reportCampaigns } from './campaign-metrics.js';
import { reportCmp } from './cmp-metrics.js';
import { reportOrders } from './order-metrics.js';
import { reportUpdates } from './update-metrics.js';

/** Sets the metrics of what is under way on this database, whichever process works on it. */
export async function reportWork(store: Pick<Store, 'read'>, metrics: Metrics): Promise<void> {
  const all = [reportAccounts, reportOrders, reportApprovals, reportCampaigns, reportCmp, reportUpdates];
  await Promise.all(all.map((report) => report(store, metrics)));
}
