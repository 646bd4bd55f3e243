/**
 * What strangers can cause: how long a revocation takes while 600 connections flood the service,
 * whether honest clients get their first OCSP responses meanwhile, and how much descriptors,
 * memory, the journal of the OCSP signer and the log grow, beside the limits of `ops/limits.md`.
 * How long a certificate by REST takes beside wrong MACs of CMP stands next to the same without
 * them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { homePaths } from '../../../src/config/paths.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { certIdsIn, statusIn } from '../../integration/ocsp/read-answer.js';
import {
  type Client,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { pssMb } from '../../support/service/processes.js';
import type { Service } from '../../support/service/service.js';
import { FLOODS, type FloodKind, type FloodName, type FloodTarget } from '../floods/kinds.js';
import { enoughFor, runLoad } from '../issuance.js';
import { requestsFor } from '../ocsp.js';
import { median, quantile } from '../statistics.js';
import { atLeast, atMost, type Line, number } from '../table.js';
import { type Part, withService } from './part.js';

const CONNECTIONS = 600;
const P99_MS_MAX = 500;
/** The flood has its full strength before anything is measured. */
const WARM_UP_MS = 2_000;
const REVOCATIONS_A_SECOND = 20;
const CERTIFICATES_A_SECOND = 50;
const SLOWER_MAX = 1.5;
const TURNS = 3;

type Load = Awaited<ReturnType<typeof runLoad>>;

const OCSP_TOKEN = 'ocsp-elementaire';
/** Honest clients that ask about a certificate for the first time during each flood. */
const FIRST_QUESTIONS = 40;
const TYPE = { 'content-type': 'application/ocsp-request' };
/** The limits of `ops/limits.md`. The journal may get 1,000 responses at once after a pause. */
const JOURNAL_BYTES_A_SECOND_MAX = 120_000;
const JOURNAL_BYTES_AT_ONCE_MAX = 1_200_000;
/** Faults of the responder, and requests of clients without an account. */
const LOG_LINES_A_SECOND_MAX = 6;
const LOG_LINES_A_MINUTE_MAX = 600;
const GROWTH_MB_MAX = 128;

type Usage = {
  readonly descriptors: number;
  readonly mb: number;
  readonly journalBytes: number;
  readonly logLines: number;
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
};
type FirstAnswer = { readonly status: string; readonly ms: number };
type Revocations = {
  /** In ms, ascending. */
  readonly times: readonly number[];
  /** How many were not answered with 200. */
  readonly refused: number;
};
type FloodFigures = Revocations & {
  readonly answers: readonly FirstAnswer[];
  readonly before: Usage;
  readonly during: Usage;
};

function usageOf(service: Service): Usage {
  const { home } = service.at;
  const journal = join(home, 'signers', OCSP_TOKEN);
  const segments = readdirSync(journal).filter((name) => name.startsWith('journal.'));
  return {
    descriptors: readdirSync(`/proc/${service.pid()}/fd`).length,
    mb: pssMb(service.pid()),
    journalBytes: segments.reduce((sum, name) => sum + statSync(join(journal, name)).size, 0),
    logLines: readFileSync(homePaths(home).log, 'utf8').split('\n').length,
    at: performance.now(),
  };
}

function targetOf(service: Service, certIds: readonly string[]): FloodTarget {
  const addressOf = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const { api, publication, cmp } = service.urls;
  const account = credentialOf(service.at, 'card-management');
  return { api: addressOf(api), publication: addressOf(publication), cmp: addressOf(cmp), account, certIds };
}

async function duringFlood<Value>(name: FloodName, target: FloodTarget, use: () => Promise<Value>): Promise<Value> {
  const program = fileURLToPath(new URL('../floods/flooding.js', import.meta.url));
  const child = spawn(process.execPath, [program, name, String(connectionsOf(name))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    child.stdin.end(JSON.stringify(target));
    await once(child.stdout, 'data');
    await sleep(WARM_UP_MS);
    return await use();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function issue(cards: Client, count: number): Promise<readonly IssuedCertificate[]> {
  const issued: IssuedCertificate[] = [];
  const body = () => bodyOf('elementaire/org-auth-cli');
  while (issued.length < count)
    issued.push(await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: body() }));
  return issued;
}

/** OCSP requests without a nonce about new certificates, about which nobody has asked. */
async function firstQuestions(service: Service, cards: Client): Promise<readonly Buffer[]> {
  const issued = await issue(cards, FIRST_QUESTIONS);
  return requestsFor(
    service.urls.publication,
    issued.map(({ certificate }) => certificate),
  );
}

/** Asks one question after the other. */
async function ask(service: Service, questions: readonly Buffer[]): Promise<readonly FirstAnswer[]> {
  const answers: FirstAnswer[] = [];
  for (const question of questions) {
    const began = performance.now();
    const request = { method: 'POST', headers: TYPE, body: Uint8Array.from(question) };
    const answer = await fetch(`${service.urls.publication}/ocsp`, request);
    const status = statusIn(new Uint8Array(await answer.arrayBuffer()));
    answers.push({ status, ms: performance.now() - began });
  }
  return answers;
}

/** Revokes certificates at a steady rate. */
async function revoke(officer: Client, issued: readonly IssuedCertificate[]): Promise<Revocations> {
  const began = performance.now();
  const answers = issued.map(async ({ id }, at) => {
    await sleep(Math.max(0, began + (at * 1_000) / REVOCATIONS_A_SECOND - performance.now()));
    const asked = performance.now();
    const body = { reason: 'superseded' };
    const { status } = await officer.call('POST', `/v1/certificates/${id}/revocation`, { body });
    return { ms: performance.now() - asked, isDone: status === 200 };
  });
  const all = await Promise.all(answers);
  return {
    times: all.map(({ ms }) => ms).sort((a, b) => a - b),
    refused: all.filter(({ isDone }) => !isDone).length,
  };
}

function linesOf(title: string, { times, refused, answers, before, during }: FloodFigures): readonly Line[] {
  const p99 = quantile(times, 0.99);
  const good = answers.filter(({ status }) => status === 'good').length;
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  const seconds = (during.at - before.at) / 1_000;
  const journalBytes = during.journalBytes - before.journalBytes;
  const journalMax = JOURNAL_BYTES_AT_ONCE_MAX + seconds * JOURNAL_BYTES_A_SECOND_MAX;
  // Each of the revocations has a line too.
  const logLines = during.logLines - before.logLines - times.length;
  const minutes = 1 + Math.ceil(seconds / 60);
  const logMax = Math.ceil(minutes * LOG_LINES_A_MINUTE_MAX + seconds * LOG_LINES_A_SECOND_MAX);
  const growthMb = during.mb - before.mb;
  return [
    {
      what: `Revocation, p99, during ${title}`,
      figure: `${p99.toFixed(0)} ms, ${refused} refused; ${during.descriptors} descriptors (${before.descriptors} before)`,
      limit: `${P99_MS_MAX} ms`,
      ...atMost(refused === 0 ? p99 / P99_MS_MAX : Number.POSITIVE_INFINITY, 1),
    },
    {
      what: 'of first OCSP questions of honest clients',
      figure: `${good} of ${answers.length} answered, the slowest in ${slowest.toFixed(0)} ms`,
      ...atLeast(good / answers.length, 1),
    },
    {
      what: 'growth of the memory of the service',
      figure: `${growthMb.toFixed(0)} MB, to ${during.mb.toFixed(0)} MB`,
      limit: `${GROWTH_MB_MAX} MB`,
      ...atMost(growthMb / GROWTH_MB_MAX, 1),
    },
    {
      what: `growth of the journal of ${OCSP_TOKEN}, ${seconds.toFixed(0)} s`,
      figure: `${number(journalBytes / 1_000)} kB`,
      limit: `${number(journalMax / 1_000)} kB`,
      ...atMost(journalBytes / journalMax, 1),
    },
    {
      what: 'growth of the log',
      figure: `${logLines} lines`,
      limit: `${logMax} lines`,
      ...atMost(logLines / logMax, 1),
    },
  ];
}

export const measureFloods: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256' }, async (service) => {
    await service.start();
    const connection = { url: service.urls.api, trust: trustOf(service.at), judge: null };
    const as = (account: string) => createClient({ ...connection, credential: credentialOf(service.at, account) });
    const [cards, officer] = [as('card-management'), as('officer-1')];
    const lines: Line[] = [];
    try {
      const known = await firstQuestions(service, cards);
      const target = targetOf(service, known.flatMap((der) => certIdsIn(new Uint8Array(der))).map(toHex));
      for (const [name, title] of [[null, 'nothing else'] as const, ...titles()]) {
        say(`revocations during ${title}`);
        const issued = await issue(cards, effort.issuanceSeconds * REVOCATIONS_A_SECOND);
        const questions = await firstQuestions(service, cards);
        const before = usageOf(service);
        const measure = async () => {
          const [revoked, answers] = await Promise.all([revoke(officer, issued), ask(service, questions)]);
          return { ...revoked, answers, during: usageOf(service) };
        };
        const found = name === null ? await measure() : await duringFlood(name, target, measure);
        lines.push(...linesOf(title, { ...found, before }));
      }
      say('certificates by REST beside wrong MACs of CMP');
      lines.push(await certificatesBesideMacs(service, target, effort.issuanceSeconds));
    } finally {
      await Promise.all([cards.close(), officer.close()]);
    }
    return { lines };
  });

function titles(): readonly (readonly [FloodName, string])[] {
  return Object.entries(FLOODS).map(
    ([name, { title }]) =>
      [name as FloodName, `a flood over ${connectionsOf(name as FloodName)} connections: ${title}`] as const,
  );
}

function connectionsOf(name: FloodName): number {
  const { connections = CONNECTIONS }: FloodKind = FLOODS[name];
  return connections;
}

/** In turns, because other machines of the same host may slow this one down for seconds. */
async function certificatesBesideMacs(service: Service, target: FloodTarget, seconds: number): Promise<Line> {
  const perSecond = CERTIFICATES_A_SECOND;
  const prepared = enoughFor(perSecond, seconds);
  const alone: Load[] = [];
  const beside: Load[] = [];
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const issueAs = (name: string) => runLoad(service, { name: `${name}-${turn}`, seconds, perSecond, prepared });
    alone.push(await issueAs('ALONE'));
    beside.push(await duringFlood('wrong-macs', target, () => issueAs('BESIDE')));
  }
  const middleOf = (loads: readonly Load[]) => median(loads.map(({ medianMs }) => medianMs));
  const answeredIn = (loads: readonly Load[]) => loads.reduce((sum, { answered }) => sum + answered, 0);
  const [besideMs, aloneMs] = [middleOf(beside), middleOf(alone)];
  return {
    what: `Certificate by REST, median, ${perSecond} a second, during ${FLOODS['wrong-macs'].title}`,
    figure: `${number(besideMs)} ms, the middle of ${TURNS} turns, ${answeredIn(beside)} answered`,
    limit: `${number(aloneMs)} ms, ${answeredIn(alone)} answered, alone`,
    ...atMost(
      beside.some(({ answered }) => answered === 0) ? Number.POSITIVE_INFINITY : besideMs / aloneMs,
      SLOWER_MAX,
    ),
  };
}
