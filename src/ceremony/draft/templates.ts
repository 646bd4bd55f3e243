/**
 * Defines the kinds of ceremony for which a plan can be written from answers. Each names an example
 * plan, and says which further questions it asks, if any, and how the answers change the plan.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import type { HierarchyId, Policy } from '../../policy/model.js';
import type { PlanFile } from '../plan/model.js';
import { sharingGenerations } from '../quorum/in-force.js';
import { REASONS } from '../steps/shared/crl-record.js';
import {
  cmpKeyQuestion,
  fillCmpSignerSteps,
  foundingKinds,
  foundingQuestions,
  makeFoundingSteps,
  withKeysRead,
} from './founding-questions.js';
import { holderOf } from './people.js';
import {
  choiceQuestion,
  type DraftQuestion,
  hashQuestion,
  idQuestion,
  numberQuestion,
  textQuestion,
} from './question.js';
import {
  answer,
  authorityQuestion,
  bundleQuestion,
  continueCrl,
  copyQuestions,
  type EditContext,
  isByVendor,
  nameAuthority,
  nameOfficer,
  numberApprovals,
  officerQuestions,
  optionalInstant,
  previousQuestions,
  recordPath,
  type TemplateContext,
  thresholdQuestion,
  vendorCopy,
  withBundleHash,
  withSteps,
} from './template-parts.js';

export type Template = {
  readonly title: Bilingual;
  /** The name of the example plan below `policies/ceremonies`, without `.json`. */
  readonly example: (hierarchy: HierarchyId) => string;
  /** Whether a question asks for which hierarchy the ceremony is. */
  readonly hasHierarchy: boolean;
  /**
   * Whether the ceremony can be held for this hierarchy, as far as the policy says; left out: for
   * all. The others are not offered.
   */
  readonly isFor?: (policy: Policy, hierarchy: HierarchyId) => boolean;
  readonly questions: (context: TemplateContext) => Promise<readonly DraftQuestion[]>;
  readonly edit: (plan: PlanFile, context: EditContext) => Promise<PlanFile>;
};

const keepSteps: Template['edit'] = async (plan) => plan;
const noQuestions: Template['questions'] = async () => [];

export const TEMPLATES = {
  hierarchy: {
    title: {
      fr: "création d'une hiérarchie : AC racine, AC émettrices, répondeurs OCSP",
      en: 'creation of a hierarchy: root CA, issuing CAs, OCSP responders',
    },
    example: (hierarchy) => `development/${hierarchy}`,
    hasHierarchy: true,
    questions: foundingQuestions,
    // CMP signers are certified in a later ceremony, when the request of the platform is there.
    edit: async (plan, context) => ({
      ...plan,
      steps: [...plan.steps.filter((step) => step.do !== 'create-cmp-signer'), ...makeFoundingSteps(plan, context)],
    }),
  },
  'regain-access': {
    title: {
      fr: "certificats d'amorçage dans une cérémonie ultérieure : premier accès, ou accès perdu",
      en: 'founding certificates in a later ceremony: first access, or access that was lost',
    },
    example: () => 'examples/regain-access',
    hasHierarchy: true,
    isFor: (policy, hierarchy) => foundingKinds(policy, hierarchy).length > 0,
    questions: foundingQuestions,
    edit: async (plan, context) => withKeysRead(plan, makeFoundingSteps(plan, context)),
  },
  platform: {
    title: { fr: 'création du jeton de la plate-forme', en: 'creation of the token of the platform' },
    example: () => 'development/platform',
    hasHierarchy: false,
    questions: noQuestions,
    edit: keepSteps,
  },
  'yearly-crl': {
    title: { fr: "LCR annuelle d'une AC racine", en: 'yearly CRL of a root CA' },
    example: () => 'examples/yearly-crl',
    hasHierarchy: true,
    questions: previousQuestions,
    edit: continueCrl,
  },
  'revoke-issuing-authority': {
    title: { fr: "révocation d'une AC émettrice", en: 'revocation of an issuing CA' },
    example: () => 'examples/revoke-issuing-authority',
    hasHierarchy: true,
    questions: async (context) => [
      authorityQuestion(context),
      choiceQuestion(
        { name: 'reason', words: { fr: 'motif de la révocation', en: 'reason of the revocation' } },
        FINAL_REASONS.map((value) => ({ value, words: REASONS[value] })),
      ),
      optionalInstant('invalidityDate', {
        fr: 'date depuis laquelle la clé est compromise, ou présumée telle (facultatif)',
        en: 'since when the key is or may be compromised (optional)',
      }),
      ...(await previousQuestions(context)),
    ],
    edit: async (plan, context) => {
      const [authority = '', reason = ''] = [answer(context, 'authority'), answer(context, 'reason')];
      const since = answer(context, 'invalidityDate');
      const continued = await continueCrl(plan, context);
      return withSteps(continued, (step) =>
        step.do === 'revoke-issuing-authority'
          ? {
              ...step,
              authority,
              reason: FINAL_REASONS.find((one) => one === reason) ?? step.reason,
              ...(since === '' ? {} : { invalidityDate: since }),
              output: `ceremony/${plan.id}/revoked/${authority}.json`,
            }
          : step,
      );
    },
  },
  'next-root': {
    title: { fr: "deuxième génération d'une AC racine", en: 'second generation of a root CA' },
    example: () => 'examples/next-root',
    hasHierarchy: true,
    questions: noQuestions,
    edit: keepSteps,
  },
  'back-up-root': {
    title: { fr: "sauvegarde du jeton d'une AC racine", en: 'back-up of the token of a root CA' },
    example: () => 'examples/back-up-root',
    hasHierarchy: true,
    questions: async (context) => copyQuestions(context),
    edit: async (plan, context) =>
      withSteps(plan, (step) =>
        step.do === 'back-up-token' && isByVendor(context) ? { ...step, copy: vendorCopy(context) } : step,
      ),
  },
  'restore-root': {
    title: { fr: "restauration du jeton d'une AC racine", en: 'restoration of the token of a root CA' },
    example: () => 'examples/restore-root',
    hasHierarchy: true,
    questions: async (context) => {
      const { files, plan } = context;
      const backUp = answer(context, 'backUp');
      const record = backUp === '' ? null : await files.read(recordPath(backUp, plan));
      const words = { fr: 'identifiant de la cérémonie de sauvegarde', en: 'id of the ceremony of the back-up' };
      return [
        idQuestion({ name: 'backUp', words }, `${plan.hierarchy}-back-up`),
        hashQuestion(
          { name: 'recordSha256', words: { fr: 'SHA-256 du bordereau de sauvegarde', en: 'SHA-256 of its record' } },
          { suggestion: record === null ? null : sha256Hex(record), any: false },
        ),
        ...copyQuestions(context),
      ];
    },
    edit: async (plan, context) =>
      withSteps(plan, (step) => {
        if (step.do !== 'restore-token') return step;
        const record = recordPath(answer(context, 'backUp'), plan);
        const from = { by: 'files', from: record.replace(/\.json$/, '.copy.json') } as const;
        const copy = isByVendor(context) ? vendorCopy(context) : from;
        return { ...step, record, recordSha256: answer(context, 'recordSha256'), copy };
      }),
  },
  'reshare-root': {
    title: { fr: "nouveau partage du code PIN d'une AC racine", en: 're-sharing of the PIN of a root CA' },
    example: () => 'examples/reshare-root',
    hasHierarchy: true,
    questions: async ({ files, plan, answers, askHolders }) => {
      const root = plan.tokens.find(({ kind }) => kind === 'root');
      const inForce = root === undefined ? 1 : (await sharingGenerations(files, root)).inForce;
      const count = answers.newHolders?.length ?? 0;
      return [
        numberQuestion(
          { name: 'generation', words: { fr: 'numéro du nouveau partage', en: 'number of the new sharing' } },
          { from: 2, to: 1000, suggestion: inForce + 1 },
        ),
        askHolders('newHolders', { fr: 'porteurs des nouvelles parts', en: 'holders of the new shares' }),
        thresholdQuestion('newThreshold', count, {
          fr: 'nombre de nouvelles parts nécessaires pour ouvrir le jeton',
          en: 'number of new shares needed to open the token',
        }),
      ];
    },
    edit: async (plan, { answers }) => {
      const holders = (answers.newHolders ?? []).map(holderOf);
      const sharing = { shares: holders.length, threshold: Number(answers.newThreshold?.[0]), holders };
      return withSteps(plan, (step) =>
        step.do === 'reshare-quorum' ? { ...step, generation: Number(answers.generation?.[0]), quorum: sharing } : step,
      );
    },
  },
  'destroy-root': {
    title: { fr: "destruction de la bi-clé d'une AC racine", en: 'destruction of the key of a root CA' },
    example: () => 'examples/destroy-root',
    hasHierarchy: true,
    questions: async () => [
      textQuestion({ name: 'reason', words: { fr: 'motif de la destruction', en: 'reason of the destruction' } }),
      textQuestion(
        {
          name: 'despite',
          words: {
            fr: 'si le certificat est encore valide, pourquoi détruire sa bi-clé (facultatif)',
            en: 'if the certificate has not expired, why its key is destroyed (optional)',
          },
        },
        { isOptional: true },
      ),
    ],
    edit: async (plan, context) =>
      withSteps(plan, (step) => {
        if (step.do !== 'destroy-key') return step;
        const { despite: _, ...rest } = step;
        const despite = answer(context, 'despite');
        return { ...rest, reason: answer(context, 'reason'), ...(despite === '' ? {} : { despite }) };
      }),
  },
  'access-authority': {
    title: { fr: "AC d'accès et premier officier de secours", en: 'access CA and first break-glass officer' },
    example: () => 'examples/access-authority',
    hasHierarchy: false,
    questions: async (context) => [
      textQuestion(
        { name: 'accessName', words: { fr: "nom (CN) de l'AC d'accès", en: 'name (CN) of the access CA' } },
        { suggestion: 'AC ACCES OFFICIERS' },
      ),
      ...(await officerQuestions(context)),
    ],
    edit: async (plan, context) =>
      withSteps(nameOfficer(plan, context), (step) =>
        step.do === 'create-access-authority'
          ? { ...step, subject: { ...step.subject, commonName: answer(context, 'accessName') } }
          : step,
      ),
  },
  'break-glass-account': {
    title: { fr: 'un autre officier de secours', en: 'another break-glass officer' },
    example: () => 'examples/break-glass-account',
    hasHierarchy: false,
    questions: officerQuestions,
    edit: async (plan, context) => nameOfficer(plan, context),
  },
  'offline-root': {
    title: { fr: 'AC racine seule, sur sa propre machine', en: 'a root CA alone, on a machine of its own' },
    example: () => 'examples/offline-root',
    hasHierarchy: true,
    questions: noQuestions,
    edit: keepSteps,
  },
  'offline-ask': {
    title: {
      fr: "demande de certificat d'une AC émettrice, pour l'AC racine d'une autre machine",
      en: 'request of an issuing CA, for the root on another machine',
    },
    example: () => 'examples/offline-ask',
    hasHierarchy: true,
    questions: async (context) => [authorityQuestion(context)],
    edit: async (plan, context) => nameAuthority(plan, context),
  },
  'offline-answer': {
    title: {
      fr: "signature de cette demande par l'AC racine",
      en: 'signature of that request by the root CA',
    },
    example: () => 'examples/offline-answer',
    hasHierarchy: true,
    questions: async (context) => [authorityQuestion(context), await bundleQuestion(context)],
    edit: async (plan, context) => withBundleHash(nameAuthority(plan, context), context),
  },
  'offline-take': {
    title: { fr: 'réception du certificat signé', en: 'reception of the signed certificate' },
    example: () => 'examples/offline-take',
    hasHierarchy: true,
    questions: async (context) => [authorityQuestion(context), await bundleQuestion(context)],
    edit: async (plan, context) => withBundleHash(nameAuthority(plan, context), context),
  },
  'new-ocsp-token': {
    title: { fr: 'nouveau jeton de répondeurs OCSP', en: 'new token of OCSP responders' },
    example: () => 'examples/new-ocsp-token',
    hasHierarchy: true,
    questions: noQuestions,
    edit: keepSteps,
  },
  'approve-ocsp-keys': {
    title: { fr: 'approbation de clés de répondeurs OCSP', en: 'approval of keys of OCSP responders' },
    example: () => 'examples/approve-ocsp-keys',
    hasHierarchy: true,
    questions: async (context) => [await bundleQuestion(context)],
    edit: async (plan, context) => numberApprovals(withBundleHash(plan, context), context),
  },
  'cmp-signers': {
    title: { fr: 'certificats des signataires CMP', en: 'certificates of CMP signers' },
    example: () => 'examples/cmp-signers',
    hasHierarchy: true,
    questions: async (context) => [await cmpKeyQuestion(context)],
    edit: async (plan, context) => fillCmpSignerSteps(plan, context),
  },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof TEMPLATES;
