/**
 * Signatures at the socket of one signer process, its checks, lint and journal included, against
 * C_Sign of a C program in turns.
 */
import type { KeyType } from '../../../src/x509/model.js';
import { makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { isSignerChild, tokenOf } from '../../support/service/processes.js';
import { attribute } from '../attribution.js';
import { cpuBetween, sampleCpu, sumMs } from '../cpu-time.js';
import { profileBySignal } from '../inspector.js';
import { openRawSigning, THREADS, TOKEN } from '../peers/raw-signing.js';
import { describeShares } from '../profile-text.js';
import { openSignerLoad, type SignerLoader, type Signers, startSigners } from '../signers.js';
import { mean, median, middle } from '../statistics.js';
import { atLeast, type Line, number } from '../table.js';
import type { Bench, Part, PartResult } from './part.js';

const GOALS: readonly (readonly [KeyType, number])[] = [
  ['rsa-2048', 0.8],
  ['rsa-3072', 0.9],
  ['rsa-4096', 0.9],
  ['p-256', 0.3],
  ['p-384', 0.8],
];
const PROFILE = 'elementaire/org-auth-cli';
/** Requests without an answer, at any time: more than the signer hands to its token. */
const UNANSWERED = 128;

export const measureSigners: Part = async (bench) => {
  const parts: PartResult[] = [];
  for (const [keyType, goal] of GOALS) parts.push(await measureSigner(bench, keyType, goal));
  return { lines: parts.flatMap(({ lines }) => lines), notes: parts.flatMap(({ notes = [] }) => notes) };
};

async function measureSigner(bench: Bench, keyType: KeyType, goal: number): Promise<PartResult> {
  bench.say(`the signer's socket, ${keyType}`);
  const at = await makeServiceHome(keyType);
  try {
    const raw = await openRawSigning(bench.rawSign, at);
    const signers = await startSigners(at);
    try {
      const load = await openSignerLoad(at, { token: TOKEN, profile: PROFILE });
      try {
        return await measureInTurns(bench, { keyType, goal, raw, signers, load });
      } finally {
        load.close();
      }
    } finally {
      await signers.stop();
    }
  } finally {
    removeServiceHome(at);
  }
}

type Under = {
  readonly keyType: KeyType;
  readonly goal: number;
  readonly raw: Awaited<ReturnType<typeof openRawSigning>>;
  readonly signers: Signers;
  readonly load: SignerLoader;
};

async function measureInTurns({ effort, profile }: Bench, under: Under): Promise<PartResult> {
  const { keyType, goal, raw, signers, load } = under;
  const go = { seconds: effort.rawSeconds, unanswered: UNANSWERED };
  // V8 compiles on threads of its own what runs often, which for slow keys takes longer than any
  // warm-up in seconds.
  for (let warm = 0; warm < effort.warmUpSignatures; )
    warm += (await load.run({ ...go, seconds: effort.warmUpSeconds })).answered;
  const turns: { rate: number; raw: number; rawCpuMs: number; signerCpuMs: number; loadCpuMs: number }[] = [];
  for (let run = 0; run < effort.signerRuns; run += 1) {
    const limit = await raw.measure(effort.rawSeconds);
    const before = sampleCpu(signers.tree());
    const { signatures, answered, seconds, cpuMs } = await load.run(go);
    turns.push({
      rate: signatures / seconds,
      raw: limit.rate,
      rawCpuMs: limit.cpuMs,
      signerCpuMs: sumMs(cpuBetween(before, sampleCpu(signers.tree()))) / answered,
      loadCpuMs: cpuMs / answered,
    });
  }
  const rate = middle(turns, (turn) => turn.rate).rate;
  const limit = median(turns.map((turn) => turn.raw));
  const us = (pick: (turn: (typeof turns)[number]) => number): string => number(1000 * mean(turns.map(pick)));
  const line: Line = {
    what: `Signer's socket, ${keyType}: certificates checked, journaled and signed`,
    figure: `${number(rate)}/s`,
    limit: `${number(limit)} C_Sign/s, ${THREADS} threads of a C program`,
    ...atLeast(rate / limit, goal),
  };
  const cpu: Line = {
    what: `of which processor time of one, ${keyType}`,
    figure: `signer and supervisor ${us((turn) => turn.signerCpuMs)} us, load ${us((turn) => turn.loadCpuMs)} us`,
    limit: `C_Sign ${us((turn) => turn.rawCpuMs)} us`,
  };
  // What bounds a ratio that misses its goal is shown, not guessed.
  const isShown = profile || rate / limit < goal;
  return { lines: [line, cpu], notes: isShown ? [await profileOf(under, go)] : [] };
}

async function profileOf({ keyType, signers, load }: Under, go: { seconds: number; unanswered: number }) {
  const child = signers.tree().find((one) => isSignerChild(one) && tokenOf(one) === TOKEN);
  if (child === undefined) throw new Error(`no signer of ${TOKEN}`);
  const profiling = await profileBySignal(child.pid);
  const { answered } = await load.run(go);
  const attribution = attribute(await profiling.stop());
  return describeShares(`JavaScript thread of the signer, ${keyType}, microseconds a signature`, {
    attribution,
    count: answered,
    unit: 'us',
  });
}
