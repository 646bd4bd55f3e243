/**
 * A day on which all cards must get new keys at once, as a drill: cards are issued by orders, a
 * campaign opens, the cards come, one of ten meets a fault, and relying parties ask OCSP meanwhile.
 * Each phase may be run again: what is done already is found done.
 */
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonOf, uploadFile } from '../../src/cli/common/client.js';
import { contentDigest } from '../bench/order-files.js';
import { type Client, clientOf } from '../support/service/client.js';
import type { Service } from '../support/service/service.js';
import { accepted, placeOf, type Send, sendBy, type Wire } from '../support/updates/update-client.js';
import { classOf, type Fleet, type FleetClass, orderLine, PROFESSIONS } from './fleet.js';
import { type CardEnd, type CardFault, DrillStopped, playCard, presentCertificates } from './play-card.js';
import { addWatched, NOTHING_SEEN, type OcspWatch, startOcspWatch, type WatchReport } from './watch-ocsp.js';

export type Drill = {
  readonly fleet: Fleet;
  readonly service: Service;
  /** Where the files of orders are. */
  readonly folder: string;
  /** Cards at once. */
  readonly atOnce: number;
  readonly watched: number;
  readonly ocspPerSecond: number;
  readonly say: (line: string) => void;
  /** When it is aborted, each client ends before its next request; left out: nobody does. */
  readonly stopped?: AbortSignal;
};

/** A file of an order is written, sent and received as a whole. */
const CARDS_OF_ORDER = 100_000;

/** Issues the first set of every card. */
export async function issueCards({ fleet, service, folder, say, stopped }: Drill): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const client = clientOf(service, 'card-management');
  try {
    for (let first = 1; first <= fleet.cards; first += CARDS_OF_ORDER) {
      const last = Math.min(fleet.cards, first + CARDS_OF_ORDER - 1);
      const file = join(folder, `cards-${first}.ndjson`);
      if (!existsSync(file)) await writeOrder(fleet, { first, last, file });
      const id = await submit(service, file, `roca-${fleet.seed}-${first}`);
      await ended(client, id, (issued) => {
        if (stopped?.aborted === true) throw new DrillStopped();
        say(`issued: ${first - 1 + issued} of ${fleet.cards} cards`);
      });
    }
  } finally {
    await client.close();
  }
}

type OrderFile = { readonly first: number; readonly last: number; readonly file: string };

async function writeOrder(fleet: Fleet, { first, last, file }: OrderFile): Promise<void> {
  const out = createWriteStream(`${file}.new`);
  for (let number = first; number <= last; number += 1)
    if (!out.write(`${orderLine(fleet, number)}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
  renameSync(`${file}.new`, file);
}

export async function submit({ at, urls }: Service, file: string, key: string): Promise<string> {
  const credential = (name: string): string => join(at.home, 'credentials', name);
  const files = {
    trust: credential('tls-ca.pem'),
    certificate: credential('card-management.crt.pem'),
    key: credential('card-management.key.pem'),
  };
  const headers = { 'content-digest': await contentDigest(file), 'idempotency-key': key };
  const octets = statSync(file).size;
  const answer = await jsonOf(await uploadFile(`${urls.api}/v1/orders`, { files, file, octets, headers }));
  return (answer as { readonly id: string }).id;
}

type OrderCounts = { readonly lines: number; readonly counts: { readonly issued: number; readonly open: number } };

export async function ended(client: Client, id: string, progress: (issued: number) => void): Promise<void> {
  for (;;) {
    const { counts, lines } = await client.expect<OrderCounts>('GET', `/v1/orders/${id}`);
    progress(counts.issued);
    if (counts.open === 0 && counts.issued === lines) return;
    if (counts.open === 0) throw new Error(`order ${id}: ${counts.issued} of ${lines} cards have their first set`);
    await sleep(500);
  }
}

/** Updates that may begin in an hour, for each class: the most that a campaign allows. */
const CAPACITY_PER_HOUR = 1_000_000;
const NAME = 'roca-day';

type CampaignDocument = { readonly id: string; readonly state: string };

/** Opens the campaign, by two officers. Returns its id. */
export async function openCampaign({ service, say }: Pick<Drill, 'service' | 'say'>): Promise<string> {
  const [one, other] = [clientOf(service, 'officer-1'), clientOf(service, 'officer-2')];
  try {
    const capacityPerHour = CAPACITY_PER_HOUR;
    const body = {
      name: NAME,
      reason: 'superseded',
      selection: { profiles: ['fort/cps-authentication', 'fort/cps-signature'] },
      classes: [
        { name: 'priority', select: { professions: [PROFESSIONS.priority.profession] }, capacityPerHour },
        { name: 'second', select: { professions: [PROFESSIONS.second.profession] }, capacityPerHour },
        { name: 'third', capacityPerHour },
      ],
      fromSuspended: false,
      channel: 'any',
    };
    const { id } = await accepted<CampaignDocument>(sendBy(one), '/v1/campaigns', body);
    for (;;) {
      const { state } = await one.expect<CampaignDocument>('GET', `/v1/campaigns/${id}`);
      say(`campaign ${id}: ${state}`);
      if (state === 'open') return id;
      if (state === 'ready') break;
      await sleep(1_000);
    }
    const { approval } = await accepted<{ readonly approval: { readonly id: string } }>(
      sendBy(one),
      `/v1/campaigns/${id}/opening`,
      {},
    );
    const decision = { decision: 'approve' };
    await accepted(sendBy(other), `/v1/approvals/${approval.id}`, decision);
    return id;
  } finally {
    await one.close();
    await other.close();
  }
}

/** Asks OCSP for the first sets of the watched cards while nothing else happens. */
export async function watchIdle(drill: Drill, ms: number): Promise<WatchReport> {
  const { service, fleet, watched } = drill;
  const client = clientOf(service, 'card-management');
  const watch = await startWatch(drill);
  try {
    await seePresent(sendBy(client), watch, { fleet, through: Math.min(watched, fleet.cards), isAgain: false });
    await watch.reset();
    await sleep(ms);
    return await watch.stop();
  } finally {
    await client.close();
  }
}

function startWatch({ service, watched, ocspPerSecond }: Drill): Promise<OcspWatch> {
  return startOcspWatch({ publication: service.urls.publication, cards: watched, perSecond: ocspPerSecond });
}

type WatchedCards = { readonly fleet: Fleet; readonly through: number; readonly isAgain: boolean };

/** The first cards are watched with the sets that they have now. */
async function seePresent(send: Send, watch: OcspWatch, { fleet, through, isAgain }: WatchedCards): Promise<void> {
  for (let number = 1; number <= through; number += 1)
    watch.see(number, await presentCertificates(send, { fleet, number, isAgain }));
}

export type FleetReport = {
  /** All cards with numbers up to this one have come to their ends, and are counted here. */
  readonly through: number;
  readonly confirmed: number;
  /** Numbers of those that met a fault and came back, by fault. */
  readonly resumed: Readonly<Partial<Record<CardFault, number>>>;
  /** Numbers of cards that must go to a desk, by reason. */
  readonly desks: Readonly<Record<string, number>>;
  /** The time in which cards were updated, of all starts of the drill together. */
  readonly seconds: number;
  readonly classes: Readonly<Partial<Record<FleetClass, ClassReport>>>;
  readonly ocsp: WatchReport;
};

export type ClassReport = {
  readonly confirmed: number;
  readonly atDesk: number;
  /** When its last card was done, in seconds from the beginning. */
  readonly seconds: number;
};

/** The sum of numbers of cards by reason or by fault. */
export function sumOf(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, count) => sum + count, 0);
}

const NOTHING_YET: FleetReport = {
  through: 0,
  confirmed: 0,
  resumed: {},
  desks: {},
  seconds: 0,
  classes: {},
  ocsp: NOTHING_SEEN,
};

export type FleetProgress = {
  /** What the starts before this one have come to; left out: there were none. */
  readonly earlier?: FleetReport;
  /** Called each second: a start that is killed loses what came after the last call. */
  readonly save?: (report: FleetReport) => void;
};

const SAVE_EVERY_MS = 1_000;

/**
 * Lets every card come, the first classes first. Throws `DrillStopped` when it was stopped, after
 * the last `save`.
 */
export async function updateCards(drill: Drill, { earlier, save }: FleetProgress = {}): Promise<FleetReport> {
  const { fleet, service, atOnce, watched, say, stopped } = drill;
  const client = clientOf(service, 'card-management', { connectionsMax: atOnce });
  const watch = await startWatch(drill);
  const count = createCount(fleet, earlier ?? NOTHING_YET);
  const report = async (): Promise<FleetReport> => count.report(await watch.report());
  const saving = setInterval(() => void report().then(save, () => undefined), SAVE_EVERY_MS);
  const isAgain = earlier !== undefined;
  let last: FleetReport;
  try {
    const raw = sendBy(client);
    const send: Send = async (path, body) => {
      if (stopped?.aborted === true) throw new DrillStopped();
      return raw(path, body);
    };
    const wire: Wire = { send, place: await placeOf(send), clock: Date.now };
    await seePresent(send, watch, { fleet, through: Math.min(watched, count.through()), isAgain });
    const play = { wire, fleet, isAgain, onSet: watch.see };
    await playAll(drill, { play, count, progress: (done, seconds) => say(progressOf(fleet, done, seconds)) });
  } finally {
    clearInterval(saving);
    await client.close();
    last = count.report(await watch.stop());
    save?.(last);
  }
  return last;
}

type TimedEnd = { readonly end: CardEnd; readonly seconds: number };

/** Counts the ends of cards. Those after the first card that is under way are not reported yet. */
function createCount(fleet: Fleet, earlier: FleetReport) {
  const began = performance.now();
  const seconds = (): number => earlier.seconds + (performance.now() - began) / 1_000;
  const early = new Map<number, TimedEnd>();
  const desks = new Map(Object.entries(earlier.desks));
  const classes: Partial<Record<FleetClass, ClassReport>> = { ...earlier.classes };
  const resumed: Partial<Record<CardFault, number>> = { ...earlier.resumed };
  let { through, confirmed } = earlier;
  const add = ({ end, seconds }: TimedEnd): void => {
    through += 1;
    if (end.kind === 'desk') desks.set(end.reason, (desks.get(end.reason) ?? 0) + 1);
    else confirmed += 1;
    if (end.kind === 'confirmed' && end.resumed !== null) resumed[end.resumed] = (resumed[end.resumed] ?? 0) + 1;
    const name = classOf(fleet, through);
    const before = classes[name] ?? { confirmed: 0, atDesk: 0, seconds: 0 };
    classes[name] = {
      confirmed: before.confirmed + (end.kind === 'confirmed' ? 1 : 0),
      atDesk: before.atDesk + (end.kind === 'desk' ? 1 : 0),
      seconds: Math.max(before.seconds, seconds),
    };
  };
  return {
    through: () => through,
    seconds,
    note: (number: number, end: CardEnd): void => {
      early.set(number, { end, seconds: seconds() });
      for (let next = early.get(through + 1); next !== undefined; next = early.get(through + 1)) {
        early.delete(through + 1);
        add(next);
      }
    },
    report: (ocsp: WatchReport): FleetReport => ({
      through,
      confirmed,
      resumed: { ...resumed },
      desks: Object.fromEntries(desks),
      seconds: seconds(),
      classes: { ...classes },
      ocsp: addWatched(earlier.ocsp, ocsp),
    }),
  } as const;
}

function progressOf({ cards }: Fleet, done: number, seconds: number): string {
  const rate = done / seconds;
  return `updated: ${done} of ${cards} cards, ${rate.toFixed(0)}/s, ${((cards - done) / rate / 60).toFixed(0)} minutes left`;
}

type PlayParts = {
  readonly play: Parameters<typeof playCard>[0];
  readonly count: ReturnType<typeof createCount>;
  readonly progress: (done: number, seconds: number) => void;
};

async function playAll({ fleet, atOnce }: Drill, { play, count, progress }: PlayParts): Promise<void> {
  let [next, done] = [count.through(), count.through()];
  const client = async (): Promise<void> => {
    while (next < fleet.cards) {
      next += 1;
      const number = next;
      try {
        count.note(number, await playCard(play, number));
      } catch (error) {
        // The others stop after their cards.
        next = fleet.cards;
        throw error;
      }
      done += 1;
      if (done % Math.max(100, Math.floor(fleet.cards / 1_000)) === 0) progress(done, count.seconds());
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, client));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
