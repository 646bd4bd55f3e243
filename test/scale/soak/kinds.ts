/** What a working installation does all day, one kind at a time: each makes its own clients. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage } from '../../../src/cmp/message.js';
import { postCmp } from '../../support/cmp/post.js';
import { certificateRequest } from '../../support/cmp/request.js';
import { est } from '../../support/est/est.js';
import { application, requestBody } from '../../support/est/request.js';
import { clientOf, credentialOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { bodyOf, nextNumber, type ProfileId } from '../../support/service/orders.js';
import type { Service } from '../../support/service/service.js';
import { newSet } from '../../support/updates/field-card.js';
import {
  accepted,
  beginUpdate,
  cardPathOf,
  confirmBody,
  issueFirstSet,
  placeOf,
  sendBy,
  writeUpdate,
} from '../../support/updates/update-client.js';
import { fleetCard, orderLine } from '../fleet.js';
import { ended, submit } from '../roca-day.js';

export type Kind = {
  /** As the table of `ops/sizing.md` names it. */
  readonly name: string;
  /** Works `count` items off. */
  readonly work: (service: Service, count: number) => Promise<void>;
};

export const KINDS: readonly Kind[] = [
  { name: 'a certificate by REST', work: byRest },
  { name: 'a card by an order (two certificates)', work: byOrder },
  { name: 'a card by REST, and its update (four certificates)', work: byUpdate },
  { name: 'a certificate by EST', work: byEst },
  { name: 'a certificate by CMP, confirmed implicitly', work: byCmp },
  { name: 'a certificate by REST, and its revocation', work: byRevocation },
];

const PROFILE = 'elementaire/org-auth-cli';

export async function issue(
  service: Service,
  count: number,
  profile: ProfileId = PROFILE,
): Promise<readonly IssuedCertificate[]> {
  const client = clientOf(service, 'card-management');
  try {
    const issued: IssuedCertificate[] = [];
    for (let item = 0; item < count; item += 1)
      issued.push(await client.expect('POST', '/v1/certificates', { body: bodyOf(profile, makeCsr(makeKey())) }));
    return issued;
  } finally {
    await client.close();
  }
}

async function byRest(service: Service, count: number): Promise<void> {
  await issue(service, count);
}

async function byRevocation(service: Service, count: number): Promise<void> {
  const issued = await issue(service, count);
  const officer = clientOf(service, 'officer-1');
  try {
    for (const { id } of issued)
      await officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  } finally {
    await officer.close();
  }
}

async function byOrder(service: Service, count: number): Promise<void> {
  const first = nextNumber();
  const numbers = [first, ...Array.from({ length: count - 1 }, nextNumber)];
  const fleet = { seed: 'soak', cards: 0, priority: 0 };
  const file = join(service.at.folder, `soak-${first}.ndjson`);
  writeFileSync(file, numbers.map((number) => `${orderLine(fleet, number)}\n`).join(''));
  const client = clientOf(service, 'card-management');
  try {
    await ended(client, await submit(service, file, `soak-${first}`), () => undefined);
  } finally {
    await client.close();
  }
}

async function byUpdate(service: Service, count: number): Promise<void> {
  const client = clientOf(service, 'card-management');
  try {
    const send = sendBy(client);
    const wire = { send, place: await placeOf(send), clock: Date.now };
    for (let item = 0; item < count; item += 1) {
      const number = nextNumber();
      const card = fleetCard({ seed: 'soak', cards: 0, priority: 0 }, number);
      await issueFirstSet(send, card, number);
      const update = await beginUpdate(wire, card, newSet());
      await writeUpdate(wire, card, update);
      await accepted(send, `${cardPathOf(card)}/updates/${update.id}/confirmation`, confirmBody(wire, card, update));
    }
  } finally {
    await client.close();
  }
}

async function byEst(service: Service, count: number): Promise<void> {
  const credential = credentialOf(service.at, 'card-management');
  for (let item = 0; item < count; item += 1) {
    const body = requestBody(makeKey(), { subject: application(`SOAK-EST-${nextNumber()}`) });
    const answer = await est(service, { operation: `${PROFILE.replace('/', '~')}/simpleenroll`, body, credential });
    assert.equal(answer.status, 200, answer.text);
  }
}

async function byCmp(service: Service, count: number): Promise<void> {
  const secret = readFileSync(join(service.at.home, 'credentials', 'card-management.secret.txt'), 'utf8').trim();
  const proof = { kind: 'hmac', reference: 'card-management', secret } as const;
  for (let item = 0; item < count; item += 1) {
    const name = `SOAK-CMP-${nextNumber()}`;
    const body = certificateRequest(proof, { key: makeKey(), name, at: Date.now() });
    const answer = await postCmp(service, { path: `/p/${PROFILE.replace('/', '~')}`, body });
    const decoded = decodeMessage(new Uint8Array(answer.octets));
    assert.ok(decoded.ok && decoded.value.bodyKind === 'cp', `${name}: ${answer.status}`);
  }
}
