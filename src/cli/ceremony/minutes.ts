/**
 * `pfcng ceremony minutes`: writes the minutes of a ceremony as HTML and PDF, from a transcript
 * that verifies.
 */
import { dirname, relative, resolve } from 'node:path';
import { documentsHtml } from '../../ceremony/minutes/html.js';
import { minutesOf } from '../../ceremony/minutes/minutes.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { readEntries } from '../../ceremony/transcript/transcript.js';
import type { VerifyFault } from '../../ceremony/verify/model.js';
import { describeVerifyFault, verifyTranscript } from '../../ceremony/verify/verify.js';
import { folderFault, homeFiles, readBelow, readTranscript } from '../../ceremony-host/files.js';
import { readRegularFile } from '../../config/regular-file.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { parseInstant } from '../../kernel/clock.js';
import { fail, say } from '../../terminal/say.js';

/**
 * Writes them next to the transcript, over earlier ones: they contain nothing that the transcript
 * does not.
 */
export async function writeMinutes(transcript: string): Promise<void> {
  const folder = dirname(resolve(transcript));
  const refuse = (fault: VerifyFault): void => fail([`${transcript}: ${inBothLanguages(describeVerifyFault(fault))}`]);
  const read = readTranscript(transcript);
  if (!read.ok) return refuse(read.error);
  const { home, lines } = read.value;
  const artefacts = (path: string) => readBelow(home, path);
  const verified = verifyTranscript(lines, artefacts);
  if (!verified.ok) return refuse(verified.error);
  const misplaced = folderFault(transcript, verified.value.ceremony);
  if (misplaced !== null) return refuse(misplaced);
  const entries = readEntries(lines);
  if (!entries.ok) return refuse(entries.error);
  const plan = JSON.parse(readRegularFile(`${folder}/plan.json`).toString('utf8')) as Pick<PlanFile, 'title' | 'steps'>;
  const { title, steps } = plan;
  const minutes = minutesOf({ entries: entries.value, verified: verified.value, title, steps, artefacts });
  const endedAt = parseInstant(verified.value.endedAt) ?? 0;
  const files = homeFiles(home);
  const stem = `${relative(home, folder)}/minutes`;
  await files.replace(`${stem}.html`, utf8(documentsHtml([minutes])));
  // The PDF library takes as long to load as the rest of the program, so it is loaded only here.
  const { documentsPdf } = await import('../../ceremony-host/documents-pdf.js');
  await files.replace(`${stem}.pdf`, await documentsPdf([minutes], endedAt));
  say(`${home}/${stem}.html`);
  say(`${home}/${stem}.pdf`);
}
