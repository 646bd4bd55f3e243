import type { Bilingual } from '../../kernel/bilingual.js';
import type { DeliveryState } from '../../ports/store/outbox/deliveries.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

export const DELIVERY_STATE_LABELS: Readonly<
  Record<DeliveryState, { readonly label: Bilingual; readonly tone: Tone }>
> = {
  waiting: { label: { fr: 'En attente', en: 'Waiting' }, tone: 'warn' },
  delivered: { label: { fr: 'Livrée', en: 'Delivered' }, tone: 'good' },
  dead: { label: { fr: 'En échec', en: 'Dead' }, tone: 'bad' },
  dropped: { label: { fr: 'Écartée', en: 'Dropped' }, tone: 'quiet' },
};

export const WEBHOOK_WORDS = {
  name: { fr: 'Webhooks', en: 'Webhooks' },
  endpoint: { fr: 'Destinataire', en: 'Endpoint' },
  endpoints: { fr: 'Destinataires', en: 'Endpoints' },
  endpointsCaption: {
    fr: 'Les destinataires de la configuration, et ce qui attend pour chacun',
    en: 'The endpoints of the configuration, with what waits for each',
  },
  noEndpoints: {
    fr: "Aucun destinataire n'est configuré. L'exploitation les nomme dans la configuration (ops/webhooks.md).",
    en: 'No endpoint is configured. Operators name them in the configuration (ops/webhooks.md).',
  },
  endpointTitle: { fr: 'Destinataire {name}', en: 'Endpoint {name}' },
  url: { fr: 'Adresse', en: 'Address' },
  topics: { fr: 'Événements', en: 'Events' },
  accounts: { fr: 'Comptes', en: 'Accounts' },
  allAccounts: { fr: 'Tous', en: 'All' },
  waiting: { fr: 'En attente', en: 'Waiting' },
  dead: { fr: 'En échec', en: 'Dead' },
  oldest: { fr: 'Attend depuis', en: 'Waiting since' },
  facts: { fr: 'Le destinataire', en: 'The endpoint' },
  deliveries: { fr: 'Livraisons', en: 'Deliveries' },
  deliveriesCaption: { fr: 'Les plus récentes en premier', en: 'Newest first' },
  noDeliveries: {
    fr: 'Aucune livraison dans cet état. Choisissez un autre état pour voir les autres.',
    en: 'No delivery in this state. Choose another state to see the others.',
  },
  state: { fr: 'État', en: 'State' },
  show: { fr: 'Afficher', en: 'Show' },
  kept: {
    fr: 'Une livraison reste visible 30 jours après sa fin. Une livraison en échec retient les événements suivants du même objet.',
    en: 'A delivery stays visible for 30 days after its end. A dead delivery holds back later events of its subject.',
  },
  delivery: { fr: 'Livraison', en: 'Delivery' },
  deliveryTitle: { fr: 'Livraison {event} à {endpoint}', en: 'Delivery {event} to {endpoint}' },
  event: { fr: 'Événement', en: 'Event' },
  topic: { fr: "Type d'événement", en: 'Topic' },
  subject: { fr: 'Objet', en: 'Subject' },
  account: { fr: 'Compte', en: 'Account' },
  at: { fr: 'Date et heure', en: 'Time' },
  attempts: { fr: 'Tentatives', en: 'Attempts' },
  nextAt: { fr: 'Prochaine tentative', en: 'Next attempt' },
  doneAt: { fr: 'Terminée le', en: 'Ended' },
  lastStatus: { fr: 'Dernière réponse HTTP', en: 'Last HTTP answer' },
  lastError: { fr: 'Dernier échec', en: 'Last failure' },
  test: { fr: 'Envoyer un événement de test', en: 'Send a test event' },
  willTest: {
    fr: 'Un événement webhook.test sera envoyé à {name}, et à lui seul.',
    en: 'An event webhook.test will be sent to {name}, and to no other endpoint.',
  },
  testMeans: {
    fr: "Le destinataire doit l'accepter comme les autres ; rien n'est attendu de lui.",
    en: 'The endpoint has to accept it as any other; nothing else is expected of it.',
  },
  replay: { fr: 'Renvoyer', en: 'Send again' },
  willReplay: {
    fr: "L'événement {event} sera renvoyé à {endpoint}, dès maintenant.",
    en: 'Event {event} will be sent to {endpoint} again, from now on.',
  },
  replayMeans: {
    fr: 'Le destinataire peut le recevoir deux fois : il le reconnaît à son identifiant.',
    en: 'The endpoint may get it twice: it knows it by its identifier.',
  },
  drop: { fr: 'Écarter', en: 'Drop' },
  willDrop: {
    fr: "L'événement {event} ne sera pas livré à {endpoint}.",
    en: 'Event {event} will not be delivered to {endpoint}.',
  },
  dropMeans: {
    fr: 'Les événements suivants du même objet partent à nouveau. La livraison peut être renvoyée plus tard.',
    en: 'Later events of its subject are sent again. The delivery can be sent again later.',
  },
  done_test: {
    fr: "L'événement de test est parti ; sa livraison est en tête de la liste.",
    en: 'The test event is on its way; its delivery is first in the list.',
  },
  done_replay: { fr: 'La livraison est à nouveau en attente.', en: 'The delivery is waiting again.' },
  done_drop: { fr: 'La livraison est écartée.', en: 'The delivery is dropped.' },
} as const satisfies Words;
