/** What somebody set in a table or a list; kept by its id while the page is shown anew. */
export interface Setting {
  /** Column and direction, null as the rows come. */
  sorted: readonly [column: number, direction: 'ascending' | 'descending'] | null;
  filter: string;
  /** Rows that are shown. */
  shown: number;
  /** A level, for findings; empty for all. */
  level: string;
}

const settings = new Map<string, Setting>();

export const settingOf = (id: string, sorted: Setting['sorted'], shown: number): Setting => {
  let setting = settings.get(id);
  if (setting === undefined) {
    setting = { sorted, filter: '', shown, level: '' };
    settings.set(id, setting);
  }
  return setting;
};
