/** The fields of one record as places in one text, so that a number is read without being cut out. */

export class Cells {
  text = '';
  count = 0;
  from = new Int32Array(64);
  to = new Int32Array(64);

  clear(text: string): void {
    this.text = text;
    this.count = 0;
  }

  add(from: number, to: number): void {
    const at = this.count++;
    if (at === this.from.length) this.#grow();
    this.from[at] = from;
    this.to[at] = to;
  }

  /** A field whose text stands nowhere as it is: unescaped, or a value of a record. */
  append(field: string): void {
    this.add(this.text.length, this.text.length + field.length);
    this.text += field;
  }

  /** For records of which few fields are wanted: the others are left as they are. */
  set(index: number, field: string): void {
    while (index >= this.from.length) this.#grow();
    this.from[index] = this.text.length;
    this.text += field;
    this.to[index] = this.text.length;
  }

  /** Without blanks around it. */
  textOf(index: number): string {
    return this.text.slice(this.from[index]!, this.to[index]!).trim();
  }

  #grow(): void {
    const [from, to] = [this.from, this.to];
    this.from = new Int32Array(2 * from.length);
    this.to = new Int32Array(2 * to.length);
    this.from.set(from);
    this.to.set(to);
  }
}
