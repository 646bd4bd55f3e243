/**
 * OCSP: from the cache beside node:http that sends the same octets and cfssl's `ocspserve`; with
 * nonces beside C_Sign of the responder's key and `openssl ocsp` on the same token; and from a
 * revocation to `revoked`.
 */
import { present } from '../../../src/kernel/assert.js';
import type { SignatureAlgorithm } from '../../../src/x509/model.js';
import type { ServiceHome } from '../../support/service/home.js';
import type { Service } from '../../support/service/service.js';
import { type CpuUse, cpuBetween, sampleCpu } from '../cpu-time.js';
import { CONNECTIONS, runLoad } from '../issuance.js';
import {
  type Answers,
  askAlone,
  millisecondsOf,
  OCSP_CONNECTIONS,
  prepareNonces,
  prepareOcsp,
  type Requests,
  requestsFor,
  runWrk,
  startBareServer,
} from '../ocsp.js';
import { measureOcspserve } from '../peers/cfssl-ocsp.js';
import { measureOpensslOcsp, serialsOf } from '../peers/openssl-ocsp.js';
import { openRawSigning, type RawSigning, THREADS } from '../peers/raw-signing.js';
import { measureRevocations } from '../revocation-latency.js';
import { mean, middle } from '../statistics.js';
import { atLeast, atMost, type Line, number, percent } from '../table.js';
import { type Bench, type Part, withService } from './part.js';

const CERTIFICATES = 200;
/** More than any machine signs: the limit of responses for one client is not measured here. */
export const ONE_CLIENT_PER_SECOND_MAX = 100_000;
const CACHE_GOAL = 0.7;
const P99_GOAL = 3;
const TOKEN = 'ocsp-elementaire';
const AUTHORITY = 'aci-el-org';

type NonceCase = {
  readonly name: string;
  readonly key: string;
  readonly certificate: string;
  readonly preferred: SignatureAlgorithm | null;
  /** The goal as a fraction of the rate of C_Sign. `null`: there is none. */
  readonly goal: number | null;
  /** The goal as a multiple of the rate of `openssl ocsp`. */
  readonly peerGoal: number;
};

const NONCE_CASES: readonly NonceCase[] = [
  {
    name: 'RSA-2048',
    key: 'aci-el-org.rsa-2048',
    certificate: 'aci-el-org.ocsp-rsa-2048.cer',
    preferred: 'sha256WithRsaEncryption',
    goal: 0.7,
    peerGoal: 2,
  },
  {
    name: 'P-256',
    key: 'aci-el-org',
    certificate: 'aci-el-org.ocsp.cer',
    preferred: null,
    goal: null,
    peerGoal: 1,
  },
];

export const measureOcsp: Part = async (bench) => {
  const config = { ocsp: { oneClientPerSecondMax: ONE_CLIENT_PER_SECOND_MAX } };
  const measured = await withService({ keyType: 'p-256', config }, async (service) => {
    bench.say('OCSP from the cache');
    // Before the signers have it open.
    const raws = [];
    for (const { key } of NONCE_CASES)
      raws.push(await openRawSigning(bench.rawSign, service.at, { token: TOKEN, key }));
    await service.start();
    const issued = await runLoad(service, { name: 'OCSP', seconds: null, prepared: CERTIFICATES + CONNECTIONS });
    const certificates = issued.certificates.map(({ certificate }) => certificate);
    const lines = await measureCache(bench, service, certificates);
    const ders = await requestsFor(service.urls.publication, certificates);
    const rates: number[] = [];
    for (const [at, one] of NONCE_CASES.entries()) {
      const raw = present(raws[at], 'signing with the key of a case');
      const found = await measureNonces(bench, one, { service, ders, raw });
      rates.push(found.rate);
      lines.push(...found.lines);
    }
    lines.push(...(await measureRevocations(bench, service)));
    await service.stop();
    lines.push(...(await measurePeers(bench, { at: service.at, certificates, ders, rates })));
    return lines;
  });
  return { lines: measured };
};

type NonceUnder = { readonly service: Service; readonly ders: readonly Buffer[]; readonly raw: RawSigning };

async function measureNonces({ effort, say }: Bench, one: NonceCase, { service, ders, raw }: NonceUnder) {
  say(`OCSP with nonces, ${one.name}`);
  const load = await prepareNonces(ders, one.preferred);
  const ask = (): Answers => runWrk(service.urls.publication, load, effort.ocspSeconds);
  const turns: { ours: Answers; cpu: readonly CpuUse[]; limit: number; limitCpuMs: number }[] = [];
  ask();
  for (let run = 0; run < effort.runs; run += 1) {
    const before = sampleCpu(service.tree());
    const ours = ask();
    const cpu = cpuBetween(before, sampleCpu(service.tree()));
    const { rate, cpuMs } = await raw.measure(effort.rawSeconds);
    turns.push({ ours, cpu, limit: rate, limitCpuMs: cpuMs });
  }
  const { rate, p99 } = middle(turns, ({ ours }) => ours.rate).ours;
  const { limit } = middle(turns, (turn) => turn.limit);
  const answered = turns.reduce((sum, { ours }) => sum + ours.rate * effort.ocspSeconds, 0);
  const used = new Map<string, number>();
  for (const { name, ms } of turns.flatMap(({ cpu }) => cpu)) used.set(name, (used.get(name) ?? 0) + ms);
  const each = [...used].map(([name, ms]) => `${name} ${number((1000 * ms) / answered)} us`).slice(0, 3);
  const lines: readonly Line[] = [
    {
      what: `OCSP with a nonce, ${one.name} responder, ${OCSP_CONNECTIONS} connections`,
      figure: `${number(rate)} responses/s (p99 ${p99})`,
      limit: `${number(limit)} C_Sign/s, ${THREADS} threads of a C program`,
      ...(one.goal === null ? { ratio: percent(rate / limit) } : atLeast(rate / limit, one.goal)),
    },
    {
      what: `of which processor time of one response, ${one.name}`,
      figure: each.join(', '),
      limit: `C_Sign ${number(1000 * mean(turns.map(({ limitCpuMs }) => limitCpuMs)))} us`,
    },
  ];
  return { rate, lines };
}

async function measureCache(bench: Bench, service: Service, certificates: readonly string[]): Promise<Line[]> {
  const { effort } = bench;
  const { publication } = service.urls;
  const lines: Line[] = [];
  for (const requests of await prepareOcsp(publication, certificates)) {
    const { method, file, answer } = requests;
    const bare = await startBareServer(answer);
    runWrk(publication, { file }, effort.ocspSeconds);
    const ours: Answers[] = [];
    const limits: Answers[] = [];
    // In turns, so that what else the machine does falls on both.
    for (let run = 0; run < effort.runs; run += 1) {
      ours.push(runWrk(publication, { file }, effort.ocspSeconds));
      limits.push(runWrk(bare.url, { file }, effort.ocspSeconds));
    }
    bare.stop();
    const [found, limit] = [ours, limits].map((runs) => middle(runs, ({ rate }) => rate)) as [Answers, Answers];
    const octets = Buffer.from(answer.base64, 'base64').length;
    lines.push(
      {
        what: `OCSP from the cache, ${method}, ${OCSP_CONNECTIONS} connections, ${octets} bytes`,
        figure: `${number(found.rate)} responses/s (p99 ${found.p99})`,
        limit: `${number(limit.rate)} responses/s of bare node:http`,
        ...atLeast(found.rate / limit.rate, CACHE_GOAL),
      },
      {
        what: `of which the slowest in a hundred, ${method}`,
        figure: found.p99,
        limit: `${limit.p99} of bare node:http`,
        ...atMost(millisecondsOf(found.p99) / millisecondsOf(limit.p99), P99_GOAL),
      },
    );
    if (method === 'POST') lines.push(await besideOcspserve(bench, requests, found));
  }
  return lines;
}

async function besideOcspserve({ effort }: Bench, { file, answers }: Requests, ours: Answers): Promise<Line> {
  const what = 'cfssl ocspserve, the same responses, POST';
  const peer = await measureOcspserve(answers, (url) => runWrk(url, { file }, effort.ocspSeconds));
  if (typeof peer === 'string') return { what, figure: peer };
  return {
    what,
    figure: `${number(ours.rate)} responses/s of PFCNG`,
    limit: `${number(peer.rate)} responses/s (p99 ${peer.p99})`,
    ...atLeast(ours.rate / peer.rate, 1),
  };
}

type OcspFigures = {
  readonly at: ServiceHome;
  readonly certificates: readonly string[];
  readonly ders: readonly Buffer[];
  /** Ours, by case. */
  readonly rates: readonly number[];
};

async function measurePeers(bench: Bench, { at, certificates, ders, rates }: OcspFigures): Promise<readonly Line[]> {
  const serials = serialsOf(certificates);
  const lines: Line[] = [];
  for (const [index, one] of NONCE_CASES.entries()) {
    const what = `openssl ocsp on the same token, ${one.name}, with nonces`;
    const request = ders[0] ?? Buffer.alloc(0);
    const peer = await measureOpensslOcsp({
      home: at,
      token: TOKEN,
      key: one.key,
      certificate: one.certificate,
      authority: `${AUTHORITY}.cer`,
      serials,
      load: (url) => askAlone(url, request, bench.effort.ocspSeconds),
    });
    const ours = rates[index] ?? 0;
    if (typeof peer === 'string') lines.push({ what, figure: peer });
    else
      lines.push({
        what,
        figure: `${number(ours)} responses/s of PFCNG`,
        limit: `${number(peer)} responses/s`,
        ...atLeast(ours / peer, one.peerGoal),
      });
  }
  return lines;
}
