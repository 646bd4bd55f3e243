/**
 * Reads the last published list of a root, from which the next one is made: the root keeps no other
 * record of the issuing CAs that it has revoked. The plan names the list by number and hash, and
 * the ceremony keeps a copy.
 */
import { type Bilingual, untranslated } from '../../../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../../../kernel/bytes.js';
import { formatInstant } from '../../../../kernel/clock.js';
import { sha256Hex } from '../../../../kernel/digest.js';
import { ok, type Result } from '../../../../kernel/result.js';
import type { RevokedEntry } from '../../../../ports/store/crls.js';
import type { Issuer } from '../../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../../failures.js';
import type { StepOf } from '../../../plan/model.js';
import { previousListPath } from '../../../plan/paths.js';
import { readRootCrl } from '../../../root-crl.js';
import type { StepContext } from '../../kind.js';
import { loadIssuer } from '../issuers.js';
import { readCrlEntries } from './list-entries.js';

type ListToSign = { readonly step: StepOf<'sign-crl'>; readonly issuer: Issuer };
type PreviousEntries = { readonly der: Bytes; readonly entries: readonly RevokedEntry[] };

/**
 * Reads the published list, writes the ceremony's copy of it, and returns its entries. null: the
 * plan says that there is no previous list. This is called again just before the signature: if
 * another ceremony has published a list meanwhile, the new list would replace that list, and CAs
 * that are revoked only there would be valid again.
 */
export async function copyPreviousList(
  context: StepContext,
  { step, issuer }: ListToSign,
): Promise<Result<PreviousEntries | null, StepFailure>> {
  if (step.previous === undefined) return ok(null);
  const { files, clock } = context.world;
  const path = previousListPath(context.plan, step);
  const [copy, published] = [await files.read(path), await files.read(step.output)];
  if (published === null) return missingFile(step.output);
  if (copy === null) {
    const checked = await check({ step, issuer }, { path: step.output, der: published });
    if (!checked.ok) return checked;
    if (checked.value.thisUpdate > clock()) {
      const at = formatInstant(checked.value.thisUpdate);
      return wrongFile(step.output, {
        fr: `elle est datée du ${at}, dans le futur : mettez l'horloge à l'heure`,
        en: `its date, ${at}, is in the future: set the clock`,
      });
    }
    await files.create(path, published);
  } else if (!equalBytes(copy, published)) return wrongFile(step.output, OVERTAKEN);
  return readPreviousCopy(context, { step, issuer });
}

const OVERTAKEN: Bilingual = {
  fr: 'une autre LCR a été publiée depuis : il faut un autre plan (autre id), qui fasse suite à celle-ci (previous)',
  en: 'another list was published since: another plan (another id) is needed, which continues from this CRL',
};

/**
 * A list that a step of the plan continues. `failure` is null: the published list is the one that
 * the plan names.
 */
type PreviousList = { readonly path: string; readonly failure: StepFailure | null };

/**
 * Checks the previous lists before the roll call. If the plan named another list than the published
 * one, the ceremony would stop in the middle, after its first steps.
 */
export async function checkPreviousLists(
  context: Pick<StepContext, 'world' | 'plan'>,
): Promise<readonly PreviousList[]> {
  const { steps, outputs } = context.plan;
  const lists: PreviousList[] = [];
  for (const step of steps) {
    if (step.do !== 'sign-crl' || step.previous === undefined) continue;
    // A list whose issuer's certificate this ceremony makes or imports cannot be checked before
    // that step.
    if (outputs.includes(`authorities/${step.issuer}.cer`)) continue;
    const checked = await checkPublished(context, step);
    lists.push({ path: step.output, failure: checked.ok ? null : checked.error });
  }
  return lists;
}

async function checkPublished(
  context: Pick<StepContext, 'world'>,
  step: StepOf<'sign-crl'>,
): Promise<Result<unknown, StepFailure>> {
  const path = step.output;
  const der = await context.world.files.read(path);
  if (der === null) return missingFile(path);
  const issuer = await loadIssuer(context, step.issuer);
  return issuer.ok ? check({ step, issuer: issuer.value }, { path, der }) : issuer;
}

/**
 * Reads the previous list from the copy of the ceremony, and checks it. null: the plan says that
 * there is none.
 */
export async function readPreviousCopy(
  context: StepContext,
  { step, issuer }: ListToSign,
): Promise<Result<PreviousEntries | null, StepFailure>> {
  if (step.previous === undefined) return ok(null);
  const path = previousListPath(context.plan, step);
  const der = await context.world.files.read(path);
  return der === null ? missingFile(path) : check({ step, issuer }, { path, der });
}

async function check(
  { step, issuer }: ListToSign,
  { path, der }: { readonly path: string; readonly der: Bytes },
): Promise<Result<PreviousEntries & { readonly thisUpdate: number }, StepFailure>> {
  const { previous } = step;
  const sha256 = sha256Hex(der);
  if (previous?.sha256 !== '*' && previous?.sha256 !== sha256)
    return wrongFile(path, { fr: `son empreinte est ${sha256}`, en: `its SHA-256 is ${sha256}` });
  // The list may have expired: CRLs of roots are sometimes late, and the next one continues them
  // nevertheless.
  const read = await readRootCrl(der, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER });
  if (!read.ok) return wrongFile(path, untranslated(read.error));
  const { number, thisUpdate } = read.value;
  if (number !== previous?.number)
    return wrongFile(path, {
      fr: `numéro ${number} au lieu de ${previous?.number} : il faut un autre plan (autre id), qui fasse suite à cette LCR (previous)`,
      en: `number ${number} instead of ${previous?.number}: another plan (another id) is needed, which continues from this CRL`,
    });
  const entries = readCrlEntries(der);
  return entries.ok ? ok({ der, entries: entries.value, thisUpdate }) : wrongFile(path, untranslated(entries.error));
}
