/**
 * The subjects of the routes in the order in which they are documented: the tags of `/openapi.json`
 * and the chapters of `/docs`. The first segment of a path after `/v1/` decides to which subject a
 * route belongs. A route with a segment that is not listed here does not compile.
 */
import { present } from '../../../kernel/assert.js';
import type { Bilingual } from '../../../kernel/bilingual.js';

export type Tag = {
  /** The name in addresses, e.g. `/docs/certificates`. */
  readonly id: string;
  readonly title: Bilingual;
  readonly description: Bilingual;
  /** The first segments after `/v1/` of the paths of this subject. */
  readonly segments: readonly string[];
};

export const TAGS = [
  {
    id: 'certificates',
    title: { fr: 'Certificats', en: 'Certificates' },
    description: {
      fr: 'Émettre, renouveler, chercher, suspendre et révoquer un certificat ; les profils que le compte peut utiliser.',
      en: 'Issue, renew, search, suspend and revoke one certificate; the profiles that the account can use.',
    },
    segments: ['certificates', 'profiles'],
  },
  {
    id: 'registrations',
    title: { fr: 'Enregistrements', en: 'Registrations' },
    description: {
      fr: "Ce qu'un porteur pourra demander, vérifié et consigné à l'avance, avec une référence et un secret.",
      en: 'What one holder may be issued, checked and recorded in advance, with a reference and a secret.',
    },
    segments: ['registrations'],
  },
  {
    id: 'cards',
    title: { fr: 'Cartes', en: 'Cards' },
    description: {
      fr: "Les certificats d'une carte ensemble : émission, opposition, remplacement et mise à jour à distance.",
      en: 'The certificates of a card together: issuance, revocation, replacement and remote update.',
    },
    segments: ['cards', 'updates'],
  },
  {
    id: 'holders',
    title: { fr: 'Porteurs', en: 'Holders' },
    description: {
      fr: "Tout ce qu'un porteur possède, et ce qui lui est interdit.",
      en: 'Everything that a holder has, and what is barred.',
    },
    segments: ['holders'],
  },
  {
    id: 'orders',
    title: { fr: 'Commandes', en: 'Orders' },
    description: {
      fr: 'Des milliers de cartes en un seul envoi : avancement, résultats, récépissé et lot pour le personnalisateur.',
      en: 'Thousands of cards in one upload: progress, results, receipt, and the bundle for the card bureau.',
    },
    segments: ['orders', 'keys'],
  },
  {
    id: 'changes',
    title: { fr: 'Suivi', en: 'Following' },
    description: {
      fr: "Suivre les émissions et les changements d'état : en interrogeant, ou par des événements envoyés.",
      en: 'Follow issuances and changes of status: by polling, or by events that are sent.',
    },
    segments: ['changes', 'webhooks'],
  },
  {
    id: 'revocations',
    title: { fr: 'Révocations en masse', en: 'Mass revocations' },
    description: {
      fr: "Révoquer tous les certificats d'une sélection par un seul ordre.",
      en: 'Revoke all certificates of a selection by one order.',
    },
    segments: ['revocations'],
  },
  {
    id: 'campaigns',
    title: { fr: 'Campagnes', en: 'Campaigns' },
    description: {
      fr: 'Donner de nouvelles clés à de nombreuses cartes, classe par classe.',
      en: 'Give new keys to many cards, class by class.',
    },
    segments: ['campaigns'],
  },
  {
    id: 'approvals',
    title: { fr: 'Demandes à deux officiers', en: 'Approvals' },
    description: {
      fr: "Ce qu'un officier demande et qu'un second approuve ou refuse.",
      en: 'What one officer requests, and a second one approves or refuses.',
    },
    segments: ['approvals', 'blocked-keys'],
  },
  {
    id: 'accounts',
    title: { fr: 'Comptes', en: 'Accounts' },
    description: {
      fr: "Qui peut utiliser l'API : rôles, périmètre et certificats clients.",
      en: 'Who may use the API: roles, scope and client certificates.',
    },
    segments: ['accounts'],
  },
  {
    id: 'authorities',
    title: { fr: 'Autorités de certification', en: 'Certification authorities' },
    description: {
      fr: 'Les AC, leurs certificats, leurs listes de révocation, et la politique en vigueur.',
      en: 'The CAs, their certificates, their revocation lists, and the policy in force.',
    },
    segments: ['cas', 'policy'],
  },
  {
    id: 'audit',
    title: { fr: "Journal d'audit et cérémonies", en: 'Audit log and ceremonies' },
    description: {
      fr: "Chercher, lire et exporter le journal d'audit ; lire et vérifier les cérémonies.",
      en: 'Search, read and export the audit log; read and verify ceremonies.',
    },
    segments: ['audit', 'ceremonies'],
  },
  {
    id: 'figures',
    title: { fr: 'Chiffres', en: 'Figures' },
    description: {
      fr: 'Combien de certificats ont été émis et révoqués, et combien expirent bientôt.',
      en: 'How many certificates were issued and revoked, and how many end soon.',
    },
    segments: ['counts', 'expiring'],
  },
  {
    id: 'platform',
    title: { fr: 'Plate-forme', en: 'Platform' },
    description: {
      fr: 'Les nœuds et leurs travaux périodiques.',
      en: 'The nodes and their periodic jobs.',
    },
    segments: ['nodes', 'jobs'],
  },
] as const satisfies readonly Tag[];

type Segment = (typeof TAGS)[number]['segments'][number];

/** A path as OpenAPI writes it, e.g. `/v1/certificates/{id}`. */
export type RoutePath = `/v1/${Segment}` | `/v1/${Segment}/${string}`;

export function tagOf(path: RoutePath): Tag {
  const [, , segment = ''] = path.split('/');
  const tags: readonly Tag[] = TAGS;
  return present(
    tags.find(({ segments }) => segments.includes(segment)),
    `a tag for ${path}`,
  );
}
