/** `pfcng hsm bench`: needs the token for itself, makes throw-away keys on it and destroys them. */
import { type BenchFigures, benchToken, describeBenchFailure } from '../../../hsm/bench/bench.js';
import { describeInspectionFailure } from '../../../hsm/inspect/inspection.js';
import { fail, say } from '../../terminal/say.js';
import { KEY_TYPES, type KeyType } from '../../x509/model.js';
import type { HsmOptions, HsmPlan } from './plan.js';

const SECONDS_MAX = 60;

type BenchOptions = HsmOptions & { readonly seconds: string; readonly keyType?: readonly string[] };

export async function benchTokens({ signers, tokens }: HsmPlan, options: BenchOptions): Promise<void> {
  const seconds = Number(options.seconds);
  if (!(seconds > 0 && seconds <= SECONDS_MAX)) return fail([`--seconds is a number from 0 to ${SECONDS_MAX}`]);
  const asked = options.keyType?.map((text) => KEY_TYPES.find((type) => type === text) ?? null) ?? [];
  if (asked.includes(null)) return fail([`--key-type is one of ${KEY_TYPES.join(', ')}`]);
  const chosen = asked.filter((type): type is KeyType => type !== null);
  const results: { readonly name: string; readonly figures: readonly BenchFigures[] }[] = [];
  for (const token of tokens) {
    const keyTypes = chosen.length > 0 ? chosen : [...new Set(token.issuers.map(({ keyType }) => keyType))];
    const { policy, environmentMark } = signers;
    const figures = await benchToken({ token, keyTypes, seconds, policy, environmentMark });
    if (!figures.ok) {
      fail([describeBenchFailure(figures.error, describeInspectionFailure)]);
      continue;
    }
    results.push({ name: token.name, figures: figures.value });
    if (!options.json) sayFigures(token.name, figures.value);
  }
  if (options.json) say(JSON.stringify(results));
}

function sayFigures(name: string, figures: readonly BenchFigures[]): void {
  for (const { keyType, raw, throughSigner } of figures) {
    say(`${name}, ${keyType}:`);
    for (const { threads, sessions, signaturesPerSecond } of raw) {
      say(`  C_Sign, ${threads} threads, ${sessions} sessions: ${Math.round(signaturesPerSecond)} signatures/s`);
    }
    const best = Math.max(...raw.map(({ signaturesPerSecond }) => signaturesPerSecond));
    const { callers, signaturesPerSecond } = throughSigner;
    const share = Math.round((100 * signaturesPerSecond) / best);
    say(
      `  through a signer, ${callers} callers: ${Math.round(signaturesPerSecond)} signatures/s, ${share} % of the best`,
    );
  }
}
