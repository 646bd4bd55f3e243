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
import { accepted, placeOf, sendBy, type Wire } from '../support/updates/update-client.js';
import { classOf, type Fleet, type FleetClass, orderLine, PROFESSIONS } from './fleet.js';
import { type CardEnd, playCard } from './play-card.js';
import { type OcspWatch, type WatchReport, watchOcsp } from './watch-ocsp.js';

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
};

/** A file of an order is written, sent and received as a whole. */
const CARDS_OF_ORDER = 100_000;

/** Issues the first set of every card. */
export async function issueCards({ fleet, service, folder, say }: Drill): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const client = clientOf(service, 'card-management');
  try {
    for (let first = 1; first <= fleet.cards; first += CARDS_OF_ORDER) {
      const last = Math.min(fleet.cards, first + CARDS_OF_ORDER - 1);
      const file = join(folder, `cards-${first}.ndjson`);
      if (!existsSync(file)) await writeOrder(fleet, { first, last, file });
      const id = await submit(service, file, `roca-${fleet.seed}-${first}`);
      await ended(client, id, (issued) => say(`issued: ${first - 1 + issued} of ${fleet.cards} cards`));
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

async function submit({ at, urls }: Service, file: string, key: string): Promise<string> {
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

async function ended(client: Client, id: string, progress: (issued: number) => void): Promise<void> {
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

export type FleetReport = {
  readonly confirmed: number;
  /** How many of them met a fault and came back. */
  readonly resumed: number;
  /** Numbers of cards that must go to a desk, by reason. */
  readonly desks: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** When the last card of each class was done, in seconds from the beginning. */
  readonly classSeconds: Readonly<Partial<Record<FleetClass, number>>>;
  readonly ocsp: WatchReport;
};

/** Lets every card come, the first classes first. */
export async function updateCards(drill: Drill): Promise<FleetReport> {
  const { fleet, service, atOnce, say } = drill;
  const client = clientOf(service, 'card-management', { connectionsMax: atOnce });
  const watch = await watchOcsp({
    publication: service.urls.publication,
    cards: drill.watched,
    perSecond: drill.ocspPerSecond,
  });
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const counts = { confirmed: 0, resumed: 0, desks: new Map<string, number>() };
  const classSeconds: Partial<Record<FleetClass, number>> = {};
  const noteEnd = (number: number, end: CardEnd): void => {
    classSeconds[classOf(fleet, number)] = seconds();
    if (end.kind === 'desk') return void counts.desks.set(end.reason, (counts.desks.get(end.reason) ?? 0) + 1);
    counts.confirmed += 1;
    if (end.resumed) counts.resumed += 1;
  };
  try {
    const send = sendBy(client);
    const wire: Wire = { send, place: await placeOf(send), clock: Date.now };
    await playAll(drill, { wire, watch, noteEnd, progress: (done) => say(progressOf(fleet, done, seconds())) });
  } finally {
    await client.close();
  }
  const { confirmed, resumed, desks } = counts;
  const ocsp = await watch.stop();
  return { confirmed, resumed, desks: Object.fromEntries(desks), seconds: seconds(), classSeconds, ocsp };
}

function progressOf({ cards }: Fleet, done: number, seconds: number): string {
  const rate = done / seconds;
  return `updated: ${done} of ${cards} cards, ${rate.toFixed(0)}/s, ${((cards - done) / rate / 60).toFixed(0)} minutes left`;
}

type PlayParts = {
  readonly wire: Wire;
  readonly watch: OcspWatch;
  readonly noteEnd: (number: number, end: CardEnd) => void;
  readonly progress: (done: number) => void;
};

async function playAll({ fleet, atOnce }: Drill, { wire, watch, noteEnd, progress }: PlayParts): Promise<void> {
  let [next, done] = [0, 0];
  const client = async (): Promise<void> => {
    while (next < fleet.cards) {
      next += 1;
      const number = next;
      try {
        noteEnd(number, await playCard({ wire, fleet, onSet: watch.see }, number));
      } catch (error) {
        // The others stop after their cards.
        next = fleet.cards;
        throw error;
      }
      done += 1;
      if (done % Math.max(100, Math.floor(fleet.cards / 1_000)) === 0) progress(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}
