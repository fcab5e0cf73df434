/** A Parquet file row group by row group, as bytes to be written as they come. */
import type { ColumnSource } from 'hyparquet-writer';

type Library = typeof import('hyparquet-writer');

/** Loaded only for such a file. */
export function parquetLibrary(): Promise<Library> {
  return import('hyparquet-writer');
}

export class ParquetPieces {
  readonly #library: Library;
  readonly #bytes: InstanceType<Library['ByteWriter']>;
  #writer: InstanceType<Library['ParquetWriter']> | null = null;

  constructor(library: Library) {
    this.#library = library;
    this.#bytes = new library.ByteWriter();
  }

  /** Whether there is a group already: a file has one at least, be it empty. */
  get isBegun(): boolean {
    return this.#writer !== null;
  }

  /** @param columnData whole, of the same columns each time */
  group(columnData: ColumnSource[], rows: number): Uint8Array {
    const { ParquetWriter, schemaFromColumnData } = this.#library;
    this.#writer ??= new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({ columnData }),
      createdBy: 'coldfront',
    });
    const columns = columnData.map(({ name, data, encoding }) => ({
      name,
      data,
      offsetIndex: false,
      ...(encoding && { encoding }),
    }));
    this.#writer.write({ columnData: columns, rowGroupSize: Math.max(1, rows) });
    return this.#taken();
  }

  end(): Uint8Array {
    this.#writer!.finish();
    return this.#taken();
  }

  #taken(): Uint8Array {
    const piece = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return piece;
  }
}
