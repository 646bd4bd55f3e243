import type { AuditDetails } from '../../audit/events.js';
import { present } from '../../kernel/assert.js';
import type { Order } from '../../ports/store/orders.js';

/** What the audit entries of an accepted order say about it. */
export function orderDetails({
  id,
  dryRun,
  octets,
  lines,
  requestSha256,
  counts,
}: Order): AuditDetails<'order.paused'> {
  const { issued, duplicate, refused, cancelled } = counts;
  return {
    id,
    kind: dryRun ? 'dry-run' : 'order',
    octets,
    lines,
    requestSha256: present(requestSha256, 'hash of an accepted order'),
    counts: {
      issued,
      duplicate,
      refused,
      notIssued: counts['not-issued'],
      cancelled,
      ...(dryRun ? { wouldIssue: counts['would-issue'], wouldBeDuplicate: counts['would-be-duplicate'] } : {}),
    },
  };
}
