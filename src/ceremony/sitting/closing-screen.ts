/** Makes the last screen of a ceremony: its final hash, what it made, and what people do next. */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { shellWord } from '../../kernel/shell-word.js';
import type { CeremonyPlan } from '../plan/model.js';
import { ceremonyFolder, transcriptPath } from '../plan/paths.js';
import { afterwardsOf, outputsOf } from '../steps/all.js';
import { certificateSignatories } from '../transcript/signatures.js';
import type { CeremonyPlace, CeremonyWorld } from '../world.js';
import { heading, item, numbered, rowOf, type ScreenLine } from './terminal.js';

export function closingScreen(
  { place, isRehearsal }: Pick<CeremonyWorld, 'place' | 'isRehearsal'>,
  plan: CeremonyPlan,
  head: string,
): readonly ScreenLine[] {
  const title = isRehearsal === true ? REHEARSED : { fr: 'La cérémonie est terminée', en: 'The ceremony has ended' };
  const tokens = plan.steps.flatMap((step) => outputsOf(step, plan).newTokens);
  return [
    ...heading(title),
    rowOf({ fr: 'empreinte finale', en: 'final hash' }, untranslated(head)),
    rowOf({ fr: 'dossier', en: 'folder' }, untranslated(place.home)),
    rowOf({ fr: 'transcription', en: 'transcript' }, untranslated(transcriptPath(plan))),
    ...heading({ fr: 'Ce qui a été produit, dans ce dossier', en: 'What was made, in this folder' }),
    ...tokens.map((name) => item({ fr: `jeton ${name}`, en: `token ${name}` })),
    ...(tokens.length + plan.outputs.length === 0 ? [item({ fr: 'aucun fichier', en: 'no file' })] : []),
    ...plan.outputs.map((path) => item(untranslated(path))),
    ...heading({ fr: 'À faire maintenant', en: 'What to do now' }),
    ...nextActs(place, plan).map((act, at) => numbered(at + 1, act)),
  ];
}

const REHEARSED: Bilingual = {
  fr: 'La répétition est terminée ; voici la suite de la vraie cérémonie',
  en: 'The rehearsal has ended; this is what follows the real ceremony',
};

/** Lists the acts that follow every ceremony and, between them, those that its steps name. */
function nextActs(place: CeremonyPlace, plan: CeremonyPlan): readonly Bilingual[] {
  const { home, command } = place;
  const after = plan.steps.map((step) => afterwardsOf(step, { plan, place }));
  const transcript = shellWord(`${home}/${transcriptPath(plan)}`);
  const verify = `${command} verify ${shellWord(home)}`;
  const carried = [...new Set(after.flatMap(({ carry }) => carry))];
  return [
    {
      fr: "lire l'empreinte finale à voix haute ; chacun la note sur papier",
      en: 'read the final hash aloud; everybody writes it on paper',
    },
    { fr: `vérifier : ${verify}`, en: `verify: ${verify}` },
    {
      fr: `établir le procès-verbal : ${command} minutes ${transcript}`,
      en: `write the minutes: ${command} minutes ${transcript}`,
    },
    {
      fr: 'imprimer le procès-verbal, le relire, le faire signer par toutes les personnes présentes',
      en: 'print the minutes, read them, have everybody present sign them',
    },
    ...certificateSignatories(plan).flatMap(({ name }) => signedByCard(name, { command, transcript })),
    ...lastOccurrences(after.flatMap(({ acts }) => acts)),
    ...quorumTokens(plan).map((token) => ({
      fr: `placer le jeton ${token} dans une enveloppe inviolable numérotée, et l'enveloppe dans un coffre`,
      en: `put token ${token} into a numbered tamper-evident envelope, and the envelope into a safe`,
    })),
    {
      fr: `emporter une copie de ${home}/${ceremonyFolder(plan)}, sans les parts ni les copies de jetons`,
      en: `take away a copy of ${home}/${ceremonyFolder(plan)}, without shares and copies of tokens`,
    },
    ...(carried.length === 0 ? [] : [toService(carried), START]),
    ...(plan.quorum.kind === 'shares' ? [SWITCHED_OFF] : []),
  ];
}

function signedByCard(
  name: string,
  { command, transcript }: { readonly command: string; readonly transcript: string },
): readonly Bilingual[] {
  const add = `${command} add-signature ${transcript} --person ${shellWord(name)}`;
  return [
    {
      fr: `${name} signe le fichier de la transcription avec sa carte (SHA-256), sur une machine quelconque`,
      en: `${name} signs the file of the transcript with a card (SHA-256), on any machine`,
    },
    {
      fr: `ajouter cette signature : ${add} --certificate CERTIFICAT --signature SIGNATURE`,
      en: `add this signature: ${add} --certificate CERTIFICATE --signature SIGNATURE`,
    },
  ];
}

const SWITCHED_OFF: Bilingual = {
  fr: 'éteindre cette machine : sa mémoire a contenu des secrets',
  en: 'switch this machine off: secrets were in its memory',
};

const START: Bilingual = {
  fr: 'démarrer le service, ou le redémarrer : il lit ses certificats et ses LCR au démarrage',
  en: 'start the service, or restart it: it reads its certificates and CRLs when it starts',
};

function toService(paths: readonly string[]): Bilingual {
  const list = paths.join(', ');
  return {
    fr: `copier dans le dossier du service, au même emplacement (si ce n'est pas ce dossier-ci) : ${list}`,
    en: `copy into the home folder of the service, at the same place (unless it is this one): ${list}`,
  };
}

/** Returns the names of the tokens that a quorum opens. */
function quorumTokens({ tokens }: CeremonyPlan): readonly string[] {
  return tokens.filter(({ pin }) => pin.kind !== 'file').map(({ name }) => name);
}

/** Keeps only the last occurrence of each act: people do it once, after all steps that name it. */
function lastOccurrences(acts: readonly Bilingual[]): readonly Bilingual[] {
  return acts.filter(({ en }, at) => !acts.slice(at + 1).some((later) => later.en === en));
}
