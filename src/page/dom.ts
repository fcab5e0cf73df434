/** Elements. Text is set as text: nothing that a log or a file says is ever read as markup. */

type Child = Node | string | null;
type Attribute = string | number | boolean | null | ((event: Event) => void);

/** `on...` attributes are listeners; false and null leave an attribute out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function replaceChildren(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...children.filter((child) => child !== null));
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

let labels = 0;

/** A select with its label. */
export function choice(
  label: string,
  options: readonly Option[],
  chosen: string,
  onChoose: (value: string) => void,
): { readonly field: HTMLElement; readonly select: HTMLSelectElement } {
  const id = `choice-${++labels}`;
  const select = el(
    'select',
    { id, onchange: () => onChoose(select.value) },
    ...options.map(({ value, text }) => el('option', { value, selected: value === chosen }, text)),
  );
  const field = el('span', { class: 'field' }, el('label', { for: id }, label), select);
  return { field, select };
}

export interface TableData {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words; numbers stand to the right. */
  readonly words?: number;
}

/** The first column names the row. */
export function table({ caption, head, rows, words = 1 }: TableData): HTMLElement {
  const align = (column: number) => (column < words ? null : 'number');
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el(
        'thead',
        {},
        el('tr', {}, ...head.map((text, i) => el('th', { scope: 'col', class: align(i) }, text))),
      ),
      el(
        'tbody',
        {},
        ...rows.map((cells) =>
          el(
            'tr',
            {},
            ...cells.map((text, i) =>
              i === 0 ? el('th', { scope: 'row' }, text) : el('td', { class: align(i) }, text),
            ),
          ),
        ),
      ),
    ),
  );
}

/** The same as a chart in words and numbers, made when it is asked for. */
export function asTable(data: () => TableData): HTMLDetailsElement {
  const body = el('div');
  const details = el(
    'details',
    {
      class: 'as-table',
      ontoggle: () => {
        if (details.open) body.replaceChildren(table(data()));
      },
    },
    el('summary', {}, 'As a table'),
    body,
  );
  return details;
}

/** Numbers stay with their units. */
export function glued(text: string): string {
  return text.replaceAll(/([\d)]) (%|us|ms|s|min|h|days)(?![\w])/g, '$1\u00a0$2');
}
