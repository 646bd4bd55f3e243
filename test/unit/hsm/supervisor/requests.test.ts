import assert from 'node:assert/strict';
import { createRequestQueue } from '../../../../hsm/supervisor/requests.js';
import {
  createFrameDecoder,
  encodeFrame,
  type Frame,
  type FrameContent,
  type Meta,
} from '../../../../hsm/wire/frames.js';
import type { CallerRole } from '../../../../hsm/wire/permissions.js';
import { FOR_ONE_CLIENT, type Priority, priorityOf } from '../../../../hsm/wire/priorities.js';

const LIMITS = { requestDeadlineMs: 1_000, queuedRequestsMax: 6, queuedOneClientMax: 3, inFlightMax: 8 };

describe('requests that go to a token', () => {
  const named = (frame: Frame): string => Buffer.from(frame.body).toString('utf8');
  const frameOf = (content: FrameContent): Frame => {
    const decoded = createFrameDecoder().push(encodeFrame(content));
    assert(decoded.ok && decoded.value[0]);
    return decoded.value[0];
  };

  function world(limits: Partial<typeof LIMITS> = {}) {
    const requests = createRequestQueue({ ...LIMITS, ...limits });
    const sent: Frame[] = [];
    const answers: string[] = [];
    const receive = (encoded: Buffer): void => {
      const decoded = createFrameDecoder().push(Buffer.from(encoded));
      assert(decoded.ok);
      sent.push(...decoded.value);
    };
    return {
      requests,
      answers,
      accept(priority: Priority, name: string, { at = 0, isWanted = true } = {}): void {
        const encoded = encodeFrame({ type: 'certificate', id: 1, body: Buffer.from(name) });
        const answer = (answered: Buffer): void => {
          const decoded = createFrameDecoder().push(Buffer.from(answered));
          assert(decoded.ok && decoded.value[0]);
          answers.push(`${name} ${decoded.value[0].type}`);
        };
        requests.accept({ encoded, priority, answer, isWanted: () => isWanted }, at);
      },
      /** Names of the requests that the child gets now. */
      pump(now = 0): readonly string[] {
        const from = sent.length;
        requests.pump(receive, now);
        return sent.slice(from).map(named);
      },
      answerAll(): void {
        for (const { id } of sent.splice(0)) requests.answered(frameOf({ type: 'signature', id }));
      },
    };
  }

  it('are served in order: refreshed responses, interactive, batches, one client', () => {
    const { accept, pump } = world();
    // Not in the last second, so that batches have no smaller share.
    for (const priority of ['one-client', 'batch', 'interactive', 'refresh'] as const)
      for (const turn of [1, 2])
        if (priority !== 'refresh' || turn === 1) accept(priority, `${priority} ${turn}`, { at: -1_000 });
    const expected = [
      'refresh 1',
      'interactive 1',
      'interactive 2',
      'batch 1',
      'batch 2',
      'one-client 1',
      'one-client 2',
    ];
    assert.deepEqual(pump(), expected);
  });

  it('for one client never have more than a quarter of the child, however few others there are', () => {
    const { accept, pump, answerAll } = world();
    for (const name of ['a', 'b', 'c']) accept('one-client', name);
    assert.deepEqual(pump(), ['a', 'b']);
    assert.deepEqual(pump(), []);
    accept('interactive', 'd');
    assert.deepEqual(pump(), ['d']);
    answerAll();
    assert.deepEqual(pump(), ['c']);
  });

  it('of batches have one at a child of eight in the second after an interactive one, and all of it otherwise', () => {
    const { accept, pump, answerAll } = world({ queuedRequestsMax: 30 });
    for (let at = 1; at <= 20; at += 1) accept('batch', `line ${at}`);
    assert.equal(pump().length, 8);
    answerAll();
    accept('interactive', 'a person', { at: 5_000 });
    assert.deepEqual(pump(5_000), ['a person', 'line 9']);
    answerAll();
    assert.deepEqual(pump(5_999), ['line 10']);
    assert.deepEqual(pump(5_999), []);
    assert.equal(pump(6_000).length, 7);
  });

  it('of batches that a child left unanswered keep their limit at its successor', () => {
    const { accept, pump, requests } = world();
    for (let at = 1; at <= 3; at += 1) accept('batch', `line ${at}`);
    assert.equal(pump().length, 3);
    accept('interactive', 'a person');
    requests.childGone('a test');
    assert.deepEqual(pump(), ['a person', 'line 1']);
  });

  it('for one client fill a queue of their own, and leave room for all others', () => {
    const { accept, answers, requests } = world();
    for (let at = 0; at < 100; at += 1) accept('one-client', 'stranger');
    assert.equal(answers.length, 97);
    for (let at = 0; at < LIMITS.queuedRequestsMax; at += 1) accept('interactive', 'ours');
    assert.equal(answers.includes('ours unavailable'), false);
    accept('batch', 'one too many');
    assert.equal(answers.at(-1), 'one too many unavailable');
    assert.equal(requests.counts().queued, LIMITS.queuedRequestsMax + LIMITS.queuedOneClientMax);
  });

  it('that a child left unanswered go first to its successor, in their order, and those for one client keep their limit', () => {
    const { accept, pump, requests } = world();
    for (const name of ['a', 'b', 'c']) accept('one-client', name);
    for (const name of ['1', '2']) accept('interactive', name);
    assert.deepEqual(pump(), ['1', '2', 'a', 'b']);
    accept('interactive', '3');
    requests.childGone('a test');
    assert.deepEqual(pump(), ['1', '2', '3', 'a', 'b']);
  });

  it('that three children did not answer are not sent to a fourth', () => {
    const { accept, pump, requests, answers } = world();
    accept('interactive', 'deadly');
    for (let child = 1; child <= 3; child += 1) {
      assert.deepEqual(pump(), ['deadly'], `child ${child}`);
      assert.deepEqual(answers, []);
      requests.childGone('a test');
    }
    assert.deepEqual(answers, ['deadly unavailable']);
    assert.deepEqual(pump(), []);
  });

  it('are limited in number at the child, and dropped when the caller has disconnected', () => {
    const { accept, pump, answerAll } = world({ inFlightMax: 2 });
    accept('interactive', '1');
    accept('interactive', 'of nobody', { isWanted: false });
    for (const name of ['2', '3']) accept('interactive', name);
    assert.deepEqual(pump(), ['1', '2']);
    answerAll();
    assert.deepEqual(pump(), ['3']);
  });

  it('that have waited for two time limits are declined, whatever their priority', () => {
    const { accept, answers, requests } = world();
    accept('batch', 'old');
    accept('interactive', 'young', { at: 1_500 });
    requests.declineOverdue(2_001);
    assert.deepEqual(answers, ['old unavailable']);
  });

  it('have a priority by caller and audience', () => {
    const cases: readonly [CallerRole, FrameContent['type'], Meta, Priority][] = [
      ['api', 'certificate', {}, 'interactive'],
      ['api', 'platform', {}, 'interactive'],
      ['worker', 'certificate', {}, 'batch'],
      ['worker', 'platform', {}, 'batch'],
      ['responder', 'ocsp', {}, 'refresh'],
      ['responder', 'ocsp', FOR_ONE_CLIENT, 'one-client'],
      // Only OCSP requests can be for one client: the mark changes no other priority.
      ['api', 'certificate', FOR_ONE_CLIENT, 'interactive'],
    ];
    for (const [role, type, meta, expected] of cases)
      assert.equal(
        priorityOf(role, frameOf({ type, id: 1, meta })),
        expected,
        `${role} ${type} ${JSON.stringify(meta)}`,
      );
  });
});
