/** Looks codes up in the lists of the policy. */
import { present } from '../kernel/assert.js';
import type { Bilingual } from '../kernel/bilingual.js';
import type { Instant } from '../kernel/clock.js';
import { memoize } from '../kernel/memoize.js';
import { text } from '../texts/text.js';
import type { Code, CodeList, CodeListName, Policy } from './model.js';

export function codeListOf({ codeLists }: Pick<Policy, 'codeLists'>, name: CodeListName): CodeList {
  return present(codeLists.get(name) ?? null, `code list ${name}`);
}

const byCode = memoize(({ codes }: CodeList) => new Map(codes.map((code) => [code.code, code])));

/** null: the list does not have this code. */
export function findCode(list: CodeList, code: string): Code | null {
  return byCode(list).get(code) ?? null;
}

export function isInUse({ ended }: Code, now: Instant): boolean {
  return ended === undefined || now < Date.parse(`${ended}T00:00:00Z`);
}

/** `TRE_G15-ProfessionSante of 2025-03-28`. */
export function describeList({ id, date }: CodeList): Bilingual {
  return text('list-of', { list: id, date });
}

/** Compares labels as people write them: case, accents, hyphens and apostrophes do not matter. */
export function isLabel(title: string, { label }: Code): boolean {
  return foldLabel(title) === foldLabel(label);
}

function foldLabel(label: string): string {
  return label
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
