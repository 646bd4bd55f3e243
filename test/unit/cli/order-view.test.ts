import assert from 'node:assert/strict';
import { durationOf, faultOf, hasEnded, progressOf, type ShownOrder } from '../../../src/cli/order/order-view.js';
import { createProgressLine } from '../../../src/terminal/progress-line.js';

const NOW = Date.UTC(2026, 2, 1, 22);
const COUNTS = { issued: 0, duplicate: 0, refused: 0, notIssued: 0, cancelled: 0, open: 0 };

function order(facts: Partial<Omit<ShownOrder, 'counts'>> & { readonly counts?: Partial<ShownOrder['counts']> }) {
  const { counts = {}, ...others } = facts;
  return {
    id: '0193-order',
    state: 'working',
    dryRun: false,
    reference: null,
    account: 'card-management',
    lines: 1_000,
    acknowledged: 0,
    receivedAt: '2026-03-01T21:58:00Z',
    acceptedAt: '2026-03-01T21:59:00Z',
    finishedAt: null,
    deadlineAt: '2026-03-04T21:59:00Z',
    linesPerSecond: null,
    estimatedEnd: null,
    waitingFor: [],
    pausedBy: null,
    ...others,
    counts: { ...COUNTS, ...counts },
  } as const satisfies ShownOrder;
}

describe('the progress of an order', () => {
  it('has the lines with an outcome, the rate, the time left, and what lines wait for', () => {
    const working = order({
      counts: { issued: 580, duplicate: 5, refused: 2, open: 413 },
      linesPerSecond: 402.5,
      estimatedEnd: '2026-03-01T22:01:30Z',
      waitingFor: [{ reason: 'pace', profile: 'fort/cps-signature', until: '2026-03-01T22:30:00Z' }],
    });
    assert.equal(
      progressOf(working, NOW),
      '587 of 1000 lines (58 %), working: 580 issued, 5 duplicate, 2 refused; 403 lines/s, 2 min left; ' +
        'waits for pace of fort/cps-signature until 2026-03-01T22:30:00Z',
    );
    assert.equal(hasEnded(working), false);
  });

  it('at the end has the outcomes alone, and says where the problems of refused lines are', () => {
    const finished = order({ state: 'finished', counts: { issued: 999, refused: 1 }, linesPerSecond: 400 });
    assert.equal(progressOf(finished, NOW), '1000 of 1000 lines (100 %), finished: 999 issued, 1 refused');
    assert.match(faultOf(finished) ?? '', /1 of 1000 lines have no certificates.*pfcng order results 0193-order/);
    assert.equal(faultOf(order({ state: 'finished', counts: { issued: 999, duplicate: 1 } })), null);
    const dry = order({ state: 'finished', dryRun: true, counts: { wouldIssue: 1_000 } });
    assert.equal(progressOf(dry, NOW), '1000 of 1000 lines (100 %), finished: 1000 would be issued');
  });

  it('before the first outcome says so, and has durations that people read', () => {
    assert.match(
      progressOf(order({ counts: { open: 1_000 } }), NOW),
      /^0 of 1000 lines \(0 %\), working: nothing yet$/,
    );
    assert.deepEqual([-5, 59_000, 60_000, 3_599_000, 7_500_000].map(durationOf), [
      '0 s',
      '59 s',
      '1 min',
      '1 h 0 min',
      '2 h 5 min',
    ]);
  });
});

describe('a line of progress', () => {
  function written(isTTY: boolean, shown: (line: ReturnType<typeof createProgressLine>, pass: () => void) => void) {
    const texts: string[] = [];
    let now = 0;
    const output = { isTTY, columns: 10, write: (text: string) => texts.push(text) };
    const pass = (): void => {
      now += 10_000;
    };
    shown(
      createProgressLine(() => now, output),
      pass,
    );
    return texts.join('');
  }

  it('is replaced at a terminal, and never longer than it', () => {
    const text = written(true, (line) => {
      line.show('a line of sixteen');
      line.end('the end');
    });
    assert.equal(text, '\r\u001b[Ka line of\r\u001b[Kthe end\n');
  });

  it('is shown at a terminal whose width is unknown', () => {
    const texts: string[] = [];
    const output = { isTTY: true, columns: 0, write: (text: string) => texts.push(text) };
    createProgressLine(() => 0, output).show('587 of 1000 lines');
    assert.deepEqual(texts, ['\r\u001b[K587 of 1000 lines']);
  });

  it('stays in a pipe, one each ten seconds and the last one', () => {
    const text = written(false, (line, pass) => {
      line.show('1');
      line.show('2');
      pass();
      line.show('3');
      line.show('4');
      line.end('5');
    });
    assert.equal(text, '1\n3\n5\n');
  });
});
