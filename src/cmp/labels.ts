/**
 * The operation labels of CMP paths (RFC 9483 6.1), and the bodies that a client may send to each.
 * certConf, pollReq and error go to the label of the operation that they belong to.
 */

/** A client may send the later messages of an operation to its label. */
const LATER = ['certConf', 'pollReq', 'error'] as const;

const INFORMATION = ['genm'] as const;

/** Labels of RFC 9483 6.1, table 2; `nested` is 5.2.2. */
export const OPERATION_LABELS = {
  initialization: ['ir', ...LATER],
  certification: ['cr', ...LATER],
  keyupdate: ['kur', ...LATER],
  pkcs10: ['p10cr', ...LATER],
  revocation: ['rr'],
  getcacerts: INFORMATION,
  getrootupdate: INFORMATION,
  getcertreqtemplate: INFORMATION,
  getcrls: INFORMATION,
  nested: ['nested'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type OperationLabel = keyof typeof OPERATION_LABELS;

export function isOperationLabel(text: string): text is OperationLabel {
  return Object.hasOwn(OPERATION_LABELS, text);
}
