import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { addYears, formatInstant, type Instant, toSecond } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { createCrlLint } from '../../lint/crl-stream.js';
import type { Policy } from '../../policy/model.js';
import type { Issuer } from '../../x509/model.js';
import type { Facts } from '../decide.js';
import type { StepFailure } from '../failures.js';
import { issuerAtHome } from '../issuers.js';
import { crlCopyPath } from '../paths.js';
import { type NextUpdate, type StepOf, sha256Hex } from '../plan.js';
import type { StepContext, StepHandler } from '../step.js';
import { crlLines } from '../text.js';
import { same, type Words } from '../words.js';

type SignCrl = StepOf<'sign-crl'>;

/**
 * The lint reads the to-be-signed list before the token sees it; the list is read back, signature included, before it is
 * recorded. It is written twice: first the ceremony's own copy, which the transcript names and which stays, then the
 * published one, whose place the service's later lists take.
 */
export const signCrl: StepHandler<SignCrl> = {
  async find(context, step) {
    const { world, plan } = context;
    const copyPath = crlCopyPath(plan, step);
    const copy = await world.files.read(copyPath);
    const published = await world.files.read(step.output);
    if (copy === null) {
      if (published === null) return ok(null);
      const detail = {
        fr: `publié, mais la cérémonie n'en a pas sa copie (${copyPath})`,
        en: `published, but the ceremony has no copy of its own (${copyPath})`,
      };
      return wrong(step.output, detail);
    }
    const issuer = await issuerAtHome(context, step.issuer);
    if (!issuer.ok) return issuer;
    const facts = await checkCopy(context, { step, issuer: issuer.value, copy });
    if (!facts.ok) return facts;
    // Cut off between the two: `make` lays the copy, and signs nothing.
    if (published === null) return ok(null);
    if (!equalBytes(published, copy) && !(await isLater(context, { step, issuer: issuer.value, published }))) {
      const detail = {
        fr: 'ni la liste que la cérémonie a signée, ni une liste plus récente de cette autorité',
        en: 'neither the list that the ceremony signed nor a later one of this authority',
      };
      return wrong(step.output, detail);
    }
    return facts;
  },
  async make(context, step) {
    const { world, plan } = context;
    const copyPath = crlCopyPath(plan, step);
    const copy = await world.files.read(copyPath);
    const signed = copy === null ? await sign(context, step) : ok(copy);
    if (!signed.ok) return signed;
    if (copy === null) await world.files.create(copyPath, signed.value);
    await world.files.create(step.output, signed.value);
    return ok(undefined);
  },
};

function wrong(path: string, detail: Words): Result<never, StepFailure> {
  return err({ kind: 'artefact-wrong', artefact: same(path), detail });
}

async function checkCopy(
  { world, plan }: StepContext,
  { step, issuer, copy }: { readonly step: SignCrl; readonly issuer: Issuer; readonly copy: Bytes },
): Promise<Result<Facts, StepFailure>> {
  const path = crlCopyPath(plan, step);
  const read = await world.crls.read(copy, { issuer, lifeMsMax: lifeMsMaxOf(step.nextUpdate, world.policy) });
  if (!read.ok) return wrong(path, same(read.error));
  const { number, entries, thisUpdate, nextUpdate } = read.value;
  if (number !== step.number)
    return wrong(path, { fr: `numéro ${number}, non ${step.number}`, en: `number ${number}, not ${step.number}` });
  if (entries !== 0)
    return wrong(path, {
      fr: `${entries} entrées dans une liste qui commence vide`,
      en: `${entries} entries in a list that starts empty`,
    });
  if (nextUpdate !== nextUpdateOf(step.nextUpdate, world.policy, thisUpdate))
    return wrong(path, same(`nextUpdate ${formatInstant(nextUpdate)}`));
  return ok({
    artefact: path,
    sha256: sha256Hex(copy),
    published: step.output,
    issuer: step.issuer,
    token: step.token,
    number,
    thisUpdate: formatInstant(thisUpdate),
    nextUpdate: formatInstant(nextUpdate),
  });
}

/** A list of the same authority with a higher number (RFC 5280 5.2.3), its signature verified; how long it lives is not ours. */
async function isLater(
  { world }: StepContext,
  { step, issuer, published }: { readonly step: SignCrl; readonly issuer: Issuer; readonly published: Bytes },
): Promise<boolean> {
  const read = await world.crls.read(published, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER });
  return read.ok && read.value.number > step.number;
}

async function sign(context: StepContext, step: SignCrl): Promise<Result<Bytes, StepFailure>> {
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
  const list = { number: step.number, thisUpdate, nextUpdate, entries: 0 };
  const lines = crlLines(step.output, { issuer: issuer.value, list });
  const shown = await context.confirm({ artefact: step.output, tbs, lines });
  if (!shown.ok) return shown;
  const signature = await (await context.token(step.token)).sign(step.issuer, issuer.value.keyType, tbs);
  return ok(world.crls.assemble(tbs, issuer.value, signature));
}

function nextUpdateOf(planned: NextUpdate, { environment }: Policy, thisUpdate: Instant): Instant {
  if (planned === 'policy') return thisUpdate + environment.crl.periodMs + environment.crl.overlapMs;
  return 'years' in planned ? addYears(thisUpdate, planned.years) : thisUpdate + planned.days * DAY_MS;
}

const DAYS_OF_YEAR_MAX = 366;

function lifeMsMaxOf(planned: NextUpdate, { environment }: Policy): number {
  if (planned === 'policy') return environment.crl.periodMs + environment.crl.overlapMs;
  return ('years' in planned ? planned.years * DAYS_OF_YEAR_MAX : planned.days) * DAY_MS;
}
