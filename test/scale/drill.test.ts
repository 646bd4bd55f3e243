/**
 * The drill is stopped and killed in the middle, and goes on. Without this test, a drill of a
 * million cards in several sittings could begin again each time, or report its last sitting only.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LANGUAGES } from '../../src/kernel/bilingual.js';
import { temporaryFolder } from '../support/ceremony/hierarchy.js';
import { until } from '../support/until.js';

/** Two of them must go to a desk. */
const CARDS = 122;
/** A start is ended when so many more cards are done. */
const CARDS_OF_START = 16;

type Progress = {
  readonly starts: number;
  readonly isIssued: boolean;
  readonly report: { readonly through: number; readonly confirmed: number; readonly seconds: number } | null;
};

describe('a drill that is stopped, killed and continued', function drill() {
  let folder: string;
  let child: ChildProcess | null = null;
  /** What all starts have said. */
  let said = '';

  before(async () => {
    folder = await temporaryFolder('pfcng-drill-');
  });
  afterEach(() => {
    child?.kill('SIGTERM');
  });

  const progress = (): Progress | null => {
    const file = join(folder, 'progress.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : null;
  };
  const through = (): number => progress()?.report?.through ?? 0;

  function start(): ChildProcess {
    const temporary = join(folder, 'installation');
    mkdirSync(temporary, { recursive: true });
    const program = fileURLToPath(new URL('./drill.js', import.meta.url));
    const options = ['--folder', folder, '--cards', String(CARDS), '--at-once', '8', '--ocsp', '20'];
    const args = ['--enable-source-maps', program, ...options];
    child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TMPDIR: temporary },
    });
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    return child;
  }

  async function startAndEnd(signal: 'SIGTERM' | 'SIGKILL'): Promise<Progress> {
    const wanted = through() + CARDS_OF_START;
    const started = start();
    await until('the installation is made', async () => progress() !== null);
    await until('the first sets are issued', async () => progress()?.isIssued === true);
    await until('cards are updated', async () => through() >= wanted);
    started.kill(signal);
    await once(started, 'exit');
    const after = progress();
    assert.ok(after !== null && through() < CARDS, 'the drill was ended in the middle');
    return after;
  }

  it('takes every card to its end once, and reports the times of all starts together', async () => {
    const stopped = await startAndEnd('SIGTERM');
    const killed = await startAndEnd('SIGKILL');
    const last = start();
    const [code] = await once(last, 'exit');
    assert.equal(code, 0);
    const over = progress();
    assert.equal(over?.starts, 3);
    const seconds = [stopped, killed, over].map((one) => one?.report?.seconds ?? 0);
    assert.deepEqual(
      seconds.toSorted((one, other) => one - other),
      seconds,
      'times of later starts are added to those before them',
    );
    assert.ok((seconds[0] ?? 0) > 0);
    assert.equal(over?.report?.through, CARDS);
    const report = readFileSync(join(folder, 'report.md'), 'utf8');
    assert.match(report, /^# Exercice : de nouvelles clés pour 122 cartes en une journée$/m);
    assert.match(report, /The drill was started 3 times; times and counts are of all starts together/);
    assert.equal(over.report.confirmed, cellsOf(report, /^\| [^|*]+ \| (\d+) \|/gm) / LANGUAGES.length);
    assert.match(report, /^- Cartes qui ne sont ni confirmées ni au guichet : 0 /m);
    assert.match(report, /^- Cards that are neither confirmed nor at a desk: 0 /m);
    assert.match(report, /^## Cards that must go to a desk\n\n- 2: the card has too few spare containers\.\n\n/m);
    assert.match(report, /^## Cartes à traiter au guichet\n\n- 2 : la carte n'a pas assez de conteneurs libres\.\n\n/m);
    assert.match(report, /Answers other than `good`: 0\. Not answered: 0\./);
    assert.match(report, /^- `pfcng audit verify` : rien ne manque/m);
    assert.match(report, /^- `pfcng audit verify`: nothing is missing/m);
    assert.match(report, /^- `pfcng hsm reconcile`: nothing is missing/m);
    for (const line of [
      /^issued: \d+ of 122 cards$/m,
      /^122 cards have their first set$/m,
      /^the campaign \S+ is open$/m,
      /^every card is confirmed or at a desk$/m,
    ])
      assert.match(said, line);
    assert.ok(said.includes(report), 'the report is shown');
  });
});

/** The sum of the numbers that the pattern finds. */
function cellsOf(report: string, pattern: RegExp): number {
  return [...report.matchAll(pattern)].reduce((sum, [, cell]) => sum + Number(cell), 0);
}
