import { REGISTRATION_STATES } from '../../../ports/store/enrolment/registrations.js';
import type { Field } from '../../fields.js';
import { REGISTRATION_STATE_LABELS, REGISTRATION_WORDS as WORDS } from './words.js';

/** The fields by which registrations can be searched. */
export const FILTER_FIELDS: readonly Field[] = [
  {
    kind: 'search',
    name: 'reference',
    label: WORDS.reference,
    hint: WORDS.referenceHint,
    lengthMax: 16,
    pattern: { matches: /^[A-Za-z2-7]{16}$/, says: WORDS.notAReference },
  },
  { kind: 'search', name: 'holder', label: WORDS.holder, hint: WORDS.holderHint, lengthMax: 255 },
  {
    kind: 'select',
    name: 'state',
    label: WORDS.state,
    options: REGISTRATION_STATES.map((state) => ({ value: state, label: REGISTRATION_STATE_LABELS[state].label })),
  },
  { kind: 'search', name: 'profile', label: WORDS.profile, lengthMax: 64 },
];
