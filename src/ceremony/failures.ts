/**
 * The failures that stop a ceremony, and the texts that tell people what to do. Most failures can
 * be corrected; the same command then resumes the ceremony.
 */
import { unreachable } from '../kernel/assert.js';
import { type Bilingual, inBothLanguages, joinTexts, untranslated } from '../kernel/bilingual.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { err, type Result } from '../kernel/result.js';
import type { PlanRefused } from './plan/model.js';
import { describeMissing, type MissingPeople } from './plan/presence.js';
import type { LineFault } from './transcript/transcript.js';

export type CeremonyFailure =
  | PlanRefused
  | { readonly kind: 'outside-window'; readonly now: Instant; readonly notBefore: Instant; readonly notAfter: Instant }
  | { readonly kind: 'software-differs'; readonly what: Bilingual; readonly planned: string; readonly found: string }
  | { readonly kind: 'output-exists'; readonly path: string }
  | { readonly kind: 'another-ceremony'; readonly id: string; readonly recorded: string; readonly given: string }
  | { readonly kind: 'transcript-altered'; readonly fault: LineFault }
  | { readonly kind: 'people-missing'; readonly missing: readonly MissingPeople[] }
  /** Secrets in memory could reach a disk or another process, and the plan does not allow it. */
  | { readonly kind: 'memory-exposed'; readonly by: MemoryExposure }
  | StepFailure;

/** Every failure that can follow after the plan was read and not refused. */
export type PerformFailure = Exclude<CeremonyFailure, PlanRefused>;

/** How secrets in memory could reach a disk or another process. */
type MemoryExposure = 'swap' | 'core-dumps' | 'debugging';

export type StepFailure =
  /**
   * The clock is behind the last line of the transcript, which cannot be verified if its times are
   * not in order.
   */
  | { readonly kind: 'clock-behind'; readonly now: Instant; readonly transcriptAt: string }
  /** The result of a recorded step no longer exists, or differs from its line in the transcript. */
  | { readonly kind: 'artefact-altered'; readonly artefact: Bilingual; readonly detail: Bilingual }
  /** A file or key that a step needs does not exist. */
  | { readonly kind: 'missing'; readonly what: Bilingual }
  | { readonly kind: 'lint-failed'; readonly artefact: string; readonly findings: readonly string[] }
  /**
   * A file or key is not as the plan requires: a result of a step, or something that a step reads.
   */
  | { readonly kind: 'artefact-wrong'; readonly artefact: Bilingual; readonly detail: Bilingual }
  /** The plan destroys a key that is still needed, as `duty` says, and gives no reason for it. */
  | { readonly kind: 'key-has-duty'; readonly key: Bilingual; readonly duty: Bilingual }
  | { readonly kind: 'token-trouble'; readonly detail: Bilingual }
  /** A person at the terminal interrupted the ceremony. */
  | { readonly kind: 'given-up'; readonly what: Bilingual }
  /** The people present typed the word of refusal about `what`, and confirmed the refusal. */
  | { readonly kind: 'refused'; readonly what: Bilingual }
  /** Fewer shares were accepted than the threshold; `given`: the number of accepted shares. */
  | { readonly kind: 'quorum-not-reached'; readonly token: string; readonly given: number; readonly threshold: number }
  /**
   * The share set or its holders do not fit the plan, or the shares do not make the PIN of their
   * set. This PIN was not tried on the token.
   */
  | { readonly kind: 'quorum-unfit'; readonly token: string; readonly detail: Bilingual };

/** Returns the failure `artefact-wrong` for a file; `detail` says what is wrong with it. */
export function wrongFile(path: string, detail: Bilingual): Result<never, StepFailure> {
  return err({ kind: 'artefact-wrong', artefact: untranslated(path), detail });
}

export function missingFile(path: string): Result<never, StepFailure> {
  return err({ kind: 'missing', what: untranslated(path) });
}

const EXPOSURES: Readonly<Record<MemoryExposure, Bilingual>> = {
  swap: {
    fr: "cette machine a de la mémoire d'échange (swap), et le plan ne l'admet pas : exécutez `swapoff -a`",
    en: 'this machine has swap, and the plan does not allow it: run `swapoff -a`',
  },
  'core-dumps': {
    fr: 'une image mémoire (core) de ce processus contiendrait ses secrets : exécutez `ulimit -c 0`, puis relancez la commande',
    en: 'a core dump of this process would contain secrets: run `ulimit -c 0`, then the same command again',
  },
  debugging: {
    fr: 'ce processus a un débogueur, un profileur ou un rapport actif (options de Node, NODE_OPTIONS) : relancez-le sans',
    en: 'this process has a debugger, a profiler or a report (options of Node, NODE_OPTIONS): start it without',
  },
};

/** Describes the failure in lines for people. A refused plan has one line for each fault. */
export function failureLines(failure: CeremonyFailure): readonly Bilingual[] {
  if (failure.kind !== 'plan-refused') return [failureText(failure)];
  const heading = { fr: 'le plan est refusé ; à corriger :', en: 'the plan is refused; correct this:' };
  const faults = failure.faults.map(({ file, pointer, message: { fr, en } }) => ({
    fr: `${file}#${pointer} : ${fr}`,
    en: `${file}#${pointer}: ${en}`,
  }));
  return [heading, ...faults];
}

/** Returns the lines of `failureLines`, each in both languages, as one text. */
export function describeFailure(failure: CeremonyFailure): string {
  return failureLines(failure).map(inBothLanguages).join('\n');
}

export function failureText(failure: PerformFailure): Bilingual {
  switch (failure.kind) {
    case 'outside-window': {
      const [now, from, to] = [failure.now, failure.notBefore, failure.notAfter].map(formatInstant);
      return {
        fr: `il est ${now} ; la fenêtre du plan va du ${from} au ${to} : mettez l'horloge à l'heure, ou utilisez un autre plan`,
        en: `it is ${now}; the plan allows ${from} to ${to}: set the clock, or use another plan`,
      };
    }
    case 'software-differs': {
      const { what, planned, found } = failure;
      return {
        fr: `${what.fr} : le plan ou la transcription indique ${planned}, cette machine ${found}`,
        en: `${what.en}: the plan or the transcript says ${planned}, this machine ${found}`,
      };
    }
    case 'output-exists': {
      const { path } = failure;
      return {
        fr: `${path} existe déjà, et cette cérémonie ne l'a pas produit : choisissez un autre dossier, ou cherchez l'origine de ce fichier`,
        en: `${path} exists already, and this ceremony did not make it: use another folder, or find out where this file comes from`,
      };
    }
    case 'another-ceremony': {
      const { id, recorded, given } = failure;
      return {
        fr: `la cérémonie ${id} a commencé avec le plan ${recorded}, or ce plan-ci est ${given} : donnez-lui un autre id`,
        en: `ceremony ${id} was begun with plan ${recorded}, this one is ${given}: it needs another id`,
      };
    }
    case 'transcript-altered': {
      const { line, rule } = failure.fault;
      return { fr: `transcription, ligne ${line} : ${rule.fr}`, en: `transcript, line ${line}: ${rule.en}` };
    }
    case 'people-missing':
      return joinTexts(failure.missing.map(describeMissing), { fr: ' ; ', en: '; ' });
    case 'memory-exposed':
      return EXPOSURES[failure.by];
    default:
      return textOfStep(failure);
  }
}

function textOfStep(failure: StepFailure): Bilingual {
  switch (failure.kind) {
    case 'clock-behind': {
      const { transcriptAt } = failure;
      const now = formatInstant(failure.now);
      return {
        fr: `il est ${now}, mais la dernière ligne de la transcription est de ${transcriptAt} : mettez l'horloge à l'heure`,
        en: `it is ${now}, but the last line of the transcript is of ${transcriptAt}: set the clock`,
      };
    }
    case 'artefact-altered': {
      const { artefact, detail } = failure;
      return {
        fr: `${artefact.fr} diffère de la transcription : ${detail.fr}`,
        en: `${artefact.en} differs from the transcript: ${detail.en}`,
      };
    }
    case 'missing':
      return {
        fr: `il manque : ${failure.what.fr} ; est-ce le bon dossier ? Apportez ce qui manque, puis relancez la même commande`,
        en: `${failure.what.en} is needed first: is this the right folder? Once it is there, run the same command again`,
      };
    case 'lint-failed': {
      const { artefact } = failure;
      const findings = failure.findings.join('; ');
      return {
        fr: `${artefact} ne satisfait pas aux contrôles ; rien n'a été signé : ${findings}`,
        en: `${artefact} does not pass the checks, nothing was signed: ${findings}`,
      };
    }
    case 'artefact-wrong': {
      const { artefact, detail } = failure;
      return {
        fr: `${artefact.fr} n'est pas conforme au plan : ${detail.fr}`,
        en: `${artefact.en} is not what the plan says: ${detail.en}`,
      };
    }
    case 'key-has-duty': {
      const { key, duty } = failure;
      return {
        fr: `${key.fr} sert encore ; rien n'a été détruit : ${duty.fr} ; le plan doit dire pourquoi (despite)`,
        en: `${key.en} still has a duty, nothing was destroyed: ${duty.en}; the plan must say why (despite)`,
      };
    }
    case 'token-trouble':
      return failure.detail;
    case 'given-up':
      return continuesHere(failure.what, { fr: 'interruption', en: 'interrupted' });
    case 'refused':
      return continuesHere(failure.what, {
        fr: 'refus des personnes présentes',
        en: 'refused by the people present',
      });
    case 'quorum-not-reached': {
      const { token, given, threshold } = failure;
      return {
        fr: `jeton ${token} : parts acceptées ${given}, nécessaires ${threshold} ; code PIN non reconstitué ; relancez avec plus de parts`,
        en: `token ${token}: ${given} of the ${threshold} required shares, its PIN was not reconstructed; try again with enough holders`,
      };
    }
    case 'quorum-unfit': {
      const { token, detail } = failure;
      return { fr: `parts du jeton ${token} : ${detail.fr}`, en: `shares of token ${token}: ${detail.en}` };
    }
    default:
      return unreachable(failure);
  }
}

function continuesHere(what: Bilingual, how: Bilingual): Bilingual {
  return {
    fr: `${what.fr} : ${how.fr} ; la même commande reprendra ici`,
    en: `${what.en}: ${how.en}; the same command will resume here`,
  };
}
