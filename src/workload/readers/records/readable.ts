/** What a message shows of a log. */
import { utf8Of } from '../line-reader.ts';

/** Text of a log as a message may show it: no control characters, not long. */
export function readable(text: string): string {
  const plain = utf8Of(text.slice(0, 400)).replace(/\p{C}/gu, '\uFFFD');
  return plain.length > 120 ? `${plain.slice(0, 117)}...` : plain;
}
