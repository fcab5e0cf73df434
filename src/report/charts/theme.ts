/**
 * The colors and letters of every picture. The hues are those of Okabe and Ito (Color Universal Design, 2008), which eyes
 * of every kind tell apart; no picture tells anything by color alone.
 */

export interface Theme {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
  readonly states: Readonly<Record<'busy' | 'kept' | 'idle' | 'starting' | 'draining', string>>;
  readonly waiting: string;
  readonly demand: string;
  readonly point: string;
  readonly front: string;
  readonly best: string;
  readonly current: string;
  readonly selected: string;
  readonly limit: string;
  /** For what has no meaning of its own, one after another. */
  readonly others: readonly string[];
  /** From little to much. */
  readonly scale: readonly string[];
}

// Single quotes: the library sets attributes in double ones as it gets them.
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const SCALE = ['#f7fcf0', '#ccebc5', '#7bccc4', '#2b8cbe', '#08406f'];

export const LIGHT: Theme = {
  text: '#1b2430',
  dim: '#566272',
  line: '#dde3ea',
  surface: '#ffffff',
  font: FONT,
  states: {
    busy: '#0072b2',
    kept: '#7cc4ee',
    idle: '#e69f00',
    starting: '#d55e00',
    draining: '#8d97a3',
  },
  waiting: '#b4578b',
  demand: '#1b2430',
  point: '#8592a1',
  front: '#0072b2',
  best: '#00795a',
  current: '#c24e00',
  selected: '#1b2430',
  limit: '#a33a6f',
  others: ['#5b6b7c', '#9a7fb8', '#b5a642', '#4c9a8f', '#a8746a'],
  scale: SCALE,
};

export const DARK: Theme = {
  text: '#e4e9ef',
  dim: '#a3afbd',
  line: '#2f3945',
  surface: '#161c24',
  font: FONT,
  states: {
    busy: '#4aa8e0',
    kept: '#a9dbf7',
    idle: '#f0b840',
    starting: '#f0824a',
    draining: '#8f9aa8',
  },
  waiting: '#e09ac2',
  demand: '#e4e9ef',
  point: '#7f8b99',
  front: '#4aa8e0',
  best: '#35cfa0',
  current: '#ff9a5c',
  selected: '#ffffff',
  limit: '#f29cc6',
  others: ['#93a3b5', '#b9a0d8', '#d2c566', '#74c2b6', '#cf9c92'],
  scale: SCALE,
};
