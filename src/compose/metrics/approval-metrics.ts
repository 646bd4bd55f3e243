import type { Metrics } from '../../observe/metrics.js';
import { ACTION_NAMES } from '../../operations/approvals/actions.js';
import type { Store } from '../../ports/store.js';

/** Sets the metric of the requests that wait for a second officer. */
export async function reportApprovals(
  store: Pick<Store, 'read'>,
  { approvalsOpen }: Pick<Metrics, 'approvalsOpen'>,
): Promise<void> {
  const found = await store.read((reads) => reads.countOpenApprovals());
  if (!found.ok) return;
  for (const action of ACTION_NAMES) {
    const own = found.value.filter((one) => one.action === action);
    approvalsOpen.set(
      { action },
      own.reduce((all, { count }) => all + count, 0),
    );
  }
}
