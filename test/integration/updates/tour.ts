/** Lives that go through each change of state that messages can cause. */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';
import { writeOn } from '../../support/updates/field-card.js';
import {
  begin,
  beginAndKill,
  beginWithoutSigner,
  cardOf,
  command,
  decide,
  oppose,
  read,
  revokeSet,
  say,
  time,
  type UpdateCommand,
  write,
} from './commands.js';
import { adoptIssuing, arrive, beginMessage, messageAbout } from './messages.js';
import { liveUpdate } from './model.js';

/** The signer goes during a begin, and the card is opposed before it comes back. */
function opposeIssuing(at: number): UpdateCommand {
  return command({
    name: 'opposition while issuing',
    says: `opposeIssuing(${at})`,
    run: async (model, real) => {
      const message = beginMessage(model, cardOf(model, at), real);
      real.service.loseSigner();
      const { status } = await real.service.send('cards', message.path, message.body);
      assert.equal(status, 503);
      await adoptIssuing(message, real);
      await oppose(at).run(model, real);
      await real.service.setSigner(true);
    },
  });
}

/** A client that has not announced its first write command. */
function confirmUnannounced(at: number): UpdateCommand {
  return command({
    name: 'unannounced',
    says: `confirmUnannounced(${at})`,
    run: async (model, real) => {
      const card = cardOf(model, at);
      const update = present(liveUpdate(card), 'an update');
      for (const certificate of update.certificates) assert.ok(writeOn(card, certificate));
      await arrive(model, messageAbout(model, { kind: 'confirm', update }, real), real);
    },
  });
}

/** Updates through each transition that messages can cause, so that all are seen in every run. */
export const TOUR: readonly UpdateCommand[] = [
  begin(0, 'answered'),
  say(0, 'writing', 'answered'),
  write(0, 0, false),
  write(0, 1, true),
  read(0),
  say(0, 'confirm', 'answered'),
  write(0, 1, false),
  say(0, 'confirm', 'doubled'),
  time(7 * DAY_MS + HOUR_MS),
  begin(0, 'unanswered'),
  read(0),
  say(0, 'word', 'answered'),
  beginAndKill(0, 1),
  read(0),
  say(0, 'abandon', 'answered'),
  begin(0, 'answered'),
  say(0, 'writing', 'answered'),
  say(0, 'abandon', 'unanswered'),
  beginWithoutSigner(0),
  time(3 * DAY_MS + HOUR_MS),
  read(0),
  decide(0, 'abandoned'),
  say(0, 'abandon', 'answered'),
  say(0, 'abandon', 'doubled'),
  begin(0, 'answered'),
  say(0, 'writing', 'answered'),
  time(3 * DAY_MS + HOUR_MS),
  read(0),
  say(0, 'abandon', 'answered'),
  begin(0, 'answered'),
  say(0, 'writing', 'answered'),
  time(3 * DAY_MS + HOUR_MS),
  read(0),
  write(0, 0, false),
  write(0, 1, false),
  say(0, 'confirm', 'answered'),
  time(7 * DAY_MS + HOUR_MS),
  begin(0, 'answered'),
  say(0, 'writing', 'answered'),
  write(0, 0, false),
  write(0, 1, false),
  time(3 * DAY_MS + HOUR_MS),
  decide(0, 'confirmed'),
  say(0, 'confirm', 'answered'),
  say(0, 'confirm', 'doubled'),
  revokeSet(0, 'new'),
  begin(2, 'answered'),
  revokeSet(2, 'new'),
  begin(2, 'answered'),
  say(2, 'writing', 'answered'),
  revokeSet(2, 'new'),
  begin(2, 'answered'),
  time(3 * DAY_MS + HOUR_MS),
  revokeSet(2, 'new'),
  begin(1, 'answered'),
  confirmUnannounced(1),
  time(7 * DAY_MS + HOUR_MS),
  opposeIssuing(1),
];
