type Child = Node | string | null;

type Attribute = string | number | boolean | null;
type Listeners = Readonly<Record<string, (event: Event) => void>>;

interface Properties {
  readonly class?: string;
  readonly id?: string;
  readonly on?: Listeners;
  /** Attributes; false and null leave one out. */
  readonly [attribute: string]: Attribute | Listeners | undefined;
}

/** Makes an element. Whatever is text becomes a text node: nothing here is ever read as markup. */
export const el = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { class: classes, on, ...attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  if (classes !== undefined) element.className = classes;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false || typeof value === 'object')
      continue;
    element.setAttribute(attribute, value === true ? '' : String(value));
  }
  for (const [event, listener] of Object.entries(on ?? {})) {
    element.addEventListener(event, listener);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};

export const button = (label: string, press: () => void, more: Properties = {}): HTMLElement =>
  el('button', { type: 'button', ...more, on: { click: press } }, label);

const numbers = new Intl.NumberFormat('en-US');

/** `48,210`. */
export const formatCount = (count: number): string => numbers.format(count);

/** `1 row`, `48,210 rows`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
