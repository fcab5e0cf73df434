/** Small tables as RFC 4180 has them: quotes double within quotes, and lines may break there. */

export interface CsvRecord {
  /** Of the record's beginning, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Blank lines are no records. From a quote within a field, or one that nothing closes, the line stands as one field. */
export function csvRecords(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let from = 1;
  FIELD.lastIndex = 0;
  for (let at = 0; at < text.length; ) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    if (match === null) {
      // A quote within a field, or one that never closes: the rest of the line as it stands.
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end;
      fields.push(text.slice(at, stop).replace(/\r$/, ''));
      records.push({ line: from, fields });
      fields = [];
      line++;
      from = line;
      at = stop + 1;
      continue;
    }
    const [whole, quoted, plain = '', separator] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    at += whole.length;
    if (separator === ',') {
      if (at === text.length) fields.push('');
      else continue;
    }
    if (fields.length > 1 || fields[0] !== '') records.push({ line: from, fields });
    fields = [];
    from = line;
  }
  if (fields.length > 0) records.push({ line: from, fields });
  return records;
}
