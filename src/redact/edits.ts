/** Replacements of ranges of a text, grown in any order. */
export class Edits {
  count = 0;
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly text: string[] = [];
  /** Where in `ids` the id of a mark stands, whose text is left to be made; 0 for any other text. */
  readonly idAt: number[] = [];
  ids: Uint8Array = new Uint8Array(0);
  #isSorted = true;

  clear(): void {
    this.count = 0;
    this.#isSorted = true;
  }

  add(start: number, end: number, text: string): void {
    const at = this.count;
    if (at > 0 && start < this.end[at - 1]!) this.#isSorted = false;
    this.start[at] = start;
    this.end[at] = end;
    this.text[at] = text;
    this.idAt[at] = 0;
    this.count = at + 1;
  }

  /** Adds the mark of a signature, whose id stands in `ids`: a string for each takes time. */
  addMark(start: number, end: number, idAt: number): void {
    this.add(start, end, '');
    this.idAt[this.count - 1] = idAt;
  }

  /** Brings them in order; of those that overlap the first one's text stands for all that they cover. */
  settle(): void {
    if (this.#isSorted) return;
    const order = Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => this.start[a]! - this.start[b]! || a - b);
    const all = order.map(
      (i) => [this.start[i]!, this.end[i]!, this.text[i]!, this.idAt[i]!] as const,
    );
    this.clear();
    for (const [start, end, text, idAt] of all) {
      const last = this.count - 1;
      if (last >= 0 && start < this.end[last]!) this.end[last] = Math.max(this.end[last]!, end);
      else {
        this.add(start, end, text);
        this.idAt[this.count - 1] = idAt;
      }
    }
  }
}
