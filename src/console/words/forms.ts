import type { Words } from './words.js';

export const FORM_WORDS = {
  required: { fr: 'Ce champ est obligatoire.', en: 'This field is required.' },
  oneNeeded: { fr: 'Choisissez au moins une des réponses.', en: 'Choose at least one of the answers.' },
  tooLong: { fr: 'Au plus {max} caractères.', en: 'At most {max} characters.' },
  notAnOption: { fr: 'Choisissez une des valeurs proposées.', en: 'Choose one of the values that are offered.' },
  notADate: { fr: 'Donnez un jour, par exemple 2027-03-01.', en: 'Give a day, for example 2027-03-01.' },
  notInRange: { fr: 'Donnez un nombre de {min} à {max}.', en: 'Give a number from {min} to {max}.' },
  correct: {
    fr: "Le formulaire n'a pas été envoyé. Corrigez les champs signalés.",
    en: 'The form was not sent. Correct the fields that are marked.',
  },
  yes: { fr: 'Oui', en: 'Yes' },
  optional: { fr: '(facultatif)', en: '(optional)' },
  choose: { fr: 'Choisir…', en: 'Choose…' },
  /** A filter that is not set. */
  all: { fr: 'Tous', en: 'All' },
  show: { fr: 'Afficher', en: 'Show' },
  reason: { fr: 'Motif de la décision', en: 'Reason for the decision' },
  reasonHint: {
    fr: "Il reste dans le journal d'audit : sans donnée personnelle.",
    en: 'It stays in the audit log: without personal data.',
  },
  oneLine: {
    fr: 'Une seule ligne, sans caractère de contrôle.',
    en: 'One line only, without control characters.',
  },
  next: { fr: 'Vérifier', en: 'Review' },
  back: { fr: 'Modifier', en: 'Change' },
  cancel: { fr: 'Annuler', en: 'Cancel' },
  confirm: { fr: 'Confirmer : {action}', en: 'Confirm: {action}' },
  whatHappens: { fr: 'Ce qui va se passer', en: 'What will happen' },
  yourInput: { fr: 'Votre saisie', en: 'What you entered' },
  reversible: { fr: 'Cette action est réversible.', en: 'This action can be undone.' },
  irreversible: {
    fr: 'Cette action est définitive : rien ne permet de revenir en arrière.',
    en: 'This action is final: nothing can undo it.',
  },
  typeCount: { fr: 'Pour confirmer, tapez le nombre {typed}', en: 'To confirm, type the number {typed}' },
  notTyped: {
    fr: "Le nombre tapé n'est pas {typed}. Rien n'a été fait.",
    en: 'The number that was typed is not {typed}. Nothing was done.',
  },
  stale: {
    fr: "L'objet a changé, ou le formulaire date de plus d'une heure. Rien n'a été fait. Vérifiez à nouveau, puis confirmez.",
    en: 'The object has changed, or the form is older than an hour. Nothing was done. Review it again, then confirm.',
  },
  notOffered: {
    fr: "L'état actuel ne permet pas cette action. Rien n'a été fait.",
    en: 'The current state does not allow this action. Nothing was done.',
  },
  notDone: { fr: "L'action n'a pas été faite.", en: 'The action was not done.' },
} as const satisfies Words;
