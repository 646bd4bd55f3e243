/** Texts about approvals: actions that two officers decide. */
import type { Bilingual } from '../kernel/bilingual.js';

export const APPROVAL_RULES = {
  'approval-open': {
    fr: "une demande de {account} sur le même objet attend déjà un second officier : {id} ; qu'elle soit d'abord décidée",
    en: 'a request of {account} about the same object waits for a second officer already: {id}; it has to be decided first',
  },
  'approval-two-officers': {
    fr: 'ce compte a déjà signé cette demande : un autre officier doit décider',
    en: 'this account has signed this request already: another officer has to decide',
  },
  'approval-signer': {
    fr: 'la signature de {account}, qui a fait la demande, ne compte plus ({why}) : refusez la demande et faites-en une autre',
    en: 'the signature of {account}, who requested it, does not count any more ({why}): refuse the request and make another',
  },
  'approval-ended': {
    fr: 'cette demande est déjà terminée (état {state}) ; une demande ne sert qu’une fois',
    en: 'this request has ended already (state {state}); a request is used once',
  },
  'approval-expired': {
    fr: 'cette demande a expiré le {at} : faites-en une autre',
    en: 'this request expired on {at}: make another',
  },
  'approval-stale': {
    fr: "l'action demandée n'est plus possible ({why}) : la demande est terminée sans effet",
    en: 'the requested action is not possible any more ({why}): the request has ended without effect',
  },
  'approval-known': {
    fr: "cette version du programme ne connaît pas l'action {action} : décidez sur un nœud à jour",
    en: 'this version of the program does not know the action {action}: decide on a node that is up to date',
  },
  'approval-own-account': {
    fr: 'le compte {id} est le vôtre : deux autres officiers décident de ce qui le change',
    en: 'the account {id} is your own: two other officers decide what changes it',
  },
  'account-approves': {
    fr: "le compte {id} approuve des actions à deux : un officier qui en aurait la clé signerait pour deux ; son certificat vient d'un officier de secours, d'une cérémonie, ou de « pfcng account rotate » sur la machine",
    en: 'the account {id} approves actions of two officers, and an officer with its key would sign for two; its certificate comes from a break-glass officer, a ceremony, or `pfcng account rotate` on the machine',
  },
  'scope-unlimited': {
    fr: 'ce compte a un périmètre limité, et cette action exige un périmètre illimité',
    en: 'the scope of this account is limited, and this action needs an unlimited one',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
