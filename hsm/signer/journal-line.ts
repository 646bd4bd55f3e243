/** A line of a signer's journal, read: an entry of known form, or null. Lines are written by `journal.ts`. */
import { parseScope } from '../../src/policy/publication/crl-scopes.js';
import type { NoteKind, SigningKind } from '../wire/permissions.js';
import type { JournalEntry } from './journal.js';

const KINDS: readonly unknown[] = [
  'certificate',
  'responder-certificate',
  'crl',
  'ocsp',
  'platform',
  'refused',
  'alarm',
  'tally',
] satisfies readonly (SigningKind | NoteKind)[];

const TEXTS = ['steadyAt', 'serial', 'thisUpdate', 'profile', 'asked', 'rule'] as const;

export function parseLine(line: string): JournalEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (!isObject(value)) return false;
  const { seq, at, kind, issuer, sha256, prev, number, scope, base, lists, entries, count, tally } = value;
  return (
    Number.isSafeInteger(seq) &&
    typeof at === 'string' &&
    KINDS.includes(kind) &&
    typeof issuer === 'string' &&
    isHash(sha256) &&
    isHash(prev) &&
    (number === undefined || isNumber(number)) &&
    (scope === undefined || isScope(scope)) &&
    (base === undefined || isCount(base)) &&
    (lists === undefined || areLists(lists)) &&
    TEXTS.every((name) => value[name] === undefined || typeof value[name] === 'string') &&
    (entries === undefined || isCount(entries)) &&
    (count === undefined || isCount(count)) &&
    (tally === undefined || isTally(tally))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,50}$/.test(value);
}

function isScope(value: unknown): boolean {
  return typeof value === 'string' && parseScope(value) !== null;
}

function areLists(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([scope, list]) =>
        isScope(scope) &&
        isObject(list) &&
        isNumber(list.number) &&
        isHash(list.sha256) &&
        (list.thisUpdate === undefined || typeof list.thisUpdate === 'string') &&
        (list.entries === undefined || isCount(list.entries)),
    )
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTally(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every(
      (minutes) =>
        isObject(minutes) &&
        Object.entries(minutes).every(([minute, count]) => /^\d{1,12}$/.test(minute) && isCount(count)),
    )
  );
}
