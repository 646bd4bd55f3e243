/** `pfcng ceremony minutes`: the minutes of a ceremony as a page and on paper, from a transcript that holds. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { both } from '../../ceremony/bilingual.js';
import { minutesHtml } from '../../ceremony/minutes/html.js';
import { minutesOf } from '../../ceremony/minutes/minutes.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { readEntries } from '../../ceremony/transcript/transcript.js';
import { describeVerifyFault, verifyTranscript } from '../../ceremony/verify/verify.js';
import { homeFiles } from '../../ceremony-host/files.js';
import { placeFault, readBelow, readTranscript } from '../../ceremony-host/read-files.js';
import { utf8 } from '../../kernel/bytes.js';
import { parseInstant } from '../../kernel/clock.js';
import { fail, say } from '../../terminal/say.js';

/** Written beside the transcript, in the place of earlier ones: they say nothing that it does not. */
export async function writeMinutes(transcript: string): Promise<void> {
  const folder = dirname(resolve(transcript));
  const read = readTranscript(transcript);
  if (!read.ok) return fail([`${transcript}: ${both(describeVerifyFault(read.error))}`]);
  const { home, lines } = read.value;
  const artefacts = (path: string) => readBelow(home, path);
  const verified = verifyTranscript(lines, artefacts);
  const fault = verified.ok ? placeFault(transcript, verified.value.ceremony) : verified.error;
  if (!verified.ok || fault !== null)
    return fail(fault === null ? [] : [`${transcript}: ${both(describeVerifyFault(fault))}`]);
  const entries = readEntries(lines);
  const plan = JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as Pick<PlanFile, 'title' | 'steps'>;
  if (!entries.ok) return;
  const { title, steps } = plan;
  const minutes = minutesOf({ entries: entries.value, verified: verified.value, title, steps, artefacts });
  const at = parseInstant(verified.value.endedAt) ?? 0;
  const files = homeFiles(home);
  const stem = `${relative(home, folder)}/minutes`;
  await files.replace(`${stem}.html`, utf8(minutesHtml(minutes)));
  // What draws pages takes as long to load as all the rest of a ceremony's program.
  const { minutesPdf } = await import('../../ceremony-host/minutes-pdf.js');
  await files.replace(`${stem}.pdf`, await minutesPdf(minutes, at));
  say(`${home}/${stem}.html`);
  say(`${home}/${stem}.pdf`);
}
