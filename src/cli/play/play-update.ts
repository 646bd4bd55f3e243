/**
 * Plays a remote update: the card of the played job makes new keys, the connection is lost after
 * the certificates were issued, and the next run resumes and confirms.
 */
import { say } from '../../terminal/say.js';
import { ownCommandIn } from '../common/own-command.js';
import { judge, ocspCommand, PlayFailed, runOwn, type Stage } from './stage.js';

export async function playUpdate(stage: Stage): Promise<void> {
  const written = ['authentication.pem', 'signature.pem'];
  await play(stage, ['write', '--directory', 'card', '--card', stage.tokenId, ...written], { status: 0, text: '' });
  const update = ['update', '--directory', 'card'];
  const lost = ['--always', '--key-type', 'p-256', '--fault', 'after:begin'];
  await play(stage, [...update, ...lost], { status: 1, text: 'the connection was lost after the call begin' });
  say('     Nothing was kept but the card; its number and its key are enough to go on:');
  await play(stage, update, { status: 0, text: 'is confirmed' });
  await judge(stage, ocspCommand(stage, 'card/authentication-2'), { status: 0, text: 'good' });
  say('     The old certificates stay good until the overlap is over; then they are revoked as superseded:');
  await judge(stage, ocspCommand(stage, 'authentication'), { status: 0, text: 'authentication.pem: good' });
}

async function play(
  stage: Stage,
  args: readonly string[],
  expected: { readonly status: number; readonly text: string },
): Promise<void> {
  const command = ['card', 'simulate', ...args];
  say(`     ${ownCommandIn(stage.folder)} ${command.join(' ')}`);
  const { status, output } = await runOwn(stage, command);
  for (const line of output.split('\n')) say(`     -> ${line}`);
  if (status !== expected.status || !output.includes(expected.text))
    throw new PlayFailed(`exit code ${expected.status} and "${expected.text}" were expected, not exit code ${status}`);
}
