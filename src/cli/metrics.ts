/** `pfcng metrics`: the metrics that every process serves at its address for operators. */
import type { Command } from 'commander';
import { describeMetrics } from '../observe/metrics.js';
import { sayListings } from './common/listing.js';

export function registerMetrics(program: Command): void {
  program
    .command('metrics')
    .description('the metrics for Prometheus')
    .command('list')
    .description('every metric with its type, its labels and its meaning')
    .option('--json', 'print them as JSON')
    .action(async (_options: unknown, command: Command) =>
      sayListings([{ title: 'Metrics of PFCNG', rows: await describeMetrics() }], command),
    );
}
