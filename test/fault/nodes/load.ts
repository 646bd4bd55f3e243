/**
 * Clients of several nodes at a steady rate. They issue certificates, revoke some of them, and ask
 * for their statuses. A request that is not answered with success is repeated at the next node,
 * with the same Idempotency-Key.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../../src/x509/model.js';
import { statusIn } from '../../integration/ocsp/read-answer.js';
import { unwrap } from '../../support/db/fixture.js';
import {
  type Answer,
  type Client,
  clientOf,
  type IssuedCertificate,
  type Problem,
} from '../../support/service/client.js';
import { fromPem } from '../../support/service/csr.js';
import type { Service } from '../../support/service/service.js';
import { type Attempt, acknowledged, makeAttempts, type Outcome, send } from '../storm.js';

export type Refusal = { readonly node: number; readonly status: number; readonly code: string };

export type LoadResult = {
  /** Each request for certificates; the last outcome is a success where it is settled. */
  readonly orders: readonly { readonly outcomes: readonly Outcome[]; readonly isSettled: boolean }[];
  /** The certificates whose revocation was acknowledged. */
  readonly revoked: readonly IssuedCertificate[];
  /** Revocations that were never acknowledged. */
  readonly unrevoked: readonly IssuedCertificate[];
  /** Answers other than success, by which node. */
  readonly refusals: readonly Refusal[];
  /** Answers of OCSP; the times are milliseconds of the monotonic clock. */
  readonly statuses: readonly {
    readonly node: number;
    readonly id: string;
    readonly status: string;
    readonly askedAt: number;
    readonly answeredAt: number;
  }[];
};

export type Load = {
  /** Sends no more new requests, and waits for those that are repeated. */
  readonly stop: (waitMsMax: number) => Promise<LoadResult>;
};

/** Requests for certificates; a fifth of the certificates is revoked. */
const ORDERS_A_SECOND = 4;
const STATUSES_A_SECOND = 10;
const REVOKED_EVERY = 5;
/** After this time a client asks another node. */
const PATIENCE_MS = 4_000;
const ASK_AGAIN_MS = 400;
/** Clients that wait send nothing new, so that a slow machine gets fewer requests. */
const RUNNING_MAX = 12;

/** `isWanted`: only these requests are sent. */
export function startLoad(services: readonly Service[], isWanted: (attempt: Attempt) => boolean = () => true): Load {
  const clients = services.map((one) => clientOf(one, 'card-management'));
  const orders: { outcomes: Outcome[]; isSettled: boolean }[] = [];
  const refusals: Refusal[] = [];
  const statuses: LoadResult['statuses'][number][] = [];
  const issued: IssuedCertificate[] = [];
  const revoked: IssuedCertificate[] = [];
  const unrevoked = new Set<IssuedCertificate>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let ready: Attempt[] = [];
  let isStopping = false;
  let isOver = false;
  let asked = 0;

  const note = (node: number, answer: Answer | null): void => {
    if (answer !== null && answer.status >= 400)
      refusals.push({ node, status: answer.status, code: (answer.body as Problem).code });
  };
  /** Asks one node after the other until one has done it. A late answer counts too. */
  async function pursue(ask: (client: Client) => Promise<Answer | null>): Promise<boolean> {
    let isDone = false;
    const askAt = async (node: number, client: Client): Promise<void> => {
      const answer = await ask(client);
      note(node, answer);
      if (answer !== null && answer.status < 300) isDone = true;
    };
    for (let node = asked++ % clients.length; !isOver && !isDone; node = (node + 1) % clients.length) {
      const client = clients[node];
      if (client === undefined) return false;
      await Promise.race([askAt(node, client), sleep(PATIENCE_MS)]);
      if (!isDone) await sleep(ASK_AGAIN_MS);
    }
    return isDone;
  }
  async function order(): Promise<void> {
    if (ready.length === 0) ready = makeAttempts(4).filter(isWanted);
    const attempt = ready.shift();
    if (attempt === undefined) return;
    const story = { outcomes: [] as Outcome[], isSettled: false };
    orders.push(story);
    const keyed = { ...attempt, key: attempt.key ?? randomUUID() };
    story.isSettled = await pursue(async (client) => {
      const outcome = await send(client, keyed);
      story.outcomes.push(outcome);
      return outcome.answer;
    });
    const made = new Map(story.outcomes.flatMap(acknowledged).map((one) => [one.id, one]));
    for (const one of made.values()) if (issued.push(one) % REVOKED_EVERY === 0) await revoke(one);
  }
  async function revoke(one: IssuedCertificate): Promise<void> {
    unrevoked.add(one);
    const body = { reason: 'superseded' };
    const isDone = await pursue((client) =>
      client.call('POST', `/v1/certificates/${one.id}/revocation`, { body }).catch(() => null),
    );
    if (!isDone) return;
    unrevoked.delete(one);
    revoked.push(one);
  }
  async function askStatus(): Promise<void> {
    const one = issued[Math.floor(Math.random() * issued.length)];
    const node = Math.floor(Math.random() * services.length);
    const service = services[node];
    if (one === undefined || service === undefined) return;
    const askedAt = performance.now();
    const status = await statusOf(service, one);
    statuses.push({ node, id: one.id, status, askedAt, answeredAt: performance.now() });
  }

  const start = (work: () => Promise<void>, perSecond: number): NodeJS.Timeout =>
    setInterval(() => {
      if (isStopping || running.size >= RUNNING_MAX) return;
      const one = work()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(one));
      running.add(one);
    }, 1_000 / perSecond);
  const timers = [start(order, ORDERS_A_SECOND), start(askStatus, STATUSES_A_SECOND)];

  return {
    async stop(waitMsMax) {
      isStopping = true;
      for (const timer of timers) clearInterval(timer);
      const until = performance.now() + waitMsMax;
      while (running.size > 0 && performance.now() < until) await sleep(50);
      isOver = true;
      await Promise.all(running);
      for (const client of clients) await client.close();
      if (failures.length > 0) throw failures[0];
      return { orders, revoked, unrevoked: [...unrevoked], refusals, statuses };
    },
  };
}

const issuers = new Map<string, Issuer>();

function issuerOf({ ca, chain }: IssuedCertificate): Issuer {
  const known = issuers.get(chain);
  if (known !== undefined) return known;
  const [certificate] = fromPem(chain);
  if (certificate === undefined) throw new Error(`${ca} has no certificate`);
  const facts = { id: ca as IssuerId, authority: ca, generation: 1, hierarchy: 'fort', kind: 'issuing' } as const;
  const made = unwrap(readIssuer({ ...facts, certificate: new Uint8Array(certificate) }));
  issuers.set(chain, made);
  return made;
}

/** What a node says about a certificate by OCSP; `silent` where it does not answer. */
export async function statusOf({ urls }: Service, issued: IssuedCertificate): Promise<string> {
  const body = Uint8Array.from(ocspRequestFor(issuerOf(issued), issued.serialNumber));
  const headers = { 'content-type': 'application/ocsp-request' };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${urls.publication}/ocsp`, { method: 'POST', headers, body, signal });
    return statusIn(new Uint8Array(await answer.arrayBuffer()));
  } catch {
    return 'silent';
  }
}
