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
} from '../../../../asn1/der-reader.js';
import { OID } from '../../../../asn1/oids.js';
import { type Bytes, toHex } from '../../../../kernel/bytes.js';
import { err, ok, type Result } from '../../../../kernel/result.js';
import type { RevokedEntry } from '../../../../ports/store/crls.js';
import { readExtensions } from '../../../../x509/certificate/extension-reader.js';
import { readInvalidityDate } from '../../../../x509/extensions/invalidity-date.js';
import { readReasonCode } from '../../../../x509/extensions/reason-code.js';

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
