/** How often a name occurred in each window. */
export interface Counts {
  older: number;
  newer: number;
}

/** What all tables of names may hold together: names, and characters of names. */
export class Room {
  #names: number;
  #characters: number;

  constructor(names: number, characters: number) {
    this.#names = names;
    this.#characters = characters;
  }

  /** Whether a name finds room, which is then taken. */
  take(name: string): boolean {
    if (this.#names === 0 || this.#characters < name.length) return false;
    this.#names--;
    this.#characters -= name.length;
    return true;
  }
}

/** Counts names by window. A name that found no room is left out of both. */
export class NameCounts {
  readonly #room: Room;
  readonly #counts = new Map<string, Counts>();
  #leftOut = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  add(name: string, isNewer: boolean): void {
    let counts = this.#counts.get(name);
    if (counts === undefined) {
      if (!this.#room.take(name)) {
        this.#leftOut++;
        return;
      }
      counts = { older: 0, newer: 0 };
      this.#counts.set(name, counts);
    }
    if (isNewer) counts.newer++;
    else counts.older++;
  }

  /** Uses whose name found no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  entries(): Iterable<readonly [name: string, counts: Readonly<Counts>]> {
    return this.#counts;
  }
}
