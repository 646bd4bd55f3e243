/** The profiles and the CAs whose certificates the vectors break. */
export const SIGNATURE = 'fort/cps-signature';
export const LOGON = 'fort/cps-authentication';
export const STAFF = 'standard/cpe-signature';
export const ORGANISATION = 'elementaire/org-auth-cli';
export const SERVER = 'elementaire/serv-ssl';
export const MAIL = 'elementaire/serv-smime';
export const RESPONDER = 'fort/ocsp-pp';
export const ISSUING = 'aci-fo-pp';
export const ROOT = 'acr-fo';
