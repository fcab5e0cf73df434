/** The words of a server's configuration: quoted or not, with comments between them, over several lines. */

export interface ConfigWord {
  readonly text: string;
  readonly quoted: boolean;
}

/** What ends a directive of nginx: a word of its own. */
export const END = ';';

/** Quoted words end at their quote; within, a backslash escapes quotes and backslashes. `#` before a word begins a comment. */
export function configWords(text: string): ConfigWord[] {
  const words: ConfigWord[] = [];
  for (let at = 0; at < text.length; ) {
    const first = text[at]!;
    if (/\s/.test(first)) at++;
    else if (first === '#') {
      const newline = text.indexOf('\n', at);
      at = newline < 0 ? text.length : newline;
    } else if (first === '"' || first === "'") {
      let word = '';
      for (at++; at < text.length && text[at] !== first; at++) {
        const next = text[at + 1] ?? '';
        if (text[at] === '\\' && (next === '\\' || next === '"' || next === "'")) at++;
        word += text[at];
      }
      at++;
      words.push({ text: word, quoted: true });
    } else {
      const from = at++;
      if (first !== END) while (at < text.length && !/[\s;]/.test(text[at]!)) at++;
      words.push({ text: text.slice(from, at), quoted: false });
    }
  }
  return words;
}
