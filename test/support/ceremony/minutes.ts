/** The minutes of a ceremony that a test performed in memory. */
import assert from 'node:assert/strict';
import { documentsHtml } from '../../../src/ceremony/minutes/html.js';
import { minutesOf } from '../../../src/ceremony/minutes/minutes.js';
import type { CeremonyPlan } from '../../../src/ceremony/plan/model.js';
import { readEntries } from '../../../src/ceremony/transcript/transcript.js';
import { verifyTranscript } from '../../../src/ceremony/verify/verify.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { Disk } from './fake-world.js';
import { linesOf } from './in-memory.js';

/** What `minutesOf` takes: the transcript, which must verify, with its files and its plan. */
export function minutesInput(disk: Disk, { id, title, steps }: CeremonyPlan): Parameters<typeof minutesOf>[0] {
  const artefacts = (path: string): Bytes | null => disk.files.get(path) ?? null;
  const lines = linesOf(disk, id);
  const verified = verifyTranscript(lines, artefacts);
  const entries = readEntries(lines);
  assert.ok(verified.ok && entries.ok);
  return { entries: entries.value, verified: verified.value, title, steps, artefacts };
}

export function minutesPage(disk: Disk, plan: CeremonyPlan): string {
  return documentsHtml([minutesOf(minutesInput(disk, plan))]);
}
