/**
 * Status while every signer is dead, beside the same with all of them well, in turns, and how long
 * a holder's revocation takes meanwhile. The signers are units of their own here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { type Client, clientOf, createClient, type IssuedCertificate, trustOf } from '../../support/service/client.js';
import type { Service } from '../../support/service/service.js';
import { clientOfKey, issueServiceCard, type ServiceCard } from '../../support/updates/service-card.js';
import { CONNECTIONS, runLoad } from '../issuance.js';
import { OCSP_CONNECTIONS, prepareOcsp, runWrk } from '../ocsp.js';
import { type Signers, startSigners } from '../signers.js';
import { median } from '../statistics.js';
import { atLeast, type Line, number } from '../table.js';
import { type Part, withService } from './part.js';

const CERTIFICATES = 200;
/** Two measurements of the same differ by so much on a quiet machine. */
const GOAL = 0.95;
/** Cards that are revoked by their holders in one run. */
const HOLDERS_A_RUN = 10;
const REVOKED_GOAL_MS = 1_000;

export const measureHsmDown: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256', config: { signers: 'external' } }, async (service) => {
    say('status with the HSM down');
    let signers: Signers | null = await startSigners(service.at);
    try {
      await service.start();
      const issued = await runLoad(service, { name: 'DOWN', seconds: null, prepared: CERTIFICATES + CONNECTIONS });
      const holders = await issueHolders(service, HOLDERS_A_RUN * effort.runs);
      const revokedMs: number[] = [];
      const { publication } = service.urls;
      const ocsp = await prepareOcsp(
        publication,
        issued.certificates.map(({ certificate }) => certificate),
      );
      const crl = join(await temporaryFolder('pfcng-crl-'), 'paths.txt');
      writeFileSync(crl, '/CRL/ACI-EL-ORG.crl\n');
      const asked = [
        ...ocsp.map(({ method, file }) => ({ what: `OCSP from the cache, ${method}`, file })),
        { what: 'CRL download', file: crl },
      ].map((one) => ({ ...one, up: [] as number[], down: [] as number[] }));
      // Compiled and cached before anything counts.
      for (const { file } of asked) runWrk(publication, { file }, effort.ocspSeconds);
      for (let run = 0; run < effort.runs; run += 1) {
        signers ??= await startSigners(service.at);
        for (const { file, up } of asked) up.push(runWrk(publication, { file }, effort.ocspSeconds).rate);
        await signers.stop();
        signers = null;
        for (const { file, down } of asked) down.push(runWrk(publication, { file }, effort.ocspSeconds).rate);
        for (const card of holders.splice(0, HOLDERS_A_RUN)) revokedMs.push(await revokeByHolder(service, card));
      }
      const answers = asked.map(({ what, up, down }) => ({
        what: `${what}, all signers dead, ${OCSP_CONNECTIONS} connections`,
        figure: `${number(median(down))} responses/s`,
        limit: `${number(median(up))} responses/s with all signers ready`,
        ...atLeast(median(down) / median(up), GOAL),
      }));
      return { lines: [...answers, revocationLine(revokedMs)] };
    } finally {
      await signers?.stop();
    }
  });

async function issueHolders(service: Service, count: number): Promise<ServiceCard[]> {
  const cards = clientOf(service, 'card-management');
  try {
    const issued: ServiceCard[] = [];
    for (let at = 0; at < count; at += 1) issued.push(await issueServiceCard(cards));
    return issued;
  } finally {
    await cards.close();
  }
}

/** From the holder's connection until both certificates of the card are read as revoked. */
async function revokeByHolder(service: Service, card: ServiceCard): Promise<number> {
  const { url, trust } = { url: service.urls.api, trust: trustOf(service.at) };
  const withCredential = (credential: Parameters<typeof createClient>[0]['credential']): Client =>
    createClient({ url, trust, credential, judge: null });
  const [holder, cards] = [
    clientOfKey({ with: withCredential }, card.authentication),
    clientOf(service, 'card-management'),
  ];
  try {
    const began = performance.now();
    await holder.expect('POST', `${card.path}/revocation`, { body: { reason: 'keyCompromise' } });
    for (const { issued } of [card.authentication, card.signature]) {
      const { status } = await cards.expect<IssuedCertificate>('GET', `/v1/certificates/${issued.id}`);
      if (status !== 'revoked') throw new Error(`${issued.id}: ${status}`);
    }
    return performance.now() - began;
  } finally {
    await Promise.all([holder.close(), cards.close()]);
  }
}

function revocationLine(ms: readonly number[]): Line {
  const longest = Math.max(...ms);
  return {
    what: 'From the request of a holder to `revoked`, all signers dead',
    figure: `${median(ms).toFixed(0)} ms, at most ${longest.toFixed(0)} ms`,
    goal: `at most ${number(REVOKED_GOAL_MS)} ms${longest <= REVOKED_GOAL_MS ? '' : ': missed'}`,
  };
}
