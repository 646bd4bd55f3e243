/**
 * Writes a ceremony plan from answers: returns the next question, and makes the plan when all are
 * answered. The command `pfcng ceremony new` asks the questions at the terminal.
 */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { formatInstant, type Instant, parseInstant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { HIERARCHIES, type HierarchyId, type Policy } from '../../policy/model.js';
import type { PlanFile, Quorum, Role, TokenUse } from '../plan/model.js';
import { transcriptPath } from '../plan/paths.js';
import { plainName, ROLES } from '../plan/presence.js';
import { isOffline } from '../plan/quorum.js';
import { sharingInForce } from '../quorum/in-force.js';
import { readSet, type ShareSet } from '../quorum/share-set.js';
import { outputsOf } from '../steps/all.js';
import type { CeremonyFiles } from '../world.js';
import { firstCeremonyOf, fromExample, titleFrom } from './from-example.js';
import {
  holderOf,
  holderReader,
  holdersFault,
  holderText,
  peopleFault,
  personOf,
  readPerson,
  rolesInWords,
  withAllowedKeys,
} from './people.js';
import {
  choiceQuestion,
  type DraftAnswers,
  type DraftQuestion,
  idQuestion,
  instantQuestion,
  listQuestion,
  numberQuestion,
  textQuestion,
} from './question.js';
import { answer, thresholdQuestion } from './template-parts.js';
import { TEMPLATES, type Template, type TemplateName } from './templates.js';

export type DraftContext = {
  readonly policy: Policy;
  readonly softwareVersion: string;
  readonly now: Instant;
  /** The home folder in which the ceremony will be performed. */
  readonly files: Pick<CeremonyFiles, 'read'>;
  /** Reads an example plan below `policies/ceremonies`, by its name without `.json`. */
  readonly example: (name: string) => PlanFile;
};

/** Returns the first question that has no answer yet. null: all are answered. */
export async function nextQuestion(context: DraftContext, answers: DraftAnswers): Promise<DraftQuestion | null> {
  for (const stage of STAGES) {
    const questions = await stage(context, answers);
    const next = questions.find(({ name }) => answers[name] === undefined);
    if (next !== undefined) return next;
  }
  return null;
}

/** Returns all questions that belong to these answers, in their order. */
export async function questionsFor(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const questions: DraftQuestion[] = [];
  for (const stage of STAGES) questions.push(...(await stage(context, answers)));
  return questions;
}

/** Makes the plan from complete answers. */
export async function planFrom(context: DraftContext, answers: DraftAnswers): Promise<PlanFile> {
  const plan = await editedPlan(context, answers);
  return { ...plan, outputs: plan.steps.flatMap((step) => outputsOf(step, plan).listed) };
}

type Stage = (context: DraftContext, answers: DraftAnswers) => Promise<readonly DraftQuestion[]>;

const STAGES: readonly Stage[] = [
  async () => [
    choiceQuestion(
      { name: 'ceremony', words: { fr: 'quelle cérémonie', en: 'which ceremony' } },
      Object.entries(TEMPLATES).map(([value, { title }]) => ({ value, words: title })),
    ),
  ],
  async ({ policy }, answers) =>
    templateOf(answers).hasHierarchy
      ? [
          choiceQuestion(
            { name: 'hierarchy', words: { fr: 'quelle hiérarchie', en: 'which hierarchy' } },
            hierarchiesOf(policy, answers).map((value) => ({
              value,
              words: policy.hierarchies.get(value)?.title ?? untranslated(value),
            })),
          ),
        ]
      : [],
  firstCeremonyQuestions,
  idQuestions,
  titleQuestions,
  windowQuestions,
  async () => [
    listQuestion({ name: 'people', words: PEOPLE }, { read: readPerson, listFault: peopleFault, suggestion: null }),
  ],
  quorumQuestions,
  presenceQuestions,
  async (context, answers) => {
    const plan = renamedPlan(context, answers);
    const { policy, files } = context;
    const askHolders = (name: string, words: Bilingual) =>
      holdersQuestion(context, answers, { name, words, makesShares: true, suggestion: null });
    return templateOf(answers).questions({ policy, files, plan, answers, askHolders });
  },
];

const ROLE_LIST = rolesInWords();
const PEOPLE = {
  fr: `les personnes, une par ligne : rôle ; nom ; organisation. Rôles : ${ROLE_LIST.fr}`,
  en: `the people, one on each line: role ; name ; organisation. Roles: ${ROLE_LIST.en}`,
};

function templateOf(answers: DraftAnswers): Template {
  return TEMPLATES[(answers.ceremony?.[0] ?? 'hierarchy') as TemplateName];
}

function hierarchiesOf(policy: Policy, answers: DraftAnswers): readonly HierarchyId[] {
  const { isFor = () => true } = templateOf(answers);
  return HIERARCHIES.filter((hierarchy) => isFor(policy, hierarchy));
}

function hierarchyOf(answers: DraftAnswers): HierarchyId | null {
  return HIERARCHIES.find((one) => one === answers.hierarchy?.[0]) ?? null;
}

function exampleOf({ example }: DraftContext, answers: DraftAnswers): PlanFile {
  return example(templateOf(answers).example(hierarchyOf(answers) ?? 'fort'));
}

/** Whether a step of the plan makes its offline token. */
function makesToken({ tokens, steps }: PlanFile): boolean {
  return steps.some(
    (step) => step.do === 'initialise-token' && tokens.some(({ name, kind }) => name === step.token && isOffline(kind)),
  );
}

function makesShares(plan: PlanFile): boolean {
  return makesToken(plan) || plan.steps.some((step) => step.do === 'reshare-quorum');
}

/**
 * Asks for the id of the ceremony that made the offline token, because the path of the token has
 * that id. Nothing is asked if the new plan makes the token itself or has no offline token.
 */
async function firstCeremonyQuestions(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const example = exampleOf(context, answers);
  if (firstCeremonyOf(example) === null || makesToken(example)) return [];
  const words = {
    fr: 'identifiant de la cérémonie qui a créé le jeton hors ligne',
    en: 'id of the ceremony that made the offline token',
  };
  return [idQuestion({ name: 'first', words }, hierarchyOf(answers) ?? firstCeremonyOf(example))];
}

async function idQuestions(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const { id, hierarchy } = exampleOf(context, answers);
  const chosen = hierarchyOf(answers);
  const suggestion = hierarchy === null || chosen === null ? id : id.replace(hierarchy, chosen);
  const question = idQuestion(
    {
      name: 'id',
      words: { fr: 'identifiant de cette cérémonie, à usage unique', en: 'id of this ceremony, used once' },
    },
    suggestion,
  );
  return [
    {
      ...question,
      async read(text) {
        const id = await question.read(text);
        if (!id.ok || (await context.files.read(transcriptPath({ id: text }))) === null) return id;
        const fault = { fr: `la cérémonie ${text} a déjà eu lieu`, en: `ceremony ${text} was held already` };
        return { ok: false, error: fault };
      },
    },
  ];
}

async function titleQuestions(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const { title, hierarchy } = exampleOf(context, answers);
  const chosen = hierarchyOf(answers);
  return [
    textQuestion(
      { name: 'titleFr', words: { fr: 'titre en français', en: 'title in French' } },
      { suggestion: titleFrom(title.fr, hierarchy, chosen) },
    ),
    textQuestion(
      { name: 'titleEn', words: { fr: 'titre en anglais', en: 'title in English' } },
      { suggestion: titleFrom(title.en, hierarchy, chosen) },
    ),
  ];
}

const WINDOW_DAYS = 30;
const NOT_AFTER_BEGINNING = {
  fr: 'la fin de la fenêtre doit être postérieure à son début',
  en: 'the window must end after it begins',
};

async function windowQuestions({ now }: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const from = parseInstant(answers.notBefore?.[0] ?? '');
  const first = instantQuestion(
    {
      name: 'notBefore',
      words: { fr: 'début de la fenêtre (jour, ou date et heure UTC)', en: 'not before (day, or time in UTC)' },
    },
    { edge: 'first', suggestion: `${formatInstant(now).slice(0, 10)}T00:00:00Z` },
  );
  const last = instantQuestion(
    {
      name: 'notAfter',
      words: { fr: 'fin de la fenêtre (jour, ou date et heure UTC)', en: 'not after (day, or time in UTC)' },
    },
    { edge: 'last', suggestion: formatInstant((from ?? now) + WINDOW_DAYS * DAY_MS) },
  );
  return [
    first,
    {
      ...last,
      async read(text) {
        const read = await last.read(text);
        if (!read.ok || from === null || (parseInstant(read.value) ?? 0) > from) return read;
        return { ok: false, error: NOT_AFTER_BEGINNING };
      },
    },
  ];
}

const PIN_PROTECTIONS = [
  {
    value: 'shares',
    words: {
      fr: 'partagé entre des porteurs de part, par ce programme',
      en: 'split among share holders by this program',
    },
  },
  { value: 'hsm', words: { fr: 'par le quorum du HSM lui-même', en: 'by the quorum of the HSM itself' } },
] as const;

async function quorumQuestions(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const example = exampleOf(context, answers);
  if (example.quorum.kind === 'none') return [];
  const isResharing = example.steps.some((step) => step.do === 'reshare-quorum');
  const protection = choiceQuestion(
    {
      name: 'quorum',
      words: {
        fr: 'protection du code PIN du jeton hors ligne',
        en: 'protection of the PIN of the offline token',
      },
    },
    isResharing ? [PIN_PROTECTIONS[0]] : PIN_PROTECTIONS,
    'shares',
  );
  if (answer({ answers }, 'quorum') === '') return [protection];
  const threshold = {
    fr: 'nombre de parts nécessaires pour ouvrir le jeton (seuil)',
    en: 'number of shares needed to open the token (threshold)',
  };
  if (answer({ answers }, 'quorum') === 'hsm') {
    const shares = numberQuestion(
      { name: 'shares', words: { fr: 'nombre de parts (cartes) du HSM', en: 'number of shares (cards) of the HSM' } },
      { from: 2, to: 15, suggestion: null },
    );
    return [protection, shares, thresholdQuestion('threshold', Number(answer({ answers }, 'shares')), threshold)];
  }
  const known = makesToken(example) ? null : await readShareSetInForce(context, answers);
  const holders = holdersQuestion(context, answers, {
    name: 'holders',
    words: {
      fr: 'les porteurs de part du code PIN, un par ligne : nom ; organisation',
      en: 'the holders of the shares of the PIN, one on each line: name ; organisation',
    },
    makesShares: makesToken(example),
    suggestion: known?.members.map(holderName) ?? null,
  });
  const asked = thresholdQuestion('threshold', answers.holders?.length ?? 0, threshold);
  return [protection, holders, known === null ? asked : { ...asked, suggestion: [`${known.threshold}`] }];
}

function holderName({ holder, organisation }: ShareSet['members'][number]): string {
  return holderText({ name: holder, organisation });
}

/**
 * Reads the share set that opens the offline token today, to suggest its holders. null: there is no
 * readable set of such a token, or a share in it is encrypted for a certificate.
 */
async function readShareSetInForce(context: DraftContext, answers: DraftAnswers): Promise<ShareSet | null> {
  const { tokens } = renamedPlan(context, answers);
  const offline = tokens.find(({ kind }) => isOffline(kind));
  const sharing = offline === undefined ? null : await sharingInForce(context.files, offline);
  const set = sharing === null ? null : readSet(sharing.set);
  // A set does not say in which file the certificate of a holder is, and a plan needs its path.
  return set?.members.every(({ encryption }) => encryption === 'passphrase') ? set : null;
}

type AskedHolders = {
  readonly name: string;
  readonly words: Bilingual;
  readonly makesShares: boolean;
  readonly suggestion: readonly string[] | null;
};

function holdersQuestion(
  { files }: DraftContext,
  answers: DraftAnswers,
  { name, words, makesShares: isMaking, suggestion }: AskedHolders,
): DraftQuestion {
  const people = (answers.people ?? []).map(personOf);
  const officers = people.filter(({ role }) => role === 'officer').map(holderText);
  const proposed = suggestion ?? officers;
  const listFault = (texts: readonly string[]) => holdersFault(texts, isMaking ? people : null);
  return listQuestion(
    { name, words },
    { read: holderReader(people, files), listFault, suggestion: listFault(proposed) === null ? proposed : null },
  );
}

/** Asks, for each role in the list of people, how many must be present. */
async function presenceQuestions(context: DraftContext, answers: DraftAnswers): Promise<readonly DraftQuestion[]> {
  const isMaking = makesShares(exampleOf(context, answers));
  const threshold = Number(answer({ answers }, 'threshold')) || 1;
  return rolesOf(answers).map(([role, count]) =>
    numberQuestion(
      {
        name: `presence-${role}`,
        words: {
          fr: `nombre minimal de présents : ${ROLES[role].fr}`,
          en: `how many must be present: ${ROLES[role].en}`,
        },
      },
      { from: 1, to: count, suggestion: role !== 'officer' ? 1 : isMaking ? count : Math.min(threshold, count) },
    ),
  );
}

function rolesOf({ people = [] }: DraftAnswers): readonly (readonly [role: Role, count: number])[] {
  const named = people.map(personOf);
  return (Object.keys(ROLES) as Role[]).flatMap((role) => {
    const names = new Set(named.filter((one) => one.role === role).map(({ name }) => plainName(name)));
    return names.size === 0 ? [] : [[role, names.size] as const];
  });
}

/** Returns the example with the ids and names of the answers so far. */
function renamedPlan(context: DraftContext, answers: DraftAnswers): PlanFile {
  const example = exampleOf(context, answers);
  const hierarchy = hierarchyOf(answers);
  const id = answers.id?.[0] ?? example.id;
  const renamed = fromExample(example, { id, first: answers.first?.[0] ?? id, hierarchy }, context.policy);
  return { ...renamed, id, hierarchy };
}

async function editedPlan(context: DraftContext, answers: DraftAnswers): Promise<PlanFile> {
  const { policy, softwareVersion, files } = context;
  const renamed = renamedPlan(context, answers);
  const answerTo = (name: string): string => answer({ answers }, name);
  const isAtHsm = ({ kind }: TokenUse): boolean => answerTo('quorum') === 'hsm' && isOffline(kind);
  const plan: PlanFile = {
    ...renamed,
    title: { fr: answerTo('titleFr'), en: answerTo('titleEn') },
    environment: policy.environment.mark as PlanFile['environment'],
    window: { notBefore: answerTo('notBefore'), notAfter: answerTo('notAfter') },
    software: { name: 'pfcng', version: softwareVersion, policyDigest: policy.digest },
    people: (answers.people ?? []).map(personOf),
    presence: rolesOf(answers).map(([role]) => ({ role, atLeast: Number(answerTo(`presence-${role}`)) })),
    quorum: quorumFrom(answers),
    tokens: renamed.tokens.map((token) => (isAtHsm(token) ? { ...token, pin: { kind: 'hsm' } } : token)),
    // A token with a quorum at the HSM is initialised with the tools of the HSM, not by a step.
    steps: renamed.steps.filter(
      (step) =>
        step.do !== 'initialise-token' || !renamed.tokens.some((one) => one.name === step.token && isAtHsm(one)),
    ),
  };
  return templateOf(answers).edit(withAllowedKeys(plan, policy), { policy, files, answers });
}

function quorumFrom(answers: DraftAnswers): Quorum {
  const threshold = Number(answer({ answers }, 'threshold'));
  switch (answer({ answers }, 'quorum')) {
    case 'shares': {
      const holders = (answers.holders ?? []).map(holderOf);
      return { kind: 'shares', shares: holders.length, threshold, holders };
    }
    case 'hsm':
      return { kind: 'hsm', shares: Number(answer({ answers }, 'shares')), threshold };
    default:
      return { kind: 'none' };
  }
}
