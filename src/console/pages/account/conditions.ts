/** Limits, networks, end and structure of accounts in words, and as fields of forms. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { joinTexts, untranslated } from '../../../kernel/bilingual.js';
import { formatInstant, type Instant, instantOrNull } from '../../../kernel/clock.js';
import type { Account, AccountLimits, AccountStructure } from '../../../ports/store/accounts.js';
import type { Field, Input } from '../../fields.js';
import { ACCOUNT_WORDS, LIMIT_WORDS, STRUCTURE_WORDS } from '../../words/accounts.js';
import { filled } from '../../words/filled.js';

type Conditions = Pick<Account, 'limits' | 'networks' | 'expiresAt' | 'structure'>;

const LIMIT_NAMES = Object.keys(LIMIT_WORDS) as readonly (keyof AccountLimits)[];
const LIMIT_MAX = 10_000_000;
const NETWORKS_CHARACTERS_MAX = 480;
const STRUCTURE_LENGTHS = { id: 20, name: 64, department: 64 } as const satisfies Record<
  keyof AccountStructure,
  number
>;

/** Every field may be empty: unlimited, any network, no end, no structure. */
export function conditionFields({ limits, networks, expiresAt, structure }: Conditions): readonly Field[] {
  const limitFields = LIMIT_NAMES.map(
    (limit): Field => ({
      kind: 'number',
      name: `limit-${limit}`,
      ...LIMIT_WORDS[limit],
      min: 1,
      max: LIMIT_MAX,
      value: limits[limit] === null ? '' : String(limits[limit]),
    }),
  );
  const structureFields = (Object.keys(STRUCTURE_LENGTHS) as (keyof AccountStructure)[]).map(
    (part): Field => ({
      kind: 'text',
      name: `structure-${part}`,
      ...STRUCTURE_WORDS[part],
      value: structure?.[part] ?? '',
      lengthMax: STRUCTURE_LENGTHS[part],
    }),
  );
  return [
    ...limitFields,
    {
      kind: 'text',
      name: 'networks',
      label: ACCOUNT_WORDS.networks,
      hint: ACCOUNT_WORDS.networksHint,
      value: networks.join(' '),
      lengthMax: NETWORKS_CHARACTERS_MAX,
    },
    {
      kind: 'date',
      name: 'expiresAt',
      label: ACCOUNT_WORDS.expiresAt,
      hint: ACCOUNT_WORDS.expiresAtHint,
      value: expiresAt === null ? '' : formatInstant(expiresAt).slice(0, 10),
    },
    ...structureFields,
  ];
}

/** An end keeps its time of day while its day is not changed. */
export function conditionsIn(input: Input, before: Conditions): Conditions {
  const day = input.expiresAt ?? '';
  const isSameDay = before.expiresAt !== null && formatInstant(before.expiresAt).startsWith(day);
  return {
    limits: limitsIn(input),
    networks: [...new Set((input.networks ?? '').split(/[\s,;]+/).filter((value) => value !== ''))],
    expiresAt: day === '' ? null : isSameDay ? before.expiresAt : Date.parse(`${day}T00:00:00Z`),
    structure: structureIn(input),
  };
}

function limitsIn(input: Input): AccountLimits {
  const limit = (name: keyof AccountLimits): number | null => {
    const value = input[`limit-${name}`] ?? '';
    return value === '' ? null : Number(value);
  };
  return { perDay: limit('perDay'), perHour: limit('perHour'), inFlight: limit('inFlight') };
}

/** A part that is missing is refused by the rules of structures. */
function structureIn(input: Input): AccountStructure | null {
  const part = (name: keyof AccountStructure) => input[`structure-${name}`] ?? '';
  const structure = { id: part('id'), name: part('name'), department: part('department') };
  return Object.values(structure).every((value) => value === '') ? null : structure;
}

/** As an approval states them: its end is RFC 3339. */
export function stated({ expiresAt, ...conditions }: Conditions) {
  return { ...conditions, expiresAt: instantOrNull(expiresAt) };
}

export function limitsText(limits: AccountLimits): Bilingual {
  const parts = LIMIT_NAMES.flatMap((limit) => {
    const max = limits[limit];
    return max === null ? [] : [filled(LIMIT_WORDS[limit].says, { max: String(max) })];
  });
  return parts.length === 0 ? ACCOUNT_WORDS.unlimited : joinTexts(parts, ', ');
}

export function networksText(networks: readonly string[]): Bilingual {
  return networks.length === 0 ? ACCOUNT_WORDS.anyNetwork : untranslated(networks.join(', '));
}

function endText(expiresAt: Instant | null): Bilingual {
  return expiresAt === null ? ACCOUNT_WORDS.noEnd : untranslated(formatInstant(expiresAt));
}

export function structureText(structure: AccountStructure | null): Bilingual {
  if (structure === null) return ACCOUNT_WORDS.noStructure;
  return untranslated(`${structure.id}, ${structure.name}, ${structure.department}`);
}

/** All of them in one text, for the review of a change. */
export function conditionsText({ limits, networks, expiresAt, structure }: Conditions): Bilingual {
  return joinTexts([limitsText(limits), networksText(networks), endText(expiresAt), structureText(structure)], {
    fr: ' ; ',
    en: '; ',
  });
}
