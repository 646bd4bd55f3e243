/** What the audit log is searched by, as fields of the form and as criteria of the operation. */
import { ACTOR_CHARACTERS_MAX } from '../../../audit/actors.js';
import { AUDIT_TYPES, type AuditOutcome } from '../../../audit/events.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { DAY_MS } from '../../../kernel/duration.js';
import type { AuditCriteria } from '../../../operations/audit/read-audit.js';
import { auditTypeLabel } from '../../components/audit-table.js';
import type { Field, Input } from '../../fields.js';
import { AUDIT_WORDS, OUTCOME_LABELS } from '../../words/audit.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { AUDIT_PAGE_WORDS as WORDS } from './words.js';

const OUTCOMES = Object.keys(OUTCOME_LABELS) as readonly AuditOutcome[];
const TYPE_OPTION = untranslated('{label} ({type})');

export const FIELDS: readonly Field[] = [
  {
    kind: 'select',
    name: 'type',
    label: AUDIT_WORDS.type,
    options: AUDIT_TYPES.map((type) => ({
      value: type,
      label: filled(TYPE_OPTION, { label: auditTypeLabel(type), type }),
    })),
  },
  {
    kind: 'select',
    name: 'outcome',
    label: AUDIT_WORDS.outcome,
    options: OUTCOMES.map((outcome) => ({ value: outcome, label: OUTCOME_LABELS[outcome].label })),
  },
  { kind: 'search', name: 'actor', label: AUDIT_WORDS.actor, hint: WORDS.actorHint, lengthMax: ACTOR_CHARACTERS_MAX },
  { kind: 'search', name: 'id', label: WORDS.id, hint: WORDS.idHint, lengthMax: 128 },
  { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, lengthMax: 255 },
  { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, lengthMax: 40 },
  { kind: 'date', name: 'since', label: WORDS.since },
  { kind: 'date', name: 'until', label: WORDS.until },
];

/** Days are whole days in UTC. */
export function criteriaOf({ type, outcome, actor, id, holder, card, since, until }: Input): AuditCriteria {
  return {
    type,
    outcome: OUTCOMES.find((one) => one === outcome),
    actor,
    id,
    holder,
    card,
    since: since === undefined ? undefined : Date.parse(`${since}T00:00:00Z`),
    until: until === undefined ? undefined : Date.parse(`${until}T00:00:00Z`) + DAY_MS - 1,
  };
}
