/**
 * Reads and compares the entries of CRLs of ceremonies. There are few, so all of them are read at
 * once.
 */
import {
  contextTag,
  type DerElement,
  malformed,
  parseDer,
  sequence,
  sequenceOf,
  TAG,
  time,
} from '../../../asn1/der-reader.js';
import { OID } from '../../../asn1/oids.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { type Bytes, equalBytes, toHex } from '../../../kernel/bytes.js';
import { formatInstant } from '../../../kernel/clock.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { RevokedEntry } from '../../../ports/store/crls.js';
import { readExtensions } from '../../../x509/certificate/extension-reader.js';
import { readInvalidityDate } from '../../../x509/extensions/invalidity-date.js';
import { readReasonCode } from '../../../x509/extensions/reason-code.js';
import type { Issuer } from '../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import type { StepOf } from '../../plan/model.js';
import { previousListPath } from '../../plan/paths.js';
import { readRootCrl } from '../../root-crl.js';
import type { StepContext } from '../kind.js';
import { loadIssuer } from './checks.js';

/**
 * Reads the entries of a CRL in their order. It checks neither the signature nor the rules for
 * CRLs; `readRootCrl` does.
 */
export function readCrlEntries(der: Bytes): Result<readonly RevokedEntry[], string> {
  const read = parseDer(der, (root) => {
    const tbs = sequence(sequence(root, 'CertificateList').next(TAG.sequence, 'tbsCertList'), 'tbsCertList');
    tbs.optional(TAG.integer);
    for (const what of ['signature', 'issuer']) tbs.next(TAG.sequence, what);
    // The list has thisUpdate and nextUpdate, each in one of two forms.
    for (let times = 0; times < 2; times += 1)
      if (tbs.optional(TAG.utcTime) === null) tbs.optional(TAG.generalizedTime);
    const revoked = tbs.optional(TAG.sequence);
    tbs.optional(contextTag(0, 'constructed'));
    tbs.end();
    return revoked === null ? [] : sequenceOf(revoked, 'revokedCertificates').map(entryOf);
  });
  return read.ok ? read : err(`octet ${read.error.offset}: ${read.error.rule}`);
}

function entryOf(element: DerElement): RevokedEntry {
  const fields = sequence(element, 'revokedCertificate');
  const serial = toHex(fields.next(TAG.integer, 'userCertificate').content);
  const { at } = time(fields.any('revocationDate'), 'revocationDate');
  const list = fields.optional(TAG.sequence);
  fields.end();
  let reason: RevokedEntry['reason'] = 'unspecified';
  let invalidityDate: RevokedEntry['invalidityDate'] = null;
  for (const { oid, value } of list === null ? [] : readExtensions(list, 'crlEntryExtensions')) {
    if (oid === OID.reasonCode) reason = reasonIn(element, value);
    else if (oid === OID.invalidityDate) {
      const date = readInvalidityDate(value);
      invalidityDate = date.ok ? date.value : malformed(element, date.error.rule);
    } else malformed(element, `an extension ${oid}, which is none of ours`);
  }
  return { serial: serial.replace(/^00(?=.)/, ''), at, reason, invalidityDate };
}

function reasonIn(element: DerElement, value: Bytes): RevokedEntry['reason'] {
  const read = readReasonCode(value);
  if (!read.ok) return malformed(element, read.error.rule);
  const reason = read.value;
  return reason === 'cACompromise' || reason === 'aACompromise'
    ? malformed(element, `reason ${reason}, which is none of ours`)
    : reason;
}

/**
 * Returns the entries of the previous list and the new ones, sorted by serial number. A serial
 * number in both is an error.
 */
export function extendedEntries(
  before: readonly RevokedEntry[],
  added: readonly RevokedEntry[],
): Result<readonly RevokedEntry[], { readonly listedAlready: string }> {
  const again = added.find(({ serial }) => before.some((entry) => entry.serial === serial));
  if (again !== undefined) return err({ listedAlready: again.serial });
  return ok([...before, ...added].sort((a, b) => (BigInt(`0x${a.serial}`) < BigInt(`0x${b.serial}`) ? -1 : 1)));
}

/** Returns the entries of the later list that the previous one does not have. */
export function addedEntries(before: readonly RevokedEntry[], after: readonly RevokedEntry[]): readonly RevokedEntry[] {
  return after.filter(({ serial }) => !before.some((entry) => entry.serial === serial));
}

/** Whether both lists have the same entries in the same order. */
export function sameEntries(some: readonly RevokedEntry[], others: readonly RevokedEntry[]): boolean {
  return some.length === others.length && some.every((entry, at) => isSame(entry, others[at]));
}

/**
 * Returns the first entry of the previous list that the later one lacks or changes; null: there is
 * none.
 */
export function lostEntry(before: readonly RevokedEntry[], after: readonly RevokedEntry[]): RevokedEntry | null {
  return before.find((entry) => !after.some((one) => isSame(entry, one))) ?? null;
}

function isSame(a: RevokedEntry, b: RevokedEntry | undefined): boolean {
  return a.serial === b?.serial && a.at === b.at && a.reason === b.reason && a.invalidityDate === b.invalidityDate;
}

/**
 * Reads the last published list of a root, from which the next one is made: the root keeps no other
 * record of the issuing CAs that it has revoked. The plan names the list by number and hash, and
 * the ceremony keeps a copy.
 */
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
