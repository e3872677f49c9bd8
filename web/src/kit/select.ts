// A labelled choice of a few things.
import { h } from "./dom";

export interface Choice<T extends string> {
  value: T;
  label: string;
}

export function select<T extends string>(
  label: string,
  id: string,
  choices: Choice<T>[],
  changed: (value: T) => void,
): HTMLLabelElement {
  const options = choices.map(({ value, label: text }) => h("option", { value }, text));
  const element = h("select", { id }, options);
  element.addEventListener("change", () => changed(element.value as T));
  return h("label", { class: "choice" }, h("span", {}, label), element);
}
