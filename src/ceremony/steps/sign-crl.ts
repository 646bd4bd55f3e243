import { addYears, formatInstant, type Instant, toSecond } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok } from '../../kernel/result.js';
import { createCrlLint } from '../../lint/crl-stream.js';
import type { Policy } from '../../policy/model.js';
import { issuerAtHome } from '../issuers.js';
import { type NextUpdate, type StepOf, sha256Hex } from '../plan.js';
import type { StepHandler } from '../step.js';

/** The lint reads the to-be-signed list before the token sees it; the list is read back, signature included, before it is recorded. */
export const signCrl: StepHandler<StepOf<'sign-crl'>> = {
  async find(context, step) {
    const { world } = context;
    const der = await world.files.read(step.output);
    if (der === null) return ok(null);
    const wrong = (detail: string) => err({ kind: 'artefact-wrong' as const, artefact: step.output, detail });
    const issuer = await issuerAtHome(context, step.issuer);
    if (!issuer.ok) return issuer;
    const lifeMsMax = lifeMsMaxOf(step.nextUpdate, world.policy);
    const read = await world.crls.read(der, { issuer: issuer.value, lifeMsMax });
    if (!read.ok) return wrong(read.error);
    const { number, entries, thisUpdate, nextUpdate } = read.value;
    if (number !== step.number) return wrong(`number ${number}, not ${step.number}`);
    if (entries !== 0) return wrong(`${entries} entries in a list that starts empty`);
    if (nextUpdate !== nextUpdateOf(step.nextUpdate, world.policy, thisUpdate))
      return wrong(`nextUpdate ${formatInstant(nextUpdate)}`);
    return ok({
      artefact: step.output,
      sha256: sha256Hex(der),
      issuer: step.issuer,
      token: step.token,
      number,
      thisUpdate: formatInstant(thisUpdate),
      nextUpdate: formatInstant(nextUpdate),
    });
  },
  async make(context, step) {
    const { world } = context;
    const issuer = await issuerAtHome(context, step.issuer);
    if (!issuer.ok) return issuer;
    const thisUpdate = toSecond(world.clock());
    const nextUpdate = nextUpdateOf(step.nextUpdate, world.policy, thisUpdate);
    const tbs = world.crls.encodeEmpty(issuer.value, { number: step.number, thisUpdate, nextUpdate });
    const lint = createCrlLint({ issuer: issuer.value, lifeMsMax: lifeMsMaxOf(step.nextUpdate, world.policy) });
    lint.push(tbs);
    const linted = lint.end();
    if (!linted.ok) {
      const findings = [`${linted.error.rule}: ${linted.error.detail}`];
      return err({ kind: 'lint-failed', artefact: step.output, findings });
    }
    const signature = await (await context.token(step.token)).sign(step.issuer, issuer.value.keyType, tbs);
    await world.files.create(step.output, world.crls.assemble(tbs, issuer.value, signature));
    return ok(undefined);
  },
};

function nextUpdateOf(planned: NextUpdate, { environment }: Policy, thisUpdate: Instant): Instant {
  if (planned === 'policy') return thisUpdate + environment.crl.periodMs + environment.crl.overlapMs;
  return 'years' in planned ? addYears(thisUpdate, planned.years) : thisUpdate + planned.days * DAY_MS;
}

const DAYS_OF_YEAR_MAX = 366;

function lifeMsMaxOf(planned: NextUpdate, { environment }: Policy): number {
  if (planned === 'policy') return environment.crl.periodMs + environment.crl.overlapMs;
  return ('years' in planned ? planned.years * DAYS_OF_YEAR_MAX : planned.days) * DAY_MS;
}
