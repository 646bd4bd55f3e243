/** The running service, with REST and OCSP. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../../../src/kernel/assert.js';
import { fromHex } from '../../../../src/kernel/bytes.js';
import { readIssuer } from '../../../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../../../src/x509/model.js';
import { requestFor, statusIn } from '../../../fault/ports/status.js';
import type { Client, IssuedCertificate } from '../../../support/service/client.js';
import { fromPem, type HolderKey, makeKey } from '../../../support/service/csr.js';
import { fetchBytes } from '../../../support/service/files.js';
import { nextNumber } from '../../../support/service/orders.js';
import type { SharedService } from '../../../support/service/shared.js';
import type { Life, Model } from './model.js';

/**
 * Each run has its own cards, holders and keys, so that it does not conflict with other runs.
 */
export type RunningService = {
  readonly cards: Client;
  readonly officer: Client;
  readonly publication: string;
  /** The numbers of the people, cards and organisations. */
  readonly people: readonly [number, number];
  readonly tokens: readonly [number, number];
  readonly organisations: readonly [number, number];
  /** The start of the run; everything is issued later. */
  readonly began: string;
  readonly keys: HolderKey[];
};

export function newRun(shared: SharedService): RunningService {
  const two = (): readonly [number, number] => [nextNumber(), nextNumber()];
  return {
    cards: shared.as('card-management'),
    officer: shared.as('officer-1'),
    publication: shared.service.urls.publication,
    people: two(),
    tokens: two(),
    organisations: two(),
    began: new Date().toISOString(),
    keys: [],
  };
}

/** The number of a new key. */
export function newKey({ keys }: RunningService): number {
  keys.push(makeKey());
  return keys.length - 1;
}

export function keyOf({ keys }: RunningService, number: number): HolderKey {
  return present(keys[number], 'a key of the run');
}

const issuers = new Map<string, Issuer>();

function issuerOf({ ca, chain }: IssuedCertificate): Issuer {
  const [certificate] = fromPem(chain);
  const read = readIssuer({
    id: ca as Issuer['id'],
    authority: ca,
    generation: 1,
    kind: 'issuing',
    hierarchy: ca.startsWith('aci-fo') ? 'fort' : 'elementaire',
    certificate: new Uint8Array(present(certificate, 'a chain')),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** REST and OCSP report the status of the model. */
export async function assertLife({ cards, publication }: RunningService, life: Life): Promise<void> {
  const shown = await cards.expect<IssuedCertificate>('GET', `/v1/certificates/${life.id}`);
  const { status, revocation } = shown;
  const ended = revocation === null ? null : { reason: revocation.reason, invalidityDate: revocation.invalidityDate };
  assert.deepEqual({ status, ended }, { status: life.status, ended: life.ended }, `${life.profile} ${life.id}`);
  // The CAs of another database have other keys.
  const name = `${publication} ${life.ca}`;
  const issuer = issuers.get(name) ?? issuerOf(shown);
  issuers.set(name, issuer);
  const serial = present(fromHex(life.serialNumber), 'a serial number in hex');
  const answer = await fetchBytes(`${publication}/ocsp`, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: Buffer.from(requestFor(issuer, [serial])),
  });
  const answered = statusIn(new Uint8Array(answer), serial);
  assert.equal(answered, life.status === 'issued' ? 'good' : 'revoked', `OCSP of ${life.profile} ${life.id}`);
}

export async function assertLives(real: RunningService, { lives }: Model): Promise<void> {
  for (const life of lives) await assertLife(real, life);
}

const ORDER_MS_MAX = 60_000;

/** Waits until a mass revocation is completed. */
export async function awaitOrder({ officer }: RunningService, id: string): Promise<void> {
  const until = performance.now() + ORDER_MS_MAX;
  for (;;) {
    const { state } = await officer.expect<{ readonly state: string }>('GET', `/v1/revocations/${id}`);
    if (state === 'completed') return;
    assert.ok(performance.now() < until, `${id} is ${state}`);
    await sleep(20);
  }
}
