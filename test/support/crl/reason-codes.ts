/**
 * CRLReason (RFC 5280 5.3.1) of the reasons that this CA gives, written from the RFC and not from
 * the code that is tested.
 */
export const REASON_CODES = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const;
