/** What the reader has chosen: one configuration and a theme, the same in every panel. */
import { DARK, LIGHT, type Theme } from '../report/charts/theme.ts';
import type { FocusRow, PageDocument } from '../report/page/page-document.ts';

export interface State {
  readonly page: PageDocument;
  readonly selected: number;
  readonly theme: Theme;
  select(index: number): void;
  setTheme(name: 'light' | 'dark'): void;
  /** Called after every change. */
  onChange(listener: (change: 'selected' | 'theme') => void): void;
}

export function createState(page: PageDocument): State {
  const listeners: ((change: 'selected' | 'theme') => void)[] = [];
  const { marks } = page;
  let selected = marks.best ?? marks.current ?? marks.front[0] ?? 0;
  let theme = LIGHT;
  const tell = (change: 'selected' | 'theme'): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    page,
    get selected() {
      return selected;
    },
    get theme() {
      return theme;
    },
    select: (index) => {
      if (index === selected) return;
      selected = index;
      tell('selected');
    },
    setTheme: (name) => {
      theme = name === 'dark' ? DARK : LIGHT;
      document.documentElement.dataset['theme'] = name;
      tell('theme');
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

/** All that is known of a row, or of the one that was run in its stead; null where only its figures are. */
export function focusOf({ focus, grid }: PageDocument, index: number | null): FocusRow | null {
  if (index === null) return null;
  const run = grid.proved[index] ?? index;
  return focus.find((row) => row.index === index || row.index === run) ?? null;
}
