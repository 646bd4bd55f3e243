/**
 * From a revocation to the first `revoked`, of certificates whose `good` is in memory: in the
 * same process, and in another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { statusIn } from '../integration/ocsp/read-answer.js';
import { clientOf, type IssuedCertificate } from '../support/service/client.js';
import { bodyOf } from '../support/service/orders.js';
import type { Service } from '../support/service/service.js';
import { createResponderProcess } from '../support/status/responder-process.js';
import { requestsFor } from './ocsp.js';
import type { Bench } from './parts/part.js';
import { median } from './statistics.js';
import type { Line } from './table.js';

const SAMPLES_A_RUN = 10;
const GOAL_MS = { same: 50, other: 1_000 } as const;
const GIVE_UP_MS = 10_000;
const TYPE = { 'content-type': 'application/ocsp-request' };

export async function measureRevocations({ effort, say }: Bench, service: Service): Promise<readonly Line[]> {
  say('from a revocation to `revoked`');
  const responder = await createResponderProcess(service.at);
  await responder.start();
  const [cards, officer] = [clientOf(service, 'card-management'), clientOf(service, 'officer-1')];
  const found: { readonly same: number[]; readonly other: number[] } = { same: [], other: [] };
  try {
    for (let sample = 0; sample < SAMPLES_A_RUN * effort.runs; sample += 1) {
      const body = bodyOf('elementaire/org-auth-cli');
      const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
      const [request] = await requestsFor(service.urls.publication, [issued.certificate]);
      if (request === undefined) throw new Error('no request');
      const places = { same: service.urls.publication, other: responder.urls.publication };
      for (const url of Object.values(places)) await expectStatus(url, request, 'good');
      const path = `/v1/certificates/${issued.id}/revocation`;
      await officer.expect('POST', path, { body: { reason: 'superseded' } });
      const revoked = performance.now();
      await Promise.all(
        (['same', 'other'] as const).map(async (place) => {
          while ((await statusAt(places[place], request)) !== 'revoked') {
            if (performance.now() - revoked > GIVE_UP_MS) throw new Error(`not revoked after ${GIVE_UP_MS} ms`);
            await sleep(1);
          }
          found[place].push(performance.now() - revoked);
        }),
      );
    }
  } finally {
    await Promise.all([cards.close(), officer.close(), responder.stop()]);
  }
  return (['same', 'other'] as const).map((place) => {
    const ms = median(found[place]);
    return {
      what: `From a revocation to \`revoked\`, in ${place === 'same' ? 'the same process' : 'another process'}`,
      figure: `${ms.toFixed(1)} ms, at most ${Math.max(...found[place]).toFixed(0)} ms`,
      goal: `${GOAL_MS[place]} ms${ms <= GOAL_MS[place] ? '' : ': missed'}`,
    };
  });
}

export async function statusAt(url: string, request: Buffer): Promise<string> {
  const answer = await fetch(`${url}/ocsp`, { method: 'POST', headers: TYPE, body: Uint8Array.from(request) });
  return statusIn(new Uint8Array(await answer.arrayBuffer()));
}

export async function expectStatus(url: string, request: Buffer, wanted: string): Promise<void> {
  const status = await statusAt(url, request);
  if (status !== wanted) throw new Error(`${status} from ${url}`);
}
