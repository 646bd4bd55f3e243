/** The reason that an officer gives for a decision. It is audited, and has no personal data. */
import { LIMITS } from '../kernel/limits.js';
import type { Field } from './fields.js';
import { FORM_WORDS } from './words/forms.js';

export const OFFICER_REASON: Field = {
  kind: 'text',
  name: 'reason',
  label: FORM_WORDS.reason,
  hint: FORM_WORDS.reasonHint,
  isRequired: true,
  lengthMax: LIMITS.officerReasonCharactersMax,
  pattern: { matches: /^\P{Cc}*$/u, says: FORM_WORDS.oneLine },
};
