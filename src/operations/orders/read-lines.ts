/** Reads the outcomes of lines page by page, and what was wrong with those that failed. */
import { ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { OrderProblem, SettledLine } from '../../ports/store/orders.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { visibleOrder } from './visible-order.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

type LinesQuery = {
  readonly id: string;
  /** Only lines after this one. */
  readonly after: number;
  readonly limit: number;
  /** Only lines that were refused or not issued. */
  readonly failed: boolean;
};

export type LinesPage = {
  /** In their order. Lines without an outcome are left out. */
  readonly lines: readonly SettledLine[];
  /** The line after which the next page begins; null: there is none. */
  readonly next: number | null;
};

export async function listOrderLines(
  world: World,
  account: Account,
  { id, after, limit, failed }: LinesQuery,
): Outcome<LinesPage> {
  const order = await visibleOrder(world, account, { id, action: 'read-order-lines' });
  if (!order.ok) return order;
  return world.store.read(async (reads) => {
    const page = { id, after, limit: limit + 1 };
    const found = await (failed ? reads.failedLinesAfter(page) : reads.orderLinesAfter(page));
    const lines = found.slice(0, limit);
    return { lines, next: found.length > limit ? (lines.at(-1)?.line ?? null) : null };
  });
}

/** A problem with the first line that has it, which shows its texts. */
export type ShownProblem = { readonly problem: OrderProblem; readonly example: SettledLine | null };

/** The most frequent first. */
export async function listOrderProblems(world: World, account: Account, id: string): Outcome<readonly ShownProblem[]> {
  const order = await visibleOrder(world, account, { id, action: 'read-order-lines' });
  if (!order.ok) return order;
  const found = await world.store.read(async (reads) => {
    const problems = await reads.orderProblems(id);
    const examples = await reads.orderLines(id, [...new Set(problems.map(({ firstLine }) => firstLine))]);
    return problems.map((problem) => ({
      problem,
      example: examples.find(({ line }) => line === problem.firstLine) ?? null,
    }));
  });
  return found.ok ? ok(found.value.toSorted((one, other) => other.problem.lines - one.problem.lines)) : found;
}
