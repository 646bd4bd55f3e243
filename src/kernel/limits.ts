/**
 * Every limit of the core in one table; names end with the unit. Upper bounds of names are from RFC
 * 5280 appendix A.1, lengths from X.690, and sizes of bodies from the API's contract. The other
 * limits are ours: generous for real input, small for an attacker.
 */
export const LIMITS = {
  /** REST bodies, except the certificate orders, which are streamed. */
  requestBodyBytesMax: 64 * 1024,
  /** In one body or line. The largest request names 1,000 accounts in a mass revocation. */
  jsonValuesMax: 2_000,
  /** A PKCS#10 with an RSA-4096 key and a few attributes is under 3 KiB. */
  certificationRequestBytesMax: 16 * 1024,
  tbsCertificateBytesMax: 16 * 1024,
  ocspRequestBytesMax: 64 * 1024,
  ocspRequestsPerMessageMax: 100,
  cmpMessageBytesMax: 128 * 1024,
  derDepthMax: 16,
  derElementsMax: 4096,
  /**
   * RFC 5280 4.1.2.2 allows at most 20 octets. Our serial numbers have 16, with the top bit clear.
   */
  serialOctetsMax: 20,
  serialOctets: 16,
  signerFrameBytesMax: 256 * 1024,
  crlBytesMax: 2 * 1024 * 1024 * 1024,
  certificatesPerCardMax: 8,
  /**
   * How many cards without certificates an account may make known in 24 hours by reporting their
   * capabilities. Clients report them for cards that they update, and these have certificates, so
   * that a larger number is a mistake.
   */
  cardsWithoutCertificatePerDayMax: 1_000,
  cardStatementBytesMax: 8 * 1024,
  /** How many certificates a card may state that it has: cards keep those of earlier years. */
  certificatesReadBackMax: 64,
  /** A CMS with a statement, an RSA-4096 signature and the certificates that come with it. */
  cardCmsBytesMax: 24 * 1024,
  searchPageSizeMax: 200,
  /** How many certificates a report of `pfcng relint` names for each rule and profile. */
  relintExamplesMax: 5,
  searchPageSizeDefault: 50,
  /**
   * How many days one answer about counts covers, and how many days ahead one about expiring
   * certificates looks.
   */
  countedDaysMax: 400,
  expiringDaysMax: 366,
  /**
   * One order of mass revocation selects its certificates in one transaction, which blocks other
   * writers (4 s, measured).
   */
  massRevocationCertificatesMax: 500_000,
  massRevocationResultsPage: 1_000,
  orderReferenceCharactersMax: 128,
  /** A registration has the certificates of one holder, and at most those of a card. */
  profilesPerRegistrationMax: 8,
  /** How often a registration gets back a profile whose certificate its device did not accept. */
  returnedUsesMax: 3,
  openRegistrationsPerAccountMax: 100_000,
  approvalStatementBytesMax: 64 * 1024,
  /** Approvals that wait for their second officer: all of them, and those of one requester. */
  openApprovalsMax: 1_000,
  openApprovalsPerRequesterMax: 100,
  /** Reasons that officers give, in characters. */
  officerReasonCharactersMax: 400,
  idempotencyKeyCharactersMax: 128,
  /**
   * The Retry-After that a client gets while an earlier copy of its request is still being
   * processed.
   */
  inProgressRetryMs: 1_000,
} as const;
