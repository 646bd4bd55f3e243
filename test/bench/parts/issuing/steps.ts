/**
 * The steps of an issuance, each measured alone: their sum beside the processor time of an issuance
 * by the whole service.
 */
import type { KeyType } from '../../../../src/x509/model.js';
import { makeServiceHome, removeServiceHome } from '../../../support/service/home.js';
import { type Service, serviceEnvironment } from '../../../support/service/service.js';
import { cpuBetween, sampleCpu, sumMs } from '../../cpu-time.js';
import type { Database, OpenDatabase } from '../../databases.js';
import { CONNECTIONS, enoughFor, type Run, runLoad } from '../../issuance.js';
import { type LoadProcess, startLoadProcess } from '../../loads/load-process.js';
import type { Step, StepLoad, StepReport } from '../../loads/step-load.js';
import { startSigners } from '../../signers.js';
import { mean } from '../../statistics.js';
import { type Line, percent } from '../../table.js';
import { type Bench, type Part, withService } from '../part.js';

const PROFILE = 'elementaire/org-auth-cli';
/**
 * The first request gets a transaction of its own, and the others share the next one. These groups
 * are about as large as with 32 connections.
 */
const AT_ONCE = 16;
/** More than was ever reached. */
const RATE_MAX = 4_000;
/** Its only statement of the database is that of every request: who asks. */
const PATHS = ['/v1/profiles'];
/**
 * For requests that issue nothing. With so many, two or three requests share a read of who asks, as
 * while `CONNECTIONS` issue. With more connections more share one, and each pays less than when
 * issuing.
 */
const ASKING_CONNECTIONS = 8;
/** How far the sum of the steps may be from the whole. */
const EXPLAINED_WITHIN = 0.1;

const TITLES: Readonly<Record<Step, string>> = {
  body: 'body: JSON and schema',
  proof: 'proof of possession: request and import of its key read, signature verified',
  plan: 'policy: holder, names, extensions',
  bytes: 'to-be-signed bytes, lint and record',
  reserve: 'reservation: its part of a transaction',
  sign: "client of the signer: frames on the signer's socket",
  verify: 'verification of the signature',
  store: 'signature stored: its part of a transaction',
};

export const measureSteps: Part = async (bench) => {
  const lines: Line[] = [];
  for (const database of bench.databases)
    for (const keyType of ['p-256', 'rsa-4096'] as const) {
      bench.say(`the steps of an issuance, each alone, ${keyType}, ${database.name}`);
      lines.push(...(await measureOn(bench, database, keyType)));
    }
  return { lines };
};

async function measureOn(bench: Bench, database: Database, keyType: KeyType): Promise<readonly Line[]> {
  const [opened, other] = [await database.open(), await database.open()];
  try {
    const alone = await measureAlone(bench, keyType, other);
    const { total, asked } = await withService({ keyType, database: opened.options }, async (service) => {
      await service.start();
      return measureWhole(bench, service, opened);
    });
    const parts: readonly (readonly [string, number])[] = [
      ['HTTPS, HTTP, authentication and answer: the profiles are asked for instead', asked],
      ...Object.entries(TITLES).map(([step, title]) => [title, alone.steps[step as Step]] as const),
      ['signer and supervisor: frames, lint, journal, C_Sign', alone.signersMs],
      ...(opened.options === 'sqlite' ? [] : [['processes of PostgreSQL', alone.databaseMs] as const]),
    ];
    return linesOf(`${keyType}, ${database.name}`, parts, total);
  } finally {
    await opened.close();
    await other.close();
  }
}

type Alone = { readonly steps: StepReport; readonly signersMs: number; readonly databaseMs: number };

/** In a process without a service, with signers of its own. */
async function measureAlone({ effort }: Bench, keyType: KeyType, database: OpenDatabase): Promise<Alone> {
  const at = await makeServiceHome(keyType);
  const signers = await startSigners(at);
  const { options } = database;
  // A function cannot be sent to another process.
  const postgresql = options === 'sqlite' ? null : { ...options, password: options.password?.() ?? '' };
  const load: StepLoad = { profile: PROFILE, atOnce: AT_ONCE, postgresql };
  const issuances = effort.stepIssuances;
  const runOnce = async ({ child, next }: LoadProcess): Promise<Alone> => {
    child.send({ issuances });
    await next();
    const sample = () => [sampleCpu(signers.tree()), sampleCpu(database.processes())] as const;
    const [signersBefore, databaseBefore] = sample();
    child.send('go');
    const steps = (await next()) as StepReport;
    const [signersAfter, databaseAfter] = sample();
    return {
      steps,
      signersMs: sumMs(cpuBetween(signersBefore, signersAfter)) / issuances,
      databaseMs: sumMs(cpuBetween(databaseBefore, databaseAfter)) / issuances,
    };
  };
  try {
    const steps = await startLoadProcess('./step-load.js', load, serviceEnvironment(at));
    try {
      // V8 compiles what runs often.
      await runOnce(steps);
      return await runOnce(steps);
    } finally {
      if (steps.child.connected) steps.child.disconnect();
    }
  } finally {
    await signers.stop();
    removeServiceHome(at);
  }
}

/** Processor time of an issuance, and of a request that issues nothing, in all processes. */
async function measureWhole({ effort }: Bench, service: Service, { processes: others }: OpenDatabase) {
  const seconds = effort.issuanceSeconds;
  const each = ({ cpu, answered }: Run): number => sumMs(cpu) / answered;
  const issue = (name: string, during: number): Promise<Run> =>
    runLoad(service, { name, seconds: during, prepared: enoughFor(RATE_MAX, during), others });
  await issue('WARM', effort.warmUpSeconds);
  const totals: number[] = [];
  const asks: number[] = [];
  for (let run = 1; run <= effort.runs; run += 1) {
    totals.push(each(await issue(`STEPS-${run}`, seconds)));
    const asking = { connections: ASKING_CONNECTIONS, paths: PATHS, prepared: 0, others };
    asks.push(each(await runLoad(service, { name: `ASK-${run}`, seconds, ...asking })));
  }
  return { total: mean(totals), asked: mean(asks) };
}

function linesOf(where: string, parts: readonly (readonly [string, number])[], total: number): readonly Line[] {
  const text = (ms: number): string => `${ms.toFixed(3)} ms`;
  const sum = parts.reduce((all, [, ms]) => all + ms, 0);
  return [
    {
      what: `Processor time of an issuance in all processes, ${where}, ${CONNECTIONS} connections`,
      figure: text(total),
      limit: `${text(sum)}: the sum of its steps, each alone`,
      ratio: percent(sum / total),
      goal: `${percent(1 - EXPLAINED_WITHIN)} to ${percent(1 + EXPLAINED_WITHIN)}`,
    },
    ...parts.map(([what, ms]) => ({ what: `of which ${what}`, figure: text(ms), ratio: percent(ms / total) })),
  ];
}
