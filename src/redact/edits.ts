/** Replacements of ranges of a text, grown in any order. */
export class Edits {
  count = 0;
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly text: string[] = [];
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
    this.count = at + 1;
  }

  /** Brings them in order; of those that overlap the first one's text stands for all that they cover. */
  settle(): void {
    if (this.#isSorted) return;
    const order = Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => this.start[a]! - this.start[b]! || a - b);
    const all = order.map((i) => [this.start[i]!, this.end[i]!, this.text[i]!] as const);
    this.clear();
    for (const [start, end, text] of all) {
      const last = this.count - 1;
      if (last >= 0 && start < this.end[last]!) this.end[last] = Math.max(this.end[last]!, end);
      else this.add(start, end, text);
    }
  }
}
