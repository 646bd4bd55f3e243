/**
 * What a command shows at a terminal and nowhere else. Without these checks, colours could end in
 * files, or a command could seem to hang.
 */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteStream } from 'node:tty';
import { activity, startActivity } from '../../../src/terminal/activity.js';
import { styled } from '../../../src/terminal/say.js';

function fakeTerminal() {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, getColorDepth: WriteStream.prototype.getColorDepth });
  return { stream, written, output: { isTTY: true, write: (text: string) => written.push(text) } };
}

/** Until the next turn of a timer of a second. */
const TURN_MS = 1_300;

describe('at a terminal', () => {
  // Node looks at all of these.
  const names = ['NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR', 'CI', 'TEAMCITY_VERSION', 'TERM'];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  beforeEach(() => {
    for (const name of names) delete process.env[name];
    process.env.TERM = 'xterm-256color';
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('heads and faults have a colour, and none in a pipe or with NO_COLOR', () => {
    const { stream } = fakeTerminal();
    assert.equal(styled('bad', 'fault', stream), '\u001b[31mfault\u001b[39m');
    assert.equal(styled('bad', 'fault', new PassThrough()), 'fault');
    process.env.NO_COLOR = '1';
    assert.equal(styled('bad', 'fault', stream), 'fault');
  });

  it('a command that is silent for two seconds says how long it has worked, until it writes', async () => {
    const { output, written } = fakeTerminal();
    let now = 10_000;
    const working = startActivity('pfcng relint', () => now, output);
    assert.equal(activity(), working);
    now += 1_000;
    await sleep(TURN_MS);
    assert.deepEqual(written, []);
    now += 2_000;
    await sleep(TURN_MS);
    assert.equal(written[0], '\r\u001b[Kpfcng relint: 3 s');
    working.clear();
    assert.equal(written.at(-1), '\r\u001b[K');
    working.stop();
    const count = written.length;
    now += 9_000;
    await sleep(TURN_MS);
    assert.equal(written.length, count);
    assert.notEqual(activity(), working);
  });

  it('nothing is shown in a pipe', async () => {
    const written: string[] = [];
    const working = startActivity('pfcng relint', () => 0, { write: (text) => written.push(text) });
    working.stop();
    assert.deepEqual(written, []);
  });
});
