/**
 * Shows the first screen of a ceremony: what will be done, with which tokens and files, and by
 * whom. The people compare it with the reviewed plan. Missing files and tokens can be brought and
 * are then checked again.
 */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type CeremonyFailure, failureText } from '../failures.js';
import type { CeremonyPlan, CeremonyStep, TokenKind } from '../plan/model.js';
import { ROLES } from '../plan/presence.js';
import { neededFacts, type ReadinessFact } from '../readiness.js';
import { describeStep, outputsOf } from '../steps/all.js';
import type { StepContext } from '../steps/kind.js';
import type { CeremonyWorld } from '../world.js';
import { askLine, noAnswerFailure, type WrongTry } from './ask.js';
import { BLANK, heading, isWord, item, numbered, QUOTED_WORDS, rowOf, type ScreenLine } from './terminal.js';

/**
 * Shows the screen and asks people to continue. `done`: the steps that the transcript has recorded;
 * null: the ceremony begins.
 */
export async function showFirstScreen(
  context: StepContext,
  done: ReadonlySet<CeremonyStep> | null,
): Promise<Result<void, CeremonyFailure>> {
  const { world, plan } = context;
  world.terminal.show([
    ...planLines(world, plan),
    ...peopleLines(plan),
    ...tokenLines(plan),
    ...heading({ fr: 'Ce qui sera fait', en: 'What will be done' }),
    ...plan.steps.map((step, at) => stepLine(step, { at, isDone: done?.has(step) === true })),
    ...heading({ fr: 'Fichiers produits', en: 'Files that will be made' }),
    ...(plan.outputs.length === 0 ? [item(NONE)] : plan.outputs.map((path) => item(untranslated(path)))),
  ]);
  const beginning = { fr: 'la cérémonie', en: 'the ceremony' };
  for (;;) {
    const needs = await neededFacts(world, plan, done);
    const failure = needs.find((need) => need.failure !== null)?.failure ?? null;
    world.terminal.show(needLines(needs, world.place.home));
    const isReady = failure === null;
    const answer = await askLine(world.terminal, {
      question: { about: 'begin', isReady, ...(isReady ? READY : NOT_READY) },
      expected: isReady ? QUOTED_WORDS.continue : QUOTED_WORDS.check,
      refusal: beginning,
      read: (typed) => {
        if (isWord(typed, 'check')) return ok('check' as const);
        if (isWord(typed, 'continue')) return isReady ? ok('continue' as const) : err(STILL_MISSING);
        return err(isReady ? NEITHER : STILL_MISSING);
      },
    });
    if (answer.ok && answer.value === 'continue') return ok(undefined);
    if (answer.ok) continue;
    return err(answer.error === 'refused' || isReady ? noAnswerFailure(answer.error, beginning) : failure);
  }
}

const NONE = { fr: 'aucun', en: 'none' };

const READY: Bilingual = {
  fr: `Comparez cet écran au plan relu, puis tapez ${QUOTED_WORDS.continue.fr}`,
  en: `Compare this screen with the reviewed plan, then type ${QUOTED_WORDS.continue.en}`,
};
const NOT_READY: Bilingual = {
  fr: `Apportez ce qui manque, puis tapez ${QUOTED_WORDS.check.fr}`,
  en: `Bring what is missing, then type ${QUOTED_WORDS.check.en}`,
};
const NEITHER: WrongTry = {
  kind: 'not-a-word',
  detail: {
    fr: `tapez ${QUOTED_WORDS.continue.fr}, ou ${QUOTED_WORDS.check.fr} pour contrôler de nouveau les fichiers`,
    en: `type ${QUOTED_WORDS.continue.en}, or ${QUOTED_WORDS.check.en} to check the files again`,
  },
};
const STILL_MISSING: WrongTry = {
  kind: 'still-missing',
  detail: {
    fr: `il manque encore quelque chose : apportez-le, puis tapez ${QUOTED_WORDS.check.fr}`,
    en: `something is still missing: bring it, then type ${QUOTED_WORDS.check.en}`,
  },
};

function planLines({ policy, software, clock, place, isRehearsal }: CeremonyWorld, plan: CeremonyPlan) {
  const { window, environment } = plan;
  const [now, from, to] = [clock(), window.notBefore, window.notAfter].map(formatInstant);
  const rehearsal = isRehearsal === true ? { fr: ' (répétition)', en: ' (rehearsal)' } : untranslated('');
  return [
    ...heading(plan.title),
    rowOf({ fr: 'plan', en: 'plan' }, untranslated(place.planFile)),
    rowOf({ fr: 'SHA-256 du plan', en: 'SHA-256 of the plan' }, untranslated(plan.digest)),
    rowOf(
      { fr: 'environnement', en: 'environment' },
      { fr: `${environment}${rehearsal.fr}`, en: `${environment}${rehearsal.en}` },
    ),
    rowOf({ fr: 'version du logiciel', en: 'software version' }, untranslated(`pfcng ${software.version}`)),
    rowOf({ fr: 'SHA-256 de la politique', en: 'SHA-256 of the policy' }, untranslated(policy.digest)),
    rowOf({ fr: 'heure de la machine', en: 'time of this machine' }, untranslated(`${now}`)),
    rowOf({ fr: 'fenêtre du plan', en: 'window of the plan' }, { fr: `du ${from} au ${to}`, en: `${from} to ${to}` }),
    rowOf({ fr: 'dossier', en: 'folder' }, untranslated(place.home)),
  ];
}

/** Lists the required roles, each with the people whom the plan names for it, and the quorum. */
function peopleLines({ people, presence, quorum }: CeremonyPlan): readonly ScreenLine[] {
  const required = presence.map(({ role, atLeast, organisation }) => {
    const named = people.filter((one) => one.role === role && (organisation ?? one.organisation) === one.organisation);
    const of = organisation === undefined ? untranslated('') : { fr: ` (${organisation})`, en: ` (${organisation})` };
    const { fr, en } = ROLES[role];
    return rowOf(
      { fr: `${fr}${of.fr}`, en: `${en}${of.en}` },
      { fr: `${atLeast} au moins : ${namesOf(named)}`, en: `at least ${atLeast}: ${namesOf(named)}` },
    );
  });
  const holders = quorum.kind === 'shares' ? namesOf(quorum.holders) : '';
  const [fr, en] = holders === '' ? [', par le HSM', ', by the HSM'] : [` : ${holders}`, `: ${holders}`];
  return [
    ...heading({ fr: 'Personnes nécessaires', en: 'Who is needed' }),
    ...(required.length === 0 ? [item({ fr: 'personne', en: 'nobody' })] : required),
    ...(quorum.kind === 'none'
      ? []
      : [
          rowOf(
            { fr: 'quorum', en: 'quorum' },
            {
              fr: `${quorum.threshold} porteurs de part sur ${quorum.shares}${fr}`,
              en: `${quorum.threshold} of ${quorum.shares} share holders${en}`,
            },
          ),
        ]),
  ];
}

function namesOf(people: readonly { readonly name: string }[]): string {
  return people.map(({ name }) => name).join(', ');
}

function stepLine(step: CeremonyStep, { at, isDone }: { readonly at: number; readonly isDone: boolean }): ScreenLine {
  const { fr, en } = describeStep(step);
  return numbered(at + 1, isDone ? { fr: `${fr} (déjà fait)`, en: `${en} (done already)` } : { fr, en });
}

const TOKEN_KIND_WORDS: Readonly<Record<TokenKind, Bilingual>> = {
  root: { fr: 'racine', en: 'root' },
  ca: { fr: 'AC émettrices', en: 'issuing CAs' },
  ocsp: { fr: 'répondeurs OCSP', en: 'OCSP responders' },
  platform: { fr: 'plate-forme', en: 'platform' },
  access: { fr: "AC d'accès", en: 'access CA' },
};

function tokenLines(plan: CeremonyPlan): readonly ScreenLine[] {
  const made = new Set(plan.steps.flatMap((step) => outputsOf(step, plan).newTokens));
  return [
    ...heading({ fr: 'Jetons', en: 'Tokens' }),
    ...plan.tokens.map(({ name, kind }) => {
      const { fr, en } = TOKEN_KIND_WORDS[kind];
      return made.has(name)
        ? item({ fr: `${name} (${fr}), créé par cette cérémonie`, en: `${name} (${en}), made by this ceremony` })
        : item({ fr: `${name} (${fr})`, en: `${name} (${en})` });
    }),
  ];
}

function needLines(needs: readonly ReadinessFact[], home: string): readonly ScreenLine[] {
  return [
    ...heading({ fr: 'Jetons et fichiers nécessaires', en: 'Tokens and files that are needed' }),
    ...(needs.length === 0 ? [item(NONE)] : needs.map((need) => needLine(need, home))),
    BLANK,
  ];
}

function needLine({ words, failure }: ReadinessFact, home: string): ScreenLine {
  if (failure === null) return rowOf(untranslated('ok'), words);
  if (failure.kind !== 'missing') return rowOf({ fr: 'À CORRIGER', en: 'TO CORRECT' }, failureText(failure));
  return rowOf(
    { fr: 'MANQUE', en: 'MISSING' },
    {
      fr: `${words.fr} : apportez celui que nomme le plan, à cet emplacement : ${home}/${failure.what.fr}`,
      en: `${words.en}: bring the one that the plan names to this place: ${home}/${failure.what.en}`,
    },
  );
}
