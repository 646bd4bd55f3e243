/** The fields of the forms that register a holder, and what is made of their values. */
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import type { CertificateOrder, Code, Holder, Profile } from '../../../policy/model.js';
import type { Field, Input, Option } from '../../fields.js';
import { filled } from '../../words/filled.js';
import { ASSURANCE_LABELS, KEY_ORIGIN_LABELS } from '../../words/profiles.js';
import { durationText } from '../profile/values.js';
import type { RegistrationChoices } from './data.js';
import { REGISTER_WORDS as WORDS } from './form-words.js';

export type HolderKind = Holder['kind'];
type RegisteredOrder = Omit<CertificateOrder, 'profile' | 'container'>;

const TEXT_MAX = 64;
/** Values in an address are not longer. */
const NAMES_CHARACTERS_MAX = 480;

/** The profiles of this kind of holder that the account may register. */
export function profilesFor({ profiles }: RegistrationChoices, kind: HolderKind): readonly Profile[] {
  return profiles.filter(({ holder }) => holder === kind);
}

/** What is asked about a holder of this kind, its certificates, its card and the evidence. */
export function fieldsFor(choices: RegistrationChoices, kind: HolderKind): readonly Field[] {
  const profiles = profilesFor(choices, kind);
  return [
    ...profiles.map(
      ({ id, title }): Field => ({
        kind: 'check',
        name: profileField(id),
        label: { fr: `${title.fr} (${id})`, en: `${title.en} (${id})` },
        group: WORDS.profiles,
        isOneNeeded: true,
      }),
    ),
    ...HOLDER_FIELDS[kind](choices),
    ...cardFields(profiles),
    ...evidenceFields(profiles),
    ...keyOriginFields(profiles),
    endField(choices),
  ];
}

function profileField(id: string): string {
  return `profile-${id}`;
}

type TextOptions = { readonly hint?: Bilingual; readonly value?: string; readonly lengthMax?: number };

function required(name: string, label: Bilingual, options: TextOptions = {}): Field {
  return { kind: 'text', name, label, isRequired: true, lengthMax: TEXT_MAX, ...options };
}

const HOLDER_FIELDS: Readonly<Record<HolderKind, (choices: RegistrationChoices) => readonly Field[]>> = {
  professional: ({ professions }) => [
    required('idNat', WORDS.idNatProfessional, { hint: WORDS.idNatProfessionalHint }),
    required('givenName', WORDS.givenName),
    required('surname', WORDS.surname),
    {
      kind: 'select',
      name: 'profession',
      label: WORDS.profession,
      isRequired: true,
      isChosen: true,
      options: professions.map(({ code, label }) => ({ value: code, label: untranslated(`${label} (${code})`) })),
    },
  ],
  staff: (choices) => [
    required('idNat', WORDS.idNatStaff, { hint: WORDS.idNatStaffHint }),
    { kind: 'text', name: 'givenName', label: WORDS.givenName, lengthMax: TEXT_MAX },
    { kind: 'text', name: 'surname', label: WORDS.surnameStaff, lengthMax: TEXT_MAX },
    { kind: 'text', name: 'pseudonym', label: WORDS.pseudonym, hint: WORDS.pseudonymHint, lengthMax: TEXT_MAX },
    required('title', WORDS.function, { hint: WORDS.functionHint }),
    ...structureFields(choices),
  ],
  organisation: (choices) => [required('application', WORDS.application), ...structureFields(choices)],
  server: (choices) => [
    required('names', WORDS.names, { hint: WORDS.namesHint, lengthMax: NAMES_CHARACTERS_MAX }),
    { kind: 'text', name: 'emails', label: WORDS.emails, hint: WORDS.emailsHint, lengthMax: NAMES_CHARACTERS_MAX },
    ...structureFields(choices),
  ],
};

function structureFields({ structure, departments }: RegistrationChoices): readonly Field[] {
  const options = departments.map((one): Option => {
    const value = departmentText(one);
    return { value, label: untranslated(value) };
  });
  return [
    required('structure', WORDS.structureId, { hint: WORDS.structureIdHint, value: structure?.id ?? '' }),
    required('structureName', WORDS.structureName, { value: structure?.name ?? '' }),
    {
      kind: 'select',
      name: 'department',
      label: WORDS.department,
      isRequired: true,
      isChosen: true,
      value: structure?.department ?? '',
      options,
    },
  ];
}

/** `Paris (75)`, as certificates have it. */
function departmentText({ code, label }: Pick<Code, 'code' | 'label'>): string {
  return `${label} (${code})`;
}

function cardFields(profiles: readonly Profile[]): readonly Field[] {
  const products = [...new Set(profiles.flatMap(({ cardProducts }) => cardProducts ?? []))];
  if (products.length === 0) return [];
  const options = products.map((value) => ({ value, label: untranslated(value.toUpperCase()) }));
  return [required('card', WORDS.card, { hint: WORDS.cardHint }), productField(options)];
}

/** The only product is chosen already. */
function productField(options: readonly Option[]): Field {
  const field = { kind: 'select', name: 'product', label: WORDS.product, isRequired: true, options } as const;
  return options.length === 1 ? field : { ...field, isChosen: true };
}

function evidenceFields(profiles: readonly Profile[]): readonly Field[] {
  if (profiles.every(({ assurance }) => assurance === null)) return [];
  const options = ASSURANCES.map((value) => ({ value, label: ASSURANCE_LABELS[value] }));
  return [
    { kind: 'select', name: 'assurance', label: WORDS.assurance, isRequired: true, isChosen: true, options },
    required('source', WORDS.source, { hint: WORDS.sourceHint }),
    required('evidence', WORDS.evidence, { lengthMax: 128 }),
    { kind: 'date', name: 'verifiedAt', label: WORDS.verifiedAt, isRequired: true },
  ];
}

const ASSURANCES = ['high', 'substantial', 'low'] as const;

function keyOriginFields(profiles: readonly Profile[]): readonly Field[] {
  const origins = new Set(profiles.flatMap(({ keyOrigin }) => keyOrigin.origins));
  const options = [...origins].map((value) => ({ value, label: KEY_ORIGIN_LABELS[value] }));
  return [{ kind: 'select', name: 'keyOrigin', label: WORDS.keyOrigin, options }];
}

function endField({ limits }: RegistrationChoices): Field {
  const usual = durationText(limits.registrationLifeMs);
  const most = durationText(limits.registrationLifeMsMax);
  return { kind: 'date', name: 'end', label: WORDS.end, hint: filled(WORDS.endHint, { usual, most }) };
}

export function profilesIn(choices: RegistrationChoices, kind: HolderKind, input: Input): readonly string[] {
  return profilesFor(choices, kind)
    .map(({ id }) => id)
    .filter((id) => input[profileField(id)] === 'yes');
}

/** The end of the last day, in UTC; null: the policy's default. */
export function endIn({ end }: Input): number | null {
  return end === undefined ? null : Date.parse(`${end}T23:59:59Z`);
}

/** As a request of the API states it. The fields were checked. */
export function orderIn(choices: RegistrationChoices, kind: HolderKind, input: Input): RegisteredOrder {
  const { card, product, keyOrigin, assurance, source = '', evidence = '', verifiedAt = '' } = input;
  const level = ASSURANCES.find((one) => one === assurance);
  const origins = profilesFor(choices, kind).flatMap((profile) => profile.keyOrigin.origins);
  return {
    holder: HOLDERS[kind](input, choices),
    card: card === undefined ? null : { tokenId: card, product: PRODUCTS.find((one) => one === product) ?? 'cps' },
    identity:
      level === undefined
        ? null
        : { assurance: level, source, reference: evidence, verifiedAt: `${verifiedAt}T00:00:00Z` },
    keyOrigin: origins.find((one) => one === keyOrigin) ?? null,
    validity: { notBefore: null, notAfter: null },
  };
}

const PRODUCTS = ['cps', 'cpe', 'cpa'] as const;

const STAFF_NAMES = ['givenName', 'surname', 'pseudonym'] as const;

const HOLDERS: Readonly<Record<HolderKind, (input: Input, choices: RegistrationChoices) => Holder>> = {
  professional: ({ idNat = '', givenName = '', surname = '', profession = '' }, { professions }) => {
    const title = professions.find(({ code }) => code === profession)?.label ?? '';
    return { kind: 'professional', idNat, givenName, surname, profession, title };
  },
  staff: (input) => {
    const { idNat = '', title = '' } = input;
    // Empty fields are left out: `undefined` is not JSON.
    const names = Object.fromEntries(STAFF_NAMES.flatMap((name) => (input[name] ? [[name, input[name]]] : [])));
    return { kind: 'staff', idNat, title, structure: structureIn(input), ...names };
  },
  organisation: (input) => ({
    kind: 'organisation',
    application: input.application ?? '',
    structure: structureIn(input),
  }),
  server: (input) => {
    const emails = wordsOf(input.emails);
    const server = { kind: 'server', names: wordsOf(input.names), structure: structureIn(input) } as const;
    return emails.length === 0 ? server : { ...server, emails };
  },
};

function structureIn({ structure = '', structureName = '', department = '' }: Input) {
  return { id: structure, name: structureName, department };
}

/** Without repetitions. */
function wordsOf(text = ''): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];
}
