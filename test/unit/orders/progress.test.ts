/** What is stored and reported of the work on an order. */
import assert from 'node:assert/strict';
import { firstOpenLine, readProgress, reportProgress, type Wait, writeProgress } from '../../../src/orders/progress.js';
import { ORDER_OUTCOMES, type OrderCounts } from '../../../src/ports/store/orders.js';

const PACE: Wait = { reason: 'pace', profile: 'fort/cps-signature', until: 5_000, linesPerSecondMax: 4 };
const SIGNER: Wait = { reason: 'signer', profile: 'standard/cpe-signature', until: 1_000 };
const NONE = Object.fromEntries(ORDER_OUTCOMES.map((outcome) => [outcome, 0])) as OrderCounts;
const order = { nextLine: 3, state: 'working', lines: 1_000, counts: { ...NONE, issued: 150, refused: 50 } } as const;

describe('the progress of an order', () => {
  const progress = {
    next: 300,
    aside: [
      { wait: SIGNER, lines: [40, 7] },
      { wait: PACE, lines: [90] },
    ],
    linesPerSecond: 400,
  };

  it('is read as it was stored', () => {
    assert.deepEqual(readProgress(JSON.parse(JSON.stringify(writeProgress(progress))), order), progress);
  });

  it('begins at the cursor of the order where nothing is stored', () => {
    assert.deepEqual(readProgress(null, order), { next: 3, aside: [], linesPerSecond: null });
  });

  it('has the first line that may lack its outcome', () => {
    assert.equal(firstOpenLine(progress), 7);
    assert.equal(firstOpenLine({ next: 300, aside: [] }), 300);
  });

  it('is reported with an end that the pace allows, and with what lines wait for', () => {
    const reported = reportProgress(writeProgress(progress), order, 60_000);
    assert.deepEqual(reported, { linesPerSecond: 4, estimatedEnd: 60_000 + 200_000, waitingFor: [SIGNER, PACE] });
  });

  it('is not reported of an order that nobody works on', () => {
    const reported = reportProgress(writeProgress(progress), { ...order, state: 'paused' }, 60_000);
    assert.deepEqual(reported, { linesPerSecond: null, estimatedEnd: null, waitingFor: [] });
  });
});
