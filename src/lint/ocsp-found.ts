/** Ends a lint of an OCSP answer from within; `checkOcspResponseData` alone turns it into a value. */
import type { OcspFinding, OcspRule } from './ocsp-rules.js';

export class Found extends Error {
  readonly finding: OcspFinding;
  constructor(finding: OcspFinding) {
    super(finding.rule);
    this.finding = finding;
  }
}

export function found(rule: OcspRule, detail: string): never {
  throw new Found({ rule, detail });
}
