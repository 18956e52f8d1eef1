/* Shows the row under the cursor beside the list: on `row-cursor`, a row's link with data-preview="/…" is fetched into
 * #preview, when that pane is on screen. Without a moment's rest nothing is asked. Keys, from hot-keys.js: space opens
 * the preview and puts the focus into it, space again or Escape closes it and goes back to the row; so does a click
 * on [data-closes=preview]. Where there is no room for the pane it lies over the list: `.panes[data-peek]`.
 */
const REST = 150;
const NARROW = matchMedia("(width < 1100px)");
const PRESSED_BY_SPACE = "button, summary, input, select, [role=menu]";
let timer;

const pane = () => document.getElementById("preview");
const panes = () => pane()?.closest(".panes");
const row = () => document.querySelector(".ticket-row[data-cursor]") ?? document.querySelector(".ticket-row");
const shown = () => (pane()?.checkVisibility() ? pane().dataset.ticket : undefined);

function ask(one) {
  const address = one.querySelector("[data-preview]")?.dataset.preview;
  clearTimeout(timer);
  return address && window.htmx?.ajax("GET", address, { target: "#preview", swap: "outerHTML" });
}

function switchPane(open) {
  if (pane().checkVisibility() === open) return;
  if (NARROW.matches) panes().toggleAttribute("data-peek", open);
  else document.dispatchEvent(new CustomEvent("hot-key", { detail: { key: "]", target: document.body }, cancelable: true }));
}

async function open(one) {
  switchPane(true);
  await ask(one);
  pane().focus({ preventScroll: true });
}

function close() {
  switchPane(false);
  row()?.querySelector("a")?.focus({ preventScroll: true });
}

document.addEventListener("row-cursor", (event) => {
  clearTimeout(timer);
  if (pane()?.checkVisibility()) timer = setTimeout(() => ask(event.target), REST);
});

document.addEventListener("hot-key", (event) => {
  const { key, target } = event.detail;
  if (event.defaultPrevented || !pane() || (key !== " " && key !== "Escape")) return;
  if (key === " " && (target.closest(PRESSED_BY_SPACE) || !row())) return;
  if (key === "Escape" && !shown()) return;
  event.preventDefault();
  if (key === "Escape" || target.closest("#preview") || `ticket-${shown()}` === row().id) close();
  else open(row());
});

document.addEventListener("click", (event) => event.target.closest?.("[data-closes=preview]") && close());
