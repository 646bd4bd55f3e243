/**
 * `pfcng ceremony`: rehearses a plan on tokens that are deleted afterwards, performs it, and
 * verifies its results.
 */

import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CeremonyPlan } from '../../ceremony/plan/model.js';
import type { VerifiedTranscript, VerifyFault } from '../../ceremony/verify/model.js';
import { describeVerifyFault, verifyTranscript } from '../../ceremony/verify/verify.js';
import type { ProgressEvent } from '../../ceremony/world.js';
import { orSystemErrorText, SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { isMissing } from '../../ceremony-host/files.js';
import { placeFault, readBelow, readTranscript } from '../../ceremony-host/read-files.js';
import { openRehearsal } from '../../ceremony-host/rehearsal.js';
import { type CeremonyPeople, checkPlan, markHome, performPlan } from '../../ceremony-host/session.js';
import { ceremonyTerminal } from '../../ceremony-host/terminal.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { loadConfig } from '../../config/load.js';
import { present } from '../../kernel/assert.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { drawn, fail, say } from '../../terminal/say.js';
import { performDevelopmentCeremonies } from '../development/ceremonies.js';
import { check } from './check.js';
import { languageOption } from './language.js';
import { writeMinutes } from './minutes.js';
import { type RehearsalMachines, rehearsalMachines } from './rehearsal-machines.js';
import { registerShare } from './share.js';
import { addSignature } from './signature.js';

/** Officers read these texts; French comes first. */
const HELP = {
  ceremony: {
    fr: 'cérémonies de clés, à partir de plans (policies/ceremonies)',
    en: 'key ceremonies, from plan files',
  },
  rehearse: {
    fr: 'joue des plans, dans leur ordre, sur des jetons jetés ensuite, et vérifie leurs transcriptions',
    en: 'performs plans on tokens that are deleted afterwards, and verifies the transcripts',
  },
  keep: {
    fr: 'garder le dossier de la répétition et afficher son chemin',
    en: 'keep the folder of the rehearsal and print its path',
  },
  interactive: {
    fr: 'poser les questions à ce terminal, comme le jour venu',
    en: 'ask the people at this terminal, as the ceremony will',
  },
  bring: {
    fr: "ce qui vient d'ailleurs, à sa place (requests/, incoming/) ; copié, jamais modifié",
    en: 'files from elsewhere, in their places (requests/, incoming/); they are copied and never modified',
  },
  perform: {
    fr: "tient la cérémonie d'un plan, ou la reprend où elle a été interrompue",
    en: 'performs the ceremony of a plan, or resumes it where it was interrupted',
  },
  home: {
    fr: 'dossier de la cérémonie ; sinon PFCNG_HOME, ou ./var',
    en: 'home folder; default: PFCNG_HOME, or ./var',
  },
  check: {
    fr: 'dit tout ce qui ne va pas dans un plan et tout ce qui manque sur cette machine, sans rien modifier',
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
  place: {
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
    .option('--bring <folder>', inBothLanguages(HELP.bring))
    .action(withSystemErrors(rehearse));
  ceremony
    .command('perform')
    .description(inBothLanguages(HELP.perform))
    .argument('<plan>', 'plan')
    .option('--home <folder>', inBothLanguages(HELP.home))
    .option('--played', inBothLanguages(HELP.played))
    .action(withSystemErrors(perform));
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
    .argument('[home-or-transcript]', inBothLanguages(HELP.place))
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
      (line) => fail([line]),
    );
}

/** Prints one line per event: `[fort 4/16] génération de la clé acr-fo / generating key acr-fo`. */
function printProgress({ ceremony, kind, step, of, fr, en }: ProgressEvent): void {
  const words = WORDS[kind];
  if (words === null) return;
  const place = step === 0 ? `[${ceremony}]` : `[${ceremony} ${String(step).padStart(2)}/${of}]`;
  say(drawn(`${place} ${words.fr}${fr} / ${words.en}${en}`));
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
  const done = await performDevelopmentCeremonies(home, { progress: printProgress });
  if (!done.ok) fail([...done.error.lines, inBothLanguages(startAgain(home))]);
  return done.ok;
}

function startAgain(home: string): Bilingual {
  return {
    fr: `relancez pour continuer ; ou supprimez ${home}, dont rien n'est encore utilisé, pour recommencer`,
    en: `start again to continue; or, to start over, remove ${home}: nothing in it is in use yet`,
  };
}

async function perform(
  planFile: string,
  { home, played }: { readonly home?: string; readonly played?: boolean },
): Promise<void> {
  const people = peopleOf(played === true);
  if (people === null) return fail([inBothLanguages(NO_TERMINAL)]);
  const config = loadConfig({ home });
  if (!config.ok) return fail([SETTINGS_FAULTS, ...config.error.faults]);
  const { paths, environment } = config.value;
  const done = await performPlan({
    clock: systemClock,
    random: systemRandom,
    home: paths.home,
    planFile,
    people,
    progress: printProgress,
  });
  if (!done.ok) return fail(done.error.lines);
  const { before, entries } = done.value;
  if (before) say(inBothLanguages(alreadyPerformed(entries.at(-1)?.at ?? '')));
  await markHome(paths.home, environment);
  say(`empreinte finale / final hash: ${done.value.head}`);
}

function alreadyPerformed(at: string): Bilingual {
  return { fr: `déjà tenue le ${at}, rien n'a été fait`, en: `already performed on ${at}; nothing was done` };
}

const NO_TERMINAL = {
  fr: "il n'y a pas de terminal où demander : lancez la commande dans un terminal (en développement : --played)",
  en: 'there is no terminal for questions: run the command in a terminal (in development: --played)',
};

/** null: there is no terminal. */
function peopleOf(played: boolean): CeremonyPeople | null {
  if (played) return { kind: 'played', show: say };
  const terminal = ceremonyTerminal(process.stdin);
  return terminal === null ? null : { kind: 'present', terminal };
}

type RehearseOptions = { readonly keep?: boolean; readonly interactive?: boolean; readonly bring?: string };

async function rehearse(planFiles: readonly string[], { keep, interactive, bring }: RehearseOptions): Promise<void> {
  const people: CeremonyPeople | null = interactive === true ? peopleOf(false) : { kind: 'played', show: say };
  if (people === null) return fail([inBothLanguages(NO_TERMINAL)]);
  const machines = rehearsalMachines(bring ?? null, say);
  try {
    if (!(await rehearseEach(planFiles, machines, people))) return;
    for (const home of machines.homes()) await verify(home, {});
  } finally {
    for (const home of machines.homes())
      if (keep === true) say(`dossier de la répétition / folder of the rehearsal: ${home}`);
      else await rm(home, { recursive: true, force: true });
  }
}

/** Checks all plans before it performs the first. false: refused, and the reason was printed. */
async function rehearseEach(
  planFiles: readonly string[],
  machines: RehearsalMachines,
  people: CeremonyPeople,
): Promise<boolean> {
  const plans: CeremonyPlan[] = [];
  for (const planFile of planFiles) {
    const plan = await checkPlan(planFile);
    if (plan.ok) plans.push(plan.value);
    else fail(plan.error.lines);
  }
  if (plans.length < planFiles.length) return false;
  const rehearsal = openRehearsal(systemClock, say);
  for (const [at, plan] of plans.entries()) {
    const home = await machines.prepare(plan);
    if (!home.ok) {
      fail([inBothLanguages(home.error)]);
      return false;
    }
    const planFile = present(planFiles[at], 'a file for each plan');
    const done = await performPlan({
      clock: systemClock,
      random: systemRandom,
      home: home.value,
      planFile,
      people,
      rehearsal,
      progress: printProgress,
    });
    if (!done.ok) {
      fail(done.error.lines);
      return false;
    }
  }
  return true;
}

async function verify(given: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  const place = placeOf(given);
  if (!place.ok) return fail(place.error);
  const transcripts = await transcriptsOf(place.value);
  if (transcripts.length === 0) return fail([inBothLanguages(noTranscript(place.value))]);
  for (const file of transcripts)
    await orSystemErrorText(
      async () => report(file, await verifyFile(file), json === true),
      (line) => fail([`${file}: ${line}`]),
    );
}

function placeOf(given: string | undefined): Result<string, readonly string[]> {
  if (given !== undefined) return ok(resolve(given));
  const config = loadConfig();
  return config.ok ? ok(config.value.paths.home) : err([SETTINGS_FAULTS, ...config.error.faults]);
}

function noTranscript(place: string): Bilingual {
  return {
    fr: `${place} : aucune transcription (ceremony/*/transcript.ndjson) ; nommez le dossier du service ou une transcription`,
    en: `${place}: no transcript (ceremony/*/transcript.ndjson); name the home folder or a transcript`,
  };
}

function report(file: string, verdict: Result<VerifiedTranscript, VerifyFault>, json: boolean): void {
  if (json) say(JSON.stringify({ file, ...asJson(verdict) }));
  if (!verdict.ok) fail([`${file}: ${inBothLanguages(describeVerifyFault(verdict.error))}`]);
  if (json || !verdict.ok) return;
  const { lines, artefacts, head, linesAfterSignature, toSign, rehearsal } = verdict.value;
  const holds = {
    fr: `${lines} lignes, ${artefacts} fichiers conformes`,
    en: `${lines} lines and ${artefacts} files verified`,
  };
  say(drawn(`${file}: ${inBothLanguages(holds)}; ${head}`));
  if (rehearsal) say(inBothLanguages(REHEARSED));
  if (linesAfterSignature > 0) say(inBothLanguages(unsignedLines(linesAfterSignature)));
  if (toSign.length > 0) say(drawn(inBothLanguages(willSign(toSign))));
}

const REHEARSED: Bilingual = {
  fr: "c'est une répétition : ses clés et ses jetons ont été jetés",
  en: 'this is a rehearsal: its keys and tokens were deleted',
};

function willSign(names: readonly string[]): Bilingual {
  const who = names.join(', ');
  return {
    fr: `répétition : à la vraie cérémonie, ${who} signent aussi la transcription (add-signature)`,
    en: `rehearsal: in the real ceremony ${who} also sign the transcript (add-signature)`,
  };
}

function unsignedLines(lines: number): Bilingual {
  return {
    fr: `les ${lines} dernières lignes suivent la signature : la cérémonie a été reprise après la destruction de sa clé`,
    en: `the last ${lines} lines follow the signature: the ceremony was resumed after its key was destroyed`,
  };
}

/** The JSON form has one language and stable member names. */
function asJson(verdict: Result<VerifiedTranscript, VerifyFault>): object {
  if (verdict.ok) return { holds: true, ...verdict.value };
  const fault = verdict.error;
  return { holds: false, ...fault, ...('rule' in fault ? { rule: fault.rule.en } : {}) };
}

async function transcriptsOf(path: string): Promise<readonly string[]> {
  const found = await orMissing(stat(path));
  if (found?.isFile()) return [path];
  const ceremonies = (await orMissing(readdir(join(path, 'ceremony')))) ?? [];
  const there: string[] = [];
  for (const id of [...ceremonies].sort()) {
    const [file, plan] = ['transcript.ndjson', 'plan.json'].map((name) => join(path, 'ceremony', id, name));
    // A folder of tokens alone is no ceremony. A folder with a plan once had a transcript, so that
    // its absence is reported.
    if (file !== undefined && plan !== undefined && ((await isFile(file)) || (await isFile(plan)))) there.push(file);
  }
  return there;
}

async function isFile(path: string): Promise<boolean> {
  return (await orMissing(stat(path)))?.isFile() === true;
}

async function orMissing<Value>(operation: Promise<Value>): Promise<Value | null> {
  try {
    return await operation;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

export async function verifyFile(file: string): Promise<Result<VerifiedTranscript, VerifyFault>> {
  const read = readTranscript(file);
  if (!read.ok) return read;
  const { home, lines } = read.value;
  const verified = verifyTranscript(lines, (path) => readBelow(home, path));
  const misplaced = verified.ok ? placeFault(file, verified.value.ceremony) : null;
  return misplaced === null ? verified : err(misplaced);
}
