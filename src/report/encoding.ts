/** A table or a document on its way out, row by row, so that it need not fit in memory. */
export interface Encoder<Row, Piece> {
  begin(): Piece;
  row(row: Row): Piece;
  end(): Piece;
}

/** All pieces, each made when it is asked for. */
export function* encoded<Row, Piece>(
  encoder: Encoder<Row, Piece>,
  rows: Iterable<Row>,
): Generator<Piece, void> {
  yield encoder.begin();
  for (const row of rows) yield encoder.row(row);
  yield encoder.end();
}
