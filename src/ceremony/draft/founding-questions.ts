/**
 * Asks about the first certificates of the API and its accounts, one after the other, and makes the
 * steps that sign them.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok } from '../../kernel/result.js';
import { cmpFileNames, cmpRequestPath } from '../../policy/cmp-keys.js';
import { issuerIdOf, parseIssuerId } from '../../policy/ids.js';
import type { HierarchyId, Policy, Profile } from '../../policy/model.js';
import { cmpProfileOf } from '../../policy/plan/plan.js';
import { readCertificationRequest } from '../../x509/request/certification-request.js';
import type { CeremonyStep, PlanFile, StepOf } from '../plan/model.js';
import { readCmpRequest } from '../steps/shared/requests.js';
import {
  choiceQuestion,
  type DraftQuestion,
  hashQuestion,
  idQuestion,
  instantQuestion,
  listQuestion,
  textQuestion,
} from './question.js';
import { answer, type EditContext, type TemplateContext } from './template-parts.js';

type FoundingStep = StepOf<'create-founding-certificate'>;
type Field = { readonly name: string; readonly words: Bilingual };
type FieldReader = (field: string) => string;

type FoundingKind = {
  readonly profile: string;
  readonly words: Bilingual;
  readonly fields: readonly Field[];
  /** null: the certificate is not for an account. */
  readonly role: 'card-management' | 'officer' | null;
  readonly keyOrigin: NonNullable<FoundingStep['keyOrigin']>;
  readonly order: (
    readField: FieldReader,
    names: readonly string[],
  ) => Pick<FoundingStep, 'holder' | 'card' | 'identity'>;
};

const STRUCTURE: readonly Field[] = [
  { name: 'structureId', words: { fr: 'identifiant national de la structure', en: 'national id of the structure' } },
  { name: 'structureName', words: { fr: 'nom de la structure', en: 'name of the structure' } },
  { name: 'department', words: { fr: 'département, par exemple Paris (75)', en: 'department, e.g. Paris (75)' } },
];

function structureOf(readField: FieldReader) {
  return { id: readField('structureId'), name: readField('structureName'), department: readField('department') };
}

const FOUNDING_CERTIFICATE_KINDS = {
  server: {
    profile: 'serv-ssl',
    words: { fr: "serveur de l'API (TLS)", en: "the API's server (TLS)" },
    fields: STRUCTURE,
    role: null,
    keyOrigin: 'software',
    order: (readField, names) => ({ holder: { kind: 'server', names, structure: structureOf(readField) } }),
  },
  client: {
    profile: 'org-auth-cli',
    words: { fr: 'système de gestion des cartes', en: 'card management system' },
    fields: [
      { name: 'application', words: { fr: "nom de l'application", en: 'name of the application' } },
      ...STRUCTURE,
    ],
    role: 'card-management',
    keyOrigin: 'software',
    order: (readField) => ({
      holder: { kind: 'organisation', application: readField('application'), structure: structureOf(readField) },
    }),
  },
  officer: {
    profile: 'cps-authentication',
    words: { fr: 'officier, sur sa carte', en: 'officer, on a card' },
    fields: [
      { name: 'idNat', words: { fr: 'identifiant national', en: 'national id' } },
      { name: 'givenName', words: { fr: 'prénom', en: 'given name' } },
      { name: 'surname', words: { fr: 'nom', en: 'surname' } },
      {
        name: 'profession',
        words: { fr: 'code de la profession, par exemple 10', en: 'code of the profession, e.g. 10' },
      },
      { name: 'title', words: { fr: 'profession, par exemple Médecin', en: 'profession, e.g. Médecin' } },
      { name: 'tokenId', words: { fr: 'numéro de la carte', en: 'number of the card' } },
      { name: 'source', words: { fr: "qui a vérifié l'identité", en: 'who verified the identity' } },
      { name: 'reference', words: { fr: 'référence de cette vérification', en: 'reference of that verification' } },
    ],
    role: 'officer',
    keyOrigin: 'card',
    order: (readField) => ({
      holder: {
        kind: 'professional',
        idNat: readField('idNat'),
        givenName: readField('givenName'),
        surname: readField('surname'),
        profession: readField('profession'),
        title: readField('title'),
      },
      card: { tokenId: readField('tokenId'), product: 'cps' },
      identity: {
        assurance: 'high',
        source: readField('source'),
        reference: readField('reference'),
        verifiedAt: readField('verifiedAt'),
      },
    }),
  },
} as const satisfies Readonly<Record<string, FoundingKind>>;

const CERTIFICATES_MAX = 10;
const NONE = { value: 'none', words: { fr: 'aucun autre certificat', en: 'no other certificate' } };

export async function foundingQuestions(context: TemplateContext): Promise<readonly DraftQuestion[]> {
  const { policy, plan } = context;
  const kinds = plan.hierarchy === null ? [] : foundingKinds(policy, plan.hierarchy);
  const questions: DraftQuestion[] = [];
  for (let number = 1; number <= CERTIFICATES_MAX && kinds.length > 0; number += 1) {
    const words = {
      fr: `certificat d'amorçage n° ${number}, à signer dans cette cérémonie`,
      en: `founding certificate number ${number}, to be signed in this ceremony`,
    };
    const isNeeded = number === 1 && context.plan.steps.some((step) => step.do === 'create-founding-certificate');
    const choices = isNeeded ? kinds : [NONE, ...kinds];
    questions.push(choiceQuestion({ name: nameOf(number), words }, choices, isNeeded ? null : NONE.value));
    const kind = kindAt(context, number);
    if (kind === null) break;
    questions.push(...(await certificateQuestions(context, number, kind)));
  }
  return questions;
}

/** Returns the kinds of certificates for which the hierarchy has a profile. */
export function foundingKinds(policy: Policy, hierarchy: HierarchyId) {
  return Object.entries(FOUNDING_CERTIFICATE_KINDS).flatMap(([value, { words, profile }]) =>
    profileOf(policy, hierarchy, profile) === undefined ? [] : [{ value, words }],
  );
}

function profileOf({ profiles }: Policy, hierarchy: HierarchyId | null, name: string): Profile | undefined {
  return [...profiles.values()].find(({ id }) => id === `${hierarchy}/${name}`);
}

function nameOf(number: number, field?: string): string {
  return field === undefined ? `founding-${number}` : `founding-${number}-${field}`;
}

/** Returns the kind of the founding certificate with this number. null: the answers name none. */
function kindAt(context: Pick<EditContext, 'answers'>, number: number): FoundingKind | null {
  const chosen = answer(context, nameOf(number));
  return Object.hasOwn(FOUNDING_CERTIFICATE_KINDS, chosen)
    ? FOUNDING_CERTIFICATE_KINDS[chosen as keyof typeof FOUNDING_CERTIFICATE_KINDS]
    : null;
}

async function certificateQuestions(
  context: TemplateContext,
  number: number,
  { fields, role }: FoundingKind,
): Promise<readonly DraftQuestion[]> {
  const { files } = context;
  const named = (field: string, words: Bilingual) => ({ name: nameOf(number, field), words });
  const file = answer(context, nameOf(number, 'file'));
  const content = file === '' ? null : await files.read(requestPath(file));
  const request = content === null ? null : await readCertificationRequest(new TextDecoder().decode(content));
  const account = [
    idQuestion(named('account', { fr: 'identifiant du compte', en: 'id of the account' }), null),
    textQuestion(named('accountName', { fr: 'nom du compte', en: 'name of the account' })),
  ];
  const names = listQuestion(named('names', { fr: 'noms DNS, un par ligne', en: 'DNS names, one on each line' }), {
    read: (text) => ok(text),
    suggestion: null,
  });
  const verified = named('verifiedAt', {
    fr: "date de la vérification de l'identité",
    en: 'date of the verification of identity',
  });
  return [
    ...(role === null ? [names] : account),
    ...fields.map((field) => {
      // Suggests the answer about the previous certificate: all are usually for one structure.
      const before = STRUCTURE.includes(field) ? answer(context, nameOf(number - 1, field.name)) : '';
      return textQuestion(named(field.name, field.words), { suggestion: before || null });
    }),
    ...(role === 'officer' ? [instantQuestion(verified, { edge: 'first', suggestion: null })] : []),
    idQuestion(
      named('file', { fr: 'nom des fichiers : requests/NOM.csr.pem', en: 'name of the files: requests/NAME.csr.pem' }),
      role === null ? 'api' : answer(context, nameOf(number, 'account')) || null,
    ),
    hashQuestion(named('publicKeySha256', { fr: 'SHA-256 de la clé publique', en: 'SHA-256 of the public key' }), {
      suggestion: request?.ok ? sha256Hex(request.value.key.spki) : null,
      any: false,
    }),
  ];
}

function requestPath(name: string): string {
  return `requests/${name}.csr.pem`;
}

/** Makes the steps that sign the certificates of the answers, on the token of the issuing CAs. */
export function makeFoundingSteps(plan: PlanFile, context: EditContext): readonly FoundingStep[] {
  const steps: FoundingStep[] = [];
  for (let number = 1; number <= CERTIFICATES_MAX; number += 1) {
    const kind = kindAt(context, number);
    const profile = kind === null ? undefined : profileOf(context.policy, plan.hierarchy, kind.profile);
    const token = plan.tokens.find((one) => one.kind === 'ca');
    if (kind === null || profile === undefined || token === undefined) break;
    const readField: FieldReader = (field) => answer(context, nameOf(number, field));
    const file = readField('file');
    const generation = context.policy.authorities.get(profile.authority)?.currentGeneration ?? 1;
    steps.push({
      do: 'create-founding-certificate',
      issuer: issuerIdOf(profile.authority, generation),
      token: token.name,
      profile: profile.id,
      ...kind.order(readField, context.answers[nameOf(number, 'names')] ?? []),
      keyOrigin: kind.keyOrigin,
      request: requestPath(file),
      publicKeySha256: readField('publicKeySha256'),
      ...(kind.role === null ? {} : { account: accountFrom(readField, kind.role) }),
      output: `ceremony/${plan.id}/founding/${file}.cer`,
    });
  }
  return steps;
}

const ALL = ['*'];

function accountFrom(readField: FieldReader, role: 'card-management' | 'officer') {
  const scope = { profiles: ALL, structures: ALL, domains: ALL, holders: ALL };
  return { id: readField('account'), name: readField('accountName'), roles: [role], scope } as const;
}

/**
 * Replaces the steps for founding certificates in the example by `founding`, and puts a `read-key`
 * step for the key of each issuing CA before them: a ceremony must read a key that it did not
 * generate before it signs with that key.
 */
export function withKeysRead(plan: PlanFile, founding: readonly FoundingStep[]): PlanFile {
  const others = plan.steps.filter((step) => step.do !== 'read-key' && step.do !== 'create-founding-certificate');
  const issuers = [...new Set(founding.map(({ issuer }) => issuer))];
  const token = founding[0]?.token ?? '';
  const read = issuers.map((key): CeremonyStep => ({ do: 'read-key', token, key }));
  return { ...plan, steps: [...others, ...read, ...founding] };
}

/** Drafts the plan that certifies the CMP key of a hierarchy, for the first time or again. */

/**
 * Asks for the SHA-256 of the public key that the CAs of the hierarchy certify for their CMP
 * answers. People copy it from the minutes of the ceremony of the platform; a request in the home
 * folder only suggests it.
 */
export async function cmpKeyQuestion({ plan, policy, files }: TemplateContext): Promise<DraftQuestion> {
  const issuer = plan.steps.flatMap((step) => (isKeptStep(policy, step) && 'issuer' in step ? [step.issuer] : []))[0];
  const path = cmpRequestPath(issuer ?? '');
  const content = issuer === undefined ? null : await files.read(path);
  const request = content === null ? null : await readCmpRequest(policy, issuer ?? '', { path, content });
  const words = {
    fr: 'SHA-256 de la clé publique du signataire CMP (procès-verbal de la plate-forme)',
    en: 'SHA-256 of the public key of the CMP signer (minutes of the platform)',
  };
  const suggestion = request?.ok ? sha256Hex(request.value.spki) : null;
  return hashQuestion({ name: 'publicKeySha256', words }, { suggestion, any: false });
}

/**
 * Removes the steps of CAs without CMP, puts the answered hash of the key into the others, and
 * gives each certificate the first file name that is free: a later certificate of the key has a
 * number.
 */
export async function fillCmpSignerSteps(plan: PlanFile, context: EditContext): Promise<PlanFile> {
  const publicKeySha256 = answer(context, 'publicKeySha256');
  const steps: CeremonyStep[] = [];
  for (const step of plan.steps) {
    if (!isKeptStep(context.policy, step)) continue;
    if (step.do !== 'create-cmp-signer') steps.push(step);
    else steps.push({ ...step, publicKeySha256, output: await nextOutput(step.issuer, context) });
  }
  return { ...plan, steps };
}

/**
 * Whether the drafted plan keeps the step: it is about a CA for which the policy has a profile of
 * CMP signers, or it is about no CA.
 */
function isKeptStep(policy: Policy, step: CeremonyStep): boolean {
  const id = step.do === 'create-cmp-signer' ? step.issuer : step.do === 'read-key' ? step.key : null;
  const parsed = id === null ? null : parseIssuerId(id);
  return parsed === null || (parsed.ok && cmpProfileOf(policy, parsed.value.authority) !== null);
}

async function nextOutput(issuer: string, { files }: EditContext): Promise<string> {
  const parsed = parseIssuerId(issuer);
  const paths = parsed.ok ? cmpFileNames(parsed.value.id).map((name) => `authorities/${name}`) : [];
  for (const path of paths) if ((await files.read(path)) === null) return path;
  return '';
}
