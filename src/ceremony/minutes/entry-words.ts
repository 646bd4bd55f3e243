/** Each line of a transcript in words. */
import type { Json } from '../../kernel/json.js';
import { type Bilingual, same } from '../bilingual.js';
import type { CeremonyStep } from '../plan/model.js';
import { describeStep } from '../steps/all.js';
import type { Entry } from '../transcript/transcript.js';

/** Of the plan's file, which was checked when the ceremony began. */
export type PlannedStep = CeremonyStep;

export function entryWords({ action, step, result }: Entry, steps: readonly PlannedStep[]): Bilingual {
  switch (action) {
    case 'begin':
      return { fr: 'début de la cérémonie', en: 'the ceremony begins' };
    case 'end':
      return { fr: 'fin de la cérémonie', en: 'the ceremony ends' };
    case 'resume':
      return { fr: 'reprise après une interruption', en: 'resumption after an interruption' };
    case 'refuse':
      return bilingual('refus', 'refused', result.detail);
    case 'roll-call':
      return { fr: 'appel des présents', en: 'roll call' };
    case 'open-quorum':
      return {
        fr: `ouverture du jeton ${said(result.token)} par son quorum${cameWords(result.holders)}`,
        en: `token ${said(result.token)} opened by its quorum`,
      };
    case 'settle-quorum':
      return {
        fr: `jeton ${said(result.token)} : le partage ${said(result.generation)}, qui avait été interrompu, est en vigueur`,
        en: `token ${said(result.token)}: sharing ${said(result.generation)}, which had been cut off, is in force`,
      };
    case 'make-key':
      return {
        fr: `le jeton ${said(result.token)} n'a rien du nom de ${said(result.key)} ; la clé va y être générée`,
        en: `token ${said(result.token)} has nothing named ${said(result.key)}; the key is about to be made there`,
      };
    case 'confirm':
      if (result.bundleSha256 !== undefined)
        return {
          fr: `mots comparés à la fiche :\n${said(result.artefact)}`,
          en: 'words compared with the sheet',
        };
      return {
        fr: `montré, relu, code ${said(result.code)} lu à haute voix :\n${said(result.artefact)}`,
        en: `shown, read over, code ${said(result.code)} read aloud`,
      };
    case 'operate':
      return {
        fr: `jeton ${said(result.token)} : fait par l'opérateur du HSM, comme le plan l'indique`,
        en: `token ${said(result.token)}: done by the HSM operator, as the plan says`,
      };
    case 'try-again':
      return bilingual('nouvel essai', 'another attempt', result.detail);
    default: {
      const planned = steps[step - 1];
      return planned?.do === action ? describeStep(planned) : same(action);
    }
  }
}

/** Who brought which share; nothing where the HSM has its own m-of-n. */
function cameWords(holders: Json | undefined): string {
  if (!Array.isArray(holders)) return '';
  const came = (holders as readonly { readonly number: number; readonly holder: string }[]).map(
    ({ number, holder }) => `${number} ${holder}`,
  );
  return ` :\n${came.join(', ')}`;
}

/** Details are recorded in both languages, `français / English`. */
function bilingual(fr: string, en: string, detail: Json | undefined): Bilingual {
  const [french = '', english = french] = said(detail).split(' / ');
  return { fr: `${fr} : ${french}`, en: `${en}: ${english}` };
}

function said(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
