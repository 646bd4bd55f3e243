import type { Words } from '../../words/words.js';

export const EXPIRING_WORDS = {
  name: { fr: 'Fins de validité', en: 'Expiring' },
  days: { fr: 'Dans les prochains jours', en: 'In the next days' },
  daysHint: { fr: 'De 1 à {max}', en: 'From 1 to {max}' },
  profile: { fr: 'Structures pour le profil', en: 'Structures for the profile' },
  show: { fr: 'Afficher', en: 'Show' },
  byWeek: { fr: 'Par semaine', en: 'By week' },
  weekCaption: {
    fr: 'Certificats en vigueur ou suspendus qui se terminent',
    en: 'Certificates in force or suspended that end',
  },
  week: { fr: 'Semaine du', en: 'Week of' },
  count: { fr: 'Certificats', en: 'Certificates' },
  description: {
    fr: 'Nombre de certificats en vigueur ou suspendus qui se terminent, par semaine.',
    en: 'Number of certificates in force or suspended that end, by week.',
  },
  byProfile: { fr: 'Par profil', en: 'By profile' },
  profileCaption: { fr: 'Du plus grand nombre au plus petit', en: 'The largest number first' },
  byStructure: { fr: 'Par structure', en: 'By structure' },
  structureCaption: {
    fr: 'Les {max} structures qui ont le plus de certificats du profil {profile} à renouveler',
    en: 'The {max} structures with the most certificates of the profile {profile} to be renewed',
  },
  noStructure: { fr: 'Sans structure', en: 'No structure' },
  list: { fr: 'Voir la liste', en: 'See the list' },
  certificates: { fr: 'Les certificats', en: 'The certificates' },
  none: {
    fr: 'Aucun certificat ne se termine dans cette période. Allongez-la pour voir plus loin.',
    en: 'No certificate ends in this period. Make it longer to look further ahead.',
  },
  noProfile: {
    fr: 'Choisissez un profil ci-dessus pour voir les structures.',
    en: 'Choose a profile above to see the structures.',
  },
  partly: {
    fr: 'Il y en a tant que seuls ceux qui se terminent avant cette date sont comptés :',
    en: 'There are so many that only those that end before this date are counted:',
  },
  campaign: { fr: 'Préparer une campagne', en: 'Prepare a campaign' },
  campaignName: { fr: 'Nom de la campagne', en: 'Name of the campaign' },
  campaignNameHint: { fr: 'Sans donnée personnelle', en: 'Without personal data' },
  capacity: { fr: 'Mises à jour par heure, au plus', en: 'Updates in an hour, at most' },
  willCreate: {
    fr: 'Un brouillon de campagne « {name} » sera créé, avec {capacity} mises à jour par heure au plus.',
    en: 'A draft of a campaign "{name}" will be created, with at most {capacity} updates in an hour.',
  },
  waitsForList: {
    fr: 'Le brouillon attend la liste des cartes : exportez-la de la recherche (colonne « card ») et envoyez-la à la classe « expiring » de la campagne.',
    en: 'The draft waits for the list of cards: export it from the search (column "card") and upload it to the class "expiring" of the campaign.',
  },
  nothingYet: {
    fr: "Aucune carte n'est touchée avant que la campagne soit ouverte.",
    en: 'No card is touched before the campaign is opened.',
  },
} as const satisfies Words;
