/**
 * Describes what changes from one policy to another, value by value and in sentences for officers:
 * `validity of fort/cps-signature rises from 3 to 6 years`. Every member of every file is compared;
 * a member without a name in this table is shown by its pointer, so that no change is left out.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { isObject, type Json } from '../../kernel/json.js';
import { escapePointer, pointersOverlap, resolvePointer } from '../../kernel/json-pointer.js';
import { type Document, locationOf, type PolicyDocuments } from './documents.js';

type Kind = 'environment' | 'hierarchy' | 'authority' | 'profile' | 'codeList' | 'cardGenerations';

const KINDS: Readonly<Record<Kind, Bilingual>> = {
  environment: { fr: "l'environnement", en: 'the environment' },
  hierarchy: { fr: 'la hiérarchie', en: 'hierarchy' },
  authority: { fr: "l'AC", en: 'authority' },
  profile: { fr: 'le profil', en: 'profile' },
  codeList: { fr: 'la nomenclature', en: 'code list' },
  cardGenerations: { fr: 'les générations de cartes', en: 'the generations of cards' },
};

/** By the first part of the pointer. The French has its article, the English has none. */
const MEMBERS: Readonly<Record<string, Bilingual>> = {
  validity: { fr: 'la durée de validité', en: 'validity' },
  renewalWindow: { fr: 'la fenêtre de renouvellement', en: 'the renewal window' },
  keyTypes: { fr: 'la liste des types de clé', en: 'the list of key types' },
  keyType: { fr: 'le type de clé', en: 'the key type' },
  keyUsage: { fr: 'la liste des usages de la clé', en: 'the list of key usages' },
  extendedKeyUsage: { fr: 'la liste des usages étendus', en: 'the list of extended key usages' },
  assurance: { fr: 'le niveau de garantie exigé', en: 'the identity assurance required' },
  authority: { fr: "l'AC émettrice", en: 'the issuing authority' },
  holder: { fr: 'la nature du porteur', en: 'the kind of holder' },
  cardProducts: { fr: 'la liste des produits carte', en: 'the list of card products' },
  subject: { fr: 'la composition du nom', en: 'the composition of the subject' },
  pseudonymSubject: { fr: 'la composition du nom sous pseudonyme', en: 'the composition of the pseudonymous subject' },
  subjectAltName: { fr: "l'autre nom du porteur", en: 'the alternative name' },
  privateKeyUsagePeriod: { fr: "la période d'usage de la clé privée", en: 'the private key usage period' },
  gip: { fr: 'les extensions du secteur', en: "the sector's extensions" },
  suspensionAllowed: { fr: 'le droit de suspendre', en: 'the right to suspend' },
  generationSuffix: { fr: 'le suffixe des générations', en: 'the suffix of generations' },
  certificatesPerHourMax: { fr: 'le plafond de certificats par heure', en: 'the hourly cap of certificates' },
  currentGeneration: { fr: 'la génération en vigueur', en: 'the current generation' },
  ocspSigner: { fr: 'le répondeur OCSP', en: 'the OCSP responder' },
  policyOid: { fr: "l'OID de la politique", en: 'the policy OID' },
  keyOrigin: { fr: "l'origine de la clé", en: 'the origin of the key' },
  container: { fr: 'le conteneur de la carte', en: 'the container of the card' },
  keyOriginRequired: { fr: "l'exigence de l'origine de la clé", en: 'whether the origin of the key is required' },
  keyExceptions: { fr: 'la liste des dérogations de clé', en: 'the list of key exceptions' },
  lintExceptions: { fr: 'la liste des dérogations de contrôle', en: 'the list of lint exceptions' },
  addresses: { fr: 'les adresses publiées', en: 'the published addresses' },
  renewalAnyTime: { fr: 'le renouvellement à tout moment', en: 'renewal at any time' },
  luhnChecked: { fr: 'le contrôle des clés de Luhn', en: 'the check of Luhn digits' },
  nameScripts: { fr: 'la liste des écritures des noms', en: 'the list of scripts of names' },
  specialUseNames: { fr: 'la liste des domaines réservés admis', en: 'the list of allowed special-use domains' },
  codes: { fr: 'la liste des codes', en: 'the list of codes' },
  durability: { fr: 'la durabilité des écritures', en: 'the durability of commits' },
  crl: { fr: 'la périodicité des LCR', en: 'the schedule of CRLs' },
  ocspAnswers: { fr: 'les réponses OCSP', en: 'the OCSP answers' },
  orders: { fr: 'les limites des commandes', en: 'the limits of orders' },
  updates: { fr: 'les limites des mises à jour', en: 'the limits of updates' },
  refusesOpposed: { fr: 'le refus des cartes opposées', en: 'the refusal of opposed cards' },
  certificatesPerHourCeiling: { fr: 'le maximum des plafonds horaires', en: 'the ceiling of hourly caps' },
  identityAge: { fr: "l'ancienneté admise de la preuve d'identité", en: 'the age of the evidence of identity' },
  update: { fr: 'la mise à jour à distance', en: 'the remote update' },
  selfService: { fr: 'la liste des actions du certificat lui-même', en: 'the list of actions for itself' },
  enrolment: { fr: 'les demandes par EST et CMP', en: 'the requests by EST and CMP' },
  generations: { fr: 'la liste des générations', en: 'the list of generations' },
};

/** One value that differs, or that is left to decide. `state` is that of the later policy. */
export type Change = Bilingual & {
  readonly file: string;
  /** Empty: the whole file was added or removed. */
  readonly pointer: string;
  readonly before: Json;
  readonly after: Json;
  readonly state: 'changed' | 'kept' | 'open';
  /** The notes of the officers who decided the value: when, by whom and why. */
  readonly decisions: readonly string[];
};

/**
 * Every value that changes, that officers have decided to keep, or that they must still decide, in
 * the order environment, hierarchies, authorities, profiles, code lists, generations of cards.
 */
export function policyDifferences(before: PolicyDocuments, after: PolicyDocuments): readonly Change[] {
  const changes = [
    ...fileDifferences('environment', [before.environment], [after.environment]),
    ...fileDifferences('hierarchy', before.hierarchies, after.hierarchies),
    ...fileDifferences('authority', before.authorities, after.authorities),
    ...fileDifferences('profile', before.profiles, after.profiles),
    ...fileDifferences('codeList', before.codeLists, after.codeLists),
    ...fileDifferences('cardGenerations', [before.cardGenerations], [after.cardGenerations]),
  ];
  if (after.environment.body.mark === 'production') return changes;
  // Development may use assumed values.
  return changes.flatMap((change) =>
    change.state !== 'open' ? [change] : isSame(change.before, change.after) ? [] : [{ ...change, state: 'changed' }],
  );
}

type Files = readonly Document<object>[];

function fileDifferences(kind: Kind, before: Files, after: Files): readonly Change[] {
  const files = [...new Set([...before, ...after].map(({ file }) => file))].sort();
  return files.flatMap((file) => {
    const [old, now] = [before, after].map((all) => all.find((one) => one.file === file));
    const id = nameOf(kind, { file, body: (now ?? old)?.body ?? {} });
    const { fr, en } = KINDS[kind];
    const whole = { file, pointer: '', before: null, after: null, state: 'changed', decisions: [] } as const;
    if (old === undefined) return [{ ...whole, fr: `${fr} ${id.fr} est ajouté(e)`, en: `${en} ${id.en} is added` }];
    if (now === undefined) return [{ ...whole, fr: `${fr} ${id.fr} est retiré(e)`, en: `${en} ${id.en} is removed` }];
    return valueDifferences(id, { file, before: partsOf(old.body), after: partsOf(now.body) });
  });
}

function nameOf(kind: Kind, { file, body }: Document<object>): Bilingual {
  if (kind === 'environment' || kind === 'cardGenerations') return KINDS[kind];
  const { name } = locationOf({ file, body });
  const id = kind === 'codeList' || !('id' in body) ? name : String(body.id);
  return { fr: id, en: id };
}

type Texts = Readonly<Record<string, string>>;
type FileParts = { readonly values: Json; readonly sources: Texts; readonly notes: Texts };

/** The values of a file, and what it says about them. The notes of a code list are one text. */
function partsOf(body: object): FileParts {
  const { sources, notes, $schema: _, ...values } = body as Readonly<Record<string, Json>>;
  const texts = (value: Json | undefined): Texts => (isObject(value ?? null) ? (value as Texts) : {});
  return { values, sources: texts(sources), notes: texts(notes) };
}

type FilePair = { readonly file: string; readonly before: FileParts; readonly after: FileParts };

function valueDifferences(whose: Whose, { file, before, after }: FilePair): readonly Change[] {
  const isOpen = (pointer: string): boolean => after.sources[pointer] === 'assumption';
  const isNew = (pointer: string): boolean =>
    after.sources[pointer] === 'decision' &&
    (before.sources[pointer] !== 'decision' || before.notes[pointer] !== after.notes[pointer]);
  const changed = memberChanges({ before: before.values, after: after.values }).map((change): Change => {
    const about = Object.keys(after.sources).filter((pointer) => pointersOverlap(pointer, change.pointer));
    const decisions = about
      .filter((pointer) => after.sources[pointer] === 'decision')
      .map((pointer) => after.notes[pointer] ?? '');
    const state = about.some(isOpen) ? 'open' : 'changed';
    return { file, ...change, state, decisions, ...sentence(whose, change) };
  });
  const unchanged = Object.keys(after.sources)
    .filter((pointer) => isNew(pointer) || isOpen(pointer))
    .filter((pointer) => !changed.some((one) => pointersOverlap(one.pointer, pointer)))
    .map((pointer): Change => {
      const value = (resolvePointer(after.values, pointer) ?? null) as Json;
      const [state, verb] = isOpen(pointer) ? (['open', LEFT] as const) : (['kept', KEPT] as const);
      const what = memberTitle(pointer);
      return {
        file,
        pointer,
        before: value,
        after: value,
        state,
        decisions: state === 'kept' ? [after.notes[pointer] ?? ''] : [],
        fr: `${what.fr} de ${whose.fr} : ${verb.fr}`,
        en: `${what.en} of ${whose.en}: ${verb.en}`,
      };
    });
  return [...changed, ...unchanged];
}

const LEFT: Bilingual = { fr: 'reste à décider', en: 'still to be decided' };
const KEPT: Bilingual = { fr: 'valeur gardée', en: 'value kept' };

type Whose = Bilingual;

function memberChanges({ before, after }: Omit<MemberChange, 'pointer'>, pointer = ''): readonly MemberChange[] {
  if (isSame(before, after)) return [];
  if (!isObject(before) || !isObject(after) || isWhole(pointer)) return [{ pointer, before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) =>
    memberChanges({ before: before[name] ?? null, after: after[name] ?? null }, `${pointer}/${escapePointer(name)}`),
  );
}

/** Objects that people read as one value. */
function isWhole(pointer: string): boolean {
  return pointer === '/validity' || pointer === '/renewalWindow';
}

type MemberChange = { readonly pointer: string; readonly before: Json; readonly after: Json };

function sentence(whose: Whose, changed: MemberChange): Bilingual {
  const what = memberTitle(changed.pointer);
  const { before, after } = changed;
  if (Array.isArray(before) && Array.isArray(after)) return listSentence(whose, what, { before, after });
  const span = [spanOf(before), spanOf(after)] as const;
  if (span[0] !== null && span[1] !== null && span[0].unit === span[1].unit) {
    const [from, to] = [span[0].count, span[1].count];
    const unit = UNITS[span[0].unit];
    const verb = to > from ? 'rises' : 'falls';
    return {
      fr: `${what.fr} de ${whose.fr} passe de ${from} à ${to} ${unit.fr}`.trim(),
      en: `${what.en} of ${whose.en} ${verb} from ${from} to ${to} ${unit.en}`.trim(),
    };
  }
  if (typeof before === 'boolean' && typeof after === 'boolean')
    return {
      fr: `${what.fr} de ${whose.fr} : ${after ? 'oui, auparavant non' : 'non, auparavant oui'}`,
      en: `${what.en} of ${whose.en}: ${after ? 'yes, no before' : 'no, yes before'}`,
    };
  return {
    fr: `${what.fr} de ${whose.fr} : ${valueText(before).fr} devient ${valueText(after).fr}`,
    en: `${what.en} of ${whose.en} changes from ${valueText(before).en} to ${valueText(after).en}`,
  };
}

function listSentence(
  whose: Whose,
  what: Bilingual,
  { before, after }: { readonly before: readonly Json[]; readonly after: readonly Json[] },
): Bilingual {
  const gained = after.filter((one) => !before.some((other) => isSame(one, other)));
  const lost = before.filter((one) => !after.some((other) => isSame(one, other)));
  const listed = (values: readonly Json[]): string => values.map((value) => valueText(value).en).join(', ');
  const part = (values: readonly Json[], verb: string): readonly string[] =>
    values.length === 0 ? [] : [`${verb} ${listed(values)}`];
  const fr = [...part(gained, 'gagne'), ...part(lost, 'perd')].join(', ') || "change d'ordre";
  const en = [...part(gained, 'gains'), ...part(lost, 'loses')].join(', ') || 'changes its order';
  return { fr: `${what.fr} de ${whose.fr} ${fr}`, en: `${what.en} of ${whose.en} ${en}` };
}

const UNITS = {
  years: { fr: 'ans', en: 'years' },
  days: { fr: 'jours', en: 'days' },
  number: { fr: '', en: '' },
} as const;

/** A validity or a plain number; null for anything else. */
function spanOf(value: Json): { readonly count: number; readonly unit: keyof typeof UNITS } | null {
  if (typeof value === 'number') return { count: value, unit: 'number' };
  if (!isObject(value)) return null;
  for (const unit of ['years', 'days'] as const) {
    const count = value[unit];
    if (typeof count === 'number' && Object.keys(value).length === 1) return { count, unit };
  }
  return null;
}

/** The name of the member, with the rest of its pointer when it is nested. */
function memberTitle(pointer: string): Bilingual {
  const [, first = '', ...rest] = pointer.split('/');
  const words = MEMBERS[first] ?? { fr: `\`${first}\``, en: `\`${first}\`` };
  const deeper = rest.length === 0 ? '' : ` (${rest.join('/')})`;
  return { fr: `${words.fr}${deeper}`, en: `${words.en}${deeper}` };
}

function valueText(value: Json): Bilingual {
  if (value === null) return { fr: 'rien', en: 'none' };
  if (value === '') return { fr: 'un texte vide', en: 'an empty text' };
  const rdn = relativeName(value);
  if (rdn !== null) return { fr: rdn, en: rdn };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { fr: text, en: text };
}

/**
 * One RDN of a subject: `organizationName = /holder/structure/name (40)`; null for any other value.
 */
function relativeName(value: Json): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const attributes = value.map((one: Json) => {
    if (!isObject(one) || one.charactersMax === undefined) return null;
    const from = isObject(one.value ?? null) ? (one.value as Readonly<Record<string, Json>>) : {};
    return `${String(one.type)} = ${String(from.from ?? from.text)} (${String(one.charactersMax)})`;
  });
  return attributes.every((one) => one !== null) ? attributes.join(' + ') : null;
}

function isSame(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
