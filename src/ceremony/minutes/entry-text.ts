/** Describes each entry of a transcript in French and English. */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { CeremonyStep } from '../plan/model.js';
import { describeStep } from '../steps/all.js';
import type { Entry } from '../transcript/transcript.js';

/** A step of the plan copy, whose form `verify` has checked. */
export type PlannedStep = CeremonyStep;

export function entryText({ action, step, result }: Entry, steps: readonly PlannedStep[]): Bilingual {
  switch (action) {
    case 'begin':
      return { fr: 'début de la cérémonie', en: 'the ceremony begins' };
    case 'end':
      return { fr: 'fin de la cérémonie', en: 'the ceremony ends' };
    case 'resume':
      return { fr: 'reprise après une interruption', en: 'resumption after an interruption' };
    case 'refuse':
      return bilingual('refus', 'refused', result.detail);
    case 'stop':
      return bilingual('arrêt', 'stopped', result.detail);
    case 'roll-call':
      return { fr: 'appel des présents', en: 'roll call' };
    case 'open-quorum':
      return {
        fr: `ouverture du jeton ${textOf(result.token)} par son quorum${holdersText(result.holders)}`,
        en: `token ${textOf(result.token)} opened by its quorum`,
      };
    case 'settle-quorum':
      return {
        fr: `jeton ${textOf(result.token)} : le partage ${textOf(result.generation)}, qui avait été interrompu, est désormais en vigueur`,
        en: `token ${textOf(result.token)}: sharing ${textOf(result.generation)}, which was interrupted, is now in force`,
      };
    case 'make-key':
      return {
        fr: `aucun objet ${textOf(result.key)} sur le jeton ${textOf(result.token)} ; la bi-clé va y être générée`,
        en: `token ${textOf(result.token)} has no object named ${textOf(result.key)}; the key pair is about to be generated there`,
      };
    case 'confirm':
      if (result.bundleSha256 !== undefined)
        return {
          fr: `mots comparés avec la fiche :\n${textOf(result.artefact)}`,
          en: 'words compared with the sheet',
        };
      return {
        fr: `présenté à l'écran et relu ; code ${textOf(result.code)} lu à voix haute :\n${textOf(result.artefact)}`,
        en: `shown and read; code ${textOf(result.code)} read aloud`,
      };
    case 'operate':
      return {
        fr: `jeton ${textOf(result.token)} : opération exécutée par l'opérateur du HSM, conformément au plan`,
        en: `token ${textOf(result.token)}: operation performed by the HSM operator, as the plan states`,
      };
    case 'try-again':
      return bilingual('nouvelle tentative', 'another attempt', result.detail);
    default: {
      const planned = steps[step - 1];
      return planned?.do === action ? describeStep(planned) : untranslated(action);
    }
  }
}

/**
 * Lists the holders who opened a token, with the numbers of their shares. Empty: the HSM manages
 * the quorum.
 */
function holdersText(holders: Json | undefined): string {
  if (!Array.isArray(holders)) return '';
  const named = (holders as readonly { readonly number: number; readonly holder: string }[]).map(
    ({ number, holder }) => `${number} ${holder}`,
  );
  return ` :\n${named.join(', ')}`;
}

/**
 * Puts a detail after a word. The transcript records details in French and in English, with a slash
 * between them.
 */
function bilingual(fr: string, en: string, detail: Json | undefined): Bilingual {
  const [french = '', english = french] = textOf(detail).split(' / ');
  return { fr: `${fr} : ${french}`, en: `${en}: ${english}` };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
