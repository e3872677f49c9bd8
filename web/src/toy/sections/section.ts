// A section of the page below the explorer: a heading, what it is about in a sentence or two, and its figures. A run
// that has
// nothing for a section gets the section all the same, saying what would fill it.
import { h } from "../../kit/dom";

type Part = Node | string | (Node | string)[];

export function section(id: string, title: string, intro: Part, ...body: (Node | undefined)[]): HTMLElement {
  return h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    h("p", { class: "intro" }, intro),
    body.map((part) => part ?? null),
  );
}

/** `what` this run lacks and the `command` whose page has it. */
export function absent(id: string, title: string, what: string, command: string): HTMLElement {
  return section(id, title, [`This run has no ${what}. It is filled by `, h("code", {}, command), "."]);
}
