/**
 * `pfcng ceremony`: rehearses a plan on tokens that are deleted afterwards, performs it, and
 * verifies its results.
 */
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CeremonyPlan } from '../../ceremony/plan/model.js';
import { BLANK, type ScreenLine } from '../../ceremony/sitting/terminal.js';
import { describeVerifyFault } from '../../ceremony/verify/verify.js';
import type { Progress, ProgressEvent } from '../../ceremony/world.js';
import { orSystemErrorText, SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { BOTH_LANGUAGES, type Screen, screenIn } from '../../ceremony-host/layout.js';
import { openRehearsal } from '../../ceremony-host/rehearsal.js';
import { type CeremonyPeople, checkPlan, markHome, performPlan } from '../../ceremony-host/session.js';
import { ceremonyTerminal } from '../../ceremony-host/terminal.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { loadConfig } from '../../config/load.js';
import { present } from '../../kernel/assert.js';
import { type Bilingual, inBothLanguages, type Language, untranslated } from '../../kernel/bilingual.js';
import { performDevelopmentCeremonies } from '../development/ceremonies.js';
import { check } from './check.js';
import { languageOption } from './language.js';
import { writeMinutes } from './minutes.js';
import { newPlan } from './new.js';
import { type RehearsalMachines, rehearsalMachines } from './rehearsal-machines.js';
import { registerShare } from './share.js';
import { addSignature } from './signature.js';
import { type Report, reportOf } from './verdict.js';
import { transcriptsOf, verify, verifyFile } from './verify.js';

/** Officers read these texts; French comes first. */
const HELP = {
  ceremony: {
    fr: 'cérémonies de clés, à partir de plans (policies/ceremonies)',
    en: 'key ceremonies, from plan files',
  },
  rehearse: {
    fr: 'répète des plans, dans leur ordre, sur des jetons supprimés ensuite, et vérifie leurs transcriptions',
    en: 'performs plans on tokens that are deleted afterwards, and verifies the transcripts',
  },
  keep: {
    fr: 'garder le dossier de la répétition et afficher son chemin',
    en: 'keep the folder of the rehearsal and print its path',
  },
  interactive: {
    fr: 'poser les questions à ce terminal, comme le jour de la cérémonie',
    en: 'ask the people at this terminal, as the ceremony will',
  },
  copyFrom: {
    fr: "copier dans le dossier de la répétition les fichiers qui viennent d'ailleurs (requests/, incoming/)",
    en: 'copy the files from elsewhere (requests/, incoming/) into the folder of the rehearsal',
  },
  perform: {
    fr: "exécute la cérémonie d'un plan, ou la reprend là où elle a été interrompue",
    en: 'performs the ceremony of a plan, or resumes it where it was interrupted',
  },
  home: {
    fr: 'dossier de la cérémonie ; sinon PFCNG_HOME, ou ./var',
    en: 'home folder; default: PFCNG_HOME, or ./var',
  },
  new: {
    fr: "écrit un plan à partir de réponses, contrôlées l'une après l'autre",
    en: 'writes a plan from answers, which are checked one after the other',
  },
  answers: {
    fr: 'réponses en JSON ; ce qui manque est demandé à ce terminal',
    en: 'answers in JSON; what is missing is asked at this terminal',
  },
  saveAnswers: { fr: 'écrire aussi les réponses, pour un autre plan', en: 'write the answers too, for another plan' },
  output: { fr: 'fichier du plan ; sinon ID.json', en: 'file of the plan; default: ID.json' },
  check: {
    fr: 'signale tout ce qui ne va pas dans un plan et tout ce qui manque sur cette machine, sans rien modifier',
    en: 'says everything that is wrong in a plan and missing on this machine; changes nothing',
  },
  played: {
    fr: 'le programme répond pour les personnes ; en développement seulement',
    en: 'the program answers for the people; development environment only',
  },
  verify: {
    fr: "vérifie des transcriptions et les fichiers qu'elles consignent ; nomme la ligne ou le fichier altéré",
    en: 'verifies transcripts and the files that they record; names the altered line or file',
  },
  homeOrTranscript: {
    fr: 'dossier (toutes ses cérémonies), ou un transcript.ndjson ; sinon PFCNG_HOME, ou ./var',
    en: 'home folder (all its ceremonies), or one transcript.ndjson; default: PFCNG_HOME, or ./var',
  },
  json: { fr: 'écrire les résultats en JSON', en: 'print the results as JSON' },
  minutes: {
    fr: 'écrit le procès-verbal à côté de la transcription, qui doit être conforme : minutes.html et minutes.pdf',
    en: 'writes the minutes, minutes.html and minutes.pdf, next to the transcript, which must verify',
  },
  addSignature: {
    fr: "ajoute à la transcription la signature d'une personne présente ; verify l'exige ensuite",
    en: 'adds the signature of a person who was present to the transcript; verify requires it from then on',
  },
  signed: {
    fr: 'transcript.ndjson, signé tel quel (SHA-256 avec RSA ou ECDSA, ou Ed25519)',
    en: 'transcript.ndjson, signed as it is (SHA-256 with RSA or ECDSA, or Ed25519)',
  },
  person: { fr: 'nom, comme dans le plan', en: 'name as in the plan' },
  certificate: {
    fr: "son certificat, dont le plan nomme l'empreinte ; DER ou PEM",
    en: 'certificate of that person, whose SHA-256 is in the plan; DER or PEM',
  },
  signature: { fr: "telle que l'écrit openssl dgst -sha256 -sign", en: 'as written by openssl dgst -sha256 -sign' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function registerCeremony(program: Command): void {
  const ceremony = program.command('ceremony').description(inBothLanguages(HELP.ceremony));
  ceremony
    .command('rehearse')
    .description(inBothLanguages(HELP.rehearse))
    .argument('<plan...>', 'plans')
    .option('--keep', inBothLanguages(HELP.keep))
    .option('--interactive', inBothLanguages(HELP.interactive))
    .option('--copy-from <folder>', inBothLanguages(HELP.copyFrom))
    .addOption(languageOption())
    .action(withSystemErrors(rehearse));
  ceremony
    .command('perform')
    .description(inBothLanguages(HELP.perform))
    .argument('<plan>', 'plan')
    .option('--home <folder>', inBothLanguages(HELP.home))
    .option('--played', inBothLanguages(HELP.played))
    .addOption(languageOption())
    .action(withSystemErrors(perform));
  ceremony
    .command('new')
    .description(inBothLanguages(HELP.new))
    .option('--output <file>', inBothLanguages(HELP.output))
    .option('--answers <file>', inBothLanguages(HELP.answers))
    .option('--save-answers <file>', inBothLanguages(HELP.saveAnswers))
    .option('--home <folder>', inBothLanguages(HELP.home))
    .addOption(languageOption())
    .action(withSystemErrors(newPlan));
  ceremony
    .command('check')
    .description(inBothLanguages(HELP.check))
    .argument('<plan>', 'plan')
    .option('--home <folder>', inBothLanguages(HELP.home))
    .option('--json', inBothLanguages(HELP.json))
    .addOption(languageOption())
    .action(withSystemErrors(check));
  ceremony
    .command('verify')
    .description(inBothLanguages(HELP.verify))
    .argument('[home-or-transcript]', inBothLanguages(HELP.homeOrTranscript))
    .option('--json', inBothLanguages(HELP.json))
    .action(withSystemErrors(verify));
  ceremony
    .command('minutes')
    .description(inBothLanguages(HELP.minutes))
    .argument('<transcript>', 'transcript.ndjson')
    .action(withSystemErrors(writeMinutes));
  ceremony
    .command('add-signature')
    .description(inBothLanguages(HELP.addSignature))
    .argument('<transcript>', inBothLanguages(HELP.signed))
    .requiredOption('--person <name>', inBothLanguages(HELP.person))
    .requiredOption('--certificate <file>', inBothLanguages(HELP.certificate))
    .requiredOption('--signature <file>', inBothLanguages(HELP.signature))
    .action(withSystemErrors(addSignature));
  registerShare(ceremony, withSystemErrors);
}

/** Reports errors of the operating system as text in both languages. */
function withSystemErrors<Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return (...args) =>
    orSystemErrorText(
      () => action(...args),
      (line) => BOTH_LANGUAGES.fail([line]),
    );
}

/** Prints one line per event: `[fort 4/16] génération de la clé acr-fo`. */
function progressOn({ show }: Screen): Progress {
  return ({ ceremony, kind, step, of, fr, en }) => {
    const words = WORDS[kind];
    if (words === null) return;
    const prefix = step === 0 ? `[${ceremony}]` : `[${ceremony} ${String(step).padStart(2)}/${of}]`;
    show([{ fr: `${prefix} ${words.fr}${fr}`, en: `${prefix} ${words.en}${en}` }]);
  };
}

const WORDS = {
  begins: { fr: '', en: '' },
  resumes: { fr: 'reprise : ', en: 'resuming: ' },
  starts: { fr: '', en: '' },
  found: { fr: 'déjà fait : ', en: 'done already: ' },
  ends: { fr: 'terminé : ', en: 'done: ' },
  made: null,
  skipped: null,
} as const satisfies Record<ProgressEvent['kind'], Bilingual | null>;

/**
 * Makes a development home, or continues where that was interrupted, and prints its progress.
 * false: refused, and the reason was printed.
 */
export async function runDevelopmentCeremonies(home: string): Promise<boolean> {
  const done = await performDevelopmentCeremonies(home, { progress: progressOn(BOTH_LANGUAGES) });
  if (!done.ok) BOTH_LANGUAGES.fail([...done.error.lines, startAgain(home)]);
  return done.ok;
}

function startAgain(home: string): Bilingual {
  return {
    fr: `relancez la commande pour continuer ; ou, pour recommencer, supprimez ${home}, dont rien n'est encore utilisé`,
    en: `start again to continue; or, to start over, remove ${home}: nothing in it is in use yet`,
  };
}

async function perform(
  planFile: string,
  { home, played, lang }: { readonly home?: string; readonly played?: boolean; readonly lang: Language },
): Promise<void> {
  const screen = screenIn(lang);
  const people = peopleOf(played === true, lang);
  if (people === null) return screen.fail([NO_TERMINAL]);
  const config = loadConfig({ home });
  if (!config.ok) return screen.fail([SETTINGS_FAULTS, ...config.error.faults.map(untranslated)]);
  const { paths, environment } = config.value;
  const done = await performPlan({
    clock: systemClock,
    random: systemRandom,
    home: paths.home,
    planFile,
    people,
    progress: progressOn(screen),
  });
  if (!done.ok) return screen.fail(done.error.lines);
  await markHome(paths.home, environment);
}

const NO_TERMINAL = {
  fr: 'aucun terminal où poser les questions : lancez la commande dans un terminal (en développement : --played)',
  en: 'there is no terminal for questions: run the command in a terminal (in development: --played)',
};

/** null: there is no terminal. */
function peopleOf(played: boolean, language: Language): CeremonyPeople | null {
  if (played) return { kind: 'played', show: screenIn(language).show };
  const terminal = ceremonyTerminal(process.stdin, language);
  return terminal === null ? null : { kind: 'present', terminal };
}

type RehearseOptions = {
  readonly keep?: boolean;
  readonly interactive?: boolean;
  readonly copyFrom?: string;
  readonly lang: Language;
};

async function rehearse(
  planFiles: readonly string[],
  { keep, interactive, copyFrom, lang }: RehearseOptions,
): Promise<void> {
  const screen = screenIn(lang);
  const people = peopleOf(interactive !== true, lang);
  if (people === null) return screen.fail([NO_TERMINAL]);
  const machines = rehearsalMachines(copyFrom ?? null, screen.show);
  try {
    if (!(await rehearseEach(planFiles, machines, { people, screen }))) return;
    for (const home of machines.homes())
      for (const file of await transcriptsOf(home)) {
        const verdict = await verifyFile(file);
        if (!verdict.ok) screen.fail([untranslated(file), describeVerifyFault(verdict.error)]);
        else screen.show(linesOf(file, reportOf(verdict.value)));
      }
  } finally {
    for (const home of machines.homes())
      if (keep === true)
        screen.show([{ fr: `dossier de la répétition : ${home}`, en: `folder of the rehearsal: ${home}` }]);
      else await rm(home, { recursive: true, force: true });
  }
}

function linesOf(file: string, { summary, head, notes }: Report): readonly ScreenLine[] {
  return [BLANK, untranslated(file), summary, untranslated(head), ...notes];
}

/** Checks all plans before it performs the first. false: refused, and the reason was printed. */
async function rehearseEach(
  planFiles: readonly string[],
  machines: RehearsalMachines,
  { people, screen }: { readonly people: CeremonyPeople; readonly screen: Screen },
): Promise<boolean> {
  const plans: CeremonyPlan[] = [];
  for (const planFile of planFiles) {
    const plan = await checkPlan(planFile);
    if (plan.ok) plans.push(plan.value);
    else screen.fail(plan.error.lines);
  }
  if (plans.length < planFiles.length) return false;
  const rehearsal = openRehearsal(systemClock, screen.show);
  for (const [index, plan] of plans.entries()) {
    const home = await machines.prepare(plan);
    if (!home.ok) {
      screen.fail([home.error]);
      return false;
    }
    const planFile = present(planFiles[index], 'a file for each plan');
    const done = await performPlan({
      clock: systemClock,
      random: systemRandom,
      home: home.value,
      planFile,
      people,
      rehearsal,
      progress: progressOn(screen),
    });
    if (!done.ok) {
      screen.fail(done.error.lines);
      return false;
    }
  }
  return true;
}
