/** The promise of approvals: what two officers decided is done once, with its approval. */
import type { Facts } from '../promises.js';

/** The entries of actions name their approvals. */
export function halfApproved({ crashed, settled }: Facts): readonly string[] {
  return [crashed, settled].flatMap(({ audit }) => {
    const executed = audit.flatMap(({ type, details }) => (type === 'approval.executed' ? [String(details.id)] : []));
    const done = audit.flatMap(({ details }) => ('approval' in details ? [String(details.approval)] : []));
    const [once, both] = [new Set(executed), new Set([...executed, ...done])];
    return [
      ...(once.size === executed.length ? [] : ['an approval was executed twice']),
      ...[...both].filter((id) => !once.has(id) || !done.includes(id)).map((id) => `approval ${id} is half executed`),
    ];
  });
}
