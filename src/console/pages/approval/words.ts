import type { Words } from '../../words/words.js';

export const APPROVAL_PAGE_WORDS = {
  title: { fr: '{action} : demande à deux officiers', en: '{action}: approval' },
  state: { fr: 'Où en est la demande', en: 'State of the approval' },
  inWords: { fr: 'Ce que les officiers signent', en: 'What the officers sign' },
  octets: { fr: 'La déclaration, octet pour octet', en: 'The statement, octet for octet' },
  octetsHint: {
    fr: 'JSON canonique (RFC 8785). Les lignes ci-dessus en sont la lecture.',
    en: 'Canonical JSON (RFC 8785). The lines above are read from it.',
  },
  sha256: { fr: 'SHA-256 de ces octets', en: 'SHA-256 of these octets' },
  signatures: { fr: 'Signatures', en: 'Signatures' },
  signaturesCaption: { fr: 'Officiers qui ont signé', en: 'Officers who have signed' },
  officer: { fr: 'Officier', en: 'Officer' },
  form: { fr: 'Forme', en: 'Form' },
  signedAt: { fr: 'Signée le', en: 'Signed' },
  reason: { fr: 'Motif de la fin', en: 'Why it has ended' },
  result: { fr: 'Résultat', en: 'Result' },
  approve: { fr: 'Approuver', en: 'Approve' },
  refuse: { fr: 'Refuser', en: 'Refuse' },
  willExecute: { fr: '« {action} » sera exécuté aussitôt : {about}.', en: '"{action}" is executed at once: {about}.' },
  youSign: {
    fr: 'Votre compte signe la déclaration dont le SHA-256 est {sha256}.',
    en: 'Your account signs the statement whose SHA-256 is {sha256}.',
  },
  notStale: {
    fr: "Si l'objet a changé depuis la demande, rien n'est fait et la demande se termine.",
    en: 'If the object has changed since the request, nothing is done and the approval ends.',
  },
  willRefuse: {
    fr: 'La demande « {action} » sera refusée, et rien ne sera fait.',
    en: 'The request "{action}" is refused, and nothing is done.',
  },
  refusedForGood: {
    fr: "Une demande refusée ne peut plus être approuvée ; l'officier peut en faire une autre.",
    en: 'What was refused cannot be approved any more; the officer can make another request.',
  },
  ownRequest: {
    fr: "Vous avez fait cette demande : un autre officier doit l'approuver. Vous pouvez la retirer en la refusant.",
    en: 'You have made this request: another officer has to approve it. You can withdraw it by refusing it.',
  },
  noRight: {
    fr: 'Ce compte lit les demandes ; seuls des officiers les approuvent ou les refusent.',
    en: 'This account reads approvals; only officers approve or refuse them.',
  },
  over: {
    fr: "Le délai de cette demande est passé : elle ne peut plus être approuvée. L'officier peut en faire une autre.",
    en: 'The time of this approval is over: it cannot be approved any more. The officer can make another request.',
  },
  unknown: {
    fr: "Cette version du programme ne connaît pas l'action {action}. Décidez sur un nœud à jour.",
    en: 'This version of the program does not know the action {action}. Decide on a node that is up to date.',
  },
  done_approve: { fr: 'Approuvée et exécutée.', en: 'Approved and executed.' },
  done_refuse: { fr: "Refusée. Rien n'a été fait.", en: 'Refused. Nothing was done.' },
  done_request: {
    fr: "La demande est enregistrée. Rien n'est fait avant qu'un autre officier l'approuve, ici même.",
    en: 'The request is stored. Nothing is done before another officer approves it, on this page.',
  },
  all: { fr: 'Toutes les demandes', en: 'All approvals' },
} as const satisfies Words;
