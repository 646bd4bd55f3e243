import type { Bilingual } from '../../../kernel/bilingual.js';

/** `{name}`: which one. `{detail}`: what the program says of it, in its own words. */
export const ALARM_WORDS = {
  signers: {
    says: {
      fr: 'Le service de signature {name} ne signe pas (état : {detail}).',
      en: 'The signer {name} does not sign (state: {detail}).',
    },
    todo: {
      fr: "S'il est verrouillé, un officier le déverrouille : pfcng signer unlock {name}. Sinon, vérifiez le HSM : pfcng hsm list.",
      en: 'If it is locked, an officer unlocks it: pfcng signer unlock {name}. Otherwise check the HSM: pfcng hsm list.',
    },
  },
  database: {
    says: {
      fr: 'La base de données ne peut pas être utilisée ({detail}).',
      en: 'The database cannot be used ({detail}).',
    },
    todo: {
      fr: "Vérifiez le serveur de la base, son disque et le réseau. Rien n'est émis tant que cela dure.",
      en: 'Check the server of the database, its disk and the network. Nothing is issued until then.',
    },
  },
  durability: {
    says: {
      fr: "Les écritures ne sont pas conservées comme la politique l'exige ({detail}).",
      en: 'Writes are not kept as the policy demands ({detail}).',
    },
    todo: {
      fr: 'Rétablissez le serveur de secours ou le réglage de PostgreSQL.',
      en: 'Bring back the standby or the setting of PostgreSQL.',
    },
  },
  disk: {
    says: {
      fr: "Un disque du dossier de l'installation est plein ou presque ({detail}).",
      en: 'A disk of the home folder is {detail}.',
    },
    todo: { fr: "Libérez de l'espace sur ce disque.", en: 'Free space on it.' },
  },
  clock: {
    says: { fr: "L'horloge est fausse : l'émission est arrêtée.", en: 'The clock is wrong: issuance has stopped.' },
    todo: {
      fr: "Vérifiez la synchronisation de l'heure : pfcng clock status.",
      en: 'Check the synchronisation of the time: pfcng clock status.',
    },
  },
  runs: {
    says: {
      fr: 'Un processus ne donne plus signe de vie ({detail}).',
      en: 'A process gives no sign of life ({detail}).',
    },
    todo: {
      fr: 'Vérifiez la machine et le service de ce nœud, puis redémarrez-le.',
      en: 'Check the machine and the service of this node, then start it again.',
    },
  },
  drift: {
    says: { fr: 'Les nœuds diffèrent ({name}) : {detail}.', en: 'The nodes differ ({name}): {detail}.' },
    todo: {
      fr: 'Donnez à tous les nœuds la même politique et la même configuration.',
      en: 'Give all nodes the same policy and the same configuration.',
    },
  },
  accounts: {
    says: {
      fr: 'Le compte {name} ne peut plus se connecter ({detail}).',
      en: 'The account {name} cannot log in any more ({detail}).',
    },
    todo: {
      fr: 'Un officier lui donne un nouveau certificat : pfcng account certify.',
      en: 'An officer gives it a new certificate: pfcng account certify.',
    },
  },
  tagKeys: {
    says: {
      fr: "Il manque une clé pour les étiquettes du journal d'audit ({detail}).",
      en: 'A key for the tags of the audit log is missing ({detail}).',
    },
    todo: {
      fr: 'Créez cette clé, ou copiez-la depuis un autre nœud.',
      en: 'Make this key, or copy it from another node.',
    },
  },
  jobs: {
    says: { fr: 'La tâche {name} est en retard ({detail}).', en: 'The job {name} is late ({detail}).' },
    todo: {
      fr: 'Lisez sa dernière erreur à la page « Tâches ».',
      en: 'Read its last error on the page "Jobs".',
    },
  },
  noCrl: {
    says: { fr: "L'AC {name} n'a pas de LCR.", en: 'The CA {name} has no CRL.' },
    todo: {
      fr: "Publiez-en une à la page « Listes ». Celle d'une racine vient de sa cérémonie.",
      en: 'Publish one on the page "Lists". That of a root comes from its ceremony.',
    },
  },
  crls: {
    says: { fr: "La liste de {name} n'est plus valable.", en: 'The list of {name} is no longer valid.' },
    todo: {
      fr: 'Publiez une nouvelle liste à la page « Listes ». Si cela échoue, vérifiez le service de signature.',
      en: 'Publish a new list on the page "Lists". If that fails, check the signer.',
    },
  },
  outlets: {
    says: {
      fr: 'Le point de publication {name} ne reçoit pas les listes ({detail}).',
      en: 'The outlet {name} does not receive the lists ({detail}).',
    },
    todo: {
      fr: 'Vérifiez son adresse, ses droits et son disque.',
      en: 'Check its address, its rights and its disk.',
    },
  },
  publicAddresses: {
    says: {
      fr: "Une adresse des certificats ne donne pas ce qu'elle doit : {name} ({detail}).",
      en: 'An address in certificates does not give what it should: {name} ({detail}).',
    },
    todo: {
      fr: "Essayez cette adresse depuis l'extérieur ; vérifiez le point de publication, les caches et le DNS.",
      en: 'Try this address from outside; check the publication point, caches and the DNS.',
    },
  },
  near: {
    says: {
      fr: "Dans moins d'un an, l'AC {name} ne pourra plus donner à certains profils leur durée entière.",
      en: 'In less than a year, the CA {name} can no longer give some profiles their full validity.',
    },
    todo: {
      fr: 'Préparez la cérémonie de sa prochaine génération.',
      en: 'Prepare the ceremony of its next generation.',
    },
  },
  shortens: {
    says: {
      fr: "L'AC {name} ne donne plus à certains profils leur durée entière.",
      en: 'The CA {name} no longer gives some profiles their full validity.',
    },
    todo: { fr: 'Tenez la cérémonie de sa prochaine génération.', en: 'Hold the ceremony of its next generation.' },
  },
  undetermined: {
    says: {
      fr: 'Mises à jour de cartes indéterminées : {count}.',
      en: 'Undetermined updates of cards: {count}.',
    },
    todo: {
      fr: 'Les porteurs présentent leur carte à un lecteur ; sinon, deux officiers décident.',
      en: 'The holders put their cards into a reader; otherwise two officers decide.',
    },
  },
  oldOrder: {
    says: {
      fr: "Une commande est en cours depuis plus d'un jour.",
      en: 'An order has been under way for more than a day.',
    },
    todo: {
      fr: "Voyez ce qu'elle attend à la page des commandes.",
      en: 'See what it waits for on the page of orders.',
    },
  },
  unsigned: {
    says: {
      fr: "Le reçu d'une commande attend sa signature depuis plus d'une heure.",
      en: 'The receipt of an order has been waiting for its signature for more than an hour.',
    },
    todo: {
      fr: 'Vérifiez le jeton de la plateforme : pfcng hsm list.',
      en: 'Check the token of the platform: pfcng hsm list.',
    },
  },
  deadDeliveries: {
    says: {
      fr: "Événements qu'un destinataire n'a pas acceptés : {count}.",
      en: 'Events that an endpoint has not accepted: {count}.',
    },
    todo: {
      fr: 'Réparez le destinataire, puis renvoyez-les : pfcng webhook replay.',
      en: 'Repair the endpoint, then send them again: pfcng webhook replay.',
    },
  },
  unknown: {
    says: {
      fr: "L'état de ce processus n'était pas connu à temps.",
      en: 'The state of this process was not known in time.',
    },
    todo: {
      fr: 'Rechargez la page ; si cela dure, un service de signature ou la base ne répond pas.',
      en: 'Reload the page; if it lasts, a signer or the database does not answer.',
    },
  },
} as const satisfies Readonly<Record<string, { readonly says: Bilingual; readonly todo: Bilingual }>>;
