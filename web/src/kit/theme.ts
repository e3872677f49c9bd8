// Light and dark: as the machine says, until the reader says otherwise with the button.
import { h } from "./dom";

type Theme = "light" | "dark";
const KEY = "heddle-theme";

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null; // a page opened from disk may have no storage: the choice then lasts as long as the page
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // see stored()
  }
}

export function mountTheme(place: HTMLElement): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let theme: Theme = stored() ?? (dark.matches ? "dark" : "light");
  const button = h("button", { type: "button", class: "theme" });
  const show = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = theme === "dark" ? "☀ Light" : "☾ Dark";
    button.setAttribute("aria-label", `Show the page in ${theme === "dark" ? "light" : "dark"} colours`);
  };
  button.addEventListener("click", () => {
    theme = theme === "dark" ? "light" : "dark";
    store(theme);
    show();
  });
  dark.addEventListener("change", () => {
    if (stored()) return;
    theme = dark.matches ? "dark" : "light";
    show();
  });
  show();
  place.append(button);
}
