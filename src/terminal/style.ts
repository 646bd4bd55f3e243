/**
 * Colours for people at a terminal. A pipe or a file gets plain text, and so does a terminal where
 * NO_COLOR is set: `styleText` of Node looks at the stream and at the environment.
 */
import { styleText } from 'node:util';

/** What a text stands for. */
type TextKind = 'head' | 'good' | 'doubtful' | 'bad';

const STYLES = { head: 'bold', good: 'green', doubtful: 'yellow', bad: 'red' } as const satisfies Readonly<
  Record<TextKind, Parameters<typeof styleText>[0]>
>;

/** Returns the text as it is written to `stream`. */
export function styled(kind: TextKind, text: string, stream: NodeJS.WritableStream = process.stdout): string {
  return styleText(STYLES[kind], text, { stream });
}
