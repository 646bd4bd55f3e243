/**
 * Remote updates of cards: begin and confirmation one at a time beside signatures of the CA's key,
 * what a card is to do next beside reading a certificate, and a day on which all cards get new
 * keys.
 */
import { clientOf } from '../../support/service/client.js';
import { nextNumber, tokenId } from '../../support/service/orders.js';
import type { Service } from '../../support/service/service.js';
import { type FieldCard, newSet, presentSet } from '../../support/updates/field-card.js';
import {
  beginUpdate,
  cardPathOf,
  confirmBody,
  issueFirstSet,
  placeOf,
  sendBy,
  type Wire,
  writeUpdate,
} from '../../support/updates/update-client.js';
import { type Run, runLoad } from '../issuance.js';
import { openRawSigning } from '../peers/raw-signing.js';
import { median, middle } from '../statistics.js';
import { atLeast, atMost, type Line, number } from '../table.js';
import { type Bench, type Part, type PartResult, withService } from './part.js';
import { measureRocaDay, type Under } from './roca-day.js';

/** The CA of the cards. */
const CA = { token: 'ca-fort', key: 'aci-fo-pp' } as const;
/** A call may take as long as so many signatures, and so many milliseconds more. */
const SIGNATURES_MAX = 3;
const BEYOND_MS = 10;
const CONNECTIONS = 64;

export const measureCampaign: Part = async (bench) => {
  const results: PartResult[] = [];
  for (const database of bench.databases)
    for (const keyType of ['p-256', 'rsa-4096'] as const) {
      bench.say(`remote updates, ${keyType}, ${database.name}`);
      results.push({ lines: await measureOn(bench, { database, keyType }) });
      results.push(await measureRocaDay(bench, { database, keyType }));
    }
  return { lines: results.flatMap(({ lines }) => lines), notes: results.flatMap(({ notes = [] }) => notes) };
};

async function measureOn(bench: Bench, { database, keyType }: Under): Promise<readonly Line[]> {
  const opened = await database.open();
  try {
    return await withService({ keyType, database: opened.options }, async (service) => {
      const raw = await openRawSigning(bench.rawSign, service.at, CA);
      await service.start();
      const { cpuMs } = await raw.measure(bench.effort.rawSeconds);
      const where = `${keyType}, ${database.name}`;
      const { cards, ...times } = await updateCards(service, bench.effort.updateCards);
      const limit = SIGNATURES_MAX * cpuMs + BEYOND_MS;
      const each = (what: string, ms: number): Line => ({
        what: `${what}, one at a time, ${where}: median`,
        figure: `${number(ms)} ms`,
        limit: `${number(limit)} ms: ${SIGNATURES_MAX} signatures of the CA key (${cpuMs.toFixed(2)} ms) and ${BEYOND_MS} ms`,
        ...atMost(ms / limit, 1),
      });
      return [
        each('Begin of an update of a card with two certificates', times.beginMs),
        each('Its confirmation', times.confirmMs),
        await pendingLine(bench, { service, cards, where }),
      ];
    });
  } finally {
    await opened.close();
  }
}

type UpdateTimes = { readonly cards: readonly FieldCard[]; readonly beginMs: number; readonly confirmMs: number };

/** Updates cards one after the other; the first tenth warms up. */
async function updateCards(service: Service, count: number): Promise<UpdateTimes> {
  const client = clientOf(service, 'card-management');
  try {
    const send = sendBy(client);
    const wire: Wire = { send, place: await placeOf(send), clock: Date.now };
    const cards: FieldCard[] = [];
    const times: { readonly beginMs: number; readonly confirmMs: number }[] = [];
    for (let at = 0; at < count; at += 1) {
      const holder = nextNumber();
      const card: FieldCard = { number: tokenId(holder), sets: [newSet()] };
      await issueFirstSet(send, card, holder);
      const set = newSet();
      const begun = performance.now();
      const update = await beginUpdate(wire, card, set);
      const beginMs = performance.now() - begun;
      await writeUpdate(wire, card, update);
      const body = confirmBody(wire, card, update);
      const said = performance.now();
      const { status } = await send(`${cardPathOf(card)}/updates/${update.id}/confirmation`, body);
      if (status !== 200) throw new Error(`a confirmation was answered with ${status}`);
      times.push({ beginMs, confirmMs: performance.now() - said });
      cards.push(card);
    }
    const measured = times.slice(Math.floor(count / 10));
    return {
      cards,
      beginMs: median(measured.map(({ beginMs }) => beginMs)),
      confirmMs: median(measured.map(({ confirmMs }) => confirmMs)),
    };
  } finally {
    await client.close();
  }
}

type Questions = { readonly service: Service; readonly cards: readonly FieldCard[]; readonly where: string };

async function pendingLine({ effort }: Bench, { service, cards, where }: Questions): Promise<Line> {
  const seconds = effort.ocspSeconds;
  const pending = cards.map((card) => `${cardPathOf(card)}/pending`);
  const certificates = cards.map(
    (card) => `/v1/certificates/${presentSet(card).certificates.get('authentication')?.id}`,
  );
  const load = (name: string, paths: readonly string[]): Promise<Run> =>
    runLoad(service, { name, seconds, prepared: paths.length, paths, connections: CONNECTIONS });
  await load('WARM', certificates);
  const runs: { readonly asked: Run; readonly read: Run }[] = [];
  // In turns, so that what else the machine does falls on both.
  for (let run = 0; run < effort.runs; run += 1) {
    const read = await load('READ', certificates);
    runs.push({ read, asked: await load('PENDING', pending) });
  }
  const { asked, read } = middle(runs, (run) => run.asked.rate / run.read.rate);
  return {
    what: `What a card is to do next (pending), ${where}, ${CONNECTIONS} connections`,
    figure: `${number(asked.rate)} answers/s (median ${number(asked.medianMs)} ms)`,
    limit: `${number(read.rate)} certificates/s read by their ids`,
    ...atLeast(asked.rate / read.rate, 1),
  };
}
