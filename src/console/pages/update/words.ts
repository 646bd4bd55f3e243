import type { Bilingual } from '../../../kernel/bilingual.js';
import type { StatementVerb, UpdateState } from '../../../ports/store/cards/card-updates.js';
import type { Words } from '../../words/words.js';

/** What each state means, as the last step of an update. */
export const STEP_OF_STATE: Readonly<Record<UpdateState, Bilingual>> = {
  issuing: {
    fr: 'Les nouveaux certificats sont en cours de signature.',
    en: 'The new certificates are being signed.',
  },
  offered: {
    fr: 'Les nouveaux certificats sont proposés : la carte doit les écrire, puis confirmer.',
    en: 'The new certificates are offered: the card has to be written, and then to confirm.',
  },
  writing: {
    fr: "L'écriture de la carte a pu commencer : seule la carte peut encore dire ce qu'elle contient.",
    en: 'The card may have been written: only the card can say now what it holds.',
  },
  undetermined: {
    fr: "La carte n'a pas répondu à temps : on ignore quels certificats elle contient. Les deux jeux restent bons.",
    en: 'The card has not answered in time: nobody knows which certificates it holds. Both sets stay good.',
  },
  confirmed: {
    fr: 'La carte contient les nouveaux certificats. Les anciens restent bons pendant le chevauchement.',
    en: 'The card holds the new certificates. The old ones stay good during the overlap.',
  },
  completed: {
    fr: 'Le chevauchement est terminé : la mise à jour est achevée.',
    en: 'The overlap is over: the update is completed.',
  },
  abandoned: {
    fr: 'La carte ne contient que les anciens certificats. Les nouveaux sont révoqués.',
    en: 'The card holds the old certificates only. The new ones are revoked.',
  },
  failed: {
    fr: "Les nouveaux certificats n'ont pas pu être signés. La carte garde les anciens.",
    en: 'The new certificates could not be signed. The card keeps the old ones.',
  },
  ended: {
    fr: 'La carte a été opposée ou rendue, son porteur interdit, ou tous les nouveaux certificats révoqués.',
    en: 'The card was opposed or returned, its holder barred, or all new certificates revoked.',
  },
};

export const STEP_OF_STATEMENT: Readonly<Record<StatementVerb, Bilingual>> = {
  begin: {
    fr: "La carte demande la mise à jour : sa déclaration, signée de sa clé d'alors, est acceptée.",
    en: 'The card asks for the update: its statement, signed with the key of that time, is accepted.',
  },
  confirm: {
    fr: 'La carte déclare contenir les nouveaux certificats.',
    en: 'The card states that it holds the new certificates.',
  },
  abandon: {
    fr: 'La carte déclare ne rien contenir de nouveau.',
    en: 'The card states that it holds nothing new.',
  },
  revoke: { fr: 'La carte demande une révocation.', en: 'The card asks for a revocation.' },
};

export const UPDATE_PAGE_WORDS = {
  title: { fr: 'Mise à jour de la carte {card}', en: 'Update of card {card}' },
  steps: { fr: 'Étapes', en: 'Steps' },
  stepsCaption: { fr: "Ce qui est arrivé, dans l'ordre", en: 'What has happened, in its order' },
  at: { fr: 'Date', en: 'Time' },
  step: { fr: 'Étape', en: 'Step' },
  begun: { fr: 'Commencée par le compte {account}.', en: 'Begun by the account {account}.' },
  offered: {
    fr: 'Tous les nouveaux certificats sont signés et proposés.',
    en: 'All new certificates are signed and offered.',
  },
  atDesk: { fr: 'À traiter au guichet : {reason}.', en: 'To be handled at a desk: {reason}.' },
  next: { fr: 'Ce qui suit', en: 'What comes next' },
  confirmBy: {
    fr: 'Sans réponse de la carte avant le {at}, la mise à jour devient indéterminée.',
    en: 'Without an answer of the card before {at}, the update becomes undetermined.',
  },
  oldEnd: {
    fr: 'Sans réponse ni décision, elle sera tenue pour confirmée le {at}, à la fin du dernier ancien certificat.',
    en: 'Without an answer or a decision, it counts as confirmed at {at}, when the last old certificate ends.',
  },
  overlapEnd: {
    fr: 'Le chevauchement des anciens certificats se termine le {at} ; ensuite, {supersede}.',
    en: 'The overlap of the old certificates ends at {at}; then {supersede}.',
  },
  nothingNext: { fr: 'Rien : la mise à jour est terminée.', en: 'Nothing: the update has ended.' },
  soon: { fr: 'La signature se termine dans les instants qui suivent.', en: 'The signing ends within moments.' },
  facts: { fr: 'La mise à jour', en: 'The update' },
  channel: { fr: 'Canal', en: 'Channel' },
  reader: { fr: 'Lecteur', en: 'Reader' },
  middleware: { fr: 'Logiciel de carte', en: 'Middleware' },
  endedBy: { fr: 'Terminée par', en: 'Ended by' },
  detail: { fr: 'Détail', en: 'Detail' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  newOnes: { fr: 'Nouveaux certificats', en: 'New certificates' },
  oldOnes: { fr: 'Certificats remplacés', en: 'Certificates that are replaced' },
  waits: {
    fr: 'Une décision attend un second officier :',
    en: 'A decision waits for a second officer:',
  },
  approval: { fr: 'la demande', en: 'the approval' },
  decide: { fr: 'Trancher', en: 'Decide' },
  outcome: { fr: 'Que contient la carte ?', en: 'What does the card hold?' },
  holdsNew: { fr: 'Les nouveaux certificats', en: 'The new certificates' },
  holdsNewHint: {
    fr: 'La mise à jour est confirmée ; les anciens certificats prennent fin après le chevauchement.',
    en: 'The update is confirmed; the old certificates end after the overlap.',
  },
  holdsOld: { fr: 'Les anciens certificats', en: 'The old certificates' },
  holdsOldHint: {
    fr: 'La mise à jour est abandonnée ; les nouveaux certificats sont révoqués (cessationOfOperation).',
    en: 'The update is abandoned; the new certificates are revoked (cessationOfOperation).',
  },
  willAsk: {
    fr: "Une demande sera enregistrée : « {outcome} ». Elle sera exécutée quand un second officier l'approuvera.",
    en: 'A request is stored: "{outcome}". It is executed when a second officer approves it.',
  },
  finalThen: {
    fr: "Après l'approbation, la décision est définitive : si la carte dit autre chose, elle ira au guichet.",
    en: 'After the approval the decision is final: if the card says something else, it goes to a desk.',
  },
  nothingYet: {
    fr: 'Jusque-là, rien ne change pour ceux qui vérifient : les deux jeux restent bons.',
    en: 'Until then nothing changes for relying parties: both sets stay good.',
  },
} as const satisfies Words;
