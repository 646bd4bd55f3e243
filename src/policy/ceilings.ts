/**
 * Bounds that no policy file can exceed, whoever approved it: officers change the policy, which is
 * data; developers review these bounds, which are code.
 */
import { DAY_MS, HOUR_MS } from '../kernel/duration.js';

export const GENERATIONS_MAX = 99;

/**
 * Upper bounds of RFC 5280 appendix A.1. For givenName and surname its ub-name is 32768; ours is
 * 64, as in X.520 and common readers.
 */
export const ATTRIBUTE_CHARACTERS_MAX = {
  countryName: 2,
  stateOrProvinceName: 128,
  organizationName: 64,
  organizationalUnitName: 64,
  title: 64,
  givenName: 64,
  surname: 64,
  commonName: 64,
  pseudonym: 128,
} as const;

export const CEILINGS = {
  /** The longest-lived card lives six years. */
  endEntityYearsMax: 6,
  /**
   * The certificate of a delegated OCSP responder. It is never checked for revocation (RFC 6960
   * 4.2.2.2.1), so it must be short-lived.
   */
  responderDaysMax: 100,
  authorityYearsMax: 25,
  /** EN 319 411-1 CSS-6.3.9: CRLs are issued at least every 24 hours. */
  crlPeriodMsMax: 24 * HOUR_MS,
  crlOverlapMsMax: 48 * HOUR_MS,
  crlAfterRevocationMsMax: HOUR_MS,
  crlDeltaPeriodMsMax: 24 * HOUR_MS,
  crlDeltaOverlapMsMax: 24 * HOUR_MS,
  ocspLifeMsMax: 7 * DAY_MS,
  ocspMaxAgeMsMax: HOUR_MS,
  ocspStaleMsMax: 2 * HOUR_MS,
  /**
   * How long before the present a certificate may begin, because two clocks differ a little. More
   * would be backdating.
   */
  backdatingMsMax: 5 * 60_000,
  /** How long after the present a certificate may begin. */
  postdatingMsMax: 90 * DAY_MS,
  /**
   * The highest ceiling of `certificatesPerHourMax` that officers may choose for production. An
   * update of all cards in an hour needs 2.6 million; more than twice as many would not bound the
   * damage of a compromised service.
   */
  certificatesPerHourMax: 5_000_000,
  /** How long a card has to confirm an update, which then becomes undetermined. */
  updateConfirmMsMax: 30 * DAY_MS,
  /** How long two sets of one card, or the certificates of a replaced card, stay good. */
  overlapMsMax: 90 * DAY_MS,
  /** Parts of an order hold names of people until some time after its deadline. */
  orderDeadlineMsMax: 30 * DAY_MS,
  /** How long a CMP client has to confirm a certificate. */
  enrolmentConfirmMsMin: 10_000,
  enrolmentConfirmMsMax: 3 * DAY_MS,
  /** A reference and a secret that are not used for that long have probably been lost. */
  registrationLifeMsMax: 90 * DAY_MS,
  /** Within this window, only the stored transactions detect a replayed message. */
  cmpTimeWindowMsMax: 15 * 60_000,
  cmpRetentionMsMax: 30 * DAY_MS,
  cmpWaitMsMax: 30 * DAY_MS,
  /** Each iteration costs processor time before the client is authenticated. */
  cmpPbmIterationsMax: 100_000,
  cmpPbmac1IterationsMax: 500_000,
  serverNamesMax: 50,
  mailAddressesMax: 10,
  serverNameCharactersMax: 253,
} as const;
