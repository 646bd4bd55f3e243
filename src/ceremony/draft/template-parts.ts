/**
 * Questions that several kinds of ceremony ask, and the changes that their answers make in the
 * steps.
 */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { APPROVED_KEYS, approvedKeyFileName, issuerIdOf, parseIssuerId } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import type { CeremonyStep, PlanFile } from '../plan/model.js';
import { readRootCrl } from '../root-crl.js';
import { loadIssuer } from '../steps/shared/checks.js';
import { readOfficerRequest } from '../steps/shared/requests.js';
import type { CeremonyFiles } from '../world.js';
import {
  choiceQuestion,
  type DraftAnswers,
  type DraftQuestion,
  hashQuestion,
  idQuestion,
  instantQuestion,
  numberQuestion,
  textQuestion,
} from './question.js';

export type TemplateContext = {
  readonly policy: Policy;
  /** The home folder in which the ceremony will be performed. */
  readonly files: Pick<CeremonyFiles, 'read'>;
  /** The example with the names of the new plan. */
  readonly plan: PlanFile;
  readonly answers: DraftAnswers;
  /** Makes a question about the people who will share a PIN. */
  readonly askHolders: (name: string, words: Bilingual) => DraftQuestion;
};

export type EditContext = Pick<TemplateContext, 'policy' | 'files' | 'answers'>;

/** Returns the first text of an answer. Empty: there is no answer. */
export function answer({ answers }: Pick<EditContext, 'answers'>, name: string): string {
  return answers[name]?.[0] ?? '';
}

export function withSteps(plan: PlanFile, edit: (step: CeremonyStep) => CeremonyStep): PlanFile {
  return { ...plan, steps: plan.steps.map(edit) };
}

export function optionalInstant(name: string, words: Bilingual): DraftQuestion {
  return { ...instantQuestion({ name, words }, { edge: 'first', suggestion: null }), suggestion: [] };
}

export function thresholdQuestion(name: string, count: number, words: Bilingual): DraftQuestion {
  const majority = Math.max(2, Math.floor(count / 2) + 1);
  return numberQuestion({ name, words }, { from: 2, to: Math.max(2, count), suggestion: majority });
}

export function authorityQuestion({ policy, plan }: TemplateContext): DraftQuestion {
  const issuing = [...policy.authorities.values()].filter(
    ({ kind, hierarchy }) => kind === 'issuing' && hierarchy === plan.hierarchy,
  );
  return choiceQuestion(
    { name: 'authority', words: { fr: 'AC émettrice concernée', en: 'which issuing CA' } },
    issuing.map(({ id, currentGeneration, commonName }) => ({
      value: issuerIdOf(id, currentGeneration),
      words: untranslated(commonName),
    })),
  );
}

type Previous = { readonly number: number; readonly sha256: string };

/**
 * Reads number and hash of the published CRL in the home folder. null: there is none, or it cannot
 * be read.
 */
async function publishedCrl({ policy, files, plan }: TemplateContext): Promise<Previous | null> {
  const step = plan.steps.find((one) => one.do === 'sign-crl');
  const der = step === undefined ? null : await files.read(step.output);
  if (step === undefined || der === null) return null;
  const issuer = await loadIssuer({ world: { policy, files } }, step.issuer);
  if (!issuer.ok) return null;
  const crl = await readRootCrl(der, { issuer: issuer.value, lifeMsMax: Number.MAX_SAFE_INTEGER });
  return crl.ok ? { number: crl.value.number, sha256: sha256Hex(der) } : null;
}

export async function previousQuestions(context: TemplateContext): Promise<readonly DraftQuestion[]> {
  const published = await publishedCrl(context);
  return [
    numberQuestion(
      {
        name: 'previousNumber',
        words: {
          fr: "numéro de la dernière LCR publiée de l'AC racine",
          en: 'number of the last published CRL of the root CA',
        },
      },
      { from: 1, to: 999_999, suggestion: published?.number ?? null },
    ),
    hashQuestion(
      {
        name: 'previousSha256',
        words: { fr: 'SHA-256 de cette LCR (sha256sum)', en: 'SHA-256 of that CRL (sha256sum)' },
      },
      { suggestion: published?.sha256 ?? null, any: false },
    ),
  ];
}

/**
 * Makes the CRL of the plan continue the previous list that the answers name, with the next number.
 */
export async function continueCrl(plan: PlanFile, context: EditContext): Promise<PlanFile> {
  const number = Number(answer(context, 'previousNumber'));
  const previous = { number, sha256: answer(context, 'previousSha256') };
  return withSteps(plan, (step) => (step.do === 'sign-crl' ? { ...step, number: number + 1, previous } : step));
}

export function recordPath(backUp: string, { hierarchy }: Pick<PlanFile, 'hierarchy'>): string {
  return `ceremony/${backUp}/back-ups/root-${hierarchy}.json`;
}

export function copyQuestions(context: TemplateContext): readonly DraftQuestion[] {
  const vendor = { value: 'vendor', words: { fr: 'avec les outils du HSM', en: 'with the tools of the HSM' } };
  const files = { value: 'files', words: { fr: 'copie des fichiers (SoftHSM)', en: 'copy of the files (SoftHSM)' } };
  const isAtHsm = answer(context, 'quorum') === 'hsm';
  const named = { name: 'copy', words: { fr: 'mode de copie du jeton', en: 'how the token is copied' } };
  const question = choiceQuestion(named, isAtHsm ? [vendor] : [vendor, files], 'vendor');
  if (!isByVendor(context)) return [question];
  const words = { fr: "instructions pour l'opérateur du HSM", en: 'instructions for the HSM operator' };
  return [
    question,
    textQuestion({ name: 'instructionsFr', words: { fr: `${words.fr} (en français)`, en: `${words.en} (in French)` } }),
    textQuestion({ name: 'instructionsEn', words: { fr: `${words.fr} (en anglais)`, en: `${words.en} (in English)` } }),
  ];
}

export function isByVendor(context: Pick<EditContext, 'answers'>): boolean {
  return answer(context, 'copy') === 'vendor';
}

export function vendorCopy(context: Pick<EditContext, 'answers'>) {
  const instructions = { fr: answer(context, 'instructionsFr'), en: answer(context, 'instructionsEn') };
  return { by: 'vendor', instructions } as const;
}

export async function officerQuestions(context: TemplateContext): Promise<readonly DraftQuestion[]> {
  const { plan, files } = context;
  const step = plan.steps.find((one) => one.do === 'create-break-glass-account');
  const path = requestPath(answer(context, 'account'));
  const content = await files.read(path);
  const request = content === null ? null : await readOfficerRequest({ path, content });
  return [
    idQuestion(
      { name: 'account', words: { fr: "compte de l'officier", en: 'account of the officer' } },
      step?.account ?? null,
    ),
    textQuestion({ name: 'commonName', words: { fr: "nom de l'officier (CN)", en: 'name of the officer (CN)' } }),
    hashQuestion(
      {
        name: 'publicKeySha256',
        words: { fr: "SHA-256 de la clé publique de l'officier", en: 'SHA-256 of the public key of the officer' },
      },
      { suggestion: request?.ok ? sha256Hex(request.value.spki) : null, any: false },
    ),
  ];
}

function requestPath(account: string): string {
  return `requests/${account}.csr.pem`;
}

export function nameOfficer(plan: PlanFile, context: EditContext): PlanFile {
  const account = answer(context, 'account');
  const output = `access/${account}.cer`;
  return withSteps(plan, (step) => {
    if (step.do === 'export-bundle')
      return { ...step, files: step.files.map((path) => (path.startsWith('access/') ? output : path)) };
    if (step.do !== 'create-break-glass-account') return step;
    const names = { commonName: answer(context, 'commonName'), publicKeySha256: answer(context, 'publicKeySha256') };
    return { ...step, account, ...names, request: requestPath(account), output };
  });
}

/** Replaces the issuing CA of the example by the one of the answer, in all paths and labels. */
export function nameAuthority(plan: PlanFile, context: EditContext): PlanFile {
  const authority = answer(context, 'authority');
  const made = plan.steps.flatMap((step) => {
    if (step.do === 'request-certificate' || step.do === 'create-issuing-authority') return [step.authority];
    return step.do === 'read-key' && step.key.startsWith('aci-') ? [step.key] : [];
  });
  const [example = authority] = made;
  const steps = JSON.stringify(plan.steps)
    .replaceAll(example, authority)
    .replaceAll(example.toUpperCase(), authority.toUpperCase());
  return { ...plan, steps: JSON.parse(steps) as PlanFile['steps'] };
}

export async function bundleQuestion({ plan, files }: TemplateContext): Promise<DraftQuestion> {
  const step = plan.steps.find((one) => one.do === 'import-bundle');
  const bundle = step?.bundle ?? '';
  const content = await files.read(bundle);
  const words = {
    fr: `SHA-256 du paquet ${bundle} ; * : ses mots seront comparés à la fiche pendant la cérémonie`,
    en: `SHA-256 of the bundle ${bundle}; *: its words will be compared with the sheet in the ceremony`,
  };
  const suggestion = content === null ? null : sha256Hex(content);
  return hashQuestion({ name: 'bundleSha256', words }, { suggestion, any: true });
}

export function withBundleHash(plan: PlanFile, context: EditContext): PlanFile {
  const sha256 = answer(context, 'bundleSha256');
  return withSteps(plan, (step) => (step.do === 'import-bundle' ? { ...step, sha256 } : step));
}

/**
 * Gives the certificates of approved keys the first free numbers, because no number may be used
 * twice.
 */
export async function numberApprovals(plan: PlanFile, { files }: EditContext): Promise<PlanFile> {
  const renamed = new Map<string, string>();
  for (const step of plan.steps) {
    if (step.do !== 'approve-ocsp-keys') continue;
    let number: number = APPROVED_KEYS.first;
    for (const { output } of step.keys) {
      while ((await files.read(approvedPath(step.issuer, number))) !== null) number += 1;
      renamed.set(output, approvedPath(step.issuer, number));
      number += 1;
    }
  }
  const newPath = (path: string): string => renamed.get(path) ?? path;
  return withSteps(plan, (step) => {
    if (step.do === 'approve-ocsp-keys')
      return { ...step, keys: step.keys.map((key) => ({ ...key, output: newPath(key.output) })) };
    return step.do === 'export-bundle' ? { ...step, files: step.files.map(newPath) } : step;
  });
}

function approvedPath(issuer: string, number: number): string {
  const parsed = parseIssuerId(issuer);
  return parsed.ok ? `authorities/${approvedKeyFileName(parsed.value.id, number)}` : '';
}
