/**
 * The process of the relying parties of a drill (`watch-ocsp.ts`). Forked with an IPC channel; it
 * answers every message but `see` with a report, and ends with the channel.
 */
import { type WatchLoop, type WatchMessage, watchOcsp } from './watch-ocsp.js';

let loop: WatchLoop | null = null;

process.on('message', async (message: WatchMessage) => {
  if (message.kind === 'begin') loop = await watchOcsp(message.options);
  if (loop === null) throw new Error('the relying parties have not begun');
  if (message.kind === 'reset') loop.reset();
  if (message.kind === 'see') loop.see(message.number, message.serials);
  else process.send?.(message.kind === 'stop' ? await loop.stop() : loop.report());
});
// A drill that was killed leaves nobody who asks.
process.once('disconnect', () => process.exit(0));
