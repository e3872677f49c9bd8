// Elements made by hand: text only ever becomes text, so nothing in the data can turn into markup.

type Child = Node | string | null | undefined | Child[];
type Attributes = Record<string, string | number | boolean | ((event: never) => void) | undefined>;

function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function appendAll(element: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) appendAll(element, child);
    else if (child !== null && child !== undefined) element.append(child);
  }
}

/** h("p", {class: "quiet", onclick: f}, "text", node, [more]): an element; `on...` attributes are listeners. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAll(element, attributes);
  appendAll(element, children);
  return element;
}

/** The same for SVG. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAll(element, attributes);
  appendAll(element, children);
  return element;
}
