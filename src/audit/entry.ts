/**
 * The one form of an audit entry: canonical JSON (RFC 8785), so that anybody can reproduce its
 * bytes and hash them.
 */
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstantMs, type Instant } from '../kernel/clock.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import { isActor } from './actors.js';
import { AUDIT_EVENTS, type AuditEvent, type AuditOutcome, writeDetails } from './events.js';
import { type TagKeys, tagOfTime } from './tags.js';

/** What entries are searched by. It is part of their bytes, and stored beside them for indexes. */
type AuditKeys = {
  readonly at: Instant;
  readonly type: string;
  readonly actor: string;
  readonly outcome: AuditOutcome;
  readonly requestId: string | null;
  /** The certificate, order, account or key that the entry is about; null: none of them. */
  readonly subjectId: string | null;
  /** Tags of the holder and of the card that the entry is about. */
  readonly holderTag: string | null;
  readonly cardTag: string | null;
};

/** An entry as it is stored, with its place in the hash chain. */
export type AuditEntry = {
  readonly seq: number;
  readonly bytes: Bytes;
  readonly leafHash: Bytes;
  readonly chainHash: Bytes;
  readonly keys: AuditKeys;
};

/** What every entry of a process says about it. */
export type AuditOrigin = {
  /** The id of the node that writes the entry. */
  readonly node: string;
  readonly tagKeys: TagKeys;
};

/** The number of the form, which a later form of entries would raise. */
const FORM = 1;
const ENTRY_BYTES_MAX = 16 * 1024;
const REQUEST_ID = /^[\w-]{1,36}$/;

type EntryJson = {
  readonly actor: string;
  readonly at: string;
  readonly details: { readonly [name: string]: Json };
  readonly form: typeof FORM;
  readonly node: string;
  readonly outcome: AuditOutcome;
  readonly request: string | null;
  readonly seq: number;
  readonly type: string;
};

/**
 * `{"actor","at","details","form":1,"node","outcome","request","seq","type"}`, at most 16 KiB. `at`
 * is RFC 3339 in UTC with milliseconds; `request` is null where a job or a command caused the
 * event; `seq` counts from 1 without gaps. The number is part of the hashed bytes, so that no entry
 * can pass for another.
 */
export function makeEntry(
  seq: number,
  event: AuditEvent,
  { node, tagKeys }: AuditOrigin,
): { readonly bytes: Bytes; readonly keys: AuditKeys } {
  const { type, actor, at, requestId = null } = event;
  assert(isActor(actor), `the actor of an audit entry ${type} is none: ${actor}`);
  assert(requestId === null || REQUEST_ID.test(requestId), `the request id of an audit entry ${type} is malformed`);
  const entry: EntryJson = {
    actor,
    at: formatInstantMs(at),
    details: writeDetails(event, tagOfTime(tagKeys, at)),
    form: FORM,
    node,
    outcome: AUDIT_EVENTS[type].outcome,
    request: requestId,
    seq,
    type,
  };
  const bytes = utf8(canonicalJson(entry));
  assert(bytes.length <= ENTRY_BYTES_MAX, `an audit entry ${type} is larger than ${ENTRY_BYTES_MAX} bytes`);
  return { bytes, keys: keysOf(entry) };
}

/** Adds the request that caused the event; `undefined`: a job or a command did. */
export function causedBy<Event extends AuditEvent>(requestId: string | undefined, event: Event): Event {
  return requestId === undefined ? event : { ...event, requestId };
}

function keysOf({ at, type, actor, outcome, request, details }: EntryJson): AuditKeys {
  return { at: Date.parse(at), type, actor, outcome, requestId: request, ...subjectsOf(details) };
}

/** The members of `details` that name what an entry is about; the first that is present counts. */
const SUBJECTS = ['id', 'account', 'spkiSha256'] as const;

function subjectsOf(details: EntryJson['details']): Pick<AuditKeys, 'subjectId' | 'holderTag' | 'cardTag'> {
  const subject = SUBJECTS.map((name) => details[name]).find((value) => typeof value === 'string');
  return {
    subjectId: typeof subject === 'string' ? subject : null,
    holderTag: tagIn(details.holder),
    cardTag: tagIn(details.card),
  };
}

function tagIn(value: Json | undefined): string | null {
  const tag = typeof value === 'object' && value !== null && 'tag' in value ? value.tag : null;
  return typeof tag === 'string' ? tag : null;
}

/** Reads the number and the keys of an entry from its bytes; null: they are not an entry. */
export function readEntry(bytes: Bytes): { readonly seq: number; readonly keys: AuditKeys } | null {
  try {
    const entry: EntryJson = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof entry.seq === 'number' && entry.form === FORM ? { seq: entry.seq, keys: keysOf(entry) } : null;
  } catch {
    return null;
  }
}
