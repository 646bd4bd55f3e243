/**
 * The table of all files that a service with an outlet, an endpoint of webhooks and a list of
 * blocked keys has: which it needs for a start, what it then says of each, and why it starts
 * without the others.
 */
/** A service of all roles, or a responder alone. */
export type StartedRoles = 'all' | 'responder';

export type FileRow = {
  /** Paths of these files, or folders that count as one, in the folder of the test. */
  readonly path: RegExp;
} & (
  | { readonly purpose: RegExp; readonly remedy: RegExp; readonly roles: readonly StartedRoles[] }
  /** Why the service starts without it. */
  | { readonly notNeeded: string }
);

export const EVERY_ROLE = ['all', 'responder'] as const;
const SERVICE = ['all'] as const;

/** Every file in the home folder, and every file that the configuration names. */
export const FILES: readonly FileRow[] = [
  {
    path: /^home\/environment\.json$/,
    purpose: /mark of the home folder/,
    remedy: /pfcng ceremony perform PLAN/,
    roles: EVERY_ROLE,
  },
  {
    path: /^home\/authorities\/acr-[a-z]+\.cer$/,
    purpose: /certificate of the CA acr-/,
    remedy: /step create-root of the ceremony of [A-Z]+ \(pfcng ceremony perform PLAN\)/,
    roles: EVERY_ROLE,
  },
  {
    path: /^home\/authorities\/aci-[a-z-]+\.cer$/,
    purpose: /certificate of the CA aci-/,
    remedy: /step create-issuing-authority of the ceremony of [A-Z]+ \(pfcng ceremony perform PLAN\)/,
    roles: EVERY_ROLE,
  },
  {
    path: /^home\/authorities\/aci-[a-z-]+\.ocsp\.cer$/,
    purpose: /certificate of an OCSP responder of aci-/,
    remedy: /step create-ocsp-signer of the ceremony of [A-Z]+ \(pfcng ceremony perform PLAN\)/,
    roles: EVERY_ROLE,
  },
  {
    path: /^home\/crl\/ACR-[A-Z]+\.crl$/,
    purpose: /CRL of the root acr-/,
    remedy: /step sign-crl of the ceremony of [A-Z]+ \(pfcng ceremony perform PLAN\)/,
    roles: SERVICE,
  },
  {
    path: /^home\/pins\/[a-z-]+\.pin$/,
    purpose: /PIN of the token /,
    remedy: /the ceremony of the token writes it/,
    roles: SERVICE,
  },
  {
    path: /^home\/tokens\/[a-z-]+$/,
    purpose: /token [a-z-]+: signing keys/,
    remedy: /step initialise-token of a ceremony \(pfcng ceremony perform PLAN\)/,
    roles: SERVICE,
  },
  {
    path: /^home\/pfcng\.sqlite$/,
    purpose: /database: certificates, statuses, accounts/,
    remedy: /put the database back.* ops\/database\.md \(pfcng doctor\)/,
    roles: EVERY_ROLE,
  },
  {
    path: /^tls\/server\.crt\.pem$/,
    purpose: /TLS certificate of the API server/,
    remedy:
      /step create-founding-certificate \(profile elementaire\/serv-ssl\) of a ceremony \(pfcng ceremony perform PLAN\)/,
    roles: SERVICE,
  },
  {
    path: /^tls\/server\.key\.pem$/,
    purpose: /private key of the API server/,
    remedy: /openssl genpkey .* -out \S+server\.key\.pem/,
    roles: SERVICE,
  },
  {
    path: /^tls\/blocked\.txt$/,
    purpose: /keys that are never certified/,
    remedy: /change blockedKeys/,
    roles: SERVICE,
  },
  {
    path: /^tls\/ldap\.password$/,
    purpose: /password for ldaps:\/\/directory\.invalid/,
    remedy: /write the password of the server into this file/,
    roles: SERVICE,
  },
  {
    path: /^tls\/ldap-ca\.pem$/,
    purpose: /CAs of the certificate of ldaps:\/\/directory\.invalid/,
    remedy: /correct tls\.ca/,
    roles: SERVICE,
  },
  {
    path: /^tls\/webhook-ca\.pem$/,
    purpose: /CAs of the certificate of https:\/\/cards\.invalid/,
    remedy: /correct ca \(ops\/webhooks\.md\)/,
    roles: SERVICE,
  },
  {
    path: /^home\/authorities\/platform\.spki$/,
    purpose: /signature of receipts and webhooks/,
    remedy: /step export-public-key of the ceremony of the token platform/,
    roles: SERVICE,
  },
  {
    path: /^home\/secrets\/audit-tags$/,
    purpose: /key of the tags that stand for personal values/,
    remedy: /copy it from another node .* pfcng audit tag-key make/,
    roles: SERVICE,
  },
  {
    path: /^home\/secrets\/registration$/,
    purpose: /key from which the secrets of registrations are derived/,
    remedy: /copy it from another node .* pfcng registration-key make/,
    roles: SERVICE,
  },
  { path: /^home\/crl\/ACI-[A-Za-z-]+\.crl$/, notNeeded: 'the service publishes them again' },
  { path: /^home\/authorities\/aci-[a-z-]+\.ocsp-[a-z0-9-]+\.cer$/, notNeeded: 'another responder answers' },
  {
    path: /^home\/authorities\/aci-[a-z-]+\.cmp\.cer$/,
    notNeeded: 'without it, this CA answers no CMP',
  },
  { path: /^home\/requests$/, notNeeded: 'requests that ceremonies have certified' },
  { path: /^home\/node\.json$/, notNeeded: 'the service makes another id' },
  { path: /^home\/database\.json$/, notNeeded: 'the service writes it again' },
  { path: /^home\/pfcng\.sqlite-(wal|shm)$/, notNeeded: 'SQLite makes them' },
  { path: /^home\/(log|ocsp|run)$/, notNeeded: 'the service makes them' },
  { path: /^home\/credentials$/, notNeeded: 'keys and certificates of clients' },
  { path: /^home\/ceremony$/, notNeeded: 'the records of ceremonies are for auditors' },
  { path: /^home\/officers$/, notNeeded: 'the shares of people who are simulated' },
  { path: /^home\/signers$/, notNeeded: 'signers begin a new journal; the auditors will ask where the old one is' },
];

export const isNeeded = (row: FileRow): row is Extract<FileRow, { readonly remedy: RegExp }> => 'remedy' in row;
