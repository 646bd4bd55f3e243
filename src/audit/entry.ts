/**
 * The bytes of an audit entry: canonical JSON (RFC 8785), so that anybody can reproduce and hash
 * them.
 */
import type { Bytes } from '../kernel/bytes.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstantMs } from '../kernel/clock.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { AuditEvent, AuditKeys } from '../ports/store/audit.js';

/**
 * `{"actor","at","details","outcome","requestId","seq","type"}`. `at` is RFC 3339 in UTC with
 * milliseconds; `requestId` is in entries of requests only; `seq` counts from 1 without gaps. The
 * number is part of the hashed bytes, so that no entry can pass for another.
 */
export function numberedEntry(seq: number, event: AuditEvent): Bytes {
  const { actor, details, outcome, type, requestId } = event;
  const at = formatInstantMs(event.at);
  const request = requestId === undefined ? {} : { requestId };
  return utf8(canonicalJson({ actor, at, details, outcome, seq, type, ...request }));
}

/** Adds the request that caused the event; `undefined`: a job or a command did. */
export function causedBy(requestId: string | undefined, event: AuditEvent): AuditEvent {
  return requestId === undefined ? event : { ...event, requestId };
}

/** Returns what an entry is searched by. */
export function keysOf({ at, type, actor, outcome, requestId, details }: AuditEvent): AuditKeys {
  return { at, type, actor, outcome, requestId: requestId ?? null, subjectId: subjectOf(details) };
}

/** The members of `details` that name what an entry is about; the first that is present counts. */
const SUBJECTS = ['id', 'account', 'spkiSha256'] as const;
const SUBJECT_CHARACTERS_MAX = 128;

function subjectOf(details: Json): string | null {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return null;
  const members = details as { readonly [member: string]: Json };
  const subject = SUBJECTS.map((name) => members[name]).find((value) => typeof value === 'string');
  return typeof subject === 'string' && subject.length <= SUBJECT_CHARACTERS_MAX ? subject : null;
}

/** Reads the number and the keys of an entry from its bytes; null: they are not an entry. */
export function readEntry(bytes: Bytes): { readonly seq: number; readonly keys: AuditKeys } | null {
  try {
    const { seq, at, ...event } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof seq === 'number' ? { seq, keys: keysOf({ ...event, at: Date.parse(at) }) } : null;
  } catch {
    return null;
  }
}
