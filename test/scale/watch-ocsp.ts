/** Relying parties during a drill: they ask OCSP for the certificates that cards sign with. */
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../src/kernel/assert.js';
import { fromHex } from '../../src/kernel/bytes.js';
import { readIssuer } from '../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../src/x509/model.js';
import { requestFor, statusIn } from '../fault/ports/status.js';
import { fetchBytes } from '../support/service/files.js';
import type { CardCertificate } from '../support/updates/field-card.js';

export type OcspWatch = {
  /** From now on the card signs with these. */
  readonly see: (number: number, certificates: readonly CardCertificate[]) => void;
  readonly stop: () => Promise<WatchReport>;
};

export type WatchReport = {
  readonly asked: number;
  /** Requests that failed. */
  readonly failed: number;
  /** Present certificates that were not `good`, with their card. */
  readonly notGood: readonly string[];
  readonly medianMs: number;
  readonly p99Ms: number;
};

export type WatchOptions = {
  /** URL of the publication. */
  readonly publication: string;
  /** Cards with numbers up to this one are watched. */
  readonly cards: number;
  readonly perSecond: number;
};

export async function watchOcsp({ publication, cards, perSecond }: WatchOptions): Promise<OcspWatch> {
  const issuer = await fetchIssuer(publication);
  const known = new Map<number, readonly CardCertificate[]>();
  const latencies: number[] = [];
  const notGood: string[] = [];
  let [failed, turn, isOver] = [0, 0, false];

  async function ask(number: number, { serialNumber }: CardCertificate): Promise<void> {
    const serial = present(fromHex(serialNumber), 'a serial number in hex');
    const body = Buffer.from(requestFor(issuer, [serial]));
    const began = performance.now();
    try {
      const headers = { 'content-type': 'application/ocsp-request' };
      const answer = await fetchBytes(`${publication}/ocsp`, { method: 'POST', headers, body });
      latencies.push(performance.now() - began);
      const status = statusIn(new Uint8Array(answer), serial);
      // A card may have gone to its next set while the request was on its way.
      const isPresent = known.get(number)?.some((one) => one.serialNumber === serialNumber) ?? false;
      if (status !== 'good' && isPresent) notGood.push(`${number}: ${serialNumber} ${status}`);
    } catch {
      failed += 1;
    }
  }

  async function run(): Promise<void> {
    const pending = new Set<Promise<void>>();
    while (!isOver) {
      const watched = [...known];
      const [number, certificates] = watched[turn % Math.max(1, watched.length)] ?? [0, []];
      for (const certificate of certificates) {
        const asked: Promise<void> = ask(number, certificate).finally(() => pending.delete(asked));
        pending.add(asked);
        await sleep(1_000 / perSecond);
      }
      turn += 1;
      if (certificates.length === 0) await sleep(1_000 / perSecond);
    }
    await Promise.all(pending);
  }

  const running = run();
  return {
    see: (number, certificates) => {
      if (number <= cards) known.set(number, certificates);
    },
    stop: async () => {
      isOver = true;
      await running;
      latencies.sort((one, other) => one - other);
      const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? 0;
      return { asked: latencies.length + failed, failed, notGood, medianMs: at(0.5), p99Ms: at(0.99) };
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
