/**
 * Every limit of the core in one table, units at the end of the name. Sources: RFC 5280 appendix A.1 for upper bounds of
 * names, X.690 for lengths, the contract for bodies; the rest is ours, generous for real input and small for an attacker.
 */
export const LIMITS = {
  /** REST bodies, except orders, which stream. */
  requestBodyBytesMax: 64 * 1024,
  /** A PKCS#10 with an RSA-4096 key and a few attributes is under 3 KiB. */
  certificationRequestBytesMax: 16 * 1024,
  tbsCertificateBytesMax: 16 * 1024,
  ocspRequestBytesMax: 64 * 1024,
  ocspRequestsPerMessageMax: 100,
  derDepthMax: 16,
  derElementsMax: 4096,
  /** RFC 5280 4.1.2.2: at most 20 octets. Ours: 16, top bit clear. */
  serialOctetsMax: 20,
  serialOctets: 16,
  signerFrameBytesMax: 256 * 1024,
  crlBytesMax: 2 * 1024 * 1024 * 1024,
  certificatesPerCardMax: 8,
  searchPageSizeMax: 200,
  /** Certificates that a report of `pfcng relint` names of each rule and profile. */
  relintExamplesMax: 5,
  searchPageSizeDefault: 50,
  /** Of one order: its items are fixed in one transaction, and others wait for it no longer than they may (4 s, measured). */
  massRevocationCertificatesMax: 500_000,
  massRevocationResultsPage: 1_000,
  idempotencyKeyCharactersMax: 128,
  /** What a client is told to wait when the same request is still being worked on. */
  inProgressRetryMs: 1_000,
} as const;
