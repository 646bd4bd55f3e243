/**
 * Visits an outlet: compares its content with the published files in the database, and delivers the
 * files that it lacks. This process remembers which files the outlet has, but only to save work:
 * the whole content is compared again at the first update, after each outage, and every ten
 * minutes.
 */
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { OutletFailure, OutletSession, PublishedFile, RemoteOutlet } from '../../ports/outlet.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Clock, Log } from '../../ports/world.js';
import { type DeliveryOutcome, type DeliveryWorld, deliver } from '../../publish/deliver.js';

export type OutletSupply = {
  readonly outlet: RemoteOutlet;
  readonly source: DeliveryWorld['source'];
  /** Called with a published file whose content no source has. */
  readonly onMissing?: (item: PublishedFile) => void;
};

export type OutletsWorld = {
  readonly issuerOf: DeliveryWorld['issuerOf'];
  readonly clock: Clock;
  readonly log: Log;
  /** Returns all published files, as the database lists them. */
  readonly published: () => Promise<Result<readonly PublishedFile[], StoreFailure>>;
};

/**
 * The state of an outlet after an update. `unknown`: it was not updated yet. `current`: it has all
 * published files. `behind`: it was reached, but files are missing there. `down`: it could not be
 * reached.
 */
export type OutletState = {
  readonly state: 'unknown' | 'current' | 'behind' | 'down';
  /** Which files are missing, or why the outlet is down; null: neither. */
  readonly detail: string | null;
  /** How many published files are missing there, as far as is known. */
  readonly behind: number;
  /**
   * Counts the updates that have found the outlet down. After each outage its whole content is
   * compared.
   */
  readonly outages: number;
};

export const NOT_VISITED: OutletState = { state: 'unknown', detail: null, behind: 0, outages: 0 };

type OutletUpdater = {
  readonly name: string;
  /**
   * Updates the outlet and returns its state; null: the work had to end before all files were
   * delivered. Fails if the database is not available, because the published files are then
   * unknown.
   */
  readonly update: (before: OutletState, mustEnd: () => boolean) => Promise<Result<OutletState | null, StoreFailure>>;
};

/** After these outcomes the outlet has the published file, or a newer one. */
const UP_TO_DATE: ReadonlySet<DeliveryOutcome> = new Set(['unchanged', 'delivered', 'newer-there']);

const COMPARE_EVERY_MS = 10 * MINUTE_MS;
const DETAIL_CHARACTERS_MAX = 400;

type VisitResult = Pick<OutletState, 'detail' | 'behind'> & { readonly state: 'current' | 'behind' | 'down' };

export function createOutletUpdater(
  { issuerOf, clock, log, published }: OutletsWorld,
  { outlet, source, onMissing }: OutletSupply,
): OutletUpdater {
  /** Digests of the files that the outlet is known to have, by file name. */
  const confirmed = new Map<string, string>();
  /**
   * When the whole content was last compared, and how many outages there were then. null: the next
   * update compares it.
   */
  let compared: { readonly at: number; readonly outages: number } | null = null;

  const deliverOne = async (
    session: OutletSession,
    item: PublishedFile,
  ): Promise<Result<DeliveryOutcome, OutletFailure>> => {
    const delivered = await deliver({ issuerOf, log, source }, session, item);
    if (!delivered.ok) return delivered;
    const { fileName: file, number, sha256 } = item;
    if (UP_TO_DATE.has(delivered.value)) confirmed.set(file, sha256);
    if (delivered.value === 'delivered') log.info('outlet.published', { outlet: outlet.name, file, number });
    if (delivered.value === 'newer-there') log.warn('outlet.newer-there', { outlet: outlet.name, file, number });
    if (delivered.value === 'no-source') onMissing?.(item);
    return delivered;
  };

  /**
   * Delivers the files. It opens a session even if there are none, so that an outlet that is down
   * is noticed early.
   */
  const deliverAll = async (todo: readonly PublishedFile[], mustEnd: () => boolean): Promise<VisitResult | null> => {
    const session = await outlet.open();
    if (!session.ok) return { state: 'down', detail: session.error.detail, behind: todo.length };
    try {
      const missing: string[] = [];
      for (const [at, item] of todo.entries()) {
        if (mustEnd()) return null;
        const delivered = await deliverOne(session.value, item);
        if (!delivered.ok)
          return { state: 'down', detail: delivered.error.detail, behind: missing.length + todo.length - at };
        if (!UP_TO_DATE.has(delivered.value)) missing.push(`${item.fileName}: ${delivered.value}`);
      }
      return missing.length === 0
        ? { state: 'current', detail: null, behind: 0 }
        : { state: 'behind', detail: missing.join(', '), behind: missing.length };
    } finally {
      await session.value.close();
    }
  };

  /**
   * Reports an unexpected error as an outage of this outlet, so that it does not stop the
   * deliveries to the others.
   */
  const deliverOrFail: typeof deliverAll = (todo, mustEnd) =>
    deliverAll(todo, mustEnd).catch((error: unknown) => {
      log.error('outlet.fault', { outlet: outlet.name, detail: String(error) });
      return { state: 'down', detail: String(error), behind: todo.length } as const;
    });

  return {
    name: outlet.name,
    update: async ({ outages }, mustEnd) => {
      const listed = await published();
      if (!listed.ok) return listed;
      const now = clock();
      // A clock that was set back must not delay the next comparison.
      const isRecentlyCompared = compared !== null && compared.at <= now && now - compared.at < COMPARE_EVERY_MS;
      const isComparison = !isRecentlyCompared || compared?.outages !== outages;
      if (isComparison) confirmed.clear();
      const items = listed.value.filter((item) => outlet.takes(item));
      const todo = items.filter(({ fileName, sha256 }) => confirmed.get(fileName) !== sha256);
      const found = await deliverOrFail(todo, mustEnd);
      if (found === null) return { ok: true, value: null };
      if (isComparison) compared = found.state === 'current' ? { at: now, outages } : null;
      const detail = found.detail?.slice(0, DETAIL_CHARACTERS_MAX) ?? null;
      return { ok: true, value: { ...found, detail, outages: outages + (found.state === 'down' ? 1 : 0) } };
    },
  };
}

/**
 * Logs that the state of an outlet has changed, or that it is down for another reason than before.
 */
export function logOutletState(
  log: Log,
  outlet: string,
  { before, after }: { readonly before: OutletState; readonly after: OutletState },
): void {
  const { state, detail } = after;
  const isNew = before.state !== state;
  if (isNew && state === 'current' && before.state !== 'unknown') log.info('outlet.back', { outlet });
  if (isNew && state === 'behind') log.warn('outlet.behind', { outlet, detail });
  if (state === 'down' && (isNew || before.detail !== detail)) log.error('outlet.down', { outlet, detail });
}
