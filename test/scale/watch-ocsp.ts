/**
 * Relying parties during a drill: they ask OCSP for the certificates that cards sign with, in a
 * process of their own (`watch-process.ts`), so that they do not wait for the clients of cards.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { present } from '../../src/kernel/assert.js';
import { fromHex } from '../../src/kernel/bytes.js';
import { readIssuer } from '../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../src/x509/model.js';
import { requestFor, statusIn } from '../fault/ports/status.js';
import { fetchBytes } from '../support/service/files.js';
import type { CardCertificate } from '../support/updates/field-card.js';
import { addLatencies, createLatencies, type Latencies } from './latencies.js';

type Serials = readonly string[];

export type OcspWatch = {
  /** From now on the card signs with these. */
  readonly see: (number: number, certificates: readonly Pick<CardCertificate, 'serialNumber'>[]) => void;
  /** What was seen until now. */
  readonly report: () => Promise<WatchReport>;
  /** Forgets what was seen until now. */
  readonly reset: () => Promise<unknown>;
  readonly stop: () => Promise<WatchReport>;
};

export type WatchReport = {
  readonly asked: number;
  /** Requests that failed. */
  readonly failed: number;
  /** Present certificates that were not `good`, with their card. */
  readonly notGood: readonly string[];
  readonly latencies: Latencies;
};

export type WatchOptions = {
  /** URL of the publication. */
  readonly publication: string;
  /** Cards with numbers up to this one are watched. */
  readonly cards: number;
  readonly perSecond: number;
};

export const NOTHING_SEEN: WatchReport = { asked: 0, failed: 0, notGood: [], latencies: {} };

/** What two watches have seen together. */
export function addWatched(one: WatchReport, other: WatchReport): WatchReport {
  return {
    asked: one.asked + other.asked,
    failed: one.failed + other.failed,
    notGood: [...one.notGood, ...other.notGood],
    latencies: addLatencies(one.latencies, other.latencies),
  };
}

/** What the process of the relying parties is told. */
export type WatchMessage =
  | { readonly kind: 'begin'; readonly options: WatchOptions }
  | { readonly kind: 'see'; readonly number: number; readonly serials: Serials }
  | { readonly kind: 'report' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'stop' };

/** Starts the process of the relying parties. */
export async function startOcspWatch(options: WatchOptions): Promise<OcspWatch> {
  const child = fork(fileURLToPath(new URL('./watch-process.js', import.meta.url)), {
    execArgv: ['--enable-source-maps'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the process of the relying parties ended with ${code}`);
  });
  died.catch(() => undefined);
  const askNow = async (message: WatchMessage): Promise<WatchReport> => {
    const answer = once(child, 'message');
    child.send(message);
    const [report] = await Promise.race([answer, died]);
    return report as WatchReport;
  };
  // One question after the other, so that each gets its own answer.
  let previous: Promise<unknown> = Promise.resolve();
  const ask = (message: WatchMessage): Promise<WatchReport> => {
    const answer = previous.then(() => askNow(message));
    previous = answer.catch(() => undefined);
    return answer;
  };
  await ask({ kind: 'begin', options });
  return {
    see: (number, certificates) => {
      if (number > options.cards) return;
      const serials = certificates.map(({ serialNumber }) => serialNumber);
      child.send({ kind: 'see', number, serials } satisfies WatchMessage);
    },
    report: () => ask({ kind: 'report' }),
    reset: () => ask({ kind: 'reset' }),
    stop: async () => {
      const report = await ask({ kind: 'stop' });
      child.disconnect();
      return report;
    },
  };
}

export type WatchLoop = {
  readonly see: (number: number, serials: Serials) => void;
  readonly report: () => WatchReport;
  readonly reset: () => void;
  readonly stop: () => Promise<WatchReport>;
};

/** Asks about one certificate after the other, at a rate that does not depend on the answers. */
export async function watchOcsp({ publication, perSecond }: WatchOptions): Promise<WatchLoop> {
  const issuer = await fetchIssuer(publication);
  const known = new Map<number, Serials>();
  const numbers: number[] = [];
  let latencies = createLatencies();
  let notGood: string[] = [];
  let [asked, failed, turn, isOver] = [0, 0, 0, false];

  async function ask(number: number, serialNumber: string): Promise<void> {
    const serial = present(fromHex(serialNumber), 'a serial number in hex');
    const body = Buffer.from(requestFor(issuer, [serial]));
    const began = performance.now();
    asked += 1;
    try {
      const headers = { 'content-type': 'application/ocsp-request' };
      const answer = await fetchBytes(`${publication}/ocsp`, { method: 'POST', headers, body });
      latencies.add(performance.now() - began);
      const status = statusIn(new Uint8Array(answer), serial);
      // A card may have gone to its next set while the request was on its way.
      if (status !== 'good' && known.get(number)?.includes(serialNumber) === true)
        notGood.push(`${number}: ${serialNumber} ${status}`);
    } catch {
      failed += 1;
    }
  }

  function next(): { readonly number: number; readonly serialNumber: string } | null {
    if (numbers.length === 0) return null;
    const number = present(numbers[turn % numbers.length], 'the number of a watched card');
    const serials = known.get(number) ?? [];
    const serialNumber = serials[Math.floor(turn / numbers.length) % Math.max(1, serials.length)];
    turn += 1;
    return serialNumber === undefined ? null : { number, serialNumber };
  }

  async function run(): Promise<void> {
    const pending = new Set<Promise<void>>();
    const began = performance.now();
    for (let sent = 0; !isOver; ) {
      // What a late timer has missed is asked at once, so that the rate is kept.
      const due = Math.floor(((performance.now() - began) * perSecond) / 1_000);
      for (; sent < due; sent += 1) {
        const wanted = next();
        if (wanted === null) continue;
        const answered: Promise<void> = ask(wanted.number, wanted.serialNumber).finally(() => pending.delete(answered));
        pending.add(answered);
      }
      await sleep(1_000 / perSecond);
    }
    await Promise.all(pending);
  }

  const report = (): WatchReport => ({ asked, failed, notGood, latencies: latencies.counts() });
  const running = run();
  return {
    see: (number, serials) => {
      if (!known.has(number)) numbers.push(number);
      known.set(number, serials);
    },
    report,
    reset: () => {
      latencies = createLatencies();
      notGood = [];
      [asked, failed] = [0, 0];
    },
    stop: async () => {
      isOver = true;
      await running;
      return report();
    },
  };
}

/** The CA of the cards. */
async function fetchIssuer(publication: string): Promise<Issuer> {
  const certificate = new Uint8Array(await fetchBytes(`${publication}/AC/ACI-FO-PP.cer`));
  const named = { id: 'aci-fo-pp' as Issuer['id'], authority: 'aci-fo-pp', generation: 1 } as const;
  const read = readIssuer({ ...named, kind: 'issuing', hierarchy: 'fort', certificate });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}
