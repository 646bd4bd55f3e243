/** The fields of forms, and how their values are checked. */
import type { Bilingual } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { filled } from './words/filled.js';
import { FORM_WORDS } from './words/forms.js';

type FieldHead = {
  readonly name: string;
  readonly label: Bilingual;
  readonly hint?: Bilingual;
  readonly isRequired?: boolean;
  readonly value?: string;
};

export type Field = FieldHead &
  (
    | {
        readonly kind: 'text' | 'multiline' | 'search';
        readonly lengthMax: number;
        /** What the whole value must match, and how this is said. */
        readonly pattern?: { readonly matches: RegExp; readonly says: Bilingual };
      }
    | { readonly kind: 'choice'; readonly options: readonly Option[] }
    /** `isChosen`: nothing is chosen at first, although an answer is needed. */
    | { readonly kind: 'select'; readonly options: readonly Option[]; readonly isChosen?: true }
    | { readonly kind: 'date' }
    | { readonly kind: 'number'; readonly min: number; readonly max: number }
    /**
     * `group`: the question that this box answers with those beside it. `isOneNeeded`: one box of
     * the group must be ticked.
     */
    | { readonly kind: 'check'; readonly group?: Bilingual; readonly isOneNeeded?: true }
    /**
     * The last field of its form, which has one step: a browser does not show a chosen file again.
     * Its value is the name of the file.
     */
    | { readonly kind: 'file'; readonly accept: string; readonly bytesMax: number }
  );

/** Why a file could not be read to its end. */
export type FileFailure =
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'body-too-slow' };

/** The next octets of a file while it arrives; null: it has ended. */
export type ReadFile = () => Promise<Result<Bytes | null, FileFailure>>;

export type Option = {
  readonly value: string;
  readonly label: Bilingual;
  /** What it means, below the label. */
  readonly hint?: Bilingual;
};

/** Boxes that answer the same question, one after another; every other field is alone. */
export function groupsOf(fields: readonly Field[]): readonly (readonly Field[])[] {
  const groups: Field[][] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    const question = questionOf(field);
    if (last !== undefined && question !== null && questionOf(last[0]) === question) last.push(field);
    else groups.push([field]);
  }
  return groups;
}

/** null: the field is not one of several boxes. */
export function questionOf(field: Field | undefined): Bilingual | null {
  return field?.kind === 'check' ? (field.group ?? null) : null;
}

/** Values of fields by their names, checked; a field without a value is left out. */
export type Input = Readonly<Record<string, string>>;

export type FieldFault = { readonly name: string; readonly says: Bilingual };

/** Checks what a form has sent. Names that are no fields are ignored. */
export function checkInput(fields: readonly Field[], sent: Input): Result<Input, readonly FieldFault[]> {
  const given = fields.map((field) => ({ field, value: (sent[field.name] ?? '').trim() }));
  const faults = given.flatMap(({ field, value }) => {
    const says = value === '' ? missingFault(field) : valueFault(field, value);
    return says === null ? [] : [{ name: field.name, says }];
  });
  const unanswered = boxesWithoutAnswer(fields, sent);
  if (unanswered !== null) faults.push({ name: unanswered.name, says: FORM_WORDS.oneNeeded });
  if (faults.length > 0) return err(faults);
  return ok(Object.fromEntries(given.flatMap(({ field, value }) => (value === '' ? [] : [[field.name, value]]))));
}

/** The first of the boxes of which one is needed and none is ticked; null: there are none. */
function boxesWithoutAnswer(fields: readonly Field[], sent: Input): Field | null {
  const boxes = fields.filter((field) => field.kind === 'check' && field.isOneNeeded === true);
  return boxes.some(({ name }) => sent[name] === 'yes') ? null : (boxes[0] ?? null);
}

function missingFault({ isRequired = false }: Field): Bilingual | null {
  return isRequired ? FORM_WORDS.required : null;
}

function valueFault(field: Field, value: string): Bilingual | null {
  switch (field.kind) {
    case 'text':
    case 'search':
    case 'multiline': {
      const { lengthMax, pattern } = field;
      if (value.length > lengthMax) return filled(FORM_WORDS.tooLong, { max: String(lengthMax) });
      return pattern === undefined || pattern.matches.test(value) ? null : pattern.says;
    }
    case 'choice':
    case 'select':
      return field.options.some((option) => option.value === value) ? null : FORM_WORDS.notAnOption;
    case 'date':
      return isDay(value) ? null : FORM_WORDS.notADate;
    case 'number': {
      const { min, max } = field;
      const isWithin = /^\d{1,12}$/.test(value) && Number(value) >= min && Number(value) <= max;
      return isWithin ? null : filled(FORM_WORDS.notInRange, { min: String(min), max: String(max) });
    }
    case 'check':
      return value === 'yes' ? null : FORM_WORDS.notAnOption;
    case 'file':
      return null;
  }
}

/** `2026-03-01`, a day that exists. */
function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}
