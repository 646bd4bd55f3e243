/**
 * What no policy file can exceed, whoever approved it: the policy is data that officers change,
 * these are code that developers review.
 */
import { DAY_MS, HOUR_MS } from '../kernel/duration.js';

export const GENERATIONS_MAX = 99;

/**
 * RFC 5280 appendix A.1 upper bounds (ub-name of givenName and surname is 32768; X.520 and common
 * readers: 64).
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
   * Of a delegated OCSP responder. Its certificate is never checked for revocation (RFC 6960
   * 4.2.2.2.1): keep it short.
   */
  responderDaysMax: 100,
  authorityYearsMax: 25,
  /** EN 319 411-1 CSS-6.3.9: lists at least every 24 hours. */
  crlPeriodMsMax: 24 * HOUR_MS,
  crlOverlapMsMax: 48 * HOUR_MS,
  crlAfterRevocationMsMax: HOUR_MS,
  crlDeltaPeriodMsMax: 24 * HOUR_MS,
  crlDeltaOverlapMsMax: 24 * HOUR_MS,
  ocspLifeMsMax: 7 * DAY_MS,
  ocspMaxAgeMsMax: HOUR_MS,
  /**
   * How far before the present a certificate may begin: two clocks differ a little. More is
   * backdating.
   */
  backdatingMsMax: 5 * 60_000,
  /** How far after the present it may begin. */
  postdatingMsMax: 90 * DAY_MS,
  /**
   * Of one profile, in production: twenty times the largest batch we plan for. More would be no
   * limit to a stolen service.
   */
  certificatesPerHourMax: 400_000,
  serverNamesMax: 50,
  mailAddressesMax: 10,
  serverNameCharactersMax: 253,
} as const;
